"""The bucket of recordings: sealed bytes under a name. The same name again replaces them.

ObjectsBusyError   the bucket did not take it, or it may have: try again
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, Protocol

from botocore.exceptions import BotoCoreError, ClientError

from hearthline.platform.errors import TryAgainError

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client

SEALED_TYPE: Final = "application/octet-stream"


class ObjectsBusyError(TryAgainError):
    pass


class Objects(Protocol):
    bucket: str

    def put(self, name: str, blob: bytes) -> None:
        """Keep ``blob``. Raises ObjectsBusyError."""

    def get(self, name: str) -> bytes | None:
        """What was kept, None for nothing. Raises ObjectsBusyError."""


class S3Objects:
    def __init__(self, client: "Callable[[], S3Client]", bucket: str) -> None:
        self._client = client
        self.bucket = bucket

    def put(self, name: str, blob: bytes) -> None:
        try:
            self._client().put_object(Bucket=self.bucket, Key=name, Body=blob, ContentType=SEALED_TYPE)
        except (ClientError, BotoCoreError) as error:
            raise ObjectsBusyError(type(error).__name__) from error

    def get(self, name: str) -> bytes | None:
        try:
            return self._client().get_object(Bucket=self.bucket, Key=name)["Body"].read()
        except ClientError as error:
            if error.response["Error"]["Code"] == "NoSuchKey":
                return None
            raise ObjectsBusyError(type(error).__name__) from error
        except BotoCoreError as error:
            raise ObjectsBusyError(type(error).__name__) from error


class MemoryObjects:
    """Keeps what was put; ``pause`` as in the memory store."""

    def __init__(self, pause: Callable[[str], None] = lambda _: None, bucket: str = "memory") -> None:
        self._pause = pause
        self.bucket = bucket
        self.kept: dict[str, bytes] = {}

    def put(self, name: str, blob: bytes) -> None:
        self._pause("objects.put")
        self.kept[name] = bytes(blob)
        self._pause("objects.kept")

    def get(self, name: str) -> bytes | None:
        self._pause("objects.get")
        return self.kept.get(name)
