"""One day under longest-idle, value routing and ours: fairness and waits side by side, over several seeds.

    make bench NAME=fairness

Jain's index is over busy time by time at work, of all agents of the day. A difference is told with its 95 % interval
over the seeds (the same day for each policy, so the pairs are compared).
"""

import json
import sys
from collections.abc import Sequence
from multiprocessing import get_context
from statistics import mean, stdev
from typing import Any, Final

from hearthline.rehearsal.playing import Playing
from local.replay import day
from local.replay.__main__ import EXAMPLE, POLICIES, SETTINGS, company
from local.replay.numbers import of_day

SEEDS: Final = 8
T_95: Final = 2.365
"""Student's t for eight pairs."""
TIMES: Final = 3
"""The example day with so many times its calls."""
AGENTS: Final = 30
NAMES: Final = (
    "jain",
    "mean_wait_s",
    "asa_s",
    "longest_wait_s",
    "service_level",
    "abandonment",
    "hard_to_experienced",
    "rank_correlation",
)


def played(task: tuple[int, str]) -> dict[str, Any]:
    """The numbers of one seed under one policy."""
    seed, name = task
    counts = [day.Count(each.start_ms, each.length_ms, each.calls * TIMES) for each in day.read_counts(EXAMPLE)]
    config = company(POLICIES[name])
    plan = day.arrivals(
        counts,
        config,
        seed,
        talk=day.lognormal(180, 1.0),
        wrap_up=day.exponential(30),
        patience=day.exponential(150),
    )
    whole = day.whole_day(plan, day.shifts(AGENTS, config, seed, *day.edges(counts)), counts)
    total = of_day(Playing(SETTINGS, config, whole).play(), whole, config)
    return {name: getattr(total, name) for name in (*NAMES, "occupancy", "offered")}


def difference(ours: Sequence[float], theirs: Sequence[float]) -> tuple[float, float]:
    """Mean of ours minus theirs, and half of its interval."""
    apart = [a - b for a, b in zip(ours, theirs, strict=True)]
    return mean(apart), T_95 * stdev(apart) / len(apart) ** 0.5


def main() -> None:
    from tests.bench import fairness  # by its name, so that other processes find it

    seeds = int(sys.argv[1]) if len(sys.argv) > 1 else SEEDS
    tasks = [(seed, name) for name in POLICIES for seed in range(1, seeds + 1)]
    with get_context("fork").Pool(2) as pool:
        results = pool.map(fairness.played, tasks, 1)
    found = {name: [one for (_, of), one in zip(tasks, results, strict=True) if of == name] for name in POLICIES}
    busy = mean(one["occupancy"] for one in found["ours"])
    print(f"{AGENTS} agents, {found['ours'][0]['offered']} calls a day, {seeds} days, occupancy {busy:.2f}")
    print("policy".ljust(14) + "".join(f"{name:>21}" for name in NAMES))
    for name, days in found.items():
        print(name.ljust(14) + "".join(f"{mean(one[column] for one in days):>21.4f}" for column in NAMES))
    better: dict[str, dict[str, float]] = {}
    for name in list(POLICIES)[1:]:
        print(f"ours - {name}: ", end="")
        for column in NAMES[:2]:
            apart, half = difference([one[column] for one in found["ours"]], [one[column] for one in found[name]])
            print(f"{column} {apart:+.4f} +- {half:.4f}  ", end="")
            better.setdefault(name, {})[column] = round(apart, 4)
        print()
    means = {
        name: {column: round(mean(one[column] for one in days), 4) for column in NAMES} for name, days in found.items()
    }
    print(json.dumps({"days": seeds, "policies": means, "ours_minus": better}))


if __name__ == "__main__":
    main()
