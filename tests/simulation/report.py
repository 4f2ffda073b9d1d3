"""Many histories over all cores, and what came of them: a table for people, one line of JSON for machines."""

import gc
import hashlib
import json
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import combinations
from multiprocessing import get_context
from typing import Any, Final

from tests.simulation import faults, invariants
from tests.simulation.world import World

CHUNK: Final = 10
COLLECT_AFTER: Final = 100_000
"""Objects made between two collections of garbage; histories make many and keep few."""
HISTORIES_A_PROCESS: Final = 400
"""Then a new one: what handlers cache does not pile up."""
Shown = Callable[[int], None]


@dataclass
class History:
    """What one seed did. ``broken`` is '' or the violation."""

    seed: int
    calls: int
    faults: Counter[str]
    held: Counter[str]
    swept: Counter[str]
    trace: str
    broken: str


@dataclass
class Report:
    seeds: int = 0
    calls: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    held: Counter[str] = field(default_factory=Counter)
    swept: Counter[str] = field(default_factory=Counter)
    pairs: Counter[str] = field(default_factory=Counter)
    broken: list[tuple[int, str]] = field(default_factory=list)
    _traces: list[tuple[int, str]] = field(default_factory=list)

    def add(self, one: History) -> None:
        self.seeds += 1
        self.calls += one.calls
        self.faults += one.faults
        self.held += one.held
        self.swept += one.swept
        self.pairs.update(f"{a} {b}" for a, b in combinations(sorted(one.faults), 2))
        self._traces.append((one.seed, one.trace))
        if one.broken:
            self.broken.append((one.seed, one.broken))

    @property
    def trace(self) -> str:
        """One hash of all histories, whatever order they ended in."""
        return hashlib.sha256("".join(trace for _, trace in sorted(self._traces)).encode()).hexdigest()[:32]

    def json(self) -> str:
        return json.dumps(
            {
                "seeds": self.seeds,
                "calls": self.calls,
                "faults": self.faults.total(),
                "violations": len(self.broken),
                "trace": self.trace,
            }
        )

    def table(self) -> Iterator[str]:
        """Every kind of fault and every invariant, with its count; what has no subject yet says so."""
        yield f"{'fault':<6}{'struck':>9}  what"
        for kind, what in faults.KINDS.items():
            yield f"{kind:<6}{self.faults[kind]:>9}  {what}"
        for kind, why in faults.ABSENT.items():
            yield f"{kind:<6}{'absent':>9}  {why}"
        yield f"{'holds':<6}{'checked':>9}  what"
        for name, what in invariants.CHECKED.items():
            yield f"{name:<6}{self.held[name]:>9}  {what}"
        for name, why in invariants.ABSENT.items():
            yield f"{name:<6}{'absent':>9}  {why}"
        yield f"{self.calls} calls, {self.faults.total()} faults in {self.seeds} histories"
        yield f"the sweep found {dict(self.swept)}"


def history(seed: int, only: frozenset[str] | None = None) -> History:
    """Play one seed to its end; a violation is told, not raised."""
    world = World(seed, only=only)
    broken = ""
    try:
        world.play()
    except AssertionError as error:
        broken = str(error)
    return History(
        seed,
        world.arrived,
        world.faults.count,
        world.invariants.held,
        Counter(world.swept),
        world.loop.trace,
        broken,
    )


def story(seed: int, subject: str = "", *, healthy: bool = False) -> list[str]:
    """What happened in one history, line by line; of one call or agent where ``subject`` names it."""
    world, ending = World(seed, only=frozenset() if healthy else None), "all invariants hold"
    try:
        world.play()
    except AssertionError as error:
        ending = str(error)
    faults_line = ", ".join(f"{kind} {faults.KINDS[kind]}" for kind in sorted(world.faults.kinds, key=_number))
    kept = [line for line in world.loop.story if subject in line]
    return [f"seed {seed}: {world.arrived} calls; may happen: {faults_line}", *kept, f"the end: {ending}"]


def play(seeds: Iterable[int], shown: Shown = lambda done: None, healthy: bool = False) -> Report:
    """All seeds, over all cores."""
    report, todo = Report(), list(seeds)
    run = _healthy if healthy else history
    with get_context("spawn").Pool(os.cpu_count(), _prepare, (sys.path,), HISTORIES_A_PROCESS) as pool:
        for one in pool.imap_unordered(run, todo, CHUNK):
            report.add(one)
            shown(report.seeds)
    return report


def _healthy(seed: int) -> History:
    return history(seed, frozenset())


def _prepare(path: list[str]) -> None:
    sys.path[:] = path
    gc.freeze()  # what was imported stays: the collector need not look at it again and again
    gc.set_threshold(COLLECT_AFTER)


def _number(kind: str) -> int:
    return int(kind[1:])


def bar(whole: int, out: Any = sys.stderr) -> Shown:
    """A progress bar for people who wait."""

    def show(done: int) -> None:
        if done % CHUNK == 0 or done == whole:
            filled = 40 * done // max(1, whole)
            out.write(f"\r[{'#' * filled}{'.' * (40 - filled)}] {done}/{whole}")
            out.write("\n" if done == whole else "")
            out.flush()

    return show
