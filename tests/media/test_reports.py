"""Reports and recordings leave the edge: sealed, in the right envelope, again after an outage."""

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from hearthline.events.agent_leg_lost import AgentLegLost
from hearthline.events.recording_stored import RecordingStored
from hearthline.events.word import Envelope
from hearthline.platform.seal import KmsKeys, MemoryKeys, Place, Sealer
from media_edge.kept import reports
from media_edge.kept.reports import AwsOutlet, MemoryOutlet, OutletBusyError, Reporter, Take

WORD = AgentLegLost(contact="c1", edge="edge-1")
TAKE = Take("c1", 1_000, 2.5, lambda: b"RIFF the sound of a call")


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
    reporter.keep(TAKE)
    reporter.close(20)
    (message,) = clients["sqs"].receive_message(QueueUrl=url)["Messages"]
    envelope = Envelope.model_validate_json(message["Body"])
    stored = RecordingStored.model_validate(envelope.data)
    assert (envelope.type, envelope.tenant, envelope.actor.id) == ("RecordingStored", "demo", "edge-1")
    assert (stored.length_ms, stored.started_at) == (2_500, 1_000)
    assert stored.key == "recordings/c1/edge-1-1000.wav.sealed"
    blob = clients["s3"].get_object(Bucket=stored.bucket, Key=stored.key)["Body"].read()
    assert b"sound" not in blob
    assert len(blob) == stored.bytes
    assert sealer.open(blob, Place("recordings", "c1", stored.key)) == b"RIFF the sound of a call"


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
    reporter.keep(TAKE)
    reporter.close(20)
    assert (outlet.stored, outlet.sent) == ({}, [])


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
        reporter.keep(TAKE)
        reporter.close(20)
        assert [body["type"] for body in outlet.sent] == ["RecordingStored"]


def test_every_report_is_plain_json() -> None:
    outlet = MemoryOutlet()
    reporter = Reporter("edge-1", "demo", outlet, Sealer("demo", MemoryKeys()))
    reporter.tell("c1", WORD, 5)
    reporter.close(20)
    assert json.loads(json.dumps(outlet.sent[0]))["schema"] == 1
