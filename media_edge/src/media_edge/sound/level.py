"""The level of speech, pauses left out: the thought of ITU-T P.56, with our turns instead of its envelope."""

import math
from collections.abc import Sequence

import numpy as np

from media_edge.sound.pcm import Pcm

FULL_SCALE = 32_768.0
SLOW = 1 / 250  # five seconds of speech
SILENT_DBOV = -96
KNOWN_FRAMES = 100  # two seconds of speech


class ActiveLevel:
    """Mean power of the frames in which somebody speaks, in dB below overload."""

    def __init__(self) -> None:
        self._power = 0.0
        self._frames = 0

    def heard(self, rms: float) -> None:
        """One frame of speech, by its rms of int16."""
        self._frames += 1
        self._power += (rms * rms - self._power) * max(SLOW, 1 / self._frames)

    @property
    def known(self) -> bool:
        """Enough was said."""
        return self._frames >= KNOWN_FRAMES

    @property
    def dbov(self) -> int:
        """Whole dB; ``SILENT_DBOV`` before the first word."""
        return _dbov(math.sqrt(self._power))


def levels(frames: Sequence[Pcm]) -> list[float]:
    """The rms of each, in steps of int16. Many together cost little more than one."""
    if len({len(frame) for frame in frames}) > 1:
        return [levels([frame])[0] for frame in frames]
    if not frames:
        return []
    together = np.concatenate(frames).reshape(len(frames), -1).astype(np.float32)
    power = np.einsum("ij,ij->i", together, together) / together.shape[1]
    return [float(each) for each in np.sqrt(power)]


def _dbov(rms: float) -> int:
    return max(SILENT_DBOV, round(20 * math.log10(rms / FULL_SCALE))) if rms > 0 else SILENT_DBOV
