"""Played days as people read them, and as JSON."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from hearthline.config.model import Config
from hearthline.rehearsal.counting import Waits, by_interval, of_customers, of_queue
from hearthline.rehearsal.day import Day, History
from hearthline.rehearsal.fairness import hard_matters, occupancy, sharing
from local.replay.day import BEGAN

HEADS = ("offered", "answered", "abandoned", "overflow", "SL 20 s", "ASA s", "wait s", "longest s", "abandon")
MORE_HEADS = ("occup", "Jain", "Jain busy", "hard->exp", "rank corr")
Cell = float | int | None


def by_policy(histories: Mapping[str, History], day: Day, configs: Mapping[str, Config]) -> list[str]:
    """A row for each policy, and under it one for each queue that was called."""
    rows = [_row("policy", (*HEADS, *MORE_HEADS))]
    for name, history in histories.items():
        config, played = configs[name], list(history.contacts.values())
        shared = sharing(history, day, config, hard_matters(config))
        more = (shared.occupancy, shared.jain, shared.jain_busy, shared.hard_to_experienced, shared.rank_correlation)
        rows.append(_row(name, map(_cell, (*_cells(of_customers(played)), *more))))
        for queue in config.queues:
            waits = of_queue(played, queue.id)
            if waits.offered:
                rows.append(_row(f"  {queue.id}", map(_cell, _cells(waits))))
    return rows


def intervals(history: History, length_ms: int) -> list[str]:
    """A row for each interval in which somebody called."""
    rows = [_row("from", HEADS)]
    for start, waits in by_interval(history.contacts.values(), BEGAN, length_ms).items():
        hour, minute = divmod((start - BEGAN) // 60_000, 60)
        rows.append(_row(f"{hour:02}:{minute:02}", map(_cell, _cells(waits))))
    return rows


def agents(history: History) -> list[str]:
    """A row for each agent: hours at work, contacts handled and missed, occupancy."""
    rows = [_row("agent", ("hours", "handled", "missed", "occup"))]
    for name, work in sorted(history.work.items()):
        cells = (work.at_work_ms / 3_600_000, work.handled, work.missed, occupancy([work]))
        rows.append(_row(name, map(_cell, cells)))
    return rows


def plain(history: History, day: Day, config: Config) -> dict[str, Any]:
    """Shares 0 to 1 and ms, rounded; each queue, and what belongs to agents."""
    played = list(history.contacts.values())
    queues = {queue.id: _plain_waits(of_queue(played, queue.id)) for queue in config.queues}
    shared = asdict(sharing(history, day, config, hard_matters(config)))
    return {**_plain_waits(of_customers(played)), **_rounded(shared), "queues": queues}


def _plain_waits(waits: Waits) -> dict[str, Cell]:
    counted = ("offered", "answered", "abandoned", "overflowed", "waiting")
    made = ("service_level", "abandonment", "asa_ms", "mean_wait_ms", "longest_wait_ms")
    return _rounded({name: getattr(waits, name) for name in (*counted, *made)})


def _rounded(values: Mapping[str, Cell]) -> dict[str, Cell]:
    return {name: round(value, 4) if isinstance(value, float) else value for name, value in values.items()}


def _cells(waits: Waits) -> tuple[Cell, ...]:
    times = (_seconds(waits.asa_ms), _seconds(waits.mean_wait_ms), _seconds(waits.longest_wait_ms))
    counts = (waits.offered, waits.answered, waits.abandoned, waits.overflowed)
    return (*counts, waits.service_level, *times, waits.abandonment)


def _seconds(ms: float | None) -> float | None:
    return None if ms is None else ms / 1000


def _row(name: str, cells: Iterable[str]) -> str:
    return name.ljust(14) + "".join(f"{cell:>10}" for cell in cells)


def _cell(value: Cell) -> str:
    if value is None:
        return "-"
    return str(value) if isinstance(value, int) else f"{value:.3f}"
