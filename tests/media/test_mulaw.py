"""G.711 mu-law, against the reference coder of ITU-T G.191 written out sample by sample."""

import numpy as np

from media_edge.sound import mulaw


def reference_encode(linear: int) -> int:
    """``ulaw_compress`` of G.191, in its own steps."""
    magnitude = ((~linear) >> 2) + 33 if linear < 0 else (linear >> 2) + 33
    magnitude = min(magnitude, 0x1FFF)
    rest, segment = magnitude >> 6, 1
    while rest != 0:
        segment += 1
        rest >>= 1
    code = ((0x8 - segment) << 4) | (0xF - ((magnitude >> segment) & 0xF))
    return code | 0x80 if linear >= 0 else code


def reference_decode(code: int) -> int:
    """``ulaw_expand`` of G.191."""
    sign = -1 if code < 0x80 else 1
    mantissa = ~code
    exponent = (mantissa >> 4) & 0x7
    mantissa &= 0xF
    step = 4 << (exponent + 1)
    return sign * ((0x80 << exponent) + step * mantissa + step // 2 - 4 * 33)


def test_every_sample_is_coded_as_the_reference_does() -> None:
    every = np.arange(-32768, 32768, dtype=np.int16)
    assert list(mulaw.encode(every)) == [reference_encode(int(sample)) for sample in every]


def test_every_code_is_decoded_as_the_reference_does() -> None:
    assert mulaw.decode(bytes(range(256))).tolist() == [reference_decode(code) for code in range(256)]


def test_silence_is_silent() -> None:
    assert mulaw.decode(bytes([mulaw.SILENCE])).tolist() == [0]
