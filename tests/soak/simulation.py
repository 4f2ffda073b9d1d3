"""A million calls, every pair of faults a hundred times, every crash point: hours, with a bar and a report.

CALLS=n asks for less. The seeds go on where `make check` ends.
"""

import os
import sys
from itertools import combinations
from typing import Final

from tests.simulation import crash
from tests.simulation.faults import KINDS
from tests.simulation.report import bar, play
from tests.simulation.world import CALLS

WANTED: Final = int(os.environ.get("CALLS", "1000000"))
FIRST: Final = 10_000
PAIR: Final = 100
SEEDS_OF_CRASHES: Final = (4, 11, 23)


def main() -> None:
    dead = crashes()
    seeds = -(-WANTED // CALLS)
    report = play(range(FIRST, FIRST + seeds), bar(seeds))
    print("\n".join(report.table()))
    rare = [f"{a} {b}" for a, b in combinations(sorted(KINDS), 2) if report.pairs[f"{a} {b}"] < PAIR]
    print(f"pairs of faults met fewer than {PAIR} times: {rare or 'none'}")
    for seed, broken in report.broken:
        print(f"VIOLATED by seed {seed}: {broken}")
    print(report.json())
    if report.broken or dead:
        sys.exit(1)


def crashes() -> int:
    """Every effect of every handler, before and after, in several histories; how many broke something."""
    broken = 0
    for handler in crash.HANDLERS:
        found = [point for seed in SEEDS_OF_CRASHES for point in crash.points(handler, seed)]
        wrong = [point for point in found if point[1]]
        broken += len(wrong)
        print(f"crash points of {handler:<8} {len(found):>4}, broken: {wrong or 'none'}", flush=True)
    return broken
