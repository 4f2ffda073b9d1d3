"""Stream of the ledger -> bus: every committed event reaches its readers, in order of each subject, at least once."""

from collections.abc import Callable
from typing import Any

from pydantic import ValidationError

from hearthline.events.word import Envelope
from hearthline.platform import ledger
from hearthline.platform.bus import BusBusyError
from hearthline.platform.effects import Effects, aws
from hearthline.platform.logging import logger, with_request
from hearthline.platform.values import decode_item

effects: Callable[[], Effects] = aws
log = logger("relay_ledger")


def read(record: dict[str, Any]) -> Envelope | None:
    """The event that a stream record carries; None for what is not a new ledger entry."""
    image = record["dynamodb"].get("NewImage")
    if record["eventName"] != "INSERT" or image is None:
        return None
    try:
        return ledger.read(decode_item(image))
    except (ValidationError, KeyError):
        log.error("ledger entry unreadable", sequence=record["dynamodb"]["SequenceNumber"])
        return None


def handler(event: dict[str, Any], context: Any) -> dict[str, list[dict[str, str]]]:
    with_request(log, context)
    read_records = [(record["dynamodb"]["SequenceNumber"], read(record)) for record in event["Records"]]
    events = [(sequence, envelope) for sequence, envelope in read_records if envelope]
    try:
        effects().bus.publish([envelope for _, envelope in events])
    except BusBusyError as error:
        log.warning("relayed in part", taken=error.taken, of=len(events))
        return {"batchItemFailures": [{"itemIdentifier": events[error.taken][0]}]}
    log.info("relayed", events=len(events))
    return {"batchItemFailures": []}
