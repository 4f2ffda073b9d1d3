"""What sealing promises whoever keeps the keys: this process, or the key service of the engine."""

import struct

import pytest

from hearthline.platform.seal import (
    NONCE_BYTES,
    TAG_BYTES,
    KeysBusyError,
    KeySource,
    KeysRefusedError,
    Place,
    Sealer,
    TamperedError,
)

HERE = Place("floor", "C#1", "caller")
NUMBER = "+8613800138000"
REGIONS = (
    "magic",
    "version",
    "algorithm",
    "key id length",
    "key id",
    "wrapped length",
    "wrapped",
    "nonce",
    "text",
    "tag",
)
NEVER_OPENS = (TamperedError, KeysRefusedError)
"""Both mean: do not try again."""


def last_bytes(blob: bytes) -> dict[str, int]:
    """Region of an envelope -> where its last byte is."""
    (name,) = struct.unpack_from("!H", blob, 4)
    (wrapped,) = struct.unpack_from("!H", blob, 6 + name)
    ends = [2, 3, 4, 6, 6 + name, 8 + name, 8 + name + wrapped, 8 + name + wrapped + NONCE_BYTES]
    ends += [len(blob) - TAG_BYTES, len(blob)]
    return {region: end - 1 for region, end in zip(REGIONS, ends, strict=True)}


def flipped(blob: bytes, at: int, bit: int) -> bytes:
    return blob[:at] + bytes([blob[at] ^ 1 << bit]) + blob[at + 1 :]


@pytest.mark.parametrize("plain", [b"", b"x", "云杉宽带".encode(), bytes(range(256)) * 400], ids=len)
def test_what_was_sealed_opens_in_its_place_also_by_another_process(keys: KeySource, plain: bytes) -> None:
    blob = Sealer("demo", keys).seal(plain, HERE)
    assert Sealer("demo", keys).open(blob, HERE) == plain
    assert plain == b"" or len(plain) == 1 or plain not in blob


@pytest.mark.parametrize(
    "place",
    [Place("people", "C#1", "caller"), Place("floor", "C#2", "caller"), Place("floor", "C#1", "callback")],
    ids=["table", "item", "attribute"],
)
def test_it_opens_in_no_other_place(keys: KeySource, place: Place) -> None:
    blob = Sealer("demo", keys).seal(NUMBER.encode(), HERE)
    with pytest.raises(TamperedError):
        Sealer("demo", keys).open(blob, place)


@pytest.mark.parametrize("other", ["other", "demo2", "Demo", ""])
def test_no_other_tenant_opens_it(keys: KeySource, other: str) -> None:
    blob = Sealer("demo", keys).seal(NUMBER.encode(), HERE)
    with pytest.raises(TamperedError):
        Sealer(other, keys).open(blob, HERE)


@pytest.mark.parametrize("bit", [0, 7])
@pytest.mark.parametrize("region", REGIONS)
def test_one_flipped_bit_anywhere_and_it_never_opens(keys: KeySource, region: str, bit: int) -> None:
    blob = Sealer("demo", keys).seal(NUMBER.encode(), HERE)
    with pytest.raises(NEVER_OPENS):
        Sealer("demo", keys).open(flipped(blob, last_bytes(blob)[region], bit), HERE)


@pytest.mark.parametrize("region", REGIONS)
def test_an_envelope_cut_short_never_opens(keys: KeySource, region: str) -> None:
    blob = Sealer("demo", keys).seal(NUMBER.encode(), HERE)
    with pytest.raises(NEVER_OPENS):
        Sealer("demo", keys).open(blob[: last_bytes(blob)[region]], HERE)


def test_a_process_that_has_the_key_already_is_no_easier_to_deceive(keys: KeySource) -> None:
    sealer = Sealer("demo", keys)
    blob = sealer.seal(NUMBER.encode(), HERE)
    assert sealer.open(blob, HERE) == NUMBER.encode()
    for at in last_bytes(blob).values():
        with pytest.raises(NEVER_OPENS):
            sealer.open(flipped(blob, at, 0), HERE)


def test_the_data_key_of_one_envelope_opens_no_other(keys: KeySource) -> None:
    one, two = (Sealer("demo", keys).seal(NUMBER.encode(), HERE) for _ in range(2))
    text = last_bytes(one)["wrapped"] + 1
    with pytest.raises(TamperedError):
        Sealer("demo", keys).open(one[:text] + two[text:], HERE)


def test_an_envelope_made_with_keys_of_somebody_else_is_refused_for_good(
    strangers: tuple[KeySource, KeySource],
) -> None:
    sealer, stranger = strangers
    blob = Sealer("demo", sealer).seal(NUMBER.encode(), HERE)
    with pytest.raises(KeysRefusedError):
        Sealer("demo", stranger).open(blob, HERE)


def test_equal_values_look_different_sealed_and_have_one_index(keys: KeySource) -> None:
    one, two = Sealer("demo", keys), Sealer("demo", keys)
    assert one.seal(NUMBER.encode(), HERE) != one.seal(NUMBER.encode(), HERE)
    index = one.blind_index(NUMBER, HERE)
    assert index == two.blind_index(NUMBER, Place("floor", "C#2", "caller"))
    assert (len(index), set(index) <= set("0123456789abcdef")) == (64, True)


def test_the_index_differs_between_values_attributes_tables_and_tenants(keys: KeySource) -> None:
    sealer = Sealer("demo", keys)
    indexes = [
        sealer.blind_index(NUMBER, HERE),
        sealer.blind_index(NUMBER + "0", HERE),
        sealer.blind_index(NUMBER, Place("floor", "C#1", "callback")),
        sealer.blind_index(NUMBER, Place("people", "C#1", "caller")),
        Sealer("other", keys).blind_index(NUMBER, HERE),
    ]
    assert len(set(indexes)) == len(indexes)


def test_the_index_of_one_key_source_says_nothing_to_another(strangers: tuple[KeySource, KeySource]) -> None:
    one, other = strangers
    assert Sealer("demo", one).blind_index(NUMBER, HERE) != Sealer("demo", other).blind_index(NUMBER, HERE)


@pytest.mark.parametrize("wrapped", [b"", b"x", b"x" * 7000], ids=len)
@pytest.mark.parametrize("key_id", ["", "x", "memory", "alias/none", "arn:aws:kms:::key/", "云"])
def test_an_envelope_that_somebody_made_up_never_opens(keys: KeySource, key_id: str, wrapped: bytes) -> None:
    name = key_id.encode()
    header = b"HS\x01\x01" + struct.pack("!H", len(name)) + name + struct.pack("!H", len(wrapped)) + wrapped
    with pytest.raises(NEVER_OPENS):
        Sealer("demo", keys).open(header + b"x" * 64, HERE)


def test_tampering_is_never_told_as_a_service_that_is_busy(keys: KeySource) -> None:
    blob = Sealer("demo", keys).seal(NUMBER.encode(), HERE)
    for at in range(len(blob)):
        try:
            Sealer("demo", keys).open(flipped(blob, at, 6), HERE)
        except KeysBusyError as error:
            pytest.fail(f"byte {at}: {error}")
        except NEVER_OPENS:
            pass
