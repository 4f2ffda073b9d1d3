"""Reports and recordings leave the edge: sealed, in the right envelope, again after an outage."""

import json
import math
from collections.abc import Iterator
from typing import Any

import boto3
import numpy as np
import pytest
from moto import mock_aws

from hearthline.events.agent_leg_lost import AgentLegLost
from hearthline.events.recording_stored import RecordingStored
from hearthline.events.word import Envelope
from hearthline.platform.seal import KmsKeys, MemoryKeys, Place, Sealer, TamperedError
from media_edge.kept import reports
from media_edge.kept.pen import CHUNK_SECONDS
from media_edge.kept.recording import Piece
from media_edge.kept.reports import AwsOutlet, MemoryOutlet, OutletBusyError, Reporter
from media_edge.kept.upload import part_name
from media_edge.sound import opus
from tests.media.ogg import decoded
from tests.media.running import compare, speech

WORD = AgentLegLost(contact="c1", edge="edge-1")
SAID = speech(25, 8_000)
PARTS = math.ceil(25 / CHUNK_SECONDS)


def pieces(seconds: int) -> list[Piece]:
    """A second each, the caller speaks."""
    both = np.stack([SAID[: seconds * 8_000], np.zeros(seconds * 8_000, np.int16)], axis=1)
    return [Piece(second.reshape(50, 160, 2), 8_000) for second in both.reshape(seconds, 8_000, 2)]


def record(reporter: Reporter, seconds: int = 25) -> None:
    """A whole recording, told to the reporter second by second."""
    recording = reporter.record(opus.library(), "c1", 1_000)
    for piece in pieces(seconds):
        recording.write([piece])
    recording.finish([], seconds * 1000, [])


@pytest.fixture
def clients() -> Iterator[dict[str, Any]]:
    keys = {"region_name": "us-east-1", "aws_access_key_id": "test", "aws_secret_access_key": "test"}
    with mock_aws():
        yield {name: boto3.client(name, **keys) for name in ("sqs", "s3", "kms")}  # type: ignore[call-overload]


def test_a_recording_reaches_the_bucket_sealed_and_is_reported(clients: dict[str, Any]) -> None:
    url = clients["sqs"].create_queue(QueueName="demo-media")["QueueUrl"]
    clients["s3"].create_bucket(Bucket="recordings")
    key_id = clients["kms"].create_key()["KeyMetadata"]["KeyId"]
    sealer = Sealer("demo", KmsKeys(clients["kms"], key_id))
    reporter = Reporter("edge-1", "demo", AwsOutlet(clients["sqs"], clients["s3"], url, "recordings"), sealer)
    record(reporter)
    reporter.close(20)
    messages = clients["sqs"].receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
    told = {envelope.type: envelope for envelope in (Envelope.model_validate_json(each["Body"]) for each in messages)}
    assert set(told) == {"RecordingBegun", "RecordingStored"}
    envelope = told["RecordingStored"]
    stored = RecordingStored.model_validate(envelope.data)
    assert (envelope.tenant, envelope.actor.id) == ("demo", "edge-1")
    assert (stored.length_ms, stored.started_at, stored.parts, stored.missing) == (25_000, 1_000, PARTS, 0)
    assert stored.key == "recordings/c1/edge-1-1000" == told["RecordingBegun"].data["key"]
    names = [part_name(stored.key, number) for number in range(stored.parts)]
    blobs = [clients["s3"].get_object(Bucket=stored.bucket, Key=name)["Body"].read() for name in names]
    assert not any(b"OggS" in blob for blob in blobs)
    assert sum(map(len, blobs)) == stored.bytes
    opened = [sealer.open(blob, Place("recordings", "c1", name)) for name, blob in zip(names, blobs, strict=True)]
    assert compare(SAID, decoded(opened, 8_000)[:, 0], 8_000).correlation > 0.9
    with pytest.raises(TamperedError):
        sealer.open(blobs[1], Place("recordings", "c1", names[0]))


class Stubborn(MemoryOutlet):
    """Refuses one part for good."""

    def store(self, key: str, blob: bytes) -> None:
        if key.endswith("00001.ogg.sealed"):
            raise OutletBusyError("the bucket of recordings")
        super().store(key, blob)


def test_a_part_that_could_not_be_stored_is_told_and_the_others_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reports, "FIRST_PAUSE_SECONDS", 0.001)
    outlet = Stubborn()
    reporter = Reporter("edge-1", "demo", outlet, Sealer("demo", MemoryKeys()))
    record(reporter)
    reporter.close(20)
    (stored,) = [body["data"] for body in outlet.sent if body["type"] == "RecordingStored"]
    assert (stored["parts"], stored["missing"], len(outlet.stored)) == (PARTS, 1, PARTS - 1)


def test_what_was_said_four_seconds_ago_is_stored_while_the_call_goes_on() -> None:
    outlet, keys = MemoryOutlet(), MemoryKeys()
    reporter = Reporter("edge-1", "demo", outlet, Sealer("demo", keys))
    recording = reporter.record(opus.library(), "c1", 1_000)
    for piece in pieces(21):
        recording.write([piece])
    reporter.close(20)  # the process is gone; nobody finished the recording
    assert [body["type"] for body in outlet.sent] == ["RecordingBegun"]
    sealer = Sealer("demo", keys)
    opened = [sealer.open(blob, Place("recordings", "c1", key)) for key, blob in sorted(outlet.stored.items())]
    sound = decoded(opened, 8_000)
    assert len(sound) / 8_000 == pytest.approx(20, abs=0.03)
    assert compare(SAID[: 20 * 8_000], sound[:, 0], 8_000).correlation > 0.9


class Outage(MemoryOutlet):
    def __init__(self, failures: int) -> None:
        super().__init__()
        self.failures = failures

    def send(self, body: str) -> None:
        if self.failures:
            self.failures -= 1
            raise OutletBusyError("the media queue")
        super().send(body)


def test_a_report_is_sent_again_until_the_queue_is_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reports, "FIRST_PAUSE_SECONDS", 0.001)
    outlet = Outage(3)
    reporter = Reporter("edge-1", "demo", outlet, Sealer("demo", MemoryKeys()))
    reporter.tell("c1", WORD, 5)
    reporter.close(20)
    (body,) = outlet.sent
    assert (body["type"], body["at"], body["data"]) == ("AgentLegLost", 5, {"contact": "c1", "edge": "edge-1"})


def test_nothing_is_stored_in_the_clear_when_the_keys_are_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reports, "FIRST_PAUSE_SECONDS", 0.001)
    outlet, keys = MemoryOutlet(), MemoryKeys()
    keys.down = True
    reporter = Reporter("edge-1", "demo", outlet, Sealer("demo", keys))
    record(reporter)
    reporter.close(20)
    assert outlet.stored == {}
    assert [body["data"]["missing"] for body in outlet.sent] == [PARTS]


def test_an_endless_outage_does_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reports, "MAX_WAITING", 3)
    outlet = Outage(10**6)
    reporter = Reporter("edge-1", "demo", outlet, Sealer("demo", MemoryKeys()))
    for _ in range(10):
        reporter.tell("c1", WORD, 5)
    assert reporter.waiting <= 3
    reporter.close(0)


def test_a_recording_kept_at_the_last_moment_is_still_reported() -> None:
    for _ in range(30):
        outlet = MemoryOutlet()
        reporter = Reporter("edge-1", "demo", outlet, Sealer("demo", MemoryKeys()))
        record(reporter, 1)
        reporter.close(20)
        assert sorted(body["type"] for body in outlet.sent) == ["RecordingBegun", "RecordingStored"]


def test_every_report_is_plain_json() -> None:
    outlet = MemoryOutlet()
    reporter = Reporter("edge-1", "demo", outlet, Sealer("demo", MemoryKeys()))
    reporter.tell("c1", WORD, 5)
    reporter.close(20)
    assert json.loads(json.dumps(outlet.sent[0]))["schema"] == 1
