"""Two configurations on the same day: the same customers with the same patience meet both."""

import logging
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from random import Random
from typing import Any, Final

from hearthline.callflow.publishing import check_all
from hearthline.config.model import Config
from hearthline.daybook.model import shifts
from hearthline.daybook.store import Daybook
from hearthline.platform.effects import Effects
from hearthline.rehearsal.day import ANSWER_MS, Day, day_from
from hearthline.rehearsal.flow import rehearse
from hearthline.rehearsal.model import HARD, Numbers, Report, Visit, jain

SEED: Final = 20_240_229
"""Fixed: who asks twice gets the same answer twice."""
WHOLE: Final = 10_000
"""Shares are kept in ten-thousandths: whole numbers, as everything that is written down."""
LOWER_IS_BETTER: Final = {"asa_ms": 1_000, "longest_wait_ms": 5_000, "abandonment": 50}
HIGHER_IS_BETTER: Final = {"service_level": 50, "jain": 50, "hard_to_experienced": 100}
"""By how much a measure must move to be called better or worse: less than that is the luck of one drawn day."""

Plain = dict[str, int | None]


def day_of(effects: Effects, day: str) -> Day:
    """The day as the book tells it, with nobody in it where nothing was noted."""
    book = Daybook(effects)
    began, ended = book.bounds(day)
    lines = sorted(book.lines(day), key=lambda line: (line.queued_at, line.contact))
    return day_from(lines, shifts(book.marks(day), began, ended), began, Random(SEED))  # noqa: S311 (a drawn day, no secret)


def compare(day: Day, against: Config, candidate: Config) -> dict[str, Any]:
    """Both reports, how they differ, and how the day was come by; whole numbers only. Raises ConfigError."""
    check_all(against)
    check_all(candidate)
    # The same contacts count as hard on both sides, or a changed difficulty would look like a better choice of agents.
    hard = hard_matters(against) | hard_matters(candidate)
    before, after = played(day, against, hard), played(day, candidate, hard)
    return {
        "calls": len(day.arrivals),
        "agents": len(set(day.agents.values())),
        "answer_ms": ANSWER_MS,
        "patience": {
            "left": day.patience.left,
            "answered": day.patience.answered,
            "mean_ms": day.patience.mean_ms,
        },
        "against": before,
        "candidate": after,
        "verdict": verdict(before["total"], after["total"]),
    }


def hard_matters(config: Config) -> frozenset[str]:
    return frozenset(matter.id for matter in config.matters if matter.difficulty >= HARD)


def played(day: Day, config: Config, hard: Collection[str]) -> dict[str, Any]:
    """``total`` and each of ``queues`` of one configuration; ``hard`` matters should go to experienced agents."""
    arrivals = [replace(each, queue=_queue_of(each.matter, each.queue, config)) for each in day.arrivals]
    with _unlogged():
        report = rehearse(arrivals, list(day.shifts), replace(config, version=0))
    return {
        "total": {**_plain(report.total), **_agents(report, day), **_hard(report.visits, day, hard)},
        "queues": {queue: _plain(numbers) for queue, numbers in report.queues.items()},
    }


def verdict(before: Plain, after: Plain) -> dict[str, str]:
    """``better``, ``worse`` or ``equal`` for each measure of which one can say so."""
    found = dict[str, str]()
    for name, least in (LOWER_IS_BETTER | HIGHER_IS_BETTER).items():
        was, is_now = before[name], after[name]
        if was is None or is_now is None:
            continue
        gain = (was - is_now) if name in LOWER_IS_BETTER else (is_now - was)
        found[name] = "equal" if abs(gain) < least else "better" if gain > 0 else "worse"
    return found


@contextmanager
def _unlogged() -> Iterator[None]:
    """What is only played must not stand in the log as if it had happened."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(before)


def _queue_of(matter: str, before: str, config: Config) -> str:
    """A customer's matter stays his; the queue it leads to is the configuration's."""
    known = config.matter(matter)
    return known.queue if known else before


def _plain(numbers: Numbers) -> Plain:
    return {
        "offered": numbers.offered,
        "answered": numbers.answered,
        "abandoned": numbers.abandoned,
        "waiting": numbers.waiting,
        "service_level": _whole(numbers.service_level, WHOLE),
        "asa_ms": _whole(numbers.asa_s, 1_000),
        "longest_wait_ms": _whole(numbers.longest_wait_s, 1_000) if numbers.answered or numbers.abandoned else None,
        "abandonment": _whole(numbers.abandonment, WHOLE),
    }


def _agents(report: Report, day: Day) -> Plain:
    """Occupancy of all, and Jain's index of each agent's busy share, over all his stretches of the day."""
    busy, present = dict[str, int](), dict[str, int]()
    for work in report.work:
        agent = day.agents[work.agent]
        busy[agent] = busy.get(agent, 0) + work.busy_ms
        present[agent] = present.get(agent, 0) + work.present_ms
    loads = [busy[agent] / ms for agent, ms in present.items() if ms]
    return {
        "agents": len(loads),
        "occupancy": _whole(report.total.occupancy, WHOLE),
        "jain": _whole(jain(loads), WHOLE),
    }


def _hard(visits: Sequence[Visit], day: Day, hard: Collection[str]) -> Plain:
    """Which part of the hard contacts went to the more experienced half of those who answer their queue."""
    mine = [each for each in visits if each.agent and each.arrival.matter in hard]
    halves = {queue: _experienced(day, queue) for queue in {each.arrival.queue for each in mine}}
    judged = [each for each in mine if halves[each.arrival.queue]]
    well = sum(day.agents[each.agent] in halves[each.arrival.queue] for each in judged)
    return {"hard": len(mine), "hard_to_experienced": _whole(well / len(judged), WHOLE) if judged else None}


def _experienced(day: Day, queue: str) -> frozenset[str]:
    """Nobody where all of them have seen as much, or where there is one."""
    before = {day.agents[shift.agent]: shift.experience for shift in day.shifts if queue in shift.queues}
    if len(set(before.values())) < 2:
        return frozenset()
    ranked = sorted(before, key=lambda agent: (-before[agent], agent))
    return frozenset(ranked[: len(ranked) // 2])


def _whole(value: float | None, unit: int) -> int | None:
    return None if value is None else round(value * unit)
