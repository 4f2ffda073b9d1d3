"""One day under longest-idle, value routing and ours: fairness and waits side by side, over several seeds.

    make bench NAME=fairness

Each seed is one day of calls and one team, met by every policy: so the days are compared in pairs, and a difference is
told with its 95 % interval (Student). Nothing here is called better that lies within chance.
"""

import json
import os
import sys
from collections.abc import Mapping, Sequence
from multiprocessing import get_context
from statistics import mean
from typing import Any, Final

from hearthline.rehearsal.playing import Playing
from local.replay import day, roster, table
from local.replay.__main__ import EXAMPLE
from local.replay.policies import POLICIES, SETTINGS, company
from tests.bench.plot import scatter
from tests.bench.student import interval

SEEDS: Final = 8
TIMES: Final = 3
"""The example day with so many times its calls."""
AGENTS: Final = 30
HIGHER_IS_BETTER: Final = ("jain", "jain_busy", "service_level", "hard_to_experienced", "rank_correlation")
LOWER_IS_BETTER: Final = ("mean_wait_ms", "asa_ms", "longest_wait_ms", "abandonment")
NAMES: Final = (*HIGHER_IS_BETTER, *LOWER_IS_BETTER)

Days = Mapping[str, Sequence[dict[str, Any]]]


def played(task: tuple[int, str]) -> dict[str, Any]:
    """The numbers of one seed under one policy."""
    seed, name = task
    counts = [day.Count(each.start_ms, each.length_ms, each.calls * TIMES) for each in day.read_counts(EXAMPLE)]
    config = company(POLICIES[name])
    draws = {"talk": day.lognormal(180, 1.0), "wrap_up": day.exponential(30), "patience": day.exponential(150)}
    plan = day.arrivals(counts, config, seed, **draws)
    team = roster.mixed(AGENTS, config, seed, *day.edges(counts))
    whole = day.whole_day(plan, team.shifts, counts, team.answer_ms)
    return table.plain(Playing(SETTINGS, config, whole).play(), whole, config)


def difference(ours: Sequence[float], theirs: Sequence[float]) -> tuple[float, float]:
    """Mean of ours minus theirs, and half of its interval."""
    return interval([a - b for a, b in zip(ours, theirs, strict=True)])


def verdict(name: str, apart: float, half: float) -> str:
    """``better`` or ``worse`` where chance does not explain it, else ``equal``."""
    if abs(apart) <= half:
        return "equal"
    return "better" if (apart > 0) == (name in HIGHER_IS_BETTER) else "worse"


def compared(found: Days, other: str) -> dict[str, Any]:
    """Each measure of ours against another policy's."""
    verdicts = dict[str, Any]()
    for name in NAMES:
        apart, half = difference(*([float(one[name]) for one in found[policy]] for policy in ("ours", other)))
        verdicts[name] = {"ours_minus": round(apart, 4), "within": round(half, 4), "ours": verdict(name, apart, half)}
    return verdicts


def averages(days: Sequence[dict[str, Any]]) -> dict[str, float]:
    return {name: round(mean(one[name] for one in days), 4) for name in NAMES}


def main() -> None:
    from tests.bench import fairness  # by its name, so that other processes find it

    seeds = int(sys.argv[1]) if len(sys.argv) > 1 else SEEDS
    tasks = [(seed, name) for name in POLICIES for seed in range(1, seeds + 1)]
    with get_context("fork").Pool(os.cpu_count()) as pool:
        results = pool.map(fairness.played, tasks, 1)
    found = {name: [one for (_, of), one in zip(tasks, results, strict=True) if of == name] for name in POLICIES}
    busy = mean(one["occupancy"] for one in found["ours"])
    print(f"{AGENTS} agents, {found['ours'][0]['offered']} calls a day, {seeds} days, occupancy {busy:.2f}")
    means = {
        policy: {name: round(mean(one[name] for one in days), 4) for name in NAMES} for policy, days in found.items()
    }
    print("".ljust(22) + "".join(f"{policy:>16}" for policy in means))
    for name in NAMES:
        print(name.ljust(22) + "".join(f"{each[name]:>16.4f}" for each in means.values()))
    against = {other: compared(found, other) for other in list(POLICIES)[1:]}
    for other, verdicts in against.items():
        print(f"ours against {other}:")
        for name, of in verdicts.items():
            print(f"  {name:<20}{of['ours_minus']:>+14.4f} +- {of['within']:<12.4f}{of['ours']}")
    dots = {policy: [(one["mean_wait_ms"] / 1000, one["jain"]) for one in days] for policy, days in found.items()}
    print(f"plot: {scatter('fairness', dots, ('mean wait, s', 'Jain index of contacts an hour'))}")
    print(json.dumps({"days": seeds, "policies": means, "ours_against": against}))


if __name__ == "__main__":
    main()
