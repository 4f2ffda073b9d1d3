"""The store in memory: the same answers, deterministic, with a place to stop before and after every effect."""

import copy
import threading
from collections.abc import Callable
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


def _no_pause(_: str) -> None:
    """Nothing waits between effects unless a test asks for it."""


class MemoryStore:
    """``pause(name)`` is called before and after each effect and may raise: that is a crash at that point.

    ``hidden`` newest writes are not yet seen by index reads, as DynamoDB's secondary indexes lag behind.
    """

    def __init__(self, pause: Pause = _no_pause, hidden: int = 0) -> None:
        self._items: dict[Key, Item] = {}
        self._pause = pause
        self._lock = threading.Lock()
        self._hidden = hidden
        self._history: list[dict[Key, Item]] = []
        self.on_write: list[Callable[[Key, Item], None]] = []

    def get(self, key: Key) -> Item | None:
        self._pause("store.get")
        with self._lock:
            return copy.deepcopy(self._items.get(key))

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
            source = self._seen_by_index() if index else self._items
            rows = [(key, item) for key, item in source.items() if key.table == table]
            if index:
                rows = [row for row in rows if row[1].get(index.pk) == pk and index.sk in row[1]]
                rows = [row for row in rows if up_to is None or row[1][index.sk] <= up_to]
                rows.sort(key=lambda row: (row[1][index.sk], row[0].pk, row[0].sk), reverse=newest_first)
            else:
                rows = [row for row in rows if row[0].pk == pk and row[0].sk.startswith(prefix)]
                rows.sort(key=lambda row: row[0].sk, reverse=newest_first)
            return _cut(rows, limit, more)

    def write(self, *writes: Write) -> None:
        self._pause("store.write")
        for write in writes:
            _check_values(write)
        with self._lock:
            if len(writes) > MAX_WRITES or len({write.key for write in writes}) < len(writes):
                raise ValueError("a transaction names each item once and at most 100 of them")
            refused = [n for n, write in enumerate(writes) if not _holds(write.when, self._items.get(write.key))]
            if refused:
                raise RefusedError(refused)
            self._history = [*self._history[-self._hidden :], dict(self._items)] if self._hidden else []
            for write in writes:
                self._apply(write)
        for write in writes:
            self._tell(write)
        self._pause("store.written")

    def everything(self) -> dict[Key, Item]:
        """For a test's eyes: a copy of all items."""
        return copy.deepcopy(self._items)

    def _seen_by_index(self) -> dict[Key, Item]:
        return self._history[0] if self._hidden and self._history else self._items

    def _tell(self, write: Write) -> None:
        item = self._items.get(write.key)
        if item is not None:
            for listener in self.on_write:
                listener(write.key, copy.deepcopy(item))

    def _apply(self, write: Write) -> None:
        key = write.key
        if isinstance(write, Put):
            self._items[key] = {**copy.deepcopy(write.item), "pk": key.pk, "sk": key.sk}
        elif isinstance(write, Remove):
            self._items.pop(key, None)
        elif isinstance(write, Change):
            item = dict(self._items.get(key, {"pk": key.pk, "sk": key.sk}))
            item.update(copy.deepcopy(dict(write.set)))
            for name, amount in write.add.items():
                item[name] = item.get(name, 0) + amount
            for name in write.drop:
                item.pop(name, None)
            self._items[key] = item


def _cut(rows: list[tuple[Key, Item]], limit: int, more: Item | None) -> Page:
    start = 0
    if more:
        start = next((n + 1 for n, (key, _) in enumerate(rows) if (key.pk, key.sk) == (more["pk"], more["sk"])), 0)
    taken = rows[start : start + limit]
    rest = start + limit < len(rows)
    last: dict[str, Any] | None = {"pk": taken[-1][0].pk, "sk": taken[-1][0].sk} if rest and taken else None
    return Page([copy.deepcopy(item) for _, item in taken], last)


def _check_values(write: Write) -> None:
    """Refuse what DynamoDB would refuse."""
    if isinstance(write, Put):
        encode(write.item)
    elif isinstance(write, Change):
        encode(dict(write.set))


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
