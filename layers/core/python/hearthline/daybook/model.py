"""Lines of contacts, marks of agents, and the shifts that follow from marks. Pure; times are ms since the epoch.

No number and no name stands here: a contact's id, what it was about, and how long it took.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Final

DAY_MS: Final = 86_400_000
AT_WORK: Final = frozenset({"available", "offered", "on_contact", "wrap_up"})


@dataclass(frozen=True, slots=True)
class Line:
    """One contact that waited in a queue; ``talk_ms`` and ``wrap_up_ms`` are 0 where nobody answered."""

    contact: str
    channel: str
    queue: str
    matter: str
    lang: str
    queued_at: int
    waited_ms: int
    outcome: str
    talk_ms: int = 0
    wrap_up_ms: int = 0
    agent: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """An agent began or ceased to be at work; ``queues`` and ``skills`` as he was trained then.

    ``was_at_work``: how it stood before, by which a mark that was lost is noticed. ``experience`` counts contacts.
    """

    agent: str
    at: int
    at_work: bool
    was_at_work: bool
    queues: dict[str, int] = field(default_factory=dict)
    skills: dict[str, int] = field(default_factory=dict)
    experience: int = 0


@dataclass(frozen=True, slots=True)
class Shift:
    """An agent at work from ``began`` until ``ended``, trained as he was when it began."""

    agent: str
    began: int
    ended: int
    queues: dict[str, int]
    skills: dict[str, int]
    experience: int = 0


def day_of(at: int, utc_offset_minutes: int) -> str:
    """The company's date, ``YYYY-MM-DD``."""
    return (datetime.fromtimestamp(at / 1000, UTC) + timedelta(minutes=utc_offset_minutes)).date().isoformat()


def bounds_of(day: str, utc_offset_minutes: int) -> tuple[int, int]:
    """The first ms of a day and the first of the next one. Raises ValueError for what is no date."""
    midnight = datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC)
    began = round((midnight - timedelta(minutes=utc_offset_minutes)).timestamp() * 1000)
    return began, began + DAY_MS


def day_before(day: str) -> str:
    """Raises ValueError for what is no date."""
    return (date.fromisoformat(day) - timedelta(days=1)).isoformat()


def shifts(marks: Iterable[Mark], began: int, ended: int) -> list[Shift]:
    """Who was at work when, cut to the time between ``began`` and ``ended``, in order of beginning.

    Marks may come in any order. Where one says that its agent was away although he was last seen at work, the mark in
    between was lost: the shift ends where he was last seen.
    """
    found = list[Shift]()
    by_agent = dict[str, list[Mark]]()
    for mark in sorted(marks, key=lambda each: (each.at, each.at_work)):
        by_agent.setdefault(mark.agent, []).append(mark)
    for own in by_agent.values():
        found += _shifts_of(own, ended)
    cut = (_cut(each, began, ended) for each in found)
    return sorted((each for each in cut if each), key=lambda each: (each.began, each.agent))


def _shifts_of(marks: list[Mark], ended: int) -> list[Shift]:
    found = list[Shift]()
    opened: Mark | None = None
    seen = 0
    for mark in marks:
        if opened and not mark.was_at_work:
            found.append(_shift(opened, seen))
            opened = None
        if mark.at_work and opened is None:
            opened = mark
        elif not mark.at_work and opened:
            found.append(_shift(opened, mark.at))
            opened = None
        seen = mark.at
    return [*found, _shift(opened, ended)] if opened else found


def _shift(opened: Mark, ended: int) -> Shift:
    return Shift(opened.agent, opened.at, ended, opened.queues, opened.skills, opened.experience)


def _cut(shift: Shift, began: int, ended: int) -> Shift | None:
    first, last = max(shift.began, began), min(shift.ended, ended)
    if first >= last:
        return None
    return Shift(shift.agent, first, last, shift.queues, shift.skills, shift.experience)
