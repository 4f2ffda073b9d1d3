"""Mix-minus: everybody hears the others and never himself. Loud sums are turned down, not clipped."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from media_edge.sound.pcm import Pcm

FULL = 32_000.0  # peak that a sum may reach
RELEASE = 1.02  # the gain comes back by 2 % a frame


class Mixer:
    """Keeps one gain a listener; legs are named by their id."""

    def __init__(self) -> None:
        self._gain: dict[str, float] = {}

    def mix(self, heard: Mapping[str, Pcm], listeners: Mapping[str, frozenset[str]]) -> dict[str, Pcm | None]:
        """For each listener the sum of ``heard`` over the speakers it may hear; None where nobody speaks."""
        mixed: dict[str, Pcm | None] = {}
        for who, speakers in listeners.items():
            if len(speakers) == 1:  # nearly always: one voice goes through untouched
                (speaker,) = speakers
                mixed[who] = heard.get(speaker)
            else:
                mixed[who] = self._sum(who, [heard[s] for s in speakers if s in heard and s != who])
        return mixed

    def forget(self, who: str) -> None:
        self._gain.pop(who, None)

    def _sum(self, who: str, frames: list[Pcm]) -> Pcm | None:
        if len(frames) < 2:
            return frames[0] if frames else None  # one voice goes through untouched
        total: npt.NDArray[np.int32] = np.stack(frames).sum(axis=0, dtype=np.int32)
        peak = float(np.abs(total).max())
        before = self._gain.get(who, 1.0)
        after = min(1.0, before * RELEASE, FULL / peak if peak else 1.0)
        self._gain[who] = after
        if before == after == 1.0:
            return total.astype(np.int16)
        # Turn down from the first sample of a loud frame, come back along a ramp.
        ramp = np.linspace(min(before, after), after, len(total))
        return np.clip(total * ramp, -32768, 32767).astype(np.int16)
