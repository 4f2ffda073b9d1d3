"""What somebody hears who hears nobody: calm, low, without clicks. Pure functions of the frame number."""

from dataclasses import dataclass

import numpy as np

from media_edge.sound.pcm import Pcm


@dataclass(frozen=True, slots=True)
class Note:
    hertz: float
    start: float  # seconds into the period
    seconds: float
    level: float  # of full scale


# A fourth that breathes every four seconds while waiting; two soft low notes every five on hold.
WAITING = (Note(392.0, 0.0, 1.6, 0.035), Note(523.25, 0.35, 1.6, 0.022))
HOLD = (Note(329.63, 0.0, 1.0, 0.03), Note(261.63, 0.7, 1.4, 0.03))
PERIOD_SECONDS = {"waiting": 4, "hold": 5}
COMFORT_LEVEL = 6.0  # rms of int16: some -75 dB, so that the line does not sound dead
COMFORT_SECONDS = 2
_NOTES = {"waiting": WAITING, "hold": HOLD}


class Tone:
    """One period at one rate, kept as frames of 20 ms."""

    def __init__(self, name: str, rate: int) -> None:
        period = _comfort(rate) if name == "comfort" else _period(_NOTES[name], PERIOD_SECONDS[name], rate)
        self._frames = period.reshape(-1, rate // 50)

    def frame(self, number: int) -> Pcm:
        """20 ms; frame 0 begins a period with silence, so a tone never starts with a step."""
        frame: Pcm = self._frames[number % len(self._frames)]
        return frame


def _period(notes: tuple[Note, ...], seconds: int, rate: int) -> Pcm:
    period = np.zeros(seconds * rate)
    for note in notes:
        count, start = int(note.seconds * rate), int(note.start * rate)
        at = np.arange(count) / rate
        # A raised cosine over the whole note: the slope is zero where it begins and ends.
        envelope = np.sin(np.pi * at / note.seconds) ** 2
        period[start : start + count] += note.level * envelope * np.sin(2 * np.pi * note.hertz * at)
    return (period * 32767).astype(np.int16)


def _comfort(rate: int) -> Pcm:
    noise = np.random.default_rng(1).standard_normal(COMFORT_SECONDS * rate)
    return np.round(noise * COMFORT_LEVEL).astype(np.int16)
