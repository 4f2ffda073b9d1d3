"""Reads keys out of sound, as a receiver on the line would (ITU-T Q.24): which two tones stand out, 20 ms at a time."""

import numpy as np

from media_edge.sound.keys import COLUMNS, PAD, ROWS
from tests.media.running import Pcm

LEAST = 500.0  # amplitude of each tone
PURE = 0.7  # of the energy of 20 ms that is in the two


def keys_in(sound: Pcm, rate: int) -> str:
    """Each key once, in order: two frames of it at least, and one without it before the next."""
    step = rate // 50
    frames = [_key(sound[at : at + step].astype(np.float64), rate) for at in range(0, len(sound) - step + 1, step)]
    found, before, steady = "", "", ""
    for key in frames:
        if key and key == before and key != steady:
            found, steady = found + key, key
        if not key:
            steady = ""
        before = key
    return found


def _key(frame: np.ndarray[tuple[int], np.dtype[np.float64]], rate: int) -> str:
    window = np.hanning(len(frame))
    rows = [_amplitude(frame, window, hertz, rate) for hertz in ROWS]
    columns = [_amplitude(frame, window, hertz, rate) for hertz in COLUMNS]
    row, column = int(np.argmax(rows)), int(np.argmax(columns))
    energy = float(np.mean((frame - frame.mean()) ** 2))
    pure = (rows[row] ** 2 + columns[column] ** 2) / 2 >= PURE * energy
    return PAD[row][column] if pure and min(rows[row], columns[column]) >= LEAST else ""


def _amplitude(
    frame: np.ndarray[tuple[int], np.dtype[np.float64]],
    window: np.ndarray[tuple[int], np.dtype[np.float64]],
    hertz: int,
    rate: int,
) -> float:
    turning = np.exp(-2j * np.pi * hertz * np.arange(len(frame)) / rate)
    return float(abs(np.sum(frame * window * turning)) * 2 / np.sum(window))
