"""What a leg's way was like in the last seconds, and the opinion it would earn. Pure; sampled once a second."""

from collections import deque
from dataclasses import dataclass, field

from media_edge.legs.leg import LegReport
from media_edge.sound import emodel
from media_edge.wire.runs import Tally

WINDOW_SAMPLES = 6  # five seconds between the oldest and the newest
FRAME_MS = 20.0
OPUS_MS = 26.5  # a frame and the codec's look ahead
G711_MS = 20.0


@dataclass(slots=True)
class Recent:
    """Loss as the ear meets it: what copies mended is no loss, what came too late is."""

    _samples: deque[tuple[Tally, int]] = field(default_factory=lambda: deque([(Tally(), 0)], maxlen=WINDOW_SAMPLES))

    def sample(self, tally: Tally, mended: int, late: int) -> None:
        self._samples.append((tally, late - mended))

    @property
    def tally(self) -> Tally:
        return self._samples[-1][0].since(self._samples[0][0])

    @property
    def heard_loss(self) -> float:
        """0 to 1."""
        tally, unheard = self.tally, self._samples[-1][1] - self._samples[0][1]
        return min(1.0, max(0.0, (tally.lost + unheard) / tally.settled)) if tally.settled > 0 else 0.0


def delay_ms(report: LegReport) -> float:
    """From the mouth to the room: codec, half the way there and back, what waits in the buffer."""
    codec = G711_MS if report.phone else OPUS_MS
    return codec + (report.round_trip_ms or 0.0) / 2 + report.depth * FRAME_MS


def opinion(report: LegReport) -> float:
    """The mean opinion of this leg's sound as the room gets it; what a telephone network did before us is unknown."""
    codec = emodel.G711_CONCEALED if report.phone else emodel.OPUS
    loss = 100 * report.heard_loss
    return round(emodel.mos(emodel.rating(Ta=delay_ms(report), codec=codec, Ppl=loss, BurstR=report.burst_ratio)), 2)
