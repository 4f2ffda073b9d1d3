"""A played day in whole numbers, as it is kept and shown: ten-thousandths and ms. Pure."""

from collections.abc import Collection
from typing import Any, Final

from hearthline.config.model import Config
from hearthline.rehearsal.counting import Waits, of_customers, of_queue
from hearthline.rehearsal.day import Day, History
from hearthline.rehearsal.fairness import Sharing, sharing

WHOLE: Final = 10_000

Numbers = dict[str, int | None]


def report(history: History, day: Day, config: Config, hard: Collection[str]) -> dict[str, Any]:
    """``total`` and each of ``queues``; None where there is nothing to divide by.

    A customer stands once in the total and once in each queue he visited; ``total`` also has what belongs to agents.
    """
    played = list(history.contacts.values())
    queues = {queue.id: _waits(of_queue(played, queue.id)) for queue in config.queues}
    total = {**_waits(of_customers(played)), **_sharing(sharing(history, day, config, hard))}
    return {"total": total, "queues": queues}


def _waits(waits: Waits) -> Numbers:
    return {
        "offered": waits.offered,
        "answered": waits.answered,
        "abandoned": waits.abandoned,
        "overflowed": waits.overflowed,
        "waiting": waits.waiting,
        "service_level": _parts(waits.service_level),
        "asa_ms": _whole(waits.asa_ms),
        "mean_wait_ms": _whole(waits.mean_wait_ms),
        "longest_wait_ms": waits.longest_wait_ms,
        "abandonment": _parts(waits.abandonment),
    }


def _sharing(shared: Sharing) -> Numbers:
    return {
        "agents": shared.agents,
        "occupancy": _parts(shared.occupancy),
        "jain": _parts(shared.jain),
        "hard": shared.hard,
        "hard_to_experienced": _parts(shared.hard_to_experienced),
    }


def _parts(share: float | None) -> int | None:
    return None if share is None else round(WHOLE * share)


def _whole(ms: float | None) -> int | None:
    return None if ms is None else round(ms)
