"""Two configurations on the same day: the same customers with the same patience meet both."""

from random import Random
from typing import Any, Final

from hearthline.config.model import Config
from hearthline.daybook.model import shifts
from hearthline.daybook.store import Daybook
from hearthline.platform.effects import Effects
from hearthline.rehearsal.day import Day, day_from
from hearthline.rehearsal.fairness import FAIR_WITHIN, evenly, hard_matters
from hearthline.rehearsal.playing import ANSWER_MS, Playing
from hearthline.rehearsal.report import WHOLE, report

SEED: Final = 20_240_229
"""Fixed: who asks twice gets the same answer twice."""
LOWER_IS_BETTER: Final = {"asa_ms": 1_000, "longest_wait_ms": 5_000, "abandonment": 50}
HIGHER_IS_BETTER: Final = {"service_level": 50, "jain": 50, "hard_to_experienced": 100}
"""By how much a measure must move to be called better or worse: less than that is the luck of one drawn day."""


def day_of(effects: Effects, day: str) -> Day:
    """The day as the book tells it, with nobody in it where nothing was noted."""
    book = Daybook(effects)
    bounds = book.bounds(day)
    lines = sorted(book.lines(day), key=lambda line: (line.queued_at, line.contact))
    return day_from(lines, shifts(book.marks(day), *bounds), bounds, Random(SEED))  # noqa: S311 (a drawn day, no secret)


def compare(effects: Effects, day: Day, against: Config, candidate: Config) -> dict[str, Any]:
    """Both reports, how they differ, and how the day was come by; whole numbers only.

    ``fair_from`` is the least ``jain`` that keeps the fairness contract on this day.
    """
    here = effects.settings
    # The same contacts count as hard on both sides, or a changed difficulty would look like a better choice of agents.
    hard = hard_matters(against) | hard_matters(candidate)
    before = report(Playing(here, against, day).play(), day, against, hard)
    after = report(Playing(here, candidate, day).play(), day, candidate, hard)
    even = report(Playing(here, evenly(candidate), day).play(), day, candidate, hard)["total"]["jain"]
    return {
        "calls": len(day.arrivals),
        "agents": len({shift.agent for shift in day.shifts}),
        "answer_ms": ANSWER_MS,
        "patience": {
            "left": day.patience.left,
            "answered": day.patience.answered,
            "mean_ms": day.patience.mean_ms,
        },
        "against": before,
        "candidate": after,
        "fair_from": None if even is None else even - round(FAIR_WITHIN * WHOLE),
        "verdict": verdict(before["total"], after["total"]),
    }


def verdict(before: dict[str, int | None], after: dict[str, int | None]) -> dict[str, str]:
    """``better``, ``worse`` or ``equal`` for each measure of which one can say so."""
    found = dict[str, str]()
    for name, least in (LOWER_IS_BETTER | HIGHER_IS_BETTER).items():
        was, is_now = before[name], after[name]
        if was is None or is_now is None:
            continue
        gain = (was - is_now) if name in LOWER_IS_BETTER else (is_now - was)
        found[name] = "equal" if abs(gain) < least else "better" if gain > 0 else "worse"
    return found
