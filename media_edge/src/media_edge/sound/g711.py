"""ITU-T G.711, both laws, bit for bit as the reference coder of ITU-T G.191 (``ulaw_compress``, ``alaw_expand``, ...).

Tables, because ``audioop`` is gone from Python 3.13 and differs from the reference on 508 inputs.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from media_edge.sound.pcm import Pcm

Codes = npt.NDArray[np.uint8]

_BIAS = 33  # mu-law: added to the magnitude of 14 bits
_TURNED = 0x55  # A-law: every other bit goes over the line upside down


@dataclass(frozen=True, slots=True, eq=False)
class Law:
    """``compressed`` is at the index of a sample's bits as uint16, ``expanded`` at that of a code."""

    compressed: Codes
    expanded: Pcm
    silence: int  # the code of zero

    def encode(self, pcm: Pcm) -> bytes:
        """One byte a sample."""
        return self.compressed[pcm.view(np.uint16)].tobytes()

    def decode(self, codes: bytes) -> Pcm:
        """One int16 sample a byte."""
        sound: Pcm = self.expanded[np.frombuffer(codes, np.uint8)]
        return sound


def _every_sample() -> npt.NDArray[np.int32]:
    return np.arange(65536, dtype=np.uint16).view(np.int16).astype(np.int32)


def _compress_mu() -> Codes:
    linear = _every_sample()
    magnitude = np.minimum((np.where(linear < 0, ~linear, linear) >> 2) + _BIAS, 0x1FFF)
    segment = np.floor(np.log2(magnitude >> 5)).astype(np.int32) + 1
    code = ((8 - segment) << 4) | (0xF - ((magnitude >> segment) & 0xF))
    coded: Codes = np.where(linear >= 0, code | 0x80, code).astype(np.uint8)
    return coded


def _expand_mu() -> Pcm:
    code = np.arange(256, dtype=np.int32)
    inverted = ~code & 0xFF
    exponent, mantissa = (inverted >> 4) & 7, inverted & 0xF
    step = 4 << (exponent + 1)
    magnitude = (0x80 << exponent) + step * mantissa + step // 2 - 4 * _BIAS
    return np.where(code < 0x80, -magnitude, magnitude).astype(np.int16)


def _compress_a() -> Codes:
    linear = _every_sample()
    magnitude = np.where(linear < 0, ~linear, linear) >> 4  # eleven bits
    segment = np.maximum(np.floor(np.log2(np.maximum(magnitude, 1))).astype(np.int32) - 3, 0)
    mantissa = np.where(segment > 0, (magnitude >> np.maximum(segment - 1, 0)) - 16, magnitude)
    code = (segment << 4) + mantissa
    coded: Codes = (np.where(linear >= 0, code | 0x80, code) ^ _TURNED).astype(np.uint8)
    return coded


def _expand_a() -> Pcm:
    code = np.arange(256, dtype=np.int32)
    plain = (code ^ _TURNED) & 0x7F
    segment, mantissa = plain >> 4, plain & 0xF
    magnitude = ((np.where(segment > 0, mantissa + 16, mantissa) << 4) + 8) << np.maximum(segment - 1, 0)
    sound: Pcm = np.where(code > 127, magnitude, -magnitude).astype(np.int16)
    return sound


MU = Law(_compress_mu(), _expand_mu(), 0xFF)
A = Law(_compress_a(), _expand_a(), 0xD5)
