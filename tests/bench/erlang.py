"""The real floor and routing against exact theory: M/M/N on Erlang C, M/M/N+M on Erlang A, ten parameter sets.

    make bench NAME=erlang

Each set is played in independent replications; the first fifth of each is left out. A measure is inside when its exact
value lies in the 95 % interval (Student, replications as the sample): of many measures one in twenty misses by chance.
So a set is inside when all its measures lie in their joint 95 % interval (Bonferroni): of ten sets 9.5 or more should.
"""

import json
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from random import Random
from typing import Final

from hearthline.daybook.model import Shift
from hearthline.rehearsal.counting import of_customers
from hearthline.rehearsal.day import FOREVER_MS, Arrival, Day, Patience, Played
from hearthline.rehearsal.playing import Playing
from hearthline.staffing.model import (
    service_level,
    service_level_with_patience,
    with_patience,
    without_patience,
)
from local.replay.day import BEGAN
from local.replay.policies import SETTINGS
from local.seed import COMPANY
from tests.bench.plot import deviations
from tests.bench.student import interval, quantile

REPLICATIONS: Final = 10
CONFIDENCE: Final = 0.95
CALLS: Final = 3_000
WARM_UP: Final = 5
"""One in so many arrivals, the first ones, is not counted."""
WITHIN_S, SHORT_S = 20, 5

Measured = dict[str, tuple[float, float]]


@dataclass(frozen=True)
class Case:
    """``load`` in erlangs, ``handling`` and ``patience`` mean seconds; patience 0 is for ever."""

    load: float
    agents: int
    handling: float
    patience: float = 0.0

    @property
    def exact(self) -> dict[str, float]:
        """``wait_s`` is over all, ``asa_s`` over the answered; without patience they are the same."""
        given = (self.load, self.agents, self.handling)
        if not self.patience:
            found = without_patience(*given)
            level = service_level(*given, WITHIN_S)
        else:
            found = with_patience(*given, self.patience)
            level = service_level_with_patience(*given, self.patience, WITHIN_S, SHORT_S)
        both = {"waits": found.waits, "wait_s": found.mean_wait, "level": level, "occupancy": found.occupancy}
        return both | ({"abandons": found.abandons, "asa_s": found.asa} if self.patience else {})

    def __str__(self) -> str:
        patience = f"{self.patience:g}" if self.patience else "-"
        return f"{self.load:>6g}{self.agents:>7}{self.handling:>9g}{patience:>9}"


CASES: Final = (
    Case(1, 2, 60),
    Case(2, 3, 60),
    Case(10, 14, 180),
    Case(10, 12, 180),
    Case(40, 46, 240),
    Case(48, 50, 60, 120),
    Case(12, 10, 180, 60),
    Case(10, 10, 180, 180),
    Case(5, 3, 120, 30),
    Case(90, 95, 300, 240),
)


def replication(case: Case, seed: int, calls: int) -> dict[str, float]:
    """One run from an empty floor."""
    chance, at, arrivals = Random(seed), float(BEGAN), list[Arrival]()
    for n in range(calls):
        at += chance.expovariate(case.load / case.handling) * 1000
        talk = max(1, round(chance.expovariate(1 / case.handling) * 1000))
        patience = max(1, round(chance.expovariate(1 / case.patience) * 1000)) if case.patience else FOREVER_MS
        arrivals.append(Arrival(f"call-{n}", round(at), "broadband", "outage", "zh", talk, 0, patience))
    end = round(at) + FOREVER_MS // 2
    shifts = [Shift(f"agent-{n}", BEGAN, end, {"broadband": 3}, {"zh": 5}) for n in range(case.agents)]
    day = Day(BEGAN, end, tuple(arrivals), tuple(shifts), Patience(0, 0, None))
    history = Playing(SETTINGS, COMPANY, day, answer_ms=0).play()
    played = [history.contacts[f"call-{n}"] for n in range(calls)]
    counted = played[calls // WARM_UP :]
    waits = of_customers(counted)
    return {
        "waits": sum((each.waited_ms or 0) > 0 for each in counted) / len(counted),
        "wait_s": (waits.mean_wait_ms or 0) / 1000,
        "level": waits.service_level or 0,
        "occupancy": busy(played, counted[0].arrival.at, counted[-1].arrival.at) / case.agents,
        "abandons": waits.abandonment or 0,
        "asa_s": (waits.asa_ms or 0) / 1000,
    }


def busy(played: Sequence[Played], first: int, last: int) -> float:
    """How many agents talk on the mean between two moments."""
    talks = [(each.answered_at, each.answered_at + each.arrival.talk_ms) for each in played if each.answered_at]
    return sum(max(0, min(end, last) - max(began, first)) for began, end in talks) / (last - first)


def measured(case: Case, first_seed: int, calls: int = CALLS, confidence: float = CONFIDENCE) -> Measured:
    """Mean and half the width of the interval of each measure."""
    runs = [replication(case, first_seed + n, calls) for n in range(REPLICATIONS)]
    return {name: interval([run[name] for run in runs], confidence) for name in case.exact}


def joint(measures: int) -> float:
    """So much wider is an interval in which that many measures lie together with 95 %, by Bonferroni."""
    wider = quantile(1 - (1 - CONFIDENCE) / measures, REPLICATIONS - 1)
    return wider / quantile(CONFIDENCE, REPLICATIONS - 1)


def one(task: tuple[int, int]) -> Measured:
    n, calls = task
    return measured(CASES[n], 1_000 * n, calls)


def aside(case: Case, found: Measured) -> dict[str, float]:
    """How far each measure lies from what is exact, in halves of its interval."""
    return {name: (found[name][0] - exact) / found[name][1] for name, exact in case.exact.items()}


def print_set(case: Case, found: Measured) -> None:
    for name, off in aside(case, found).items():
        value, half = found[name]
        note = "" if abs(off) <= 1 else "  outside"
        print(f"{case}  {name:<10}{case.exact[name]:>9.4f}{value:>11.4f}{half:>9.4f}{note}", flush=True)


def main() -> None:
    from tests.bench import erlang  # by its name, so that other processes find it

    calls = int(sys.argv[1]) if len(sys.argv) > 1 else CALLS
    head = f"{'load':>6}{'agents':>7}{'handling':>9}{'patience':>9}"
    print(f"{head}  {'measure':<10}{'exact':>9}{'simulated':>11}{'+-':>9}")
    results = list[Measured]()
    with get_context("fork").Pool(os.cpu_count()) as pool:
        for case, found in zip(CASES, pool.imap(erlang.one, [(n, calls) for n in range(len(CASES))]), strict=True):
            results.append(found)
            print_set(case, found)
    off = [aside(case, found) for case, found in zip(CASES, results, strict=True)]
    single = [abs(value) <= 1 for each in off for value in each.values()]
    together = [max(map(abs, each.values())) <= joint(len(each)) for each in off]
    print(f"{sum(single)} of {len(single)} measures inside their 95 % interval; {0.95 * len(single):.1f} are expected")
    print(f"{sum(together)} of {len(together)} sets inside with all measures together (Bonferroni, 95 %)")
    rows = [(f"{case} {name}", value) for case, each in zip(CASES, off, strict=True) for name, value in each.items()]
    print(f"plot: {deviations('erlang', rows, joint(max(map(len, off))))}")
    numbers = {
        "sets": len(CASES),
        "inside": sum(together),
        "measures": len(single),
        "measures_inside": sum(single),
        "measures_expected": round(0.95 * len(single), 1),
        "calls": calls * REPLICATIONS * len(CASES),
    }
    print(json.dumps(numbers))


if __name__ == "__main__":
    main()
