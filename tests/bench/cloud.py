"""Queue, bucket and key for an edge that is measured, in the local engine: its reports and recordings go somewhere.

It forgets what was stored (a recording an hour long is not to be measured as memory) and counts it.
"""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import boto3

from local.engines import start_engine
from local.places import aws_environment
from local.processes import end_all, free_port

BUCKET = "recordings"


@dataclass
class Cloud:
    """What an edge is told of it, and what came of it."""

    environment: dict[str, str]
    clients: dict[str, Any]
    reports: Counter[str] = field(default_factory=Counter)

    def drain(self) -> list[dict[str, Any]]:
        """What was reported since it was asked last."""
        found: list[dict[str, Any]] = []
        while True:
            answer = self.clients["sqs"].receive_message(
                QueueUrl=self.environment["MEDIA_QUEUE_URL"], MaxNumberOfMessages=10
            )
            messages = answer.get("Messages", [])
            if not messages:
                return found
            for message in messages:
                found.append(json.loads(message["Body"]))
                self.reports[found[-1]["type"]] += 1
                self.clients["sqs"].delete_message(
                    QueueUrl=self.environment["MEDIA_QUEUE_URL"], ReceiptHandle=message["ReceiptHandle"]
                )

    def stored(self, prefix: str) -> int:
        """Objects under a name; they are thrown away when they were counted."""
        found = self.clients["s3"].list_objects_v2(Bucket=BUCKET, Prefix=prefix).get("Contents", [])
        for each in found:
            self.clients["s3"].delete_object(Bucket=BUCKET, Key=each["Key"])
        return len(found)


@contextmanager
def cloud() -> Iterator[Cloud]:
    """The local engine on a port of its own, with a queue, a bucket and a key."""
    with TemporaryDirectory() as folder:
        state = Path(folder)
        try:
            engine = start_engine(free_port(0), state=state)
            yield _furnished(engine.url)
        finally:
            end_all(state)


def _furnished(url: str) -> Cloud:
    environment = {**aws_environment(url), "AWS_ENDPOINT_URL": url}
    options = {
        "endpoint_url": url,
        "region_name": environment["AWS_REGION"],
        "aws_access_key_id": environment["AWS_ACCESS_KEY_ID"],
        "aws_secret_access_key": environment["AWS_SECRET_ACCESS_KEY"],
    }
    clients = {name: boto3.client(name, **options) for name in ("sqs", "s3", "kms")}  # type: ignore[call-overload]  # the name is a variable
    queue = clients["sqs"].create_queue(QueueName="media")["QueueUrl"]
    place = {"LocationConstraint": environment["AWS_REGION"]}
    clients["s3"].create_bucket(Bucket=BUCKET, CreateBucketConfiguration=place)
    key = clients["kms"].create_key()["KeyMetadata"]["KeyId"]
    return Cloud(environment | {"MEDIA_QUEUE_URL": queue, "RECORDINGS_BUCKET": BUCKET, "SEAL_KEY_ID": key}, clients)
