"""Runs of lost packets: how bursty a line loses (RFC 3611 section 4.7 has the thought; ITU-T G.107 the ratio)."""

from dataclasses import dataclass

from media_edge.wire.rtp import ahead

WINDOW = 32  # packets: what comes so late was lost
MAX_GAP = 500  # packets, ten seconds of speech: more is another beginning of the sender


@dataclass(frozen=True, slots=True)
class Tally:
    """Packets that are settled, those of them lost, and how many runs these were."""

    settled: int = 0
    lost: int = 0
    runs: int = 0

    def since(self, before: "Tally") -> "Tally":
        return Tally(self.settled - before.settled, self.lost - before.lost, self.runs - before.runs)

    @property
    def loss(self) -> float:
        """0 to 1."""
        return self.lost / self.settled if self.settled > 0 else 0.0

    @property
    def burst_ratio(self) -> float:
        """The mean run over that of random loss of this share; 1 is random."""
        return max(1.0, self.lost / self.runs * (1 - self.loss)) if self.runs > 0 else 1.0


class Runs:
    """Told each sequence number; each packet's fate is settled a window later, so reordering is no loss."""

    def __init__(self) -> None:
        self._newest = -1
        self._came = 0  # a bit each: bit 0 is the newest
        self._width = 0  # packets in the window
        self._in_run = False
        self._settled = self._lost = self._runs = 0

    @property
    def tally(self) -> Tally:
        return Tally(self._settled, self._lost, self._runs)

    def heard(self, sequence: int) -> None:
        steps = ahead(sequence, self._newest, 16) if self._newest >= 0 else MAX_GAP + 1
        if steps == 1:  # nearly always
            self._newest = sequence
            self._step()
            self._came |= 1
        elif abs(steps) > MAX_GAP:
            self._newest, self._came, self._width, self._in_run = sequence, 1, 1, False
        elif steps > 0:
            self._newest = sequence
            for _ in range(steps):
                self._step()
            self._came |= 1
        elif -steps < self._width:
            self._came |= 1 << -steps

    def _step(self) -> None:
        self._came <<= 1
        self._width += 1
        if self._width <= WINDOW:
            return
        self._width = WINDOW
        came = self._came >> WINDOW & 1
        self._came &= (1 << WINDOW) - 1
        self._settled += 1
        if not came:
            self._lost += 1
            self._runs += not self._in_run
        self._in_run = not came
