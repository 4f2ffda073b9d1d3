"""A browser's leg whose frames are sealed end to end (SFrame, RFC 9605): taken and given as they are, never decoded."""

from media_edge.legs.browser import PAUSE_BYTES, BrowserLeg
from media_edge.sound.jitter import Kind
from media_edge.sound.pcm import Pcm
from media_edge.wire import red

SEAL_BYTES = 21  # what a frame is longer by: a header with a counter of four bytes, and the tag


class SealedLeg(BrowserLeg):
    """See ``leg.Leg``. Jitter, copies and reports are those of every browser; sound there is none."""

    pause_bytes = PAUSE_BYTES + SEAL_BYTES

    def set_rate(self, rate: int) -> None:
        """There is no codec here."""

    def take(self) -> Pcm | None:
        return None

    def give(self, pcm: Pcm | None) -> None:
        """Nothing of ours may be heard."""

    def take_sealed(self) -> bytes | None:
        """The next frame; None where there is none, or none came in time."""
        kind, payload = self._buffer.take()
        return payload if kind is Kind.FRAME else None

    def forward(self, frame: bytes | None) -> None:
        """What to send next: a frame of the other side, or nothing."""
        self._payload = frame or b""

    def _protect(self, loss: float) -> None:
        if self._offer.red is not None:
            self._repeater.distances = red.distances_for(loss, self._repeater.distances)
