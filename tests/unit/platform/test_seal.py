"""Sealing: what is written can be read by the right reader in the right place, and by nobody else."""

from collections.abc import Iterator

import boto3
import pytest
from botocore.config import Config
from moto import mock_aws

from hearthline.platform import seal
from hearthline.platform.seal import (
    KeysBusyError,
    KeySource,
    KeysRefusedError,
    KmsKeys,
    MemoryKeys,
    Place,
    Sealer,
    TamperedError,
)

NUMBER = Place("floor", "C#1", "caller")
REGION = "eu-west-1"


def kms_keys() -> KmsKeys:
    client = boto3.client("kms", region_name=REGION, aws_access_key_id="test", aws_secret_access_key="test")
    key_id = client.create_key()["KeyMetadata"]["KeyId"]
    index = client.create_key(KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC")["KeyMetadata"]["KeyId"]
    return KmsKeys(client, key_id, index)


@pytest.fixture(params=["memory", "kms"])
def keys(request: pytest.FixtureRequest) -> Iterator[KeySource]:
    if request.param == "memory":
        yield MemoryKeys()
        return
    with mock_aws():
        yield kms_keys()


def test_what_was_sealed_opens_in_its_place(keys: KeySource) -> None:
    blob = Sealer("demo", keys).seal(b"+8613800138000", NUMBER)
    assert b"138001" not in blob
    assert Sealer("demo", keys).open(blob, NUMBER) == b"+8613800138000"


@pytest.mark.parametrize(
    "place", [Place("floor", "C#2", "caller"), Place("floor", "C#1", "name"), Place("people", "C#1", "caller")]
)
def test_a_value_moved_to_another_place_does_not_open(keys: KeySource, place: Place) -> None:
    sealer = Sealer("demo", keys)
    blob = sealer.seal(b"secret", NUMBER)
    with pytest.raises(TamperedError):
        sealer.open(blob, place)


def test_another_tenant_cannot_open_it(keys: KeySource) -> None:
    blob = Sealer("demo", keys).seal(b"secret", NUMBER)
    with pytest.raises(TamperedError):
        Sealer("other", keys).open(blob, NUMBER)


def test_no_changed_byte_goes_unnoticed() -> None:
    sealer = Sealer("demo", MemoryKeys())
    blob = sealer.seal(b"secret", NUMBER)
    for at in range(len(blob)):
        changed = blob[:at] + bytes([blob[at] ^ 1]) + blob[at + 1 :]
        with pytest.raises((TamperedError, KeysRefusedError)):  # a changed name of a key is that of no key
            sealer.open(changed, NUMBER)


def test_no_shortened_envelope_opens() -> None:
    sealer = Sealer("demo", MemoryKeys())
    blob = sealer.seal(b"secret", NUMBER)
    for length in range(len(blob)):
        with pytest.raises(TamperedError):
            sealer.open(blob[:length], NUMBER)


def test_a_separator_in_a_key_does_not_make_two_places_one() -> None:
    sealer = Sealer("demo", MemoryKeys())
    blob = sealer.seal(b"secret", Place("floor", "a|b", "c"))
    with pytest.raises(TamperedError):
        sealer.open(blob, Place("floor", "a", "b|c"))


def test_the_envelope_names_its_version_and_algorithm() -> None:
    blob = Sealer("demo", MemoryKeys()).seal(b"x", NUMBER)
    assert blob[:4] == seal.MAGIC + bytes([seal.VERSION, seal.AES_256_GCM])


def test_equal_values_never_look_equal_but_have_the_same_index(keys: KeySource) -> None:
    one, two = Sealer("demo", keys), Sealer("demo", keys)
    assert one.seal(b"+8613800138000", NUMBER) != one.seal(b"+8613800138000", NUMBER)
    elsewhere = Place("floor", "C#2", "caller")
    assert one.blind_index("+8613800138000", NUMBER) == two.blind_index("+8613800138000", elsewhere)


def test_an_index_differs_between_tenants_values_and_attributes(keys: KeySource) -> None:
    sealer = Sealer("demo", keys)
    others = {
        sealer.blind_index("2", NUMBER),
        sealer.blind_index("1", Place("floor", "C#1", "name")),
        Sealer("other", keys).blind_index("1", NUMBER),
    }
    assert len(others | {sealer.blind_index("1", NUMBER)}) == 4


class CountingKeys(MemoryKeys):
    made = 0

    def fresh(self, context):  # type: ignore[no-untyped-def]
        self.made += 1
        return super().fresh(context)


def test_a_data_key_is_used_again_until_its_messages_or_its_day_are_over() -> None:
    now = [0.0]
    keys = CountingKeys()
    sealer = Sealer("demo", keys, clock=lambda: now[0], messages_per_key=3)
    blobs = [sealer.seal(b"x", NUMBER) for _ in range(4)]
    assert keys.made == 2
    now[0] += seal.SEAL_KEY_SECONDS
    blobs.append(sealer.seal(b"x", NUMBER))
    assert keys.made == 3
    assert [sealer.open(blob, NUMBER) for blob in blobs] == [b"x"] * 5


def test_a_silent_key_service_is_not_taken_for_tampering() -> None:
    keys = MemoryKeys()
    blob = Sealer("demo", keys).seal(b"x", NUMBER)
    keys.down = True
    with pytest.raises(KeysBusyError):
        Sealer("demo", keys).open(blob, NUMBER)
    with pytest.raises(KeysBusyError):
        Sealer("demo", keys).seal(b"x", NUMBER)


def test_a_shredded_key_stops_opening_within_minutes() -> None:
    now, keys = [0.0], MemoryKeys()
    sealer = Sealer("demo", keys, clock=lambda: now[0])
    blob = sealer.seal(b"x", NUMBER)
    assert sealer.open(blob, NUMBER) == b"x"
    keys.down = True
    assert sealer.open(blob, NUMBER) == b"x"
    now[0] += seal.OPEN_KEY_SECONDS
    with pytest.raises(KeysBusyError):
        sealer.open(blob, NUMBER)


def test_kms_out_of_reach_is_busy_and_a_deleted_key_is_refused() -> None:
    nowhere = boto3.client(
        "kms",
        region_name=REGION,
        endpoint_url="http://127.0.0.1:9",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(retries={"max_attempts": 0}, connect_timeout=1),
    )
    with pytest.raises(KeysBusyError):
        Sealer("demo", KmsKeys(nowhere, "alias/none")).seal(b"x", NUMBER)
    with mock_aws():
        client = boto3.client("kms", region_name=REGION, aws_access_key_id="test", aws_secret_access_key="test")
        with pytest.raises(KeysRefusedError):
            Sealer("demo", KmsKeys(client, "00000000-0000-0000-0000-000000000000")).seal(b"x", NUMBER)
        with pytest.raises(KeysRefusedError):
            Sealer("demo", KmsKeys(client, "any")).blind_index("1", NUMBER)


def test_ten_thousand_nonces_do_not_repeat() -> None:
    sealer = Sealer("demo", MemoryKeys())
    header = len(sealer.seal(b"", NUMBER)) - seal.NONCE_BYTES - seal.TAG_BYTES
    nonces = {sealer.seal(b"", NUMBER)[header : header + seal.NONCE_BYTES] for _ in range(10_000)}
    assert len(nonces) == 10_000
