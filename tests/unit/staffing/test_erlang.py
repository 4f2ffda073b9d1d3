"""Erlang's formulas against published values, exact fractions, and each other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hearthline.staffing.model import (
    agents_needed,
    erlang_b,
    erlang_c,
    seats,
    service_level,
    with_patience,
    without_patience,
)

LOAD = 100 / 1800 * 180


def test_exact_fractions() -> None:
    assert erlang_b(1, 2) == pytest.approx(1 / 5)
    assert erlang_c(1, 2) == pytest.approx(1 / 3)
    assert erlang_c(2, 3) == pytest.approx(4 / 9)


def test_a_hundred_calls_in_half_an_hour_and_fourteen_agents() -> None:
    found = without_patience(LOAD, 14, 180)
    assert found.waits == pytest.approx(0.1741319336, abs=1e-9)
    assert service_level(LOAD, 14, 180, 20) == pytest.approx(0.8883500192, abs=1e-9)
    assert found.mean_wait == pytest.approx(7.835937, abs=1e-6)
    assert found.occupancy == pytest.approx(0.7142857, abs=1e-7)
    assert seats(14, 0.30) == 20
    assert erlang_c(LOAD, 11) == pytest.approx(0.6821182, abs=1e-7)


def test_fifty_agents_and_customers_with_two_minutes_of_patience() -> None:
    found = with_patience(48, 50, 60, 120)
    assert round(found.abandons, 3) == 0.031
    assert round(found.mean_wait, 1) == 3.7
    assert round(found.occupancy, 2) == 0.93


@given(st.floats(0.5, 60), st.integers(1, 80))
def test_endless_patience_is_erlang_c(load: float, agents: int) -> None:
    if load < 0.95 * agents:
        patient, exact = with_patience(load, agents, 60, 1e9), without_patience(load, agents, 60)
        assert patient.waits == pytest.approx(exact.waits, rel=1e-4, abs=1e-9)
        assert patient.mean_wait == pytest.approx(exact.mean_wait, rel=1e-3, abs=1e-6)


@given(st.floats(0.5, 300), st.integers(1, 300), st.floats(1, 600))
def test_who_comes_is_served_or_gives_up(load: float, agents: int, patience: float) -> None:
    found = with_patience(load, agents, 60, patience)
    assert found.occupancy * agents == pytest.approx(load * (1 - found.abandons), rel=1e-6)
    assert 0 <= found.abandons <= 1


@given(st.floats(0.5, 200), st.floats(0.5, 0.99))
def test_one_agent_fewer_would_miss_the_target(load: float, target: float) -> None:
    needed = agents_needed(load, 180, 20, target)
    assert service_level(load, needed, 180, 20) >= target
    assert needed == 1 or service_level(load, needed - 1, 180, 20) < target


def test_ten_thousand_agents_are_no_trouble() -> None:
    assert 0 < erlang_c(9_900, 10_000) < 1
    assert with_patience(10_500, 10_000, 300, 60).occupancy == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize(("load", "agents"), [(0, 1), (-1, 1), (1, 0), (1, 10**6)])
def test_what_makes_no_queue_is_refused(load: float, agents: int) -> None:
    with pytest.raises(ValueError, match="agents"):
        erlang_b(load, agents)


def test_too_high_a_load_has_no_balance_without_patience() -> None:
    assert erlang_c(5, 4) == 1.0
    assert service_level(5, 4, 60, 20) == 0.0
    with pytest.raises(ValueError, match="without end"):
        without_patience(5, 4, 60)


def test_a_line_that_would_grow_without_end_is_refused() -> None:
    with pytest.raises(ValueError, match="beyond"):
        with_patience(60, 45, 60, 1e9)
