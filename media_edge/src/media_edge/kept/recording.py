"""The sound of a contact as one stereo WAV: caller left, agent right, 20 ms a tick, both sides always aligned."""

import io
import wave

import numpy as np

from media_edge.sound.pcm import Pcm

MAX_SECONDS = 2 * 3600  # some 230 MB at 8 kHz; what comes later is not kept, and the log says so
FRAMES_A_SECOND = 50
MAX_SKIP_FRAMES = 60 * FRAMES_A_SECOND


class Recorder:
    def __init__(self) -> None:
        self._chunks: list[bytes] = []
        self._rate = 0
        self.frames = 0
        self.truncated = False

    @property
    def started(self) -> bool:
        return self.frames > 0

    @property
    def seconds(self) -> float:
        return self.frames / FRAMES_A_SECOND

    def add(self, left: Pcm | None, right: Pcm | None, rate: int) -> None:
        if self.frames >= MAX_SECONDS * FRAMES_A_SECOND:
            self.truncated = True
            return
        self._rate = self._rate or rate
        stereo = np.zeros((rate // FRAMES_A_SECOND, 2), np.int16)
        if left is not None:
            stereo[:, 0] = left
        if right is not None:
            stereo[:, 1] = right
        self._chunks.append(stereo.tobytes())
        self.frames += 1

    def skip(self, frames: int) -> None:
        """Time that passed without a tick (a stalled machine) is silence, so that lengths stay true."""
        for _ in range(min(frames, MAX_SKIP_FRAMES) if self.started else 0):
            self.add(None, None, self._rate)

    def set_rate(self, rate: int) -> None:
        """A telephone joined: what was recorded wide is brought down by averaging neighbours."""
        if self._rate and self._rate != rate:
            step = self._rate // rate
            kept = np.frombuffer(b"".join(self._chunks), np.int16).reshape(-1, step, 2)
            self._chunks = [kept.mean(axis=1).astype(np.int16).tobytes()]
        self._rate = rate

    def wav(self) -> bytes:
        """The whole file."""
        out = io.BytesIO()
        with wave.open(out, "wb") as file:
            file.setnchannels(2)
            file.setsampwidth(2)
            file.setframerate(self._rate or 8_000)
            file.writeframes(b"".join(self._chunks))
        return out.getvalue()
