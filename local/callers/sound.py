"""How well one side heard the other: correlation, delay, silence and level, in numpy alone.

Both recordings are at 8 kHz with the time of their first sample (seconds since the epoch, one clock). The delay is
found on the envelope, which survives any codec; the correlation then on the waveform, piece by piece, so that a jitter
buffer which stretches time by a few milliseconds does not ruin it.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from local.carrier.audio import RATE, Samples

HOP: Final = 40  # samples of one envelope step: 5 ms
PIECE: Final = 3200  # samples of one piece: 400 ms
SECOND: Final = 200  # steps of the envelope
SLACK: Final = 480  # samples a piece may lie beside the common delay: 60 ms
EARLIEST: Final = -0.3  # s
LATEST: Final = 3.0  # s
ACTIVE_BELOW_PEAK: Final = 10 ** (-30 / 20)  # speech is what is within 30 dB of the loudest


@dataclass(frozen=True)
class Hearing:
    """``correlation`` (-1..1, of the wave, median over pieces), ``delay_ms``, ``silence_ms`` (longest hole in what
    should sound), ``level_db`` (heard against sent), ``pieces`` compared, ``loudness`` (-1..1, correlation of the
    envelopes). A speech codec keeps what is heard, not the wave: after two of them ``correlation`` is near 0.55 while
    ``loudness`` stays above 0.9. Without a common stretch of speech everything is 0."""

    correlation: float = 0.0
    delay_ms: float = 0.0
    silence_ms: float = 0.0
    level_db: float = 0.0
    pieces: int = 0
    loudness: float = 0.0


def measure(sent: Samples, sent_at: float, heard: Samples, heard_at: float, *, mixed: bool = False) -> Hearing:
    """Compare what was said with what was heard; ``mixed``: others may have been heard at the same time."""
    if not len(sent) or not len(heard):
        return Hearing()
    offset = round((heard_at - sent_at) * RATE)
    # On one time line: sample i of both is the same moment.
    start = min(0, offset)
    length = max(len(sent), offset + len(heard)) - start + 2 * SLACK
    said, came = np.zeros(length), np.zeros(length)
    said[-start : -start + len(sent)] = sent
    came[offset - start : offset - start + len(heard)] = heard
    present = np.zeros(length, bool)
    present[offset - start : offset - start + len(heard)] = True
    lag = _wave_lag(said, came, present) if mixed else _envelope_lag(said, came)
    pieces = _pieces(said, came, present, lag)
    if not pieces:
        return Hearing()
    delay = float(np.median([at for at, _ in pieces]))
    correlation = float(np.median([fit for _, fit in pieces]))
    silence, level = _silence_and_level(said, came, present, round(delay))
    loudness = _loudness(said, came, present, round(delay))
    return Hearing(round(correlation, 3), round(delay / RATE * 1000, 1), silence, level, len(pieces), loudness)


def envelope(sound: NDArray[np.float64]) -> NDArray[np.float64]:
    """Loudness every 5 ms (root mean square)."""
    count = len(sound) // HOP
    power: NDArray[np.float64] = np.sqrt((sound[: count * HOP].reshape(count, HOP) ** 2).mean(axis=1))
    return power


def _envelope_lag(said: NDArray[np.float64], came: NDArray[np.float64]) -> int:
    """Delay in samples at which the envelopes fit best."""
    first, second = (envelope(sound) for sound in (said, came))
    first, second = np.sqrt(first), np.sqrt(second)  # loud vowels should not decide alone
    size = 1 << (len(first) * 2 + round(LATEST * RATE / HOP)).bit_length()
    spectrum = np.conj(np.fft.rfft(first - first.mean(), size)) * np.fft.rfft(second - second.mean(), size)
    fits = np.fft.irfft(spectrum, size)
    lags = np.arange(round(EARLIEST * RATE / HOP), round(LATEST * RATE / HOP))
    return int(lags[np.argmax(fits[lags])]) * HOP


def _wave_lag(said: NDArray[np.float64], came: NDArray[np.float64], present: NDArray[np.bool_]) -> int:
    """Delay in samples at which the waves of most pieces fit best: among several voices envelopes say nothing."""
    low, high = round(EARLIEST * RATE), round(LATEST * RATE)
    votes = np.zeros((high - low) // HOP)
    for at in range(max(0, -low), len(said) - PIECE - high, PIECE):
        piece, window = said[at : at + PIECE], came[at + low : at + high + PIECE]
        if not piece.any() or not present[at + low : at + high + PIECE].any():
            continue
        size = 1 << len(window).bit_length()
        dots = np.fft.irfft(np.fft.rfft(window, size) * np.conj(np.fft.rfft(piece, size)), size)[: high - low]
        squares = np.cumsum(np.concatenate(([0.0], window**2)))
        energy = np.maximum(squares[PIECE:] - squares[:-PIECE], 1.0)[: high - low]
        fits = np.abs(dots) / np.sqrt(energy * (piece**2).sum())
        votes += fits[: len(votes) * HOP].reshape(-1, HOP).max(axis=1)
    return low + int(np.argmax(votes)) * HOP


def _pieces(
    said: NDArray[np.float64], came: NDArray[np.float64], present: NDArray[np.bool_], lag: int
) -> list[tuple[int, float]]:
    """(delay, correlation) of each piece of speech that lay within what was recorded."""
    found = []
    loud = np.abs(said).max() * ACTIVE_BELOW_PEAK
    for at in range(0, len(said) - PIECE, PIECE):
        low, high = at + lag - SLACK, at + lag + PIECE + SLACK
        if low < 0 or high > len(came) or not present[low:high].all():
            continue
        piece, window = said[at : at + PIECE], came[low:high]
        if np.sqrt((piece**2).mean()) < max(loud, 1.0):
            continue
        dots = np.correlate(window, piece, "valid")
        squares = np.convolve(window**2, np.ones(PIECE), "valid")
        fits = dots / (np.sqrt(np.maximum(squares, 1e-9)) * np.sqrt((piece**2).sum()))
        best = int(np.argmax(fits))
        found.append((lag - SLACK + best, float(fits[best])))
    return found


def _aligned(
    said: NDArray[np.float64], came: NDArray[np.float64], present: NDArray[np.bool_], delay: int
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_]]:
    """Both on the speaker's time, and where the listener was recorded."""
    kept = len(said) - max(0, delay)
    return said[:kept], np.roll(came, -delay)[:kept], np.roll(present, -delay)[:kept]


def _loudness(said: NDArray[np.float64], came: NDArray[np.float64], present: NDArray[np.bool_], delay: int) -> float:
    """Correlation of the envelopes, second by second (median), each where it fits best within ``SLACK``."""
    said, came, present = _aligned(said, came, present, delay)
    loud, quiet = np.sqrt(envelope(said)), np.sqrt(envelope(came))
    both, slack = envelope(present.astype(float)) > 0.99, SLACK // HOP
    fits = []
    for at in range(slack, len(loud) - SECOND - slack, SECOND):
        piece = loud[at : at + SECOND]
        if not both[at - slack : at + SECOND + slack].all() or piece.std() == 0:
            continue
        around = (quiet[at + shift : at + shift + SECOND] for shift in range(-slack, slack + 1))
        fits.append(max((float(np.corrcoef(piece, each)[0, 1]) for each in around if each.std() > 0), default=0.0))
    return round(float(np.median(fits)), 3) if fits else 0.0


def _silence_and_level(
    said: NDArray[np.float64], came: NDArray[np.float64], present: NDArray[np.bool_], delay: int
) -> tuple[float, float]:
    """Longest hole in ms while speech should be there, and the level in dB."""
    said, came, present = _aligned(said, came, present, delay)
    loud, quiet = envelope(said), envelope(came)
    both = envelope(present.astype(float)) > 0.99
    active = (loud > loud.max() * ACTIVE_BELOW_PEAK) & both
    if not active.any():
        return 0.0, 0.0
    heard_level, said_level = np.sqrt((quiet[active] ** 2).mean()), np.sqrt((loud[active] ** 2).mean())
    level = round(20 * float(np.log10(max(heard_level, 1e-3) / said_level)), 1)
    missing = quiet < heard_level * 10 ** (-40 / 20)
    longest = run = 0
    for should, gone in zip(active, missing, strict=True):
        run = run + int(should) if gone else 0  # pauses of the speaker neither count nor end a hole
        longest = max(longest, run)
    return longest * HOP / RATE * 1000, level
