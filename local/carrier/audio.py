"""Sound as the telephone knows it: 8 kHz, one channel, int16 inside and mu-law on the wire.

Pure numpy: ``audioop`` has left Python.
"""

import io
import wave
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

RATE: Final = 8000
FRAME: Final = 160  # samples in 20 ms
MAX_CLIP_BYTES: Final = 64_000_000

Samples = NDArray[np.int16]

_BIAS: Final = 0x84
_CLIP: Final = 32635


def _decoding_table() -> Samples:
    code = ~np.arange(256, dtype=np.uint8)
    exponent = (code >> 4) & 7
    mantissa = (code & 15).astype(np.int32)
    size = (((mantissa << 3) + _BIAS) << exponent) - _BIAS
    return np.where(code & 0x80, -size, size).astype(np.int16)


def _encoding_table() -> NDArray[np.uint8]:
    value = np.arange(65536, dtype=np.uint16).view(np.int16).astype(np.int32)
    size = np.minimum(np.abs(value), _CLIP) + _BIAS
    exponent = np.floor(np.log2(size)).astype(np.int32) - 7
    mantissa = (size >> (exponent + 3)) & 15
    sign = np.where(value < 0, 0x80, 0)
    code: NDArray[np.uint8] = (~(sign | (exponent << 4) | mantissa) & 0xFF).astype(np.uint8)
    return code


_DECODE: Final = _decoding_table()
_ENCODE: Final = _encoding_table()


def encode_mulaw(samples: Samples) -> bytes:
    """16-bit samples to G.711 mu-law, one byte a sample."""
    return _ENCODE[samples.view(np.uint16)].tobytes()


def decode_mulaw(data: bytes) -> Samples:
    """G.711 mu-law to 16-bit samples."""
    return _DECODE[np.frombuffer(data, np.uint8)]


def resample(samples: Samples, rate: int, to: int = RATE) -> Samples:
    """A whole clip at another rate, band-limited (by its spectrum, so no filter to design)."""
    if rate == to or not len(samples):
        return samples
    count = round(len(samples) * to / rate)
    spectrum = np.fft.rfft(samples.astype(np.float64))
    fitted = np.zeros(count // 2 + 1, np.complex128)
    kept = min(len(spectrum), len(fitted))
    fitted[:kept] = spectrum[:kept]
    scaled = np.fft.irfft(fitted, count) * (count / len(samples))
    return np.clip(np.rint(scaled), -32768, 32767).astype(np.int16)


def parse_wav(data: bytes) -> tuple[Samples, int]:
    """Samples (channels averaged) and rate of a PCM WAV of 8 to 32 bits. ``ValueError`` when it is not one."""
    try:
        with wave.open(io.BytesIO(data)) as clip:
            width, channels, rate = clip.getsampwidth(), clip.getnchannels(), clip.getframerate()
            raw = clip.readframes(clip.getnframes())
    except (wave.Error, EOFError) as error:
        raise ValueError(f"not a PCM WAV: {error}") from error
    if width == 1:
        values = (np.frombuffer(raw, np.uint8).astype(np.int32) - 128) << 8
    elif width == 2:
        values = np.frombuffer(raw, "<i2").astype(np.int32)
    else:
        # The two highest bytes are the 16 bits we keep.
        columns = np.frombuffer(raw, np.uint8).reshape(-1, width)[:, -2:].copy()
        values = columns.reshape(-1).view("<i2").astype(np.int32)
    return values.reshape(-1, channels).mean(axis=1).astype(np.int16), rate


def read_wav(path: Path) -> Samples:
    """A WAV file of any rate as 8 kHz samples."""
    if path.stat().st_size > MAX_CLIP_BYTES:
        raise ValueError(f"WAV larger than {MAX_CLIP_BYTES} bytes")
    samples, rate = parse_wav(path.read_bytes())
    return resample(samples, rate)


def wav_bytes(samples: Samples, rate: int = RATE) -> bytes:
    """A WAV file of 16-bit samples."""
    out = io.BytesIO()
    with wave.open(out, "wb") as clip:
        clip.setnchannels(1)
        clip.setsampwidth(2)
        clip.setframerate(rate)
        clip.writeframes(samples.astype("<i2").tobytes())
    return out.getvalue()


def tone(hertz: float, seconds: float, level: float = 0.3, rate: int = RATE) -> Samples:
    """A steady tone; ``level`` 1.0 is full scale."""
    at = np.arange(round(seconds * rate)) / rate
    return (np.sin(2 * np.pi * hertz * at) * level * 32767).astype(np.int16)


def speech_like(seconds: float, seed: int = 1, rate: int = RATE) -> Samples:
    """Sound with the envelope and the spectrum of speech, never repeating itself: for measuring where no recording is
    installed.
    """
    chance = np.random.default_rng(seed)
    count = round(seconds * rate)
    at = np.arange(count) / rate
    pitch = 120 + 25 * np.interp(
        at, np.arange(0, seconds + 1, 0.3), chance.normal(size=len(np.arange(0, seconds + 1, 0.3)))
    )
    phase = 2 * np.pi * np.cumsum(pitch) / rate
    voiced = sum(np.sin(phase * k + k) / k for k in range(1, 20))
    noise = chance.normal(size=count)
    syllables = np.arange(0, seconds + 1, 0.12)
    loudness = np.interp(at, syllables, chance.choice([0.25, 0.6, 1.0, 0.8], size=len(syllables)))
    breath = np.interp(at, syllables, chance.choice([0.1, 0.2, 0.8], size=len(syllables)))
    sound = loudness * (np.asarray(voiced) + breath * noise)
    peak = float(np.abs(sound).max()) if count else 1.0
    samples: Samples = (sound / peak * 0.5 * 32767).astype(np.int16)
    return samples


class Timeline:
    """What was on a line since the answer; what nobody wrote is silence. Positions are samples at 8 kHz."""

    MAX_SAMPLES: Final = RATE * 3600

    def __init__(self) -> None:
        self._samples = np.zeros(RATE * 8, np.int16)
        self.length = 0

    def write(self, at: int, samples: Samples) -> None:
        """Put ``samples`` at position ``at``, over what was there; beyond an hour nothing is kept."""
        end = min(at + len(samples), self.MAX_SAMPLES)
        if end <= at:
            return
        while end > len(self._samples):
            self._samples = np.concatenate([self._samples, np.zeros_like(self._samples)])
        self._samples[at:end] = samples[: end - at]
        self.length = max(self.length, end)

    def read(self, at: int, count: int) -> Samples:
        """``count`` samples from ``at``, silence where nothing was written."""
        part = self._samples[at : min(at + count, self.length)]
        if len(part) == count:
            return part
        return np.concatenate([part, np.zeros(count - len(part), np.int16)])

    def cut(self, at: int) -> None:
        """Forget what was to come after ``at``: the speaker stopped."""
        self._samples[at : self.length] = 0
        self.length = min(self.length, at)

    def all(self) -> Samples:
        """Everything up to the last sample written."""
        return self._samples[: self.length].copy()
