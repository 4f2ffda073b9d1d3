"""The bus: every ledger event goes there once its change is committed, and from there to one queue per reader."""

import json
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final, Protocol

from botocore.exceptions import BotoCoreError, ClientError

from hearthline.events.word import Envelope

if TYPE_CHECKING:
    from mypy_boto3_events.client import EventBridgeClient
    from mypy_boto3_events.type_defs import PutEventsRequestEntryTypeDef

SOURCE: Final = "hearthline"
MAX_ENTRIES: Final = 10
"""EventBridge takes no more in one call."""


class BusBusyError(Exception):
    """The bus did not take all events; those from ``taken`` on must be published again."""

    def __init__(self, taken: int) -> None:
        super().__init__(f"the bus took the first {taken}")
        self.taken = taken


class Bus(Protocol):
    def publish(self, events: Sequence[Envelope]) -> None:
        """In order. Raises BusBusyError."""


class EventBridge:
    def __init__(self, client: Callable[[], "EventBridgeClient"], name: str) -> None:
        self._client = client
        self._name = name

    def publish(self, events: Sequence[Envelope]) -> None:
        for start in range(0, len(events), MAX_ENTRIES):
            entries = [self._entry(event) for event in events[start : start + MAX_ENTRIES]]
            try:
                answer = self._client().put_events(Entries=entries)
            except (ClientError, BotoCoreError) as error:
                raise BusBusyError(start) from error
            if answer["FailedEntryCount"]:
                first = next(n for n, each in enumerate(answer["Entries"]) if "ErrorCode" in each)
                raise BusBusyError(start + first)

    def _entry(self, event: Envelope) -> "PutEventsRequestEntryTypeDef":
        detail = json.dumps(event.plain())
        return {"EventBusName": self._name, "Source": SOURCE, "DetailType": event.type, "Detail": detail}


class MemoryBus:
    """Keeps a copy of what was published, in order; ``pause`` comes before each call that EventBridge would get."""

    def __init__(self, pause: Callable[[str], None] = lambda _: None) -> None:
        self._pause = pause
        self.published: list[Envelope] = []

    def publish(self, events: Sequence[Envelope]) -> None:
        for start in range(0, len(events), MAX_ENTRIES):
            self._pause("bus.publish")
            self.published += [event.model_copy(deep=True) for event in events[start : start + MAX_ENTRIES]]
