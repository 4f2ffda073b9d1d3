"""Erlang B, C and A. Pure; all by recursions that stay stable for thousands of agents.

``load`` is offered traffic in erlangs: arrivals a second times mean handling time in seconds. Sources: A. K. Erlang
1917 (B, C); C. Palm 1957, Garnett, Mandelbaum and Reiman 2002 (A, with exponential patience); Baccelli and Hebuterne
1981 (how long somebody of endless patience would wait in A).
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

MAX_AGENTS: Final = 20_000
NEVER: Final = 1e-290
LARGE: Final = 1e100
MAX_QUEUE: Final = 100_000
"""A longer line in balance is no call centre."""
TAIL: Final = 1e-14
"""States rarer than this, against the most likely, are left out of sums."""
FAR: Final = 45.0
"""Waits whose density is e to the minus this, against the most likely, are left out of integrals."""
STEPS: Final = 2_000
"""Of Simpson's rule, even; 2,000 leave an error below 1e-9 of the whole."""
HALVINGS: Final = 60


@dataclass(frozen=True, slots=True)
class Waiting:
    """A queue in balance. ``waits``, ``abandons``, ``occupancy`` are shares 0 to 1; times in seconds.

    ``mean_wait`` is over all who come, also those who give up; ``asa`` over those who are answered.
    """

    waits: float
    mean_wait: float
    abandons: float
    occupancy: float
    mean_queue: float
    asa: float


def erlang_b(load: float, agents: int) -> float:
    """The share of calls that find all lines taken, where nobody waits. Raises ValueError."""
    _check(load, agents)
    blocked = 1.0
    for n in range(1, agents + 1):
        blocked = load * blocked / (n + load * blocked)
    return blocked


def erlang_c(load: float, agents: int) -> float:
    """The share of calls that wait, where everybody waits as long as it takes; 1 when the load is too high."""
    blocked = erlang_b(load, agents)
    return 1.0 if load >= agents else agents * blocked / (agents - load * (1 - blocked))


def service_level(load: float, agents: int, handling: float, within: float) -> float:
    """The share answered within so many seconds, by Erlang C; ``handling`` is the mean handling time in seconds."""
    if load >= agents:
        return 0.0
    return 1 - erlang_c(load, agents) * math.exp(-(agents - load) * within / handling)


def without_patience(load: float, agents: int, handling: float) -> Waiting:
    """Erlang C as a whole. Raises ValueError when the load is too high for a balance."""
    if load >= agents:
        raise ValueError("without patience a load of as many erlangs as agents grows without end")
    waits = erlang_c(load, agents)
    mean_wait = waits * handling / (agents - load)
    return Waiting(waits, mean_wait, 0.0, load / agents, mean_wait * load / handling, mean_wait)


def with_patience(load: float, agents: int, handling: float, patience: float) -> Waiting:
    """Erlang A: who waits gives up after an exponential time with mean ``patience`` (seconds). Always in balance."""
    _check(load, agents)
    if patience <= 0 or handling <= 0:
        raise ValueError("handling and patience are longer than nought")
    arrivals, serves, leaves = load / handling, 1 / handling, 1 / patience
    if (arrivals - agents * serves) / leaves > MAX_QUEUE:
        raise ValueError(f"so high a load and so long a patience grow a queue beyond {MAX_QUEUE}")
    blocked = erlang_b(load, agents)
    if blocked < NEVER:
        return Waiting(0.0, 0.0, 0.0, load / agents, 0.0, 0.0)
    # Against the weight 1 of `all busy, nobody waits`: all states with a free agent, and the busy agents in them.
    below, busy = 1 / blocked - 1, load * (1 - blocked) / blocked - agents
    # Weights of the states from `all busy, nobody waits` on, against that state.
    weight, all_weights, queue, n = 1.0, 0.0, 0.0, 0
    while weight > TAIL * max(1.0, all_weights) or arrivals > agents * serves + n * leaves:
        all_weights += weight
        queue += n * weight
        n += 1
        if weight > LARGE:  # only the proportions matter
            weight, all_weights, queue, below, busy = (
                each / LARGE for each in (weight, all_weights, queue, below, busy)
            )
        weight *= arrivals / (agents * serves + n * leaves)
    whole = below + all_weights
    waits, mean_queue = all_weights / whole, queue / whole
    abandons = leaves * mean_queue / arrivals
    occupancy = (busy + agents * all_weights) / whole / agents
    offered = _OfferedWait(load, agents, handling, patience)
    asa = waits * offered.mean(lambda wait: wait * math.exp(-leaves * wait)) / (1 - abandons)
    return Waiting(waits, mean_queue / arrivals, abandons, occupancy, mean_queue, asa)


def service_level_with_patience(
    load: float, agents: int, handling: float, patience: float, within: float, short: float = 0.0
) -> float:
    """Answered within so many seconds, of those who come without those who gave up before ``short`` seconds."""
    waits = with_patience(load, agents, handling, patience).waits
    if not waits:
        return 1.0
    offered = _OfferedWait(load, agents, handling, patience)
    answered = 1 - waits + waits * offered.mean(lambda wait: math.exp(-wait / patience), up_to=within)
    gone = waits * (
        offered.mean(lambda wait: -math.expm1(-wait / patience), up_to=short)
        - offered.mean(lambda _: math.expm1(-short / patience), beyond=short)
    )
    return answered / (1 - gone)


class _OfferedWait:
    """How long somebody of endless patience waits, given that he waits: its density up to a factor, integrated."""

    def __init__(self, load: float, agents: int, handling: float, patience: float) -> None:
        self._arrivals, self._serves, self._patience = load / handling, agents / handling, patience
        peak = max(0.0, math.log(load / agents) * patience)
        self._top = self._log(peak)
        self._first = 0.0 if self._near(0.0) else self._edge(0.0, peak)
        step = handling / agents
        while self._near(peak + step):
            step *= 2
        self._last = self._edge(peak + step, peak)
        self._whole = self._integral(lambda _: 1.0, self._first, self._last)

    def mean(self, what: Callable[[float], float], up_to: float = math.inf, beyond: float = 0.0) -> float:
        """Of ``what`` over the waits between, as a share of all waits."""
        return self._integral(what, max(self._first, beyond), min(self._last, up_to)) / self._whole

    def _log(self, wait: float) -> float:
        return -self._arrivals * self._patience * math.expm1(-wait / self._patience) - self._serves * wait

    def _near(self, wait: float) -> bool:
        return self._log(wait) - self._top > -FAR

    def _edge(self, far: float, near: float) -> float:
        """Where the density begins to be worth counting, between a wait where it is not and one where it is."""
        for _ in range(HALVINGS):
            middle = (far + near) / 2
            far, near = (far, middle) if self._near(middle) else (middle, near)
        return far

    def _integral(self, what: Callable[[float], float], first: float, last: float) -> float:
        if last <= first:
            return 0.0
        # Short waits are looked at more closely: their scale is the patience, that of the whole may be far longer.
        parts = [n / STEPS for n in range(STEPS + 1)]
        waits = [(first + (last - first) * part**4, 4 * part**3 * (last - first)) for part in parts]
        terms = (
            (1 if n in (0, STEPS) else 4 if n % 2 else 2) * wide * what(wait) * math.exp(self._log(wait) - self._top)
            for n, (wait, wide) in enumerate(waits)
        )
        return math.fsum(terms) / STEPS / 3


def agents_needed(load: float, handling: float, within: float, target: float, patience: float = 0.0) -> int:
    """The fewest agents who answer the ``target`` share within so many seconds: Erlang A with patience, else C."""
    if not 0 < target < 1:
        raise ValueError("the target is a share between 0 and 1")

    def level(agents: int) -> float:
        if patience:
            return service_level_with_patience(load, agents, handling, patience, within)
        return service_level(load, agents, handling, within)

    low = high = 1 if patience else math.floor(load) + 1
    while level(high) < target:
        low, high = high + 1, high * 2
        if high > MAX_AGENTS:
            raise ValueError(f"more than {MAX_AGENTS} agents")
    while low < high:
        middle = (low + high) // 2
        if level(middle) < target:
            low = middle + 1
        else:
            high = middle
    return low


def seats(agents: int, shrinkage: float) -> int:
    """How many people must be rostered for so many at work; ``shrinkage`` is the share of paid time away, 0 to 1."""
    if not 0 <= shrinkage < 1:
        raise ValueError("shrinkage is a share from 0 to below 1")
    return math.ceil(agents / (1 - shrinkage) - 1e-9)


def _check(load: float, agents: int) -> None:
    if load <= 0 or not 1 <= agents <= MAX_AGENTS:
        raise ValueError(f"a load above 0 and 1 to {MAX_AGENTS} agents")
