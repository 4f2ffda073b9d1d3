"""What all legs of a worker added up to since it began. Sampled once a second; nothing in it names anybody."""

import bisect
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from media_edge.legs.quality import opinion
from media_edge.rooms.seat import Seen

MOS_BOUNDS = (1.0, 2.0, 2.6, 3.1, 3.6, 4.0, 4.3)  # G.107 annex B draws its lines at 2.6, 3.1, 3.6, 4.0, 4.3
SECONDS_BOUNDS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6)
JITTER_BOUNDS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2)  # seconds
SHARE_BOUNDS = (0.0, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.4)


@dataclass(slots=True)
class Histogram:
    """``bounds`` are the upper ends of the buckets; what is above the last is only in the count."""

    bounds: tuple[float, ...]
    counts: list[int] = field(default_factory=list)
    sum: float = 0.0
    count: int = 0

    def observe(self, value: float) -> None:
        self.counts = self.counts or [0] * len(self.bounds)
        at = bisect.bisect_left(self.bounds, value)
        if at < len(self.bounds):
            self.counts[at] += 1
        self.sum += value
        self.count += 1

    def cumulative(self) -> list[tuple[float, int]]:
        running, out = 0, []
        for bound, count in zip(self.bounds, self.counts or [0] * len(self.bounds), strict=True):
            running += count
            out.append((bound, running))
        return out


@dataclass(slots=True)
class Measured:
    packets: int = 0
    concealed: int = 0
    one_way: Counter[tuple[str, str]] = field(default_factory=Counter)  # episodes by role and kind
    mos: Histogram = field(default_factory=lambda: Histogram(MOS_BOUNDS))
    round_trip: Histogram = field(default_factory=lambda: Histogram(SECONDS_BOUNDS))
    jitter: Histogram = field(default_factory=lambda: Histogram(JITTER_BOUNDS))
    loss: Histogram = field(default_factory=lambda: Histogram(SHARE_BOUNDS))
    _before: dict[str, tuple[int, int]] = field(default_factory=dict)  # leg -> packets, frames concealed

    def sample(self, legs: Iterable[Seen]) -> None:
        """All legs there are; what a leg did in its last second is left out."""
        now: dict[str, tuple[int, int]] = {}
        for seen in legs:
            report = seen.report
            now[seen.id] = (report.packets, report.concealed)
            packets, concealed = self._before.get(seen.id, (0, 0))
            # A page that joined its track anew counts from nothing again.
            self.packets += max(0, report.packets - packets)
            self.concealed += max(0, report.concealed - concealed)
            if seen.live and report.packets:
                self._observe(seen)
        self._before = now

    def _observe(self, seen: Seen) -> None:
        report = seen.report
        self.mos.observe(opinion(report))
        if report.phone:
            return  # a stream over TCP has neither loss nor jitter of its own
        self.jitter.observe(report.jitter_ms / 1000)
        self.loss.observe(report.recent_loss)
        if report.round_trip_ms is not None:
            self.round_trip.observe(report.round_trip_ms / 1000)
