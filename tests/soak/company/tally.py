"""How far a run is: what is shown while it goes on. Nothing of it is evidence."""

import time
from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Tally:
    """Counts of one run; ``total`` callers are wanted."""

    total: int
    begun: float = field(default_factory=time.monotonic)
    placed: int = 0
    done: int = 0
    waiting: int = 0
    kills: int = 0
    ways: Counter[str] = field(default_factory=Counter)
    trouble: Counter[str] = field(default_factory=Counter)
    """What drivers met, by its name: refusals, errors of the network."""

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.begun

    @property
    def rate(self) -> float:
        """Callers a second who are done."""
        return self.done / max(self.seconds, 1e-9)

    @property
    def left_seconds(self) -> float:
        """A guess, with the callers of today as those of tomorrow."""
        return (self.total - self.done) / self.rate if self.done else float("inf")
