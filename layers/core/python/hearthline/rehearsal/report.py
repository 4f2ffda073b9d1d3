"""What a played day comes to. Pure. Shares in ten-thousandths, times in ms; None where nothing can be divided by."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final

from hearthline.config.model import Config
from hearthline.rehearsal.day import Day, History, Played

WHOLE: Final = 10_000
ANSWERED_WITHIN_MS: Final = 20_000
SHORT_ABANDON_MS: Final = 5_000
HARD: Final = 67
"""From this difficulty on, of 100, a contact counts as a hard one."""
HOUR_MS: Final = 3_600_000

Numbers = dict[str, int | None]


def hard_matters(config: Config) -> frozenset[str]:
    return frozenset(matter.id for matter in config.matters if matter.difficulty >= HARD)


def report(history: History, day: Day, config: Config, hard: Collection[str]) -> dict[str, Any]:
    """``total`` and each of ``queues``: waits and answers; ``total`` also has what belongs to agents.

    ``hard`` are the matters whose contacts should go to experienced agents.
    """
    played = list(history.contacts.values())
    queues = {queue.id: _waits(each for each in played if each.queue == queue.id) for queue in config.queues}
    return {"total": {**_waits(played), **_agents(history), **_hard(played, day, hard)}, "queues": queues}


def _share(part: int, whole: int) -> int | None:
    return round(WHOLE * part / whole) if whole else None


def _waits(contacts: Iterable[Played]) -> Numbers:
    """Of the contacts that entered: every one was answered, left, or still waits."""
    all_ = list(contacts)
    waits = [each.answered_at - each.arrival.at for each in all_ if each.answered_at]
    left = [each.left_at - each.arrival.at for each in all_ if each.left_at]
    in_time = sum(wait <= ANSWERED_WITHIN_MS for wait in waits)
    short = sum(wait <= SHORT_ABANDON_MS for wait in left)
    return {
        "offered": len(all_),
        "answered": len(waits),
        "abandoned": len(left),
        "waiting": len(all_) - len(waits) - len(left),
        "service_level": _share(in_time, len(all_) - short),
        "asa_ms": round(sum(waits) / len(waits)) if waits else None,
        "longest_wait_ms": max([*waits, *left], default=None),
        "abandonment": _share(len(left), len(all_)),
    }


def _agents(history: History) -> Numbers:
    """Occupancy of all together, and Jain's index of contacts handled an hour at work."""
    busy, worked = sum(history.busy_ms.values()), _worked(history)
    loads = [HOUR_MS * history.handled.get(agent, 0) / ms for agent, ms in worked.items() if ms]
    squares = sum(load * load for load in loads)
    return {
        "agents": len(loads),
        "occupancy": _share(busy, sum(worked.values())),
        "jain": round(WHOLE * sum(loads) ** 2 / (len(loads) * squares)) if squares else None,
    }


def _worked(history: History) -> Mapping[str, int]:
    """Time at work; who finished a contact after his shift was at work until then."""
    return {agent: max(ms, history.busy_ms.get(agent, 0)) for agent, ms in history.at_work_ms.items()}


def _hard(played: Iterable[Played], day: Day, hard: Collection[str]) -> Numbers:
    """Which part of the hard contacts went to the more experienced half of those who answer their queue."""
    mine = [each for each in played if each.answered_at and each.arrival.matter in hard]
    halves = {queue: _experienced(day, queue) for queue in {each.queue for each in mine}}
    judged = [each for each in mine if halves[each.queue]]
    return {
        "hard": len(mine),
        "hard_to_experienced": _share(sum(each.agent in halves[each.queue] for each in judged), len(judged)),
    }


def _experienced(day: Day, queue: str) -> frozenset[str]:
    """Nobody where all of them have seen as much, or where there is one."""
    before = {shift.agent: shift.experience for shift in day.shifts if queue in shift.queues}
    if len(set(before.values())) < 2:
        return frozenset()
    ranked = sorted(before, key=lambda agent: (-before[agent], agent))
    return frozenset(ranked[: len(ranked) // 2])
