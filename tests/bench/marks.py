"""Marked sounds: short sweeps in the band of a telephone, four kinds in turn: one is told from the next three."""

from collections.abc import Callable
from typing import Final

import numpy as np
import numpy.typing as npt

from tests.media.running import Pcm

EVERY_SECONDS, LONG_SECONDS = 0.25, 0.06
SWEEPS: Final = ((500, 1_500), (1_500, 500), (1_500, 3_000), (3_000, 1_500))  # Hz, from and to
LOUD, HISS = 9_000, 30  # the hiss keeps a codec from calling it silence
LATEST_SECONDS: Final = EVERY_SECONDS * (len(SWEEPS) - 0.4)
SURE = 0.55  # correlation; hiss and the other sweeps stay below 0.3


def marked(seconds: float, rate: int) -> Pcm:
    """Mark ``n`` begins at ``n * EVERY_SECONDS`` and is of kind ``n % 4``."""
    count, step = int(seconds / EVERY_SECONDS), int(EVERY_SECONDS * rate)
    sound = np.random.default_rng(1).normal(0, HISS, count * step)
    for n in range(count):
        shape = sweep(n % len(SWEEPS), rate)
        sound[n * step : n * step + len(shape)] += shape * LOUD
    return sound.astype(np.int16)


def sweep(kind: int, rate: int) -> npt.NDArray[np.float64]:
    begin, end = SWEEPS[kind]
    at = np.arange(int(LONG_SECONDS * rate)) / rate
    phase = 2 * np.pi * (begin * at + (end - begin) / (2 * LONG_SECONDS) * at**2)
    shape: npt.NDArray[np.float64] = np.sin(phase) * np.sin(np.pi * at / LONG_SECONDS)
    return shape


def found(sound: Pcm, rate: int) -> list[tuple[int, int]]:
    """Kind and first sample of every mark that is there, in order."""
    likeness = np.stack([_likeness(sound, sweep(kind, rate)) for kind in range(len(SWEEPS))])
    best, apart, marks = likeness.max(axis=0), int(EVERY_SECONDS * rate / 2), list[tuple[int, int]]()
    at = 0
    while at < len(best):
        if best[at] < SURE:
            at += 1
            continue
        peak = at + int(np.argmax(best[at : at + apart]))
        marks.append((int(np.argmax(likeness[:, peak])), peak))
        at = peak + apart
    return marks


def _likeness(sound: Pcm, shape: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Normalised correlation, its sign left aside: a filter may turn the phase."""
    x = sound.astype(np.float64)
    size = 1 << (len(x) + len(shape)).bit_length()
    count = max(0, len(x) - len(shape) + 1)
    products = np.fft.irfft(np.fft.rfft(x, size) * np.conj(np.fft.rfft(shape, size)), size)[:count]
    energy = np.concatenate([[0.0], np.cumsum(x**2)])
    windows = np.sqrt(np.maximum(energy[len(shape) :] - energy[: -len(shape)], 1e6))[:count]
    likeness: npt.NDArray[np.float64] = np.abs(products) / windows / np.linalg.norm(shape)
    return likeness


Clock = Callable[[int], float]
"""Seconds of the wall at which a sample passed."""


def delays(said: Pcm, spoke: Clock, heard: Pcm, came: Clock, rates: tuple[int, int]) -> tuple[list[float], int]:
    """ms from mouth to ear of each mark that was said while the other end listened, and how many never came."""
    later = [(kind, came(at)) for kind, at in found(heard, rates[1])]
    if not later:
        return [], 0
    times, lost, first, last = list[float](), 0, later[0][1], later[-1][1]
    for kind, at in found(said, rates[0]):
        began = spoke(at)
        if not first <= began <= last - LATEST_SECONDS:
            continue
        fitting = [1000 * (ear - began) for mark, ear in later if mark == kind and 0 <= ear - began <= LATEST_SECONDS]
        times += fitting[:1]
        lost += not fitting
    return times, lost
