"""The sound of a contact, both sides always aligned: caller left, the house right, 20 ms a tick.

On the sound's thread samples are only put aside. A second and a half is held at most, so that what is to be masked can
still be masked; the rest leaves as ``Piece`` for the pen, which encodes it elsewhere.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from media_edge.sound.pcm import FRAMES_A_SECOND, Pcm

HELD_FRAMES = 75
PIECE_FRAMES = 50
MASK_BEFORE, MASK_AFTER = 25, 20  # frames around the news of a key: the tone began before it was told
MAX_SKIP_FRAMES = 60 * FRAMES_A_SECOND
MAX_GAPS = 500  # of one recording; later ones are masked as well, and the last gap grows
FRAME_MS = 1000 // FRAMES_A_SECOND

Reason = Literal["paused", "keys"]


@dataclass(frozen=True, slots=True)
class Gap:
    """Silence that was put there on purpose; ms since the recording began."""

    from_ms: int
    to_ms: int
    reason: Reason


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """Some frames, frames x samples x 2 int16."""

    sound: npt.NDArray[np.int16]
    rate: int


class Recorder:
    """``ready`` holds the pieces that may leave."""

    def __init__(self) -> None:
        self.frames = 0
        self.ready: list[Piece] = []
        self.paused = False
        self._rate = 0
        self._held = np.zeros((0, 0, 2), np.int16)
        self._count = 0  # frames in ``_held``
        self._mask_until = -1
        self._gaps: list[list[int]] = []
        self._reasons: list[Reason] = []

    @property
    def started(self) -> bool:
        return self.frames > 0

    @property
    def seconds(self) -> float:
        return self.frames / FRAMES_A_SECOND

    @property
    def gaps(self) -> tuple[Gap, ...]:
        pairs = zip(self._gaps, self._reasons, strict=True)
        return tuple(Gap(first * FRAME_MS, last * FRAME_MS, reason) for (first, last), reason in pairs)

    def add(self, left: Pcm | None, right: Pcm | None, rate: int) -> None:
        if rate != self._rate:
            self._begin(rate)
        if self.paused:
            self._mark("paused", self.frames, self.frames + 1)
        else:
            frame = self._held[self._count]
            if left is not None and self.frames >= self._mask_until:
                frame[:, 0] = left
            if right is not None and self.frames >= self._mask_until:
                frame[:, 1] = right
        self._count += 1
        self.frames += 1
        if self._count == HELD_FRAMES:
            self._let_go(PIECE_FRAMES)

    def mask(self) -> None:
        """A key was pressed: neither what it sounds like nor who said it aloud meanwhile is kept."""
        first = max(0, self._count - MASK_BEFORE)
        self._held[first : self._count] = 0
        self._mask_until = self.frames + MASK_AFTER
        self._mark("keys", self.frames - (self._count - first), self._mask_until)

    def skip(self, frames: int) -> None:
        """Time that passed without a tick (a stalled machine) is silence, so that lengths stay true."""
        for _ in range(min(frames, MAX_SKIP_FRAMES) if self.started else 0):
            self.add(None, None, self._rate)

    def take(self) -> list[Piece]:
        """What may leave."""
        ready, self.ready = self.ready, []
        return ready

    def finish(self) -> list[Piece]:
        """All that is left."""
        self._let_go(self._count)
        if self._gaps and self._gaps[-1][1] > self.frames:
            self._gaps[-1][1] = self.frames
        return self.take()

    def _begin(self, rate: int) -> None:
        """The first frame, or a telephone joined: what is held is finished at its own rate."""
        self._let_go(self._count)
        self._rate = rate
        self._held = np.zeros((HELD_FRAMES, rate // FRAMES_A_SECOND, 2), np.int16)

    def _let_go(self, count: int) -> None:
        if not count:
            return
        self.ready.append(Piece(self._held[:count].copy(), self._rate))
        rest = self._count - count
        self._held[:rest] = self._held[count : self._count]
        self._held[rest:] = 0
        self._count = rest

    def _mark(self, reason: Reason, first: int, last: int) -> None:
        """Gaps that touch are one."""
        joins = self._gaps and (self._reasons[-1] == reason and first <= self._gaps[-1][1])
        if joins or len(self._gaps) >= MAX_GAPS:
            self._gaps[-1][1] = max(last, self._gaps[-1][1])
            return
        self._gaps.append([first, last])
        self._reasons.append(reason)
