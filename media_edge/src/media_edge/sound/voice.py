"""Turns of speech by energy over a noise floor that follows the line. No clock: one call is 20 ms."""

import math
from collections import deque
from dataclasses import dataclass

FRAME_MS = 20
ABOVE_FLOOR = 4.0  # speech is 12 dB over the noise
LEAST_LEVEL = 120.0  # rms of int16, some -49 dB: below it nobody speaks into a telephone
START_FRAMES = 5  # 100 ms
END_FRAMES = 30  # 600 ms of quiet end a turn
BLOCK_FRAMES, BLOCKS = 25, 6  # the noise is the lowest level of three seconds: speech has gaps, noise has none
MAX_TURN_FRAMES = 3_000  # a minute: longer turns are told in parts


@dataclass(frozen=True, slots=True)
class Turn:
    """Somebody spoke; milliseconds since the leg began."""

    started_ms: int
    ended_ms: int


class Turns:
    def __init__(self) -> None:
        self._frame = 0
        self._lowest = deque([0.0], maxlen=BLOCKS)
        self._floor = 0.0  # the least of them
        self._block = math.inf
        self._loud = 0
        self._quiet = 0
        self._started: int | None = None

    def heard(self, rms: float) -> Turn | None:
        """One frame, by its rms of int16. The turn that has just ended, if any."""
        self._frame += 1
        noise = self._noise(rms) * ABOVE_FLOOR
        if rms > LEAST_LEVEL and rms > noise:
            self._loud += 1
            self._quiet = 0
        else:
            self._loud = 0
            self._quiet += 1
        return self._turn()

    @property
    def open(self) -> bool:
        """Somebody speaks; pauses shorter than ``END_FRAMES`` are part of it."""
        return self._started is not None

    @property
    def loud(self) -> bool:
        """The last frame was speech."""
        return self._started is not None and self._quiet == 0

    def ended(self) -> Turn | None:
        """The leg is gone: the turn that was open."""
        return self._close(self._quiet)

    def _noise(self, rms: float) -> float:
        if rms < self._block:
            self._block = rms
        if self._frame % BLOCK_FRAMES == 0:
            self._lowest.append(self._block)
            self._block, self._floor = math.inf, min(self._lowest)
        return self._floor if self._floor < self._block else self._block

    def _turn(self) -> Turn | None:
        if self._started is None:
            if self._loud >= START_FRAMES:
                self._started = self._frame - self._loud
            return None
        if self._quiet >= END_FRAMES or self._frame - self._started >= MAX_TURN_FRAMES:
            return self._close(self._quiet)
        return None

    def _close(self, quiet: int) -> Turn | None:
        if self._started is None:
            return None
        turn = Turn(self._started * FRAME_MS, (self._frame - quiet) * FRAME_MS)
        self._started, self._loud = None, 0
        return turn
