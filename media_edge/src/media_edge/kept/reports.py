"""What leaves the edge: words to the ``media`` queue and sealed recordings to the bucket, off the sound's thread."""

import json
import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import uuid4

from botocore.exceptions import BotoCoreError, ClientError

from hearthline.events.recording_stored import RecordingStored
from hearthline.events.word import Actor, Envelope, Word
from hearthline.platform.seal import KeysBusyError, KeysRefusedError, Place, Sealer

log = logging.getLogger("media_edge.kept.reports")

MAX_WAITING = 500  # reports not yet delivered; more is an outage that an alarm has long told
TRIES = 8
FIRST_PAUSE_SECONDS = 0.5  # doubles: the last try is after a minute
RECORDINGS_TABLE = "recordings"


class OutletBusyError(Exception):
    """The queue or the bucket did not take it; try again."""


class Outlet(Protocol):
    """Two implementations: AWS and memory."""

    bucket: str

    def send(self, body: str) -> None: ...
    def store(self, key: str, blob: bytes) -> None: ...


class AwsOutlet:
    def __init__(self, sqs: Any, s3: Any, queue_url: str, bucket: str) -> None:
        self._sqs, self._s3, self._queue_url, self.bucket = sqs, s3, queue_url, bucket

    def send(self, body: str) -> None:
        try:
            self._sqs.send_message(QueueUrl=self._queue_url, MessageBody=body)
        except (ClientError, BotoCoreError) as error:
            raise OutletBusyError("the media queue") from error

    def store(self, key: str, blob: bytes) -> None:
        try:
            self._s3.put_object(Bucket=self.bucket, Key=key, Body=blob, ContentType="application/octet-stream")
        except (ClientError, BotoCoreError) as error:
            raise OutletBusyError("the bucket of recordings") from error


class MemoryOutlet:
    """Keeps what was sent and stored."""

    def __init__(self) -> None:
        self.bucket = "memory"
        self.sent: list[dict[str, Any]] = []
        self.stored: dict[str, bytes] = {}

    def send(self, body: str) -> None:
        self.sent.append(json.loads(body))

    def store(self, key: str, blob: bytes) -> None:
        self.stored[key] = blob


@dataclass(frozen=True, slots=True)
class Take:
    """One finished recording; ``wav`` makes the file, away from the sound's thread."""

    contact: str
    started_at: int
    seconds: float
    wav: Callable[[], bytes]


@dataclass(slots=True)
class Reporter:
    edge: str
    tenant: str
    outlet: Outlet
    sealer: Sealer
    _pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(2, "reports"))
    _open: set[Future[None]] = field(default_factory=set)
    _stop: threading.Event = field(default_factory=threading.Event)

    def tell(self, contact: str, word: Word, at: int) -> None:
        """``at`` in ms since the epoch."""
        self._later(lambda: self._send(contact, word, at))

    def keep(self, take: Take) -> None:
        self._later(lambda: self._keep(take))

    @property
    def waiting(self) -> int:
        return len(self._open)

    def close(self, seconds: float) -> None:
        """Deliver what is left, but no longer than ``seconds``."""
        until = time.monotonic() + seconds
        while self._open and time.monotonic() < until:  # a stored recording is itself reported
            wait(list(self._open), timeout=max(0.0, until - time.monotonic()))
        self._stop.set()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _later(self, work: Callable[[], None]) -> None:
        if len(self._open) >= MAX_WAITING:
            log.error("report dropped, too many are waiting")
            return
        future = self._pool.submit(self._until_done, work)
        self._open.add(future)
        future.add_done_callback(self._open.discard)

    def _until_done(self, work: Callable[[], None]) -> None:
        pause = FIRST_PAUSE_SECONDS
        for _ in range(TRIES):
            try:
                return work()
            except (OutletBusyError, KeysBusyError) as error:
                log.warning("report not delivered yet", extra={"what": str(error)})
            except KeysRefusedError:
                log.exception("recording lost: it cannot be sealed")
                return None
            if self._stop.wait(pause):
                break
            pause *= 2
        log.error("report given up")
        return None

    def _send(self, contact: str, word: Word, at: int) -> None:
        actor = Actor(kind="edge", id=self.edge)
        envelope = Envelope.around(word, id=f"{contact}#{uuid4()}", tenant=self.tenant, at=at, actor=actor)
        self.outlet.send(json.dumps(envelope.plain()))

    def _keep(self, take: Take) -> None:
        key = f"recordings/{take.contact}/{self.edge}-{take.started_at}.wav.sealed"
        blob = self.sealer.seal(take.wav(), Place(RECORDINGS_TABLE, take.contact, key))
        self.outlet.store(key, blob)
        stored = RecordingStored(
            contact=take.contact,
            edge=self.edge,
            bucket=self.outlet.bucket,
            key=key,
            started_at=take.started_at,
            length_ms=round(take.seconds * 1000),
            bytes=len(blob),
        )
        self.tell(take.contact, stored, int(time.time() * 1000))
