"""Intervals of the benches: Student's t against published quantiles."""

import pytest

from tests.bench.student import interval, quantile


@pytest.mark.parametrize(
    ("confidence", "freedom", "published"),
    [(0.95, 1, 12.706), (0.95, 7, 2.365), (0.95, 9, 2.262), (0.99, 9, 3.250), (0.999, 9, 4.781), (0.95, 100, 1.984)],
)
def test_quantiles_are_those_of_the_tables(confidence: float, freedom: int, published: float) -> None:
    assert quantile(confidence, freedom) == pytest.approx(published, abs=0.0006)


def test_an_interval_is_as_wide_as_its_runs_differ() -> None:
    assert interval([3.0, 3.0, 3.0]) == (3.0, 0.0)
    middle, half = interval([1.0, 2.0, 3.0])
    assert middle == 2.0
    assert half == pytest.approx(4.303 / 3**0.5, abs=0.001)
