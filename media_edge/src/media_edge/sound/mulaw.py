"""ITU-T G.711 mu-law, bit for bit as the reference coder of ITU-T G.191 (``ulaw_compress``, ``ulaw_expand``).

Tables, because ``audioop`` is gone from Python 3.13 and differs from the reference on 508 inputs.
"""

import numpy as np
import numpy.typing as npt

from media_edge.sound.pcm import Pcm

SILENCE = 0xFF
_BIAS = 33  # of the 14-bit magnitude


def _compress_all() -> npt.NDArray[np.uint8]:
    """The code of every int16, at the index of its bits as uint16."""
    linear = np.arange(65536, dtype=np.uint16).view(np.int16).astype(np.int32)
    magnitude = np.minimum((np.where(linear < 0, ~linear, linear) >> 2) + _BIAS, 0x1FFF)
    segment = np.floor(np.log2(magnitude >> 5)).astype(np.int32) + 1
    code = ((8 - segment) << 4) | (0xF - ((magnitude >> segment) & 0xF))
    coded: npt.NDArray[np.uint8] = np.where(linear >= 0, code | 0x80, code).astype(np.uint8)
    return coded


def _expand_all() -> Pcm:
    code = np.arange(256, dtype=np.int32)
    inverted = ~code & 0xFF
    exponent, mantissa = (inverted >> 4) & 7, inverted & 0xF
    step = 4 << (exponent + 1)
    magnitude = (0x80 << exponent) + step * mantissa + step // 2 - 4 * _BIAS
    return np.where(code < 0x80, -magnitude, magnitude).astype(np.int16)


_COMPRESS = _compress_all()
_EXPAND = _expand_all()


def encode(pcm: Pcm) -> bytes:
    """One byte a sample."""
    return _COMPRESS[pcm.view(np.uint16)].tobytes()


def decode(codes: bytes) -> Pcm:
    """One int16 sample a byte."""
    return _EXPAND[np.frombuffer(codes, np.uint8)]
