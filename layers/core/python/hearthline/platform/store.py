"""What the rooms may ask of the database: read one item, read a bounded page, write all or nothing.

Two implementations: ``store_dynamo`` and ``store_memory``. Values are str, int, bool, bytes, None, lists and dicts.

    StoreError
    |- RefusedError   a condition did not hold: somebody was faster, or it is already done. ``at`` says which writes.
    |- BusyError      the store could not answer now; the same call may be tried again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

MAX_WRITES: Final = 100
"""DynamoDB's bound for one transaction."""
MAX_PAGE: Final = 200

Item = dict[str, Any]


class StoreError(Exception):
    """Root of what can go wrong here."""


class RefusedError(StoreError):
    """Conditions refused; ``at`` holds the positions of the refused writes."""

    def __init__(self, at: Sequence[int]) -> None:
        super().__init__(f"refused at {list(at)}")
        self.at = tuple(at)


class BusyError(StoreError):
    """Throttled, in conflict or out of reach: nothing is known to be written; try again."""


@dataclass(frozen=True, slots=True)
class Key:
    table: str
    pk: str
    sk: str = "state"


@dataclass(frozen=True, slots=True)
class Absent:
    """The item does not exist."""


@dataclass(frozen=True, slots=True)
class Is:
    """The item exists and its attribute ``name`` equals ``value``."""

    name: str
    value: str | int | bool


@dataclass(frozen=True, slots=True)
class Lacks:
    """The item has no attribute ``name``."""

    name: str


Condition = Absent | Is | Lacks


@dataclass(frozen=True, slots=True)
class Put:
    """Write the whole item."""

    key: Key
    item: Item
    when: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """Set, add to and drop attributes; the item comes into being if no condition forbids it."""

    key: Key
    set: Mapping[str, Any] = field(default_factory=dict)
    add: Mapping[str, int] = field(default_factory=dict)
    drop: tuple[str, ...] = ()
    when: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Remove:
    key: Key
    when: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Check:
    key: Key
    when: tuple[Condition, ...]


Write = Put | Change | Remove | Check


@dataclass(frozen=True, slots=True)
class Page:
    """``more`` continues where this page ended; None at the end."""

    items: list[Item]
    more: Item | None = None


@dataclass(frozen=True, slots=True)
class Index:
    """A second order of a table: ``pk`` and ``sk`` are the attributes it is sorted by; ``sk`` holds numbers."""

    name: str
    pk: str
    sk: str


class Store(Protocol):
    """See the module; every method may raise BusyError."""

    def get(self, key: Key) -> Item | None:
        """The item as last written, or None."""

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
        """Items of one partition in order of their sort key; from an ``index`` they may be a moment old.

        ``up_to`` bounds the sort number of an index, inclusive.
        """

    def write(self, *writes: Write) -> None:
        """All or nothing. Raises RefusedError when a condition does not hold."""
