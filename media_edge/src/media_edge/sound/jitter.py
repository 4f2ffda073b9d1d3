"""Playout buffer of one leg: keyed by time stamp, so that silence (DTX: stamps jump) is not loss. No clock of its own.

``put`` what arrives, ``take`` one frame every 20 ms. The target depth follows the measured jitter: it grows when
frames come late, and shrinks by dropping one frame in a quiet moment.
"""

import math
from collections.abc import Callable
from enum import Enum
from typing import NamedTuple

from media_edge.wire.rtp import ahead

MAX_FRAMES = 50  # one second: beyond this the oldest go
MIN_TARGET, MAX_TARGET = 1, 15  # frames
FRAME_MS = 20.0
OLD_RESTART = 5  # frames in a row from before what was played: the sender's clock has stepped back
WINDOW_TAKES = 25  # the least depth of half a second counts
CALM_WINDOWS = 4  # two seconds with frames to spare before the delay shrinks
FORCED_SURPLUS = 6  # frames above target that are dropped without waiting for quiet, one each half second
LEAD_ARRIVALS = 8  # so many must come before playing is called too near to them
LEAD_FORGOTTEN = 100  # and after so many it is looked at anew
CONCEAL_FRAMES = 5  # after 100 ms of invention silence is more honest


class Kind(Enum):
    FRAME = "frame"
    FEC = "fec"  # the payload is the next frame, which may carry a copy of this one
    LOST = "lost"
    SILENCE = "silence"  # not started, or the sender is silent


class Taken(NamedTuple):
    kind: Kind
    payload: bytes = b""


_LOST, _SILENCE = Taken(Kind.LOST), Taken(Kind.SILENCE)


class JitterBuffer:
    """``step`` is one frame in the sender's clock ticks (960 for Opus, 20 for a carrier that stamps milliseconds)."""

    def __init__(self, step: int, bits: int = 32) -> None:
        self._step = step
        self._bits = bits
        self._half, self._wheel = 1 << (bits - 1), (1 << bits) - 1
        self._wanted = MIN_TARGET  # frames, by the jitter that was measured
        self._frames: dict[int, bytes] = {}
        self._next: int | None = None  # stamp of the frame to play next
        self._newest: int | None = None  # stamp of the newest frame that was played
        self._lead = self._arrived = 0  # frames ahead of playing at best, of so many that came since it was looked at
        self._playing = False
        self._waited = 0
        self._missing = 0
        self._old = 0
        self._calm = self._takes = 0
        self._spare = MAX_FRAMES
        self._late_peak = 0.0  # ms, decaying
        self._transit: float | None = None
        self.hold = 0
        """Frames to wait for at least: a copy of a lost frame comes with a later one."""
        self.late = 0
        self.mended = 0
        self.concealed = 0
        self.dropped = 0
        self.stretched = 0

    @property
    def depth(self) -> int:
        return len(self._frames)

    @property
    def target(self) -> int:
        """Frames held before playing starts."""
        return max(self.hold, self._wanted)

    def put(self, stamp: int, payload: bytes, arrived_ms: float) -> None:
        self._measure(stamp, arrived_ms)
        if self._next is None:
            self._next = stamp
        coming = self._ahead(stamp)
        if not 0 <= coming <= MAX_FRAMES * self._step:
            if not self._moved_to(stamp):
                self.late += 1
                return
            coming = self._ahead(stamp)
        self._old = 0
        if self.hold:
            self._lead = max(self._lead, coming // self._step + 1)
            self._arrived += 1
        self._frames.setdefault(stamp, payload)
        while len(self._frames) > MAX_FRAMES:
            self._skip_to_oldest()
            self._frames.pop(self._next or 0, None)
            self.dropped += 1

    def mend(self, stamp: int, payload: bytes) -> None:
        """A copy of a frame that may be missing; what is there, or was played, stays as it is."""
        if self._next is None or not 0 <= self._ahead(stamp) <= MAX_FRAMES * self._step or stamp in self._frames:
            return
        self._frames[stamp] = payload
        self.mended += 1

    def take(self, quiet: Callable[[], bool] = lambda: False) -> Taken:
        """The next 20 ms. ``quiet``: whether the last frame was low, so that one may be dropped unheard."""
        if self._next is None or not self._ready():
            return _SILENCE
        if self._surplus(quiet):
            self._frames.pop(self._next, None)
            self._advance()
            self.dropped += 1
        elif self.hold and self._short(quiet):
            self.stretched += 1
            return _LOST
        payload = self._frames.pop(self._next, None)
        at = self._next
        self._advance()
        if payload is not None:
            self._missing, self._newest = 0, at
            return Taken(Kind.FRAME, payload)
        return self._conceal(at)

    def _conceal(self, at: int) -> Taken:
        self._missing += 1
        following = self._frames.get((at + self._step) & self._wheel)
        if following is not None and self._missing <= CONCEAL_FRAMES:
            self.concealed += 1
            return Taken(Kind.FEC, following)
        if self._missing > CONCEAL_FRAMES:
            return _SILENCE
        self.concealed += 1
        return _LOST

    def _ready(self) -> bool:
        """Wait until the target is there (or has had its time), once at the start."""
        if self._playing:
            return True
        self._waited += 1
        if not self._frames or (len(self._frames) < self.target and self._waited <= self.target):
            return False
        self._playing = True
        self._skip_to_oldest()
        return True

    def _moved_to(self, stamp: int) -> bool:
        """Whether playing goes on at ``stamp``, which lies outside the window. Nothing is ever played twice."""
        if not self._playing:
            self._next = stamp
            return True
        if self._ahead(stamp) > 0:
            return self._restart_at(stamp)
        if self._newest is None or ahead(stamp, self._newest, self._bits) > 0:
            # Late, but what was concealed since is all that came: go back, with more delay, if nothing else is there.
            self._next = stamp if not self._frames else self._next
            return not self._ahead(stamp)
        self._old += 1
        return self._old >= OLD_RESTART and self._restart_at(stamp)

    def _restart_at(self, stamp: int) -> bool:
        self._frames.clear()
        self._next, self._newest, self._missing = stamp, None, 0
        return True

    def _surplus(self, quiet: Callable[[], bool]) -> bool:
        """Whether one frame may go: two seconds long there were frames to spare, and now is a quiet moment."""
        held = len(self._frames)
        spare = held - (self._wanted if self._wanted > self.hold else self.hold)
        if spare < self._spare:
            self._spare = spare
        self._takes += 1
        if self._takes == WINDOW_TAKES:
            self._calm = self._calm + 1 if self._spare >= 1 else 0
            forced = self._spare >= FORCED_SURPLUS
            self._takes, self._spare = 0, MAX_FRAMES
            if forced:
                return True
        if self._calm < CALM_WINDOWS or spare <= 0 or not quiet():
            return False
        self._calm = 0
        return True

    def _short(self, quiet: Callable[[], bool]) -> bool:
        """Whether to wait one frame longer, so that copies come in time: in a quiet moment, or each half second.

        How far ahead frames arrive is what counts, not how many are there: in a burst none come.
        """
        short = self._lead < self.hold
        if self._arrived < (LEAD_ARRIVALS if short else LEAD_FORGOTTEN) or (short and self._takes and not quiet()):
            return False
        self._arrived = self._lead = 0
        return short

    def _measure(self, stamp: int, arrived_ms: float) -> None:
        """Lateness against the fastest way seen; the peak falls by half in some five seconds."""
        transit = arrived_ms - stamp / self._step * FRAME_MS
        if self._transit is None or abs(transit - self._transit) > 2_000:
            self._transit = transit
        fastest = self._transit + 0.005  # creeps, so that drift is followed
        self._transit = fastest = transit if transit < fastest else fastest
        late, peak = transit - fastest, self._late_peak * 0.997
        self._late_peak = peak = late if late > peak else peak
        wanted = math.ceil(peak / FRAME_MS) + 1
        self._wanted = wanted if wanted < MAX_TARGET else MAX_TARGET

    def _ahead(self, stamp: int) -> int:
        return ((stamp - (self._next or 0) + self._half) & self._wheel) - self._half

    def _advance(self) -> None:
        self._next = ((self._next or 0) + self._step) & self._wheel

    def _skip_to_oldest(self) -> None:
        self._next = min(self._frames, key=self._ahead)
