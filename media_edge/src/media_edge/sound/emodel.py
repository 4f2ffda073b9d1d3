"""The E-model: how good a conversation sounds, from what was measured of its way (ITU-T G.107 06/2015).

Names are the recommendation's own, values its defaults (table 2). Decibels where the recommendation has them, delays
in ms one way, ``Ppl`` in percent. Narrow band: 93.2 is the best, for wide-band sound too, so that legs compare.
"""

import math
from dataclasses import dataclass
from typing import Final

NC, NFOR, PS, PR = -70.0, -64.0, 35.0, 35.0  # noise: circuit, floor at the receiver, both rooms
DS, DR, STMR, QDU = 3.0, 3.0, 15.0, 1.0
SLR, RLR, TELR, WEPL = 8.0, 2.0, 65.0, 110.0
MT, ST = 100.0, 1.0  # least noticed delay in ms, sensitivity: default class of delay
OLR = SLR + RLR


@dataclass(frozen=True, slots=True)
class Codec:
    """Impairment without loss, and robustness against random loss (ITU-T G.113 appendix I)."""

    Ie: float
    Bpl: float


G711: Final = Codec(0.0, 4.3)
G711_CONCEALED: Final = Codec(0.0, 25.1)
G729A: Final = Codec(11.0, 19.0)
OPUS: Final = Codec(2.0, 23.0)
"""Our assumption, for G.113 has no Opus: at 24 kbit/s with FEC and concealment our PESQ is 4.36 clean, 3.36 at 10 %
and 2.33 at 20 % of random loss; the formula of Ie-eff through these points."""


def rating(*, Ta: float, codec: Codec, Ppl: float = 0.0, BurstR: float = 1.0) -> float:  # noqa: N803 -- G.107's names
    """R, 0 to 100. ``Ta`` is the absolute delay one way; the echo's way is taken as long (T = Ta, Tr = 2T)."""
    no = _noise()
    ro = 15 - 1.5 * (SLR + no)
    impaired = _simultaneous(no, ro, Ta) + _delayed(no, ro, Ta) + effective_impairment(codec, Ppl, BurstR)
    return max(0.0, min(100.0, ro - impaired))


def effective_impairment(codec: Codec, Ppl: float, BurstR: float = 1.0) -> float:  # noqa: N803 -- G.107's names
    """Ie-eff (clause 7.5): loss hurts more the longer its bursts."""
    if Ppl <= 0:
        return codec.Ie
    return codec.Ie + (95 - codec.Ie) * Ppl / (Ppl / max(1.0, BurstR) + codec.Bpl)


def mos(r: float) -> float:
    """The mean opinion that a rating stands for, 1 to 4.5 (annex B)."""
    if r <= 0:
        return 1.0
    if r >= 100:
        return 4.5
    return max(1.0, 1 + 0.035 * r + r * (r - 60) * (100 - r) * 7e-6)


def _noise() -> float:
    """No (clause 7.2): all noise at the 0 dBr point, dBm0p."""
    sender = PS - SLR - DS - 100 + 0.004 * (PS - OLR - DS - 14) ** 2
    effective = PR + 10 * math.log10(1 + 10 ** ((10 - (STMR + DR)) / 10))
    receiver = RLR - 121 + effective + 0.008 * (effective - 35) ** 2
    return 10 * math.log10(sum(10 ** (each / 10) for each in (NC, sender, receiver, NFOR + RLR)))


def _simultaneous(no: float, ro: float, T: float) -> float:  # noqa: N803 -- G.107's names
    """Is (clause 7.3): too loud, sidetone, quantising."""
    x = OLR + 0.2 * (64 + no - RLR)
    loud: float = 20 * ((1 + (x / 8) ** 8) ** (1 / 8) - x / 8)
    heard = -10 * math.log10(10 ** (-STMR / 10) + math.exp(-T / 4) * 10 ** (-TELR / 10))
    side: float = (
        12 * (1 + ((heard - 13) / 6) ** 8) ** (1 / 8)
        - 28 * (1 + ((heard + 1) / 19.4) ** 35) ** (1 / 35)
        - 13 * (1 + ((heard - 3) / 33) ** 13) ** (1 / 13)
        + 29
    )
    q = 37 - 15 * math.log10(QDU)
    g = 1.07 + 0.258 * q + 0.0602 * q * q
    y, z = (ro - 100) / 15 + 46 / 8.4 - g / 9, 46 / 30 - g / 40
    return loud + side + 15 * math.log10(1 + math.pow(10, y) + math.pow(10, z))


def _delayed(no: float, ro: float, T: float) -> float:  # noqa: N803 -- G.107's names
    """Id (clause 7.4): echo at the talker, echo at the listener, and that answers come late."""
    terv = TELR - 40 * math.log10((1 + T / 10) / (1 + T / 150)) + 6 * math.exp(-0.3 * T * T)
    apart = -1.5 * (no - RLR) - (80 + 2.5 * (terv - 14))
    talker = (apart / 2 + math.sqrt(apart * apart / 4 + 100) - 1) * (1 - math.exp(-T))
    apart = ro - 10.5 * (WEPL + 7) * math.pow(2 * T + 1, -0.25)
    listener: float = apart / 2 + math.sqrt(apart * apart / 4 + 169)
    return talker + listener + _late(T)


def _late(Ta: float) -> float:  # noqa: N803 -- G.107's names
    if Ta <= MT:
        return 0.0
    x, s = math.log2(Ta / MT), 6 * ST
    return 25 * (math.pow(1 + math.pow(x, s), 1 / s) - 3 * math.pow(1 + math.pow(x / 3, s), 1 / s) + 2)
