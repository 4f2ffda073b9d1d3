"""What a key of a telephone sounds like: two tones at once (ITU-T Q.23), long enough for any receiver (Q.24)."""

from functools import cache

import numpy as np

from media_edge.sound.pcm import FRAMES_A_SECOND, Pcm

ROWS, COLUMNS = (697, 770, 852, 941), (1209, 1336, 1477, 1633)  # hertz
PAD = ("123A", "456B", "789C", "*0#D")
DIGITS = frozenset("".join(PAD))
TONE_FRAMES, PAUSE_FRAMES = 5, 4  # 100 ms and 80 ms: Q.24 asks for 40 and 30 at least
LEVEL = 0.16  # of full scale, each of the two
RAMP_SECONDS = 0.004  # no click where it begins and ends


@cache
def tone(digit: str, rate: int) -> tuple[Pcm, ...]:
    """Frames of the tone, then of silence. ``digit`` is one of ``DIGITS``."""
    row, column = next((r, line.index(digit)) for r, line in enumerate(PAD) if digit in line)
    at = np.arange(TONE_FRAMES * rate // FRAMES_A_SECOND) / rate
    sound = sum(np.sin(2 * np.pi * hertz * at) for hertz in (ROWS[row], COLUMNS[column]))
    edge = np.minimum(1.0, np.minimum(at, at[::-1]) / RAMP_SECONDS)
    loud = (32_767 * LEVEL * edge * sound).astype(np.int16)
    both = np.concatenate([loud, np.zeros(PAUSE_FRAMES * rate // FRAMES_A_SECOND, np.int16)])
    return tuple(both.reshape(-1, rate // FRAMES_A_SECOND))
