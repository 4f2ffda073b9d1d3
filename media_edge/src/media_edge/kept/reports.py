"""What leaves the edge: words to the ``media`` queue and sealed recordings to the bucket, off the sound's thread."""

import json
import logging
import secrets
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import uuid4

from botocore.exceptions import BotoCoreError, ClientError

from hearthline.events.word import Actor, Envelope, Word
from hearthline.platform.seal import KeysBusyError, KeysRefusedError, Sealer
from media_edge.kept.pen import Pen
from media_edge.kept.upload import Recording

log = logging.getLogger("media_edge.kept.reports")

MAX_WAITING = 1_250  # reports not yet delivered: two minutes of 40 recordings; of more an alarm has long told
TRIES = 8
FIRST_PAUSE_SECONDS = 0.5  # doubles: the last try is after a minute


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


@dataclass(slots=True)
class Reporter:
    edge: str
    tenant: str
    outlet: Outlet
    sealer: Sealer
    # One pen for all recordings: what it writes stays in order, and it never waits for the network.
    _pen: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "pen"))
    _pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(2, "reports"))
    _open: set[Future[None]] = field(default_factory=set)
    _stop: threading.Event = field(default_factory=threading.Event)

    def tell(self, contact: str, word: Word, at: int) -> None:
        """``at`` in ms since the epoch."""
        self.later(lambda: self._send(contact, word, at))

    def record(self, lib: Any, contact: str, started_at: int) -> Recording:
        """A recording that begins now (ms since the epoch); ``lib`` is the opened libopus."""
        return Recording(self, Pen(lib, secrets.randbits(32)), contact, started_at)

    @property
    def bucket(self) -> str:
        return self.outlet.bucket

    def put(self, name: str, blob: bytes) -> None:
        """Raises OutletBusyError."""
        self.outlet.store(name, blob)

    def write(self, work: Callable[[], None]) -> None:
        """On the pen's thread, after all that was given to it before."""
        self._watch(self._pen.submit(work))

    @property
    def waiting(self) -> int:
        return len(self._open)

    def close(self, seconds: float) -> None:
        """Deliver what is left, but no longer than ``seconds``."""
        until = time.monotonic() + seconds
        while self._open and time.monotonic() < until:  # a stored recording is itself reported
            wait(list(self._open), timeout=max(0.0, until - time.monotonic()))
        self._stop.set()
        for pool in (self._pen, self._pool):
            pool.shutdown(wait=False, cancel_futures=True)

    def later(self, work: Callable[[], None], then: Callable[[bool], None] = lambda _: None) -> None:
        """Again and again until it is done, or given up; ``then`` is told which."""
        if len(self._open) >= MAX_WAITING:
            log.error("report dropped, too many are waiting")
            then(False)
            return
        self._watch(self._pool.submit(lambda: then(self._until_done(work))))

    def _watch(self, future: Future[None]) -> None:
        self._open.add(future)
        future.add_done_callback(self._over)

    def _over(self, future: Future[None]) -> None:
        self._open.discard(future)
        if not future.cancelled() and (error := future.exception()):
            log.error("report failed", exc_info=error)

    def _until_done(self, work: Callable[[], None]) -> bool:
        pause = FIRST_PAUSE_SECONDS
        for _ in range(TRIES):
            try:
                work()
                return True
            except (OutletBusyError, KeysBusyError) as error:
                log.warning("report not delivered yet", extra={"what": str(error)})
            except KeysRefusedError:
                log.exception("recording lost: it cannot be sealed")
                return False
            if self._stop.wait(pause):
                break
            pause *= 2
        log.error("report given up")
        return False

    def _send(self, contact: str, word: Word, at: int) -> None:
        actor = Actor(kind="edge", id=self.edge)
        envelope = Envelope.around(word, id=f"{contact}#{uuid4()}", tenant=self.tenant, at=at, actor=actor)
        self.outlet.send(json.dumps(envelope.plain()))
