"""How work was shared among the agents of a played day, and who got the hard part of it. Pure; shares are 0 to 1."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from hearthline.config.model import Config
from hearthline.rehearsal.day import Day, History, Played, Work

HARD: Final = 67
"""From this difficulty on, of 100, a contact counts as a hard one."""
MIDDLE: Final = 50
HOUR_MS: Final = 3_600_000
LONGEST_IDLE: Final = {"idle": 100, "skill": 0, "load": 0, "performance": 0, "difficulty": 0, "last_agent": 0}
"""Weights under which whoever waits longest is next: as even as these skills and shifts allow."""
FAIR_WITHIN: Final = 0.02
"""The fairness contract: so much may Jain's index of contacts an hour be below that of longest idle on the same day."""


@dataclass(frozen=True, slots=True)
class Sharing:
    """``jain`` is over contacts handled an hour at work, ``jain_busy`` over the busy share of the time at work.

    So many ``hard`` contacts were answered; ``hard_to_experienced`` is the share of them that went to the more
    experienced half of those who answer the queue; ``rank_correlation`` is of difficulty with experience. None where
    nothing can be said.
    """

    agents: int
    occupancy: float | None
    jain: float | None
    jain_busy: float | None
    hard: int
    hard_to_experienced: float | None
    rank_correlation: float | None


def sharing(history: History, day: Day, config: Config, hard: Collection[str]) -> Sharing:
    """``hard`` are the matters whose contacts should go to experienced agents."""
    worked = [work for work in history.work.values() if work.at_work_ms]
    answered = [each for each in history.contacts.values() if each.agent]
    difficulty = {matter.id: matter.difficulty for matter in config.matters}
    seen = {shift.agent: shift.experience for shift in day.shifts}
    mine = [each for each in answered if each.arrival.matter in hard]
    return Sharing(
        agents=len(worked),
        occupancy=occupancy(worked),
        jain=jain([HOUR_MS * work.handled / work.at_work_ms for work in worked]),
        jain_busy=jain([work.busy_ms / work.at_work_ms for work in worked]),
        hard=len(mine),
        hard_to_experienced=_to_experienced(mine, day),
        rank_correlation=spearman(
            [(difficulty.get(each.arrival.matter, MIDDLE), seen[each.agent]) for each in answered]
        ),
    )


def hard_matters(config: Config) -> frozenset[str]:
    return frozenset(matter.id for matter in config.matters if matter.difficulty >= HARD)


def evenly(config: Config) -> Config:
    """The same company, whose queues go by longest idle alone; needs and their steps stay."""
    queues = tuple(replace(queue, policy={**queue.policy, "weights": LONGEST_IDLE}) for queue in config.queues)
    return replace(config, queues=queues)


def occupancy(worked: Iterable[Work]) -> float | None:
    """Busy, of busy and available; while it rings an agent is neither."""
    both = list(worked)
    busy = sum(work.busy_ms for work in both)
    whole = busy + sum(work.ms.get("available", 0) for work in both)
    return busy / whole if whole else None


def jain(loads: Sequence[float]) -> float | None:
    """Jain's index: 1 when all carry the same, 1/n when one of n carries everything."""
    squares = sum(load * load for load in loads)
    return sum(loads) ** 2 / (len(loads) * squares) if squares else None


def spearman(pairs: Sequence[tuple[float, float]]) -> float | None:
    """The rank correlation, equals sharing the middle of their places; None for fewer than two or no spread."""
    if len(pairs) < 2:
        return None
    first, second = _ranks([a for a, _ in pairs]), _ranks([b for _, b in pairs])
    middle = (len(pairs) - 1) / 2
    top = sum((a - middle) * (b - middle) for a, b in zip(first, second, strict=True))
    below = sum((a - middle) ** 2 for a in first) * sum((b - middle) ** 2 for b in second)
    return top / below**0.5 if below else None


def _ranks(values: Sequence[float]) -> list[float]:
    ordered = sorted(values)
    first = {value: n for n, value in reversed(list(enumerate(ordered)))}
    last = {value: n for n, value in enumerate(ordered)}
    return [(first[value] + last[value]) / 2 for value in values]


def _to_experienced(mine: Sequence[Played], day: Day) -> float | None:
    halves = {queue: _experienced(day, queue) for queue in {each.queue for each in mine}}
    judged = [each for each in mine if halves[each.queue]]
    return sum(each.agent in halves[each.queue] for each in judged) / len(judged) if judged else None


def _experienced(day: Day, queue: str) -> frozenset[str]:
    """Nobody where all of them have seen as much, or where there is one."""
    before = {shift.agent: shift.experience for shift in day.shifts if queue in shift.queues}
    if len(set(before.values())) < 2:
        return frozenset()
    ranked = sorted(before, key=lambda agent: (-before[agent], agent))
    return frozenset(ranked[: len(ranked) // 2])
