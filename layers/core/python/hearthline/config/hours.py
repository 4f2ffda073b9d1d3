"""When a queue is open: a week, and the days that are not like others, in the zone of the people who call. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

CLOCK: Final = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]|24:00")
DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
LOOKED_AHEAD: Final = 60
"""Days: a line that stays closed for longer does not say when it opens."""


@dataclass(frozen=True, slots=True)
class Interval:
    """``start`` and ``end`` as HH:MM, the end not included; 24:00 ends the day. ``day`` 0 is Monday."""

    day: int
    start: str
    end: str


@dataclass(frozen=True, slots=True)
class Holiday:
    """``date`` as YYYY-MM-DD. Closed, or open from ``start`` to ``end``."""

    date: str
    zh: str
    en: str
    start: str = ""
    end: str = ""


@dataclass(frozen=True, slots=True)
class Calendar:
    """``zone`` is a name of the IANA database; what is in no interval is closed."""

    id: str
    zh: str
    en: str
    zone: str
    week: tuple[Interval, ...]
    holidays: tuple[Holiday, ...] = ()


@dataclass(frozen=True, slots=True)
class Closed:
    """``opens_at`` (ms) is the next opening, 0 when it is too far away; ``holiday`` is today's, if it has a name."""

    opens_at: int
    holiday: Holiday | None


def closed(calendar: Calendar, now: int) -> Closed | None:
    """None while it is open; ``now`` in ms."""
    zone = ZoneInfo(calendar.zone)
    today = datetime.fromtimestamp(now / 1000, zone).date()
    for day in (today, today + timedelta(1)):
        if any(start <= now < end for start, end in _spans(calendar, day, zone)):
            return None
    starts = (
        start
        for ahead in range(LOOKED_AHEAD + 1)
        for start, _ in _spans(calendar, today + timedelta(ahead), zone)
        if start > now
    )
    return Closed(next(starts, 0), _holiday(calendar, today))


def open_until(calendar: Calendar, now: int) -> int:
    """When it closes (ms), times that touch counted as one; 0 while it is closed, or when that is too far away."""
    zone = ZoneInfo(calendar.zone)
    today = datetime.fromtimestamp(now / 1000, zone).date()
    until = now
    for ahead in range(LOOKED_AHEAD):
        for start, end in _spans(calendar, today + timedelta(ahead), zone):
            until = end if start <= until < end else until
    return until if now < until < _moment(today + timedelta(LOOKED_AHEAD), "00:00", zone) else 0


def _holiday(calendar: Calendar, day: date) -> Holiday | None:
    return next((each for each in calendar.holidays if each.date == day.isoformat()), None)


def _spans(calendar: Calendar, day: date, zone: ZoneInfo) -> Iterator[tuple[int, int]]:
    """The open times of one date in ms, in order. An hour that the change of the clock leaves out has no length."""
    holiday = _holiday(calendar, day)
    if holiday:
        hours: Sequence[tuple[str, str]] = [(holiday.start, holiday.end)] if holiday.start else []
    else:
        hours = sorted((each.start, each.end) for each in calendar.week if each.day == day.weekday())
    for start, end in hours:
        span = _moment(day, start, zone), _moment(day, end, zone)
        if span[0] < span[1]:
            yield span


def _moment(day: date, clock: str, zone: ZoneInfo) -> int:
    if clock == "24:00":
        day, clock = day + timedelta(1), "00:00"
    local = datetime.combine(day, time.fromisoformat(clock), zone)
    return round(local.astimezone(UTC).timestamp() * 1000)


def local_time(at: int, zone: str) -> datetime:
    """``at`` (ms) as the clock on the wall there has it."""
    return datetime.fromtimestamp(at / 1000, ZoneInfo(zone))
