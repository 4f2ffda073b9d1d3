"""Opening times that the page reckons as well: the cases of ``opening.json``, which its own tests read too."""

import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from hearthline.config.hours import Calendar, closed, open_until
from hearthline.config.model import Config, ConfigError, check
from local.seed import COMPANY

CASES = json.loads(Path(__file__).with_name("opening.json").read_text(encoding="utf-8"))


def company(calendar: dict[str, Any]) -> Config:
    return Config.read(COMPANY.plain() | {"calendars": [calendar]})


def calendar_of(name: str) -> Calendar:
    [found] = [each for each in CASES["calendars"] if each["id"] == name]
    return company(found).calendars[0]


def ms(text: str) -> int:
    return round(datetime.fromisoformat(text).timestamp() * 1000)


@pytest.mark.parametrize("case", CASES["moments"], ids=lambda case: f"{case['calendar']} {case['at']}")
def test_the_doors_are_open_or_shut_and_change_when_the_page_says_so(case: dict[str, Any]) -> None:
    calendar, now = calendar_of(case["calendar"]), ms(case["at"])
    found = closed(calendar, now)
    assert (found is None) is case["open"]
    changes_at = found.opens_at if found else open_until(calendar, now)
    assert changes_at == (ms(case["changes_at"]) if case["changes_at"] else 0)


@pytest.mark.parametrize("name", [each["id"] for each in CASES["calendars"]])
def test_a_calendar_whose_times_do_not_overlap_may_be_published(name: str) -> None:
    check(replace(COMPANY, calendars=(calendar_of(name),)))


@pytest.mark.parametrize("case", CASES["wrong"], ids=lambda case: str(case["path"]))
def test_a_calendar_is_refused_at_the_field_that_the_page_marks(case: dict[str, Any]) -> None:
    with pytest.raises(ConfigError) as caught:
        check(company(case["calendar"]))
    assert caught.value.field == f"calendars.0.{case['path']}"
