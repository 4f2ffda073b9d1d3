"""Writes one recording: pieces of samples in, chunks of an Ogg Opus file out. Called in order, on one thread.

Opus without its speech model: both sides of a call at 40 kbit/s keep apart by 50 dB (at 24 by 15), and a second of it
costs a millisecond.
"""

from typing import Any, Final

from media_edge.kept.ogg import CLOCK, OggStream
from media_edge.kept.recording import Piece
from media_edge.sound.opus import StereoEncoder
from media_edge.sound.pcm import FRAMES_A_SECOND

BITRATE: Final = 40_000
COMPLEXITY: Final = 0
CHUNK_SECONDS: Final = 4
CHUNK_FRAMES: Final = CHUNK_SECONDS * FRAMES_A_SECOND
"""What an edge that dies takes with it at most, beside what the recorder still holds."""
PER_FRAME: Final = CLOCK // FRAMES_A_SECOND


class Pen:
    """``write`` gives a chunk when one is full; ``finish`` gives the last."""

    def __init__(self, lib: Any, serial: int) -> None:
        self._lib, self._serial = lib, serial
        self._encoder: StereoEncoder | None = None
        self._ogg: OggStream | None = None
        self._rate = 0
        self._made = b""
        self._frames = self._in_chunk = 0  # of sound

    def write(self, piece: Piece) -> bytes | None:
        """The chunk that this piece has filled, if it has."""
        encoder, ogg = self._ready(piece.rate)
        packets = [encoder.encode(frame) for frame in piece.sound]
        self._frames += len(packets)
        self._in_chunk += len(packets)
        self._made += ogg.pages(packets, self._frames * PER_FRAME)
        return self._chunk() if self._in_chunk >= CHUNK_FRAMES else None

    def finish(self) -> bytes | None:
        """The last chunk, with the end of the file; None where nothing was recorded."""
        if self._encoder is None or self._ogg is None:
            return None
        # One frame more brings out what the codec still holds; the position says where the sound ends.
        self._made += self._ogg.pages([self._encoder.silence()], self._frames * PER_FRAME, last=True)
        return self._chunk()

    def _ready(self, rate: int) -> tuple[StereoEncoder, OggStream]:
        if self._encoder is None or rate != self._rate:
            self._encoder = StereoEncoder(self._lib, rate, bitrate=BITRATE, complexity=COMPLEXITY)
        if self._ogg is None:
            self._ogg = OggStream(self._serial, self._encoder.lookahead * CLOCK // rate)
            self._made = self._ogg.head(rate)
        self._rate = rate
        return self._encoder, self._ogg

    def _chunk(self) -> bytes:
        made, self._made, self._in_chunk = self._made, b"", 0
        return made
