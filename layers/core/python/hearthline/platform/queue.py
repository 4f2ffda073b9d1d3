"""Sending work on. A message says what happened; the reader looks up what is true now, so that twice does no harm."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol

from botocore.exceptions import BotoCoreError, ClientError

from hearthline.events.word import Envelope

if TYPE_CHECKING:
    from mypy_boto3_sqs.client import SQSClient

QUEUES: Final = frozenset(
    {"route", "expire", "join", "release", "wrapup", "gone", "media", "ticket", "daybook", "trial", "voicemail"}
)
"""All there are, each with its ``-dead`` beside it."""
MAX_DELAY_SECONDS: Final = 900
"""SQS holds a message back no longer."""


class QueueBusyError(Exception):
    """The queue did not take the message; it may have."""


class Queue(Protocol):
    def send(self, queue: str, envelope: Envelope, delay: int | None = None) -> None:
        """Hand the event to a queue's reader; ``delay`` in seconds, None for the queue's own."""

    def park(self, queue: str, body: str) -> None:
        """Put a message that nobody can read where a person will find it: the queue's dead letters, which alarm."""


class SqsQueue:
    """``prefix`` stands before each queue's name in its address."""

    def __init__(self, client: Callable[[], "SQSClient"], prefix: str) -> None:
        self._client = client
        self._prefix = prefix

    def send(self, queue: str, envelope: Envelope, delay: int | None = None) -> None:
        self._send(queue, json.dumps(envelope.plain()), delay)

    def park(self, queue: str, body: str) -> None:
        self._send(f"{queue}-dead", body, None)

    def _send(self, queue: str, body: str, delay: int | None) -> None:
        request: dict[str, Any] = {"QueueUrl": f"{self._prefix}-{queue}", "MessageBody": body}
        if delay is not None:
            request["DelaySeconds"] = min(delay, MAX_DELAY_SECONDS)
        try:
            self._client().send_message(**request)
        except (ClientError, BotoCoreError) as error:
            raise QueueBusyError(queue) from error


@dataclass(frozen=True, slots=True)
class Sent:
    queue: str
    body: str
    delay: int | None


class MemoryQueue:
    """Keeps what was sent, in order, and refuses what SQS would; ``pause`` as in the memory store."""

    def __init__(self, pause: Callable[[str], None] = lambda _: None) -> None:
        self._pause = pause
        self.sent: list[Sent] = []
        self.parked: list[Sent] = []

    def send(self, queue: str, envelope: Envelope, delay: int | None = None) -> None:
        self._pause("queue.send")
        _known(queue)
        bounded = None if delay is None else min(delay, MAX_DELAY_SECONDS)
        self.sent.append(Sent(queue, json.dumps(envelope.plain()), bounded))
        self._pause("queue.sent")

    def park(self, queue: str, body: str) -> None:
        self._pause("queue.park")
        _known(queue)
        self.parked.append(Sent(f"{queue}-dead", body, None))


def _known(queue: str) -> None:
    if queue not in QUEUES:
        raise QueueBusyError(queue)
