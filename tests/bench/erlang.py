"""The real floor and routing against exact theory: M/M/N on Erlang C, M/M/N+M on Erlang A, ten parameter sets.

    make bench NAME=erlang

Each set is played in independent replications; the first fifth of each is left out. A measure is inside when its exact
value lies in the 95 % interval (Student, replications as the sample): of many measures one in twenty misses by chance.
"""

import json
import os
import sys
from dataclasses import dataclass
from multiprocessing import get_context
from random import Random
from statistics import mean, stdev
from typing import Final

from hearthline.daybook.model import Shift
from hearthline.rehearsal.day import FOREVER_MS, Arrival, Day, Patience
from hearthline.rehearsal.playing import Playing
from hearthline.staffing.model import with_patience, without_patience
from local.replay.__main__ import SETTINGS
from local.replay.day import BEGAN
from local.replay.numbers import wait_ms
from local.seed import COMPANY

REPLICATIONS: Final = 10
T_95: Final = 2.262
"""Student's t for ten replications, two-sided."""
T_999: Final = 4.781
CALLS: Final = 3_000
WARM_UP: Final = 5
"""One in so many arrivals, the first ones, is not counted."""


@dataclass(frozen=True)
class Case:
    """``load`` in erlangs, ``handling`` and ``patience`` mean seconds; patience 0 is for ever."""

    load: float
    agents: int
    handling: float
    patience: float = 0.0

    @property
    def exact(self) -> dict[str, float]:
        if self.patience:
            found = with_patience(self.load, self.agents, self.handling, self.patience)
            return {"waits": found.waits, "wait_s": found.mean_wait, "abandons": found.abandons}
        patient = without_patience(self.load, self.agents, self.handling)
        return {"waits": patient.waits, "wait_s": patient.mean_wait}


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
    counted = [history.contacts[f"call-{n}"] for n in range(calls // WARM_UP, calls)]
    waits = [wait_ms(each) or 0 for each in counted]
    return {
        "waits": sum(wait > 0 for wait in waits) / len(waits),
        "wait_s": mean(waits) / 1000,
        "abandons": sum(each.left_at > 0 for each in counted) / len(counted),
    }


def measured(case: Case, first_seed: int, calls: int = CALLS, t: float = T_95) -> dict[str, tuple[float, float]]:
    """Mean and half the width of the interval of each measure."""
    runs = [replication(case, first_seed + n, calls) for n in range(REPLICATIONS)]
    return {
        name: (mean(run[name] for run in runs), t * stdev(run[name] for run in runs) / REPLICATIONS**0.5)
        for name in case.exact
    }


def one(task: tuple[int, int]) -> dict[str, tuple[float, float]]:
    n, calls = task
    return measured(CASES[n], 1_000 * n, calls)


def main() -> None:
    from tests.bench import erlang  # by its name, so that other processes find it

    calls = int(sys.argv[1]) if len(sys.argv) > 1 else CALLS
    head = f"{'load':>6}{'agents':>7}{'handling':>9}{'patience':>9}"
    print(f"{head}  {'measure':<9}{'exact':>9}{'simulated':>11}{'+-':>8}")
    inside = whole = 0
    with get_context("fork").Pool(os.cpu_count()) as pool:
        for case, found in zip(CASES, pool.imap(erlang.one, [(n, calls) for n in range(len(CASES))]), strict=True):
            for name, exact in case.exact.items():
                value, half = found[name]
                hit = abs(value - exact) <= half
                inside, whole = inside + hit, whole + 1
                row = f"{case.load:>6g}{case.agents:>7}{case.handling:>9g}{case.patience or '-':>9}"
                print(
                    f"{row}  {name:<9}{exact:>9.4f}{value:>11.4f}{half:>8.4f}{'' if hit else '  outside'}", flush=True
                )
    print(f"{inside} of {whole} measures inside their 95 % interval; by chance {0.95 * whole:.1f} would be")
    print(
        json.dumps(
            {"sets": len(CASES), "measures": whole, "inside": inside, "calls": calls * REPLICATIONS * len(CASES)}
        )
    )


if __name__ == "__main__":
    main()
