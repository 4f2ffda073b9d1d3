"""What a queue's reader finds: the same questions to memory and to the engine."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from hearthline.platform.bus import SOURCE, MemoryBus
from hearthline.platform.queue import MemoryQueue, Sent
from tests.architecture.templates import infra, of_type, queue_name, rule_targets

TAKE_SECONDS = 20
"""Far more than a message needs; a test that waits so long has failed."""
BATCH = 10
PARAMETERS = {"RingSeconds": 15, "WrapUpSeconds": 60}
"""Seconds, the defaults of infra/stack.yaml."""


def own_delays() -> dict[str, int]:
    """Queue -> seconds that it holds back what comes without a delay."""
    found = {}
    for properties in of_type(infra, "AWS::SQS::Queue").values():
        delay = properties.get("DelaySeconds", 0)
        found[queue_name(properties)] = PARAMETERS[delay["Ref"]] if isinstance(delay, dict) else int(delay)
    return found


OWN_DELAYS = own_delays()


@dataclass(frozen=True, slots=True)
class Taken:
    """A message as its reader got it, and how long the queue kept it from everybody at least."""

    body: str
    kept_ms: int


class Mailbox(Protocol):
    def take(self, queue: str, count: int) -> list[Taken]:
        """Take the next messages out, in the order in which they come; fewer only when they never come."""

    def held(self, queue: str) -> int:
        """Messages whose time has not come."""

    def there(self, queue: str) -> int:
        """Messages a reader would get now."""


class MemoryMailbox:
    def __init__(self, queue: MemoryQueue, bus: MemoryBus) -> None:
        self._queue = queue
        self._bus = bus
        self._gone: list[Sent] = []

    def take(self, queue: str, count: int) -> list[Taken]:
        taken = sorted(self._left(queue), key=_seconds)[:count]
        self._gone += taken
        return [Taken(each.body, _seconds(each) * 1000) for each in taken]

    def held(self, queue: str) -> int:
        return sum(_seconds(each) > 0 for each in self._left(queue))

    def there(self, queue: str) -> int:
        return sum(_seconds(each) == 0 for each in self._left(queue))

    def _left(self, queue: str) -> list[Sent]:
        everything = [*self._queue.sent, *self._queue.parked, *self._from_the_bus()]
        gone = list(self._gone)
        left = []
        for each in everything:
            if each in gone:
                gone.remove(each)
            elif each.queue == queue:
                left.append(each)
        return left

    def _from_the_bus(self) -> Iterator[Sent]:
        rules = rule_targets()
        for event in self._bus.published:
            body = {"source": SOURCE, "detail-type": event.type, "detail": event.plain()}
            for queue in rules.get(event.type, ()):
                yield Sent(queue, json.dumps(body, ensure_ascii=False), None)


def _seconds(sent: Sent) -> int:
    return OWN_DELAYS[sent.queue] if sent.delay is None else sent.delay


class EngineMailbox:
    def __init__(self, client: Any, prefix: str) -> None:
        self._client = client
        self._prefix = prefix

    def take(self, queue: str, count: int) -> list[Taken]:
        taken: list[Taken] = []
        deadline = time.monotonic() + TAKE_SECONDS
        while len(taken) < count and time.monotonic() < deadline:
            taken += self._some(queue, min(BATCH, count - len(taken)))
        return taken

    def _some(self, queue: str, most: int) -> Iterator[Taken]:
        url = self._url(queue)
        answer = self._client.receive_message(
            QueueUrl=url, MaxNumberOfMessages=most, WaitTimeSeconds=1, AttributeNames=["All"]
        )
        for message in answer.get("Messages", []):
            self._client.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
            told = message["Attributes"]
            yield Taken(message["Body"], int(told["ApproximateFirstReceiveTimestamp"]) - int(told["SentTimestamp"]))

    def held(self, queue: str) -> int:
        return self._count(queue, "ApproximateNumberOfMessagesDelayed")

    def there(self, queue: str) -> int:
        return self._count(queue, "ApproximateNumberOfMessages")

    def empty(self) -> None:
        """Nothing of this test is left for another, nor the other way round."""
        for queue in OWN_DELAYS:
            self._client.purge_queue(QueueUrl=self._url(queue))

    def _count(self, queue: str, attribute: str) -> int:
        asked = self._client.get_queue_attributes(QueueUrl=self._url(queue), AttributeNames=[attribute])
        return int(asked["Attributes"][attribute])

    def _url(self, queue: str) -> str:
        return f"{self._prefix}-{queue}"
