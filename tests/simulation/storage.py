"""The managed services of the world: store, queues with their readers, the ledger's stream, the bus, the push.

Each keeps the promises of the real one and no more: at least once, in any order, late, and sometimes not at all.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from hearthline.events.word import Envelope
from hearthline.platform.bus import BusBusyError
from hearthline.platform.nudge import BY_BUS_ALONE, READERS
from hearthline.platform.queue import MAX_DELAY_SECONDS, QUEUES, QueueBusyError
from hearthline.platform.store import Change, Index, Item, Key, Page, Put, Write
from hearthline.platform.store_memory import MemoryStore
from hearthline.platform.values import encode
from tests.simulation.faults import Faults
from tests.simulation.loop import Loop, Task

VISIBILITY_MS: Final = 60_000
MAX_RECEIVES: Final = 5
FEW_RECEIVES: Final = 2
"""Where dead letters are to be driven back, messages die sooner."""
BATCH: Final = 10
QUEUE_DELAY_S: Final = {"expire": 15, "wrapup": 60, "gone": 15}
"""Of the queue itself, for messages from the bus: as in infra/stack.yaml (a test compares)."""
TIMEOUT_MS: Final = 10_000
COLD_MS: Final = 4_000
LONG_DELAY_MS: Final = 900_000
NEWER: Final = ("busy_ms", "online_since", "experience", "record", "matter", "last_agent")
"""Attributes that code before this release does not write."""


Handler = Callable[[dict[str, Any], Any], Any]
Changed = tuple[Key, Item | None, Item | None]
"""An item before and after a transaction."""


class Store(MemoryStore):
    """The memory store with faults at each write, and ``after`` called with what each transaction changed."""

    def __init__(self, loop: Loop, faults: Faults, hidden: int) -> None:
        super().__init__(loop.pause, hidden)
        self._loop = loop
        self._faults = faults
        self.after: Callable[[Sequence[Changed]], None] = lambda changes: None
        self.on_ledger: Callable[[Item], None] = lambda item: None

    def _commit(self, writes: Sequence[Write]) -> list[Changed]:
        if self._loop.current is not None:
            self._crowd(writes)
            if self._faults.strikes("F23"):
                writes = [_as_old_code_writes(each) for each in writes]
        changes = super()._commit(writes)
        for key, _, new in changes:
            if key.table == "ledger" and new is not None:
                self.on_ledger(new)
        self.after(changes)
        return changes

    def _crowd(self, writes: Sequence[Write]) -> None:
        """Somebody else changes the contact a moment before: the condition fails for real."""
        for each in writes:
            if isinstance(each, Put) and each.key.pk.startswith("C#") and each.when and self._faults.strikes("F6"):
                item = self._items.get(each.key)
                if item is not None:
                    super()._commit([Change(each.key, add={"version": 1})])

    def page(self, table: str, pk: str, *, index: Index | None = None, newest_first: bool = False, **more: Any) -> Page:
        if index and self._is_behind(table, index):
            self._faults.note("F14", f"of {table}")
        return super().page(table, pk, index=index, newest_first=newest_first, **more)

    def _is_behind(self, table: str, index: Index) -> bool:
        """Whether the index does not show what was written lately."""
        late = self._view(table, index).late
        return any(key.table == table and index.pk in (item or {}) for batch in late for key, item in batch)

    def catch_up(self) -> None:
        """The indexes show everything from now on."""
        self._hidden = 0
        self._recent.clear()
        for view in self._views.values():
            view.see([], 0)

    def touch(self, key: Key, **values: Any) -> None:
        """A write of the world outside, without effects: a heartbeat."""
        item = self._items.get(key)
        if item is not None:
            item.update(values)


def _as_old_code_writes(write: Write) -> Write:
    if isinstance(write, Put) and write.key.table == "floor" and write.key.pk[:2] in {"A#", "Q#", "W#"}:
        return Put(write.key, {name: value for name, value in write.item.items() if name not in NEWER}, write.when)
    return write


@dataclass
class Message:
    id: str
    body: str
    receives: int = 0
    done: bool = False
    busy_until: int = 0


@dataclass
class _Lane:
    """One queue: what waits for its reader, and how many readers run."""

    ready: list[Message] = field(default_factory=list)
    running: int = 0
    dead: list[Message] = field(default_factory=list)
    asked: bool = False


class Queues:
    """Standard queues: delay, visibility, redelivery, dead letters. ``read(queue, bodies)`` runs a reader's task."""

    def __init__(self, loop: Loop, faults: Faults, handlers: dict[str, Handler]) -> None:
        self._loop = loop
        self._faults = faults
        self._handlers = handlers
        self._lanes: dict[str, _Lane] = defaultdict(_Lane)
        self._made = 0
        self.parked: Counter[str] = Counter()
        self.poisoned: Counter[str] = Counter()
        self.bodies: Callable[[str], None] = lambda body: None

    def send(self, queue: str, envelope: Envelope, delay: int | None = None) -> None:
        self._loop.pause("queue.send")
        if queue not in QUEUES:
            raise QueueBusyError(queue)
        self.put(queue, json.dumps(envelope.plain()), delay)
        self._loop.pause("queue.sent")

    def park(self, queue: str, body: str) -> None:
        self._loop.pause("queue.park")
        self.parked[queue] += 1

    def put(self, queue: str, body: str, delay: int | None = None) -> None:
        """A message arrives at the queue, with whatever happens to messages."""
        self.bodies(body)
        chance, faults = self._loop.chance, self._faults
        seconds = QUEUE_DELAY_S.get(queue, 0) if delay is None else min(delay, MAX_DELAY_SECONDS)
        wait = seconds * 1000 + chance.randrange(5, 60)
        if faults.strikes("F2"):
            wait += chance.randrange(3_000)
        if faults.strikes("F3"):
            wait += chance.randrange(LONG_DELAY_MS)
        self._arrive(queue, body, wait)
        if faults.strikes("F1"):
            for _ in range(chance.randrange(1, 5)):
                self._arrive(queue, body, wait + chance.randrange(30_000))
        if faults.strikes("F10"):
            self.poisoned[queue] += 1
            self._arrive(queue, chance.choice(('{"type": "Gibberish"}', "not json", "[]", '{"detail-type": 1}')), wait)

    def redrive(self) -> int:
        """All dead letters go back to their queues; how many."""
        moved = 0
        for queue, lane in self._lanes.items():
            for message in lane.dead:
                moved += 1
                self._arrive(queue, message.body, 100)
        return moved

    def clear_dead(self) -> None:
        for lane in self._lanes.values():
            lane.dead.clear()

    @property
    def dead(self) -> int:
        return sum(len(lane.dead) for lane in self._lanes.values())

    def _arrive(self, queue: str, body: str, wait: int) -> None:
        self._made += 1
        message = Message(f"m{self._made}", body)
        self._loop.after(wait, lambda: self._ready(queue, message))

    def _ready(self, queue: str, message: Message) -> None:
        if message.done:
            return
        lane = self._lanes[queue]
        lane.ready.append(message)
        if not lane.asked:
            lane.asked = True
            self._loop.after(0, lambda: self._deliver(queue))

    def _deliver(self, queue: str) -> None:
        lane, chance = self._lanes[queue], self._loop.chance
        lane.asked = False
        if not lane.ready:
            return
        if lane.running and self._faults.strikes("F22"):  # no more workers than there are: later
            lane.asked = True
            self._loop.after(chance.randrange(500, 8_000), lambda: self._deliver(queue))
            return
        batch, lane.ready = lane.ready[:BATCH], lane.ready[BATCH:]
        for message in batch:
            message.receives += 1
            message.busy_until = self._loop.now + VISIBILITY_MS
        if lane.ready:
            lane.asked = True
            self._loop.after(1, lambda: self._deliver(queue))
        lane.running += 1
        self._loop.tell(f"{queue} reads {len(batch)}")
        self._loop.after(VISIBILITY_MS, lambda: self._visible(queue, batch))
        spare = chance.randrange(1, len(batch)) if len(batch) > 1 and self._faults.strikes("F9") else len(batch)
        event = {"Records": [{"messageId": each.id, "body": each.body} for each in batch[:spare]]}
        handler = self._handlers[queue]
        task = Task(
            queue,
            lambda: handler(event, None),
            lambda said, alive: self._done(queue, batch[:spare], said, alive),
            self._faults.skew(queue),
        )
        if self._faults.strikes("F22", f"{queue} starts cold"):
            self._loop.after(chance.randrange(300, COLD_MS), lambda: self._loop.start(task))
        else:
            self._loop.start(task)

    def _done(self, queue: str, batch: Sequence[Message], said: Any, alive: bool) -> None:
        self._lanes[queue].running -= 1
        if not alive:
            self._loop.tell(f"{queue} died")
            return
        failed = {each["itemIdentifier"] for each in said["batchItemFailures"]}
        for message in batch:
            if message.id not in failed:
                message.done = True

    def _visible(self, queue: str, batch: Sequence[Message]) -> None:
        """What was not acknowledged in time is there again, or dead."""
        for message in batch:
            if message.done:
                continue
            if message.receives >= (FEW_RECEIVES if "F11" in self._faults.kinds else MAX_RECEIVES):
                message.done = True
                self._lanes[queue].dead.append(Message(message.id, message.body))
                self._loop.tell(f"{queue} gives up on {message.id}")
            else:
                self._ready(queue, message)


class Stream:
    """The ledger's stream: one shard, in order, at least once; a failed batch is read again."""

    def __init__(self, loop: Loop, faults: Faults, relay: Handler) -> None:
        self._loop = loop
        self._faults = faults
        self._relay = relay
        self._records: list[Item] = []
        self._next = 0
        self._asked = False

    def append(self, item: Item) -> None:
        self._records.append(item)
        self._ask(self._loop.chance.randrange(200, 900))

    def _ask(self, wait: int) -> None:
        if not self._asked:
            self._asked = True
            self._loop.after(wait, self._read)

    def _read(self) -> None:
        first = self._next
        if self._faults.strikes("F15"):
            first = max(0, first - self._loop.chance.randrange(1, 6))
        records = self._records[first : first + 25]
        if not records:
            self._asked = False
            return
        event = {
            "Records": [
                {
                    "eventName": "INSERT",
                    "dynamodb": {
                        "SequenceNumber": str(first + n),
                        "NewImage": {name: encode(value) for name, value in item.items()},
                    },
                }
                for n, item in enumerate(records)
            ]
        }
        done = partial(self._done, first, len(records))
        self._loop.start(Task("relay", lambda: self._relay(event, None), done, 0))

    def _done(self, first: int, count: int, said: Any, alive: bool) -> None:
        if alive:
            failed = said["batchItemFailures"]
            self._next = int(failed[0]["itemIdentifier"]) if failed else max(self._next, first + count)
        self._asked = False
        if self._next < len(self._records):
            self._ask(self._loop.chance.randrange(200, 900))


class Bus:
    """Each event to the queues of its readers, wrapped as the bus wraps; a call may be taken in part."""

    def __init__(self, loop: Loop, faults: Faults, queues: Queues) -> None:
        self._loop = loop
        self._faults = faults
        self._queues = queues

    def publish(self, events: Sequence[Envelope]) -> None:
        self._loop.pause("bus.publish")
        for n, event in enumerate(events):
            if n and self._faults.strikes("F9"):
                raise BusBusyError(n)
            body = json.dumps({"detail-type": event.type, "source": "hearthline", "detail": event.plain()})
            for queue in (*(name for name, _ in READERS.get(event.type, ())), *BY_BUS_ALONE.get(event.type, ())):
                self._queues.put(queue, body)


class Push:
    """News to screens: ``screens`` has a callable for each live connection."""

    def __init__(self, loop: Loop, faults: Faults) -> None:
        self._loop = loop
        self._faults = faults
        self.screens: dict[str, Callable[[], None]] = {}

    def to(self, connection: str, message: dict[str, Any]) -> bool:
        self._loop.pause("push.to")
        screen = self.screens.get(connection)
        if screen is None or self._faults.strikes("F17"):
            return False
        self._loop.after(self._loop.chance.randrange(20, 200), screen)
        return True
