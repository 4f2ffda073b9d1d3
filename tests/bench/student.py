"""Student's t, so that an interval knows how few runs it comes from."""

import math
from collections.abc import Sequence
from statistics import mean, stdev
from typing import Final

STEPS: Final = 2_000
HALVINGS: Final = 60
FAR: Final = 1_000.0


def quantile(confidence: float, freedom: int) -> float:
    """Between minus this and this lies the share ``confidence``, 0 to 1, of the distribution."""
    near, far = 0.0, FAR
    for _ in range(HALVINGS):
        middle = (near + far) / 2
        near, far = (middle, far) if _between(middle, freedom) < confidence else (near, middle)
    return (near + far) / 2


def interval(sample: Sequence[float], confidence: float = 0.95) -> tuple[float, float]:
    """The mean of independent runs, and half the width of its interval."""
    return mean(sample), quantile(confidence, len(sample) - 1) * stdev(sample) / math.sqrt(len(sample))


def _between(limit: float, freedom: int) -> float:
    """By Simpson's rule over the angle, where t = sqrt(freedom) * tan(angle): a bounded, smooth integrand."""
    end = math.atan(limit / math.sqrt(freedom))
    weights = (1 if n in (0, STEPS) else 4 if n % 2 else 2 for n in range(STEPS + 1))
    terms = (weight * math.cos(n * end / STEPS) ** (freedom - 1) for n, weight in enumerate(weights))
    scale = math.exp(math.lgamma((freedom + 1) / 2) - math.lgamma(freedom / 2)) / math.sqrt(math.pi)
    return 2 * scale * math.fsum(terms) * end / STEPS / 3
