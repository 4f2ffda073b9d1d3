"""Open or closed, right over midnight, holidays and the change of the clock."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hearthline.config.hours import Calendar, Holiday, Interval, closed

WEEK = tuple(Interval(day, "09:00", "18:00") for day in range(5))
OFFICE = Calendar(
    "office",
    "工作日",
    "Weekdays",
    "Asia/Shanghai",
    WEEK,
    (
        Holiday("2026-10-01", "国庆节", "National Day"),
        Holiday("2026-02-16", "除夕", "New Year's Eve", "09:00", "12:00"),
    ),
)
NIGHT = Calendar(
    "night", "夜间", "Nights", "Europe/Berlin", (Interval(5, "22:00", "24:00"), Interval(6, "00:00", "06:00"))
)


def at(text: str, zone: str = "Asia/Shanghai") -> int:
    return round(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp() * 1000)


@pytest.mark.parametrize(
    ("when", "is_open"),
    [
        ("2026-11-27T08:59:59", False),
        ("2026-11-27T09:00:00", True),
        ("2026-11-27T17:59:59", True),
        ("2026-11-27T18:00:00", False),
        ("2026-11-28T12:00:00", False),
        ("2026-10-01T12:00:00", False),
        ("2026-02-16T11:59:00", True),
        ("2026-02-16T12:00:00", False),
    ],
)
def test_the_doors_open_and_close_on_the_minute(when: str, is_open: bool) -> None:
    assert (closed(OFFICE, at(when)) is None) is is_open


def test_who_comes_too_late_on_friday_hears_of_monday() -> None:
    found = closed(OFFICE, at("2026-11-27T20:00:00"))
    assert found is not None
    assert found.opens_at == at("2026-11-30T09:00:00")
    assert found.holiday is None


def test_on_a_holiday_its_name_is_known_and_the_day_after_opens() -> None:
    found = closed(OFFICE, at("2026-10-01T10:00:00"))
    assert found is not None
    assert found.holiday is not None
    assert found.holiday.en == "National Day"
    assert found.opens_at == at("2026-10-02T09:00:00")


def test_a_night_goes_on_over_midnight() -> None:
    assert closed(NIGHT, at("2026-11-28T23:59:59", "Europe/Berlin")) is None
    assert closed(NIGHT, at("2026-11-29T00:00:00", "Europe/Berlin")) is None
    assert closed(NIGHT, at("2026-11-29T06:00:00", "Europe/Berlin")) is not None


def test_the_hour_that_the_clock_skips_is_no_opening() -> None:
    skipped = Calendar("spring", "春", "Spring", "Europe/Berlin", (Interval(6, "02:00", "03:00"),))
    night = at("2026-03-29T01:30:00", "Europe/Berlin")
    found = closed(skipped, night)
    assert found is not None
    assert found.opens_at == at("2026-04-05T02:00:00", "Europe/Berlin")


def test_a_line_that_never_opens_says_no_time() -> None:
    found = closed(Calendar("never", "关", "Never", "UTC", ()), at("2026-11-27T12:00:00", "UTC"))
    assert found is not None
    assert found.opens_at == 0


@given(st.integers(1_700_000_000_000, 1_900_000_000_000))
def test_when_it_says_it_opens_it_is_open(now: int) -> None:
    for calendar in (OFFICE, NIGHT):
        found = closed(calendar, now)
        if found is not None and found.opens_at:
            assert found.opens_at > now
            assert closed(calendar, found.opens_at) is None
            assert closed(calendar, found.opens_at - 1) is not None
