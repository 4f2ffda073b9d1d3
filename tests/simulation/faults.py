"""What goes wrong: the kinds of the catalogue, how often each seed lets them happen, and how often they did.

Each seed chooses some kinds and how hard they strike (swarm testing): a history in which everything fails at once
hides more than it finds.
"""

from collections import Counter
from collections.abc import Callable
from random import Random
from typing import Final

KINDS: Final[dict[str, str]] = {
    "F1": "duplicate delivery",
    "F2": "reordering",
    "F3": "delay up to 15 min",
    "F4": "response lost after commit",
    "F5": "throttling",
    "F6": "storm of failed conditions",
    "F7": "function time-out inside a transaction",
    "F8": "crash between two effects",
    "F9": "partial batch failure",
    "F10": "poison message",
    "F11": "dead letters redriven twice",
    "F12": "clock skew of 5 min",
    "F13": "visibility expires while a worker works",
    "F14": "stale read of an index",
    "F15": "stream shard replayed",
    "F16": "key service down",
    "F17": "push connection lost, second tab",
    "F18": "browser dies after accept",
    "F19": "carrier falls back",
    "F20": "late and repeated status callbacks",
    "F21": "media edge restarts",
    "F22": "cold starts and a concurrency cap",
    "F23": "old code on the same data",
}
ABSENT: Final = {"F24": "no second region yet (backup and restore: issue 5)"}
SKEW_MS: Final = 300_000
SHARE: Final = 0.55
"""How many of the kinds one seed lets happen."""
RATES: Final[dict[str, float]] = {
    "F1": 0.10,
    "F2": 0.10,
    "F3": 0.02,
    "F4": 0.015,
    "F5": 0.015,
    "F6": 0.03,
    "F7": 0.01,
    "F8": 0.006,
    "F9": 0.02,
    "F10": 0.02,
    "F11": 0.5,
    "F12": 0.05,
    "F13": 0.002,
    "F14": 0.5,
    "F15": 0.05,
    "F16": 0.5,
    "F17": 0.08,
    "F18": 0.06,
    "F19": 0.05,
    "F20": 0.15,
    "F21": 0.6,
    "F22": 0.05,
    "F23": 0.10,
}
"""How likely each is where it may strike: an effect, a message, a call, or (F11, F14, F16, F21) the whole history."""


class Faults:
    """``strikes(kind)`` is asked where a fault of that kind may happen."""

    def __init__(self, seed: int, only: frozenset[str] | None = None) -> None:
        # A source of its own: which faults there are does not change who calls when.
        self._chance = Random(seed * 2 + 1)
        chosen = {kind for kind in KINDS if self._chance.random() < SHARE}
        hard = {kind: self._chance.choice((0.3, 1.0, 1.0, 2.0)) for kind in KINDS}
        self.kinds = chosen if only is None else set(only)
        self._rate = {kind: min(0.9, RATES[kind] * hard[kind]) for kind in self.kinds}
        self.count: Counter[str] = Counter()
        self.over = False
        self.tell: Callable[[str], None] = lambda line: None

    def plans(self, kind: str) -> bool:
        """Whether this kind strikes at all in this history; each time it does, ``note`` it."""
        rate = self._rate.get(kind)
        return rate is not None and self._chance.random() < rate

    def strikes(self, kind: str, where: str = "") -> bool:
        """Whether this fault happens here; then it is counted and told."""
        rate = self._rate.get(kind)
        if rate is None or self.over or self._chance.random() >= rate:
            return False
        self.note(kind, where)
        return True

    def skew(self, where: str) -> int:
        """How wrong (ms) the clock of a machine goes on which a function starts now."""
        return self._chance.choice((-SKEW_MS, SKEW_MS)) if self.strikes("F12", f"the clock of {where}") else 0

    def note(self, kind: str, where: str = "") -> None:
        self.count[kind] += 1
        self.tell(f"!! {kind} {KINDS[kind]}{f': {where}' if where else ''}")
