"""Automatic level (the thought of ITU-T G.169): who is far too quiet or too loud comes near to the others.

The level of speech steers it, pauses left out, so that noise between words is not pumped up. A voice of usual loudness
is not touched at all.
"""

import numpy as np

from media_edge.sound.pcm import Pcm

WANTED_DBOV = -22  # of active speech
QUIET_DBOV, LOUD_DBOV = -30, -15  # between these nothing is done
WELL_DB = 4  # from what is wanted, once something was done
MOST_UP_DB, MOST_DOWN_DB = 15.0, 9.0
DB_A_LOOK = 0.3  # a tenth of a second of speech: three dB a second, too slow to be heard
FULL = 32_000.0  # no sample above it


class Steady:
    """The gain of one leg."""

    def __init__(self) -> None:
        self._db = 0.0
        self._gain = self._before = 1.0

    @property
    def db(self) -> float:
        """What is added now."""
        return self._db

    @property
    def idle(self) -> bool:
        """Nothing is changed."""
        return self._gain == self._before == 1.0

    def look(self, level_dbov: int, speaks: bool) -> None:
        """Once in a tenth of a second; ``level_dbov`` is of speech as it came, before any gain."""
        if not speaks:
            return
        wanted = self._wanted(level_dbov)
        step = min(DB_A_LOOK, max(-DB_A_LOOK, wanted - self._db))
        self._db += step
        self._gain = 10 ** (self._db / 20) if self._db else 1.0

    def apply(self, pcm: Pcm) -> Pcm:
        """The frame at its new level; along a ramp where the gain has changed, turned down where it would clip."""
        before, after = self._before, self._gain
        peak = float(np.abs(pcm.astype(np.int32)).max())
        if peak * max(before, after) > FULL:
            before, after = min(before, FULL / peak), min(after, FULL / peak)
        self._before = after
        ramp = np.linspace(before, after, len(pcm), dtype=np.float32)
        changed: Pcm = np.rint(pcm * ramp).astype(np.int16)
        return changed

    def _wanted(self, level: int) -> float:
        """Back to nothing only well inside: at the edge of what is usual it must not come and go."""
        usual = abs(level - WANTED_DBOV) <= WELL_DB if self._db else QUIET_DBOV <= level <= LOUD_DBOV
        if usual:
            return 0.0
        return min(MOST_UP_DB, max(-MOST_DOWN_DB, float(WANTED_DBOV - level)))
