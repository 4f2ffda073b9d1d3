"""The daybook in table ``daybook``: ``C#<day>`` a line a contact, ``S#<day>`` the marks of agents; kept for 40 days.

A day's partition takes some 400 contacts a second, far beyond what a company's day brings.
"""

from collections.abc import Callable, Iterator
from dataclasses import asdict, fields
from typing import Any, Final, TypeVar

from hearthline.daybook.model import Line, Mark, bounds_of, day_before, day_of
from hearthline.platform.effects import Effects
from hearthline.platform.store import Absent, Change, Item, Key, Put, RefusedError

TABLE: Final = "daybook"
KEPT_SECONDS: Final = 40 * 86_400
PAGE: Final = 200
MOST_LINES: Final = 20_000
"""A trial looks at so many contacts of a day; of more, the first ones stand for all."""
MOST_MARKS: Final = 10_000

Kept = TypeVar("Kept", Line, Mark)


class Daybook:
    def __init__(self, effects: Effects) -> None:
        self._effects = effects
        self._store = effects.store
        self._offset = effects.settings.utc_offset_minutes

    def note_contact(self, line: Line, *, wrapped_up: bool = False) -> None:
        """A line, or the same one again. ``wrapped_up``: only then does it know the wrap-up, whatever comes first."""
        item = asdict(line)
        if not wrapped_up:
            del item["wrap_up_ms"]
        key = Key(TABLE, f"C#{self.day(line.queued_at)}", f"{line.queued_at:013d}#{line.contact}")
        self._store.write(Change(key, set={**item, "expires": line.queued_at // 1000 + KEPT_SECONDS}))

    def note_agent(self, mark: Mark, event: str) -> bool:
        """What ``event`` says of an agent; False when that stands here."""
        key = Key(TABLE, f"S#{self.day(mark.at)}", f"{mark.at:013d}#{event}")
        try:
            self._store.write(
                Put(key, asdict(mark) | {"expires": mark.at // 1000 + KEPT_SECONDS}, when=(Absent(),)),
            )
        except RefusedError:
            return False
        return True

    def lines(self, day: str, most: int = MOST_LINES) -> Iterator[Line]:
        """The contacts queued on a day, in order of their coming."""
        return self._all(f"C#{day}", most, lambda item: Line(**_known(Line, item)))

    def marks(self, day: str, most: int = MOST_MARKS) -> list[Mark]:
        """The marks of a day and of the one before, for who was at work when it began."""
        found = list[Mark]()
        for each in (day_before(day), day):
            found += self._all(f"S#{each}", most, lambda item: Mark(**_known(Mark, item)))
        return found

    def day(self, at: int) -> str:
        """The company's date at a moment."""
        return day_of(at, self._offset)

    def bounds(self, day: str) -> tuple[int, int]:
        """Raises ValueError for what is no date."""
        return bounds_of(day, self._offset)

    def _all(self, pk: str, most: int, read: Callable[[Item], Kept]) -> Iterator[Kept]:
        more: Item | None = None
        for _ in range(-(-most // PAGE)):
            page = self._store.page(TABLE, pk, limit=PAGE, more=more)
            yield from map(read, page.items)
            more = page.more
            if more is None:
                return


def _known(kind: type[Any], item: Item) -> dict[str, Any]:
    names = {each.name for each in fields(kind)}
    return {name: value for name, value in item.items() if name in names}
