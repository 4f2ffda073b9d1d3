"""Reading a queue: one message at a time, fail one and never the batch, park what nobody can read.

A handler may run twice on any message; it looks up what is true now. It raises only what a retry may heal.
"""

import json
from collections.abc import Callable
from typing import Any

from aws_lambda_powertools.logging.logger import Logger
from pydantic import ValidationError

from hearthline.events.all import WORDS
from hearthline.events.word import Envelope, Word
from hearthline.platform.effects import Effects
from hearthline.platform.errors import TryAgainError
from hearthline.platform.logging import with_request
from hearthline.platform.queue import Queue, QueueBusyError
from hearthline.platform.seal import KeysBusyError
from hearthline.platform.store import BusyError, RefusedError

RETRY = (BusyError, RefusedError, QueueBusyError, KeysBusyError, TryAgainError)
"""What another delivery of the same message may heal."""


class UnreadableError(Exception):
    """Not an event of a known word and schema: no retry makes it readable."""


def parse(body: str) -> tuple[Envelope, Word]:
    """The event in a message: sent directly, or wrapped by the bus. Raises UnreadableError."""
    try:
        outer = json.loads(body)
        inner = outer["detail"] if isinstance(outer, dict) and "detail-type" in outer else outer
        envelope = Envelope.model_validate(inner)
        return envelope, WORDS[envelope.type].model_validate(envelope.data)
    except (ValueError, KeyError, TypeError, ValidationError) as error:
        raise UnreadableError(type(error).__name__) from error


Act = Callable[[Envelope, Word], None]
Answer = dict[str, list[dict[str, str]]]


def queue_reader(
    name: str, act: Act, effects: Callable[[], Effects], log: Logger
) -> Callable[[dict[str, Any], Any], Answer]:
    """A Lambda handler that runs ``act`` on each record of queue ``name`` and gives back those to be tried again."""

    def handler(event: dict[str, Any], context: Any) -> Answer:
        with_request(log, context)
        failed = [record["messageId"] for record in event["Records"] if not _done(record, act, name, effects, log)]
        return {"batchItemFailures": [{"itemIdentifier": each} for each in failed]}

    return handler


def _done(record: dict[str, Any], act: Act, name: str, effects: Callable[[], Effects], log: Logger) -> bool:
    try:
        _one(record["body"], act, name, effects().queue, log)
    except RETRY as error:
        log.warning("message goes back", delivery=record["messageId"], error=type(error).__name__)
        return False
    except Exception:  # the edge of the process: one message fails, the batch goes on
        log.exception("message failed", delivery=record["messageId"])
        return False
    return True


def _one(body: str, act: Act, name: str, queue: Queue, log: Logger) -> None:
    try:
        envelope, word = parse(body)
    except UnreadableError as error:
        queue.park(name, body)
        log.error("message parked", error=str(error))
        return
    act(envelope, word)
