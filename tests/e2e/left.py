"""What a call leaves behind, read from the engine: its ledger, its ticket, its recording."""

import io
import time
import wave
from typing import Any

import boto3
import numpy as np
from numpy.typing import NDArray

from hearthline.media.store import part_name
from hearthline.platform.seal import KmsKeys, Place, Sealer
from local.places import aws_environment
from tests.media.ogg import decoded

PATIENCE_SECONDS = 20
RATE = 8_000


class Left:
    """Reads of the tables and the bucket of a running world."""

    def __init__(self, world: dict[str, Any]) -> None:
        self._aws = world["aws"]
        self._prefix = f"hearthline-{world['tenant']}"
        self._tenant = world["tenant"]

    def _client(self, service: str) -> Any:
        environment = aws_environment(self._aws)
        options: dict[str, Any] = {
            "endpoint_url": self._aws,
            "region_name": environment["AWS_REGION"],
            "aws_access_key_id": environment["AWS_ACCESS_KEY_ID"],
            "aws_secret_access_key": environment["AWS_SECRET_ACCESS_KEY"],
        }
        return boto3.client(service, **options)  # type: ignore[call-overload]  # the name is a variable

    def items(self, table: str, pk: str) -> list[dict[str, Any]]:
        """All items of one partition, plain values."""
        found = self._client("dynamodb").query(
            TableName=f"{self._prefix}-{table}",
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": pk}},
            ConsistentRead=True,
        )
        return [{name: _plain(value) for name, value in item.items()} for item in found["Items"]]

    def contact_of(self, call_sid: str) -> str:
        (item,) = self.wait_for("floor", f"D#{call_sid}", 1, sk="contact")
        return str(item["contact"])

    def wait_for(self, table: str, pk: str, count: int, sk: str = "") -> list[dict[str, Any]]:
        """At least ``count`` items, as soon as they are there."""
        ends = time.monotonic() + PATIENCE_SECONDS
        while True:
            found = [item for item in self.items(table, pk) if not sk or item["sk"] == sk]
            if len(found) >= count or time.monotonic() > ends:
                assert len(found) >= count, f"{table} {pk}: {found}"
                return found
            time.sleep(0.2)

    def story(self, contact: str, last: str) -> list[str]:
        """The contact's events in order, once ``last`` is among them."""
        ends = time.monotonic() + PATIENCE_SECONDS
        while True:
            told = [item["event"]["type"] for item in self.items("ledger", contact)]
            if last in told or time.monotonic() > ends:
                return told
            time.sleep(0.2)

    def recording(self, contact: str) -> tuple[dict[str, Any], int, NDArray[np.int16]]:
        """Its record, its rate, and its samples (frames x 2), unsealed."""
        (record,) = self.wait_for("recordings", f"C#{contact}", 1)
        record = self._whole(contact, record)
        if record["format"] == "ogg":
            return record, RATE, self.sound(contact, record)
        with wave.open(io.BytesIO(self._opened(contact, record["bucket"], record["object"]))) as file:
            frames = np.frombuffer(file.readframes(file.getnframes()), np.int16)
            return record, file.getframerate(), frames.reshape(-1, file.getnchannels())

    def sound(self, contact: str, record: dict[str, Any]) -> NDArray[np.int16]:
        """Frames x 2 at ``RATE`` of one record, unsealed."""
        names = [part_name(record["object"], number) for number in range(record["parts"])]
        return decoded([self._opened(contact, record["bucket"], name) for name in names], RATE)

    def _whole(self, contact: str, record: dict[str, Any]) -> dict[str, Any]:
        """The record once its edge has told of all of it."""
        ends = time.monotonic() + PATIENCE_SECONDS
        while record["state"] == "open" and time.monotonic() < ends:
            time.sleep(0.2)
            (record,) = self.wait_for("recordings", f"C#{contact}", 1)
        return record

    def _opened(self, contact: str, bucket: str, name: str) -> bytes:
        sealed = self._client("s3").get_object(Bucket=bucket, Key=name)["Body"].read()
        keys = KmsKeys(self._client("kms"), f"alias/{self._prefix}-seal")
        return Sealer(self._tenant, keys).open(sealed, Place("recordings", contact, name))


def _plain(value: dict[str, Any]) -> Any:
    ((kind, inner),) = value.items()
    if kind == "N":
        return int(inner)
    if kind == "M":
        return {name: _plain(each) for name, each in inner.items()}
    return [_plain(each) for each in inner] if kind == "L" else inner
