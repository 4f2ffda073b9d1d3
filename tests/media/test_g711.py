"""G.711, both laws both ways, against the reference coders of ITU-T G.191 written out sample by sample."""

from collections.abc import Callable

import numpy as np
import pytest

from media_edge.sound import g711
from media_edge.sound.g711 import Law

EVERY_SAMPLE = np.arange(-32768, 32768, dtype=np.int16)


def mu_compress(linear: int) -> int:
    """``ulaw_compress`` of G.191, in its own steps."""
    magnitude = ((~linear) >> 2) + 33 if linear < 0 else (linear >> 2) + 33
    magnitude = min(magnitude, 0x1FFF)
    rest, segment = magnitude >> 6, 1
    while rest != 0:
        segment += 1
        rest >>= 1
    code = ((0x8 - segment) << 4) | (0xF - ((magnitude >> segment) & 0xF))
    return code | 0x80 if linear >= 0 else code


def mu_expand(code: int) -> int:
    """``ulaw_expand`` of G.191."""
    sign = -1 if code < 0x80 else 1
    mantissa = ~code
    exponent = (mantissa >> 4) & 0x7
    mantissa &= 0xF
    step = 4 << (exponent + 1)
    return sign * ((0x80 << exponent) + step * mantissa + step // 2 - 4 * 33)


def a_compress(linear: int) -> int:
    """``alaw_compress`` of G.191: a magnitude of eleven bits, its leading bit gone, even bits inverted."""
    code = (~linear) >> 4 if linear < 0 else linear >> 4
    if code > 15:
        exponent = 1
        while code > 16 + 15:
            code >>= 1
            exponent += 1
        code = code - 16 + (exponent << 4)
    return (code | 0x80 if linear >= 0 else code) ^ 0x55


def a_expand(code: int) -> int:
    """``alaw_expand`` of G.191."""
    turned = (code ^ 0x55) & 0x7F
    exponent, mantissa = turned >> 4, turned & 0xF
    mantissa += 16 if exponent > 0 else 0
    mantissa = (mantissa << 4) + 8
    mantissa <<= max(exponent - 1, 0)
    return mantissa if code > 127 else -mantissa


@pytest.mark.parametrize(("law", "reference"), [(g711.MU, mu_compress), (g711.A, a_compress)])
def test_every_sample_is_coded_as_the_reference_does(law: Law, reference: Callable[[int], int]) -> None:
    assert list(law.encode(EVERY_SAMPLE)) == [reference(int(sample)) for sample in EVERY_SAMPLE]


@pytest.mark.parametrize(("law", "reference"), [(g711.MU, mu_expand), (g711.A, a_expand)])
def test_every_code_is_decoded_as_the_reference_does(law: Law, reference: Callable[[int], int]) -> None:
    assert law.decode(bytes(range(256))).tolist() == [reference(code) for code in range(256)]


@pytest.mark.parametrize(("law", "lowest"), [(g711.MU, 0), (g711.A, 8)])
def test_silence_is_the_lowest_step_of_its_law(law: Law, lowest: int) -> None:
    assert law.decode(bytes([law.silence])).tolist() == [lowest]
    assert law.encode(np.zeros(1, np.int16)) == bytes([law.silence])


@pytest.mark.parametrize("law", [g711.MU, g711.A])
def test_a_code_survives_the_way_there_and_back(law: Law) -> None:
    codes = bytes(range(256))
    twice = law.encode(law.decode(codes))
    # Of mu-law's two zeros the negative one comes back as the positive.
    assert [one for one, other in zip(codes, twice, strict=True) if one != other] in ([], [0x7F])
