"""The store in memory: the same answers, deterministic, with a place to stop before and after every effect.

Partitions and indexes are kept in order, so that a page costs what it holds and not what the table holds.
"""

import threading
from bisect import bisect_left, bisect_right, insort
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from hearthline.platform.store import (
    MAX_PAGE,
    MAX_WRITES,
    Absent,
    Change,
    Condition,
    Index,
    Is,
    Item,
    Key,
    Page,
    Put,
    RefusedError,
    Remove,
    Write,
)
from hearthline.platform.values import encode

Pause = Callable[[str], None]
Row = tuple[Any, ...]
"""What a partition is sorted by; the last two of an index's row are the key of the item."""
SCALARS = frozenset({str, int, bool, bytes, type(None)})
Seen = tuple[Key, Item | None]


def _no_pause(_: str) -> None:
    """Nothing waits between effects unless a test asks for it."""


@dataclass
class _Sorted:
    """Rows in order, and the item of each."""

    order: list[Row] = field(default_factory=list)
    items: dict[Row, Item] = field(default_factory=dict)

    def put(self, row: Row, item: Item) -> None:
        if row not in self.items:
            insort(self.order, row)
        self.items[row] = item

    def drop(self, row: Row) -> None:
        if self.items.pop(row, None) is not None:
            del self.order[bisect_left(self.order, row)]


@dataclass
class _IndexView:
    """An index as its readers see it: ``late`` holds what was written and is not seen yet."""

    index: Index
    table: str
    parts: dict[Any, _Sorted] = field(default_factory=dict)
    rows: dict[Key, tuple[Any, Row]] = field(default_factory=dict)
    late: deque[list[Seen]] = field(default_factory=deque)

    def see(self, writes: list[Seen], hidden: int) -> None:
        self.late.append(writes)
        while len(self.late) > hidden:
            for key, item in self.late.popleft():
                if key.table == self.table:
                    self._apply(key, item)

    def _apply(self, key: Key, item: Item | None) -> None:
        before = self.rows.pop(key, None)
        if before:
            self.parts[before[0]].drop(before[1])
        if item is not None and self.index.pk in item and self.index.sk in item:
            part, row = item[self.index.pk], (item[self.index.sk], key.pk, key.sk)
            self.parts.setdefault(part, _Sorted()).put(row, item)
            self.rows[key] = (part, row)


class MemoryStore:
    """``pause(name)`` is called before and after each effect and may raise: that is a crash at that point.

    ``hidden`` newest writes are not yet seen by index reads, as DynamoDB's secondary indexes lag behind.
    """

    def __init__(self, pause: Pause = _no_pause, hidden: int = 0) -> None:
        self._items: dict[Key, Item] = {}
        self._parts: dict[tuple[str, str], _Sorted] = {}
        self._views: dict[tuple[str, str], _IndexView] = {}
        self._pause = pause
        self._lock = threading.Lock()
        self._hidden = hidden
        self._recent: deque[list[tuple[Key, Item | None, Item | None]]] = deque(maxlen=hidden or None)

    def get(self, key: Key) -> Item | None:
        self._pause("store.get")
        with self._lock:
            item = self._items.get(key)
            return None if item is None else _copied(item)

    def page(
        self,
        table: str,
        pk: str,
        *,
        prefix: str = "",
        index: Index | None = None,
        up_to: int | None = None,
        limit: int = MAX_PAGE,
        newest_first: bool = False,
        more: Item | None = None,
    ) -> Page:
        self._pause("store.page")
        with self._lock:
            if index:
                part = self._view(table, index).parts.get(pk, _Sorted())
                high = len(part.order) if up_to is None else bisect_left(part.order, (up_to + 1,))
                low = 0
            else:
                part = self._parts.get((table, pk), _Sorted())
                low, high = bisect_left(part.order, (prefix,)), _after_prefix(part.order, prefix)
            after = _row_of(part, more, bool(index)) if more else None
            return _cut(part, low, high, limit, newest_first, after)

    def write(self, *writes: Write) -> None:
        self._pause("store.write")
        writes = tuple(_owned(write) for write in writes)
        with self._lock:
            self._commit(writes)
        self._pause("store.written")

    def _commit(self, writes: Sequence[Write]) -> list[tuple[Key, Item | None, Item | None]]:
        """All or nothing; what changed, before and after. Raises RefusedError."""
        if len(writes) > MAX_WRITES or len({write.key for write in writes}) < len(writes):
            raise ValueError("a transaction names each item once and at most 100 of them")
        refused = [n for n, write in enumerate(writes) if not _holds(write.when, self._items.get(write.key))]
        if refused:
            raise RefusedError(refused)
        before = [(write.key, self._items.get(write.key)) for write in writes]
        for write in writes:
            self._apply(write)
        changes = [(key, old, self._items.get(key)) for key, old in before]
        for view in self._views.values():
            view.see([(key, new) for key, _, new in changes], self._hidden)
        if self._hidden:
            self._recent.append(changes)
        return changes

    def everything(self) -> dict[Key, Item]:
        """For a test's eyes: a copy of all items."""
        return {key: _copied(item) for key, item in self._items.items()}

    def _view(self, table: str, index: Index) -> _IndexView:
        """The index, made from what is there when it is first asked for."""
        view = self._views.get((table, index.name))
        if view is None:
            view = self._views[table, index.name] = _IndexView(index, table)
            seen = {key: item for key, item in self._items.items() if key.table == table}
            late = list(self._recent)
            for batch in reversed(late):  # back to how it was before the writes that are still hidden
                for key, old, _ in batch:
                    if key.table == table:
                        seen.pop(key, None)
                        if old is not None:
                            seen[key] = old
            view.see(list(seen.items()), 0)
            for batch in late:
                view.see([(key, new) for key, _, new in batch], self._hidden)
        return view

    def _apply(self, write: Write) -> None:
        key = write.key
        if isinstance(write, Put):
            self._keep(key, {**write.item, "pk": key.pk, "sk": key.sk})
        elif isinstance(write, Remove):
            self._items.pop(key, None)
            part = self._parts.get((key.table, key.pk))
            if part is not None:
                part.drop((key.sk,))
        elif isinstance(write, Change):
            item = dict(self._items.get(key, {"pk": key.pk, "sk": key.sk}))
            item.update(write.set)
            for name, amount in write.add.items():
                item[name] = item.get(name, 0) + amount
            for name in write.drop:
                item.pop(name, None)
            self._keep(key, item)

    def _keep(self, key: Key, item: Item) -> None:
        # An item is never changed in place: indexes and pages may hold it.
        self._items[key] = item
        self._parts.setdefault((key.table, key.pk), _Sorted()).put((key.sk,), item)


def _after_prefix(order: list[Row], prefix: str) -> int:
    return bisect_right(order, (prefix + chr(0x10FFFF),)) if prefix else len(order)


def _cut(part: _Sorted, low: int, high: int, limit: int, newest_first: bool, after: Row | None) -> Page:
    """``limit`` rows between two places, from behind the row ``after`` on."""
    if after is not None and newest_first:
        high = min(high, bisect_left(part.order, after))
    elif after is not None:
        low = max(low, bisect_right(part.order, after))
    places = range(high - 1, low - 1, -1) if newest_first else range(low, high)
    found = [_copied(part.items[part.order[place]]) for place in places[:limit]]
    rest = len(places) > limit
    return Page(found, {"pk": found[-1]["pk"], "sk": found[-1]["sk"]} if rest and found else None)


def _row_of(part: _Sorted, more: Item, indexed: bool) -> Row | None:
    """The row at which the page before ended; in an index it is looked for, since only its key is told."""
    if not indexed:
        return (more["sk"],)
    return next((row for row in part.order if row[1:] == (more["pk"], more["sk"])), None)


def _copied(value: Any) -> Any:
    """A deep copy of what a store may hold. Raises TypeError for what DynamoDB would refuse."""
    kind = type(value)
    if kind in SCALARS:
        return value
    if kind is dict:
        if SCALARS.issuperset(map(type, value.values())):
            return value.copy()
        return {name: each if type(each) in SCALARS else _copied(each) for name, each in value.items()}
    if kind is list or kind is tuple:
        if SCALARS.issuperset(map(type, value)):
            return list(value)
        return [_copied(each) for each in value]
    encode(value)  # of a kind of its own: told by the real rule
    return value


def _owned(write: Write) -> Write:
    """The same write with values that nobody else can change, refused where DynamoDB would refuse them."""
    if isinstance(write, Put):
        return Put(write.key, _copied(write.item), write.when)
    if isinstance(write, Change):
        return Change(write.key, _copied(dict(write.set)), write.add, write.drop, write.when)
    return write


def _holds(when: tuple[Condition, ...], item: Item | None) -> bool:
    return all(_one_holds(condition, item) for condition in when)


def _one_holds(condition: Condition, item: Item | None) -> bool:
    if isinstance(condition, Absent):
        return item is None
    if isinstance(condition, Is):
        # DynamoDB tells a number from a boolean; Python's 1 == True does not.
        found = None if item is None else item.get(condition.name)
        return found == condition.value and type(found) is type(condition.value)
    return item is None or condition.name not in item
