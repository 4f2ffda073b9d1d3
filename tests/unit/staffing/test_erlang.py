"""Erlang's formulas against published values, exact fractions, and each other."""

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hearthline.staffing.model import (
    agents_needed,
    erlang_b,
    erlang_c,
    seats,
    service_level,
    service_level_with_patience,
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


def blocked_exactly(load: int, agents: int) -> Fraction:
    terms = [Fraction(load) ** n / math.factorial(n) for n in range(agents + 1)]
    return terms[-1] / sum(terms)


@pytest.mark.parametrize(("load", "agents"), [(1, 1), (3, 4), (7, 9), (20, 22), (60, 55)])
def test_the_recursion_is_the_sum_it_stands_for(load: int, agents: int) -> None:
    exact = blocked_exactly(load, agents)
    assert erlang_b(load, agents) == pytest.approx(float(exact), rel=1e-12)
    if load < agents:
        waits = agents * exact / (agents - load * (1 - exact))
        assert erlang_c(load, agents) == pytest.approx(float(waits), rel=1e-12)


@pytest.mark.parametrize(("load", "agents"), [(1, 1), (4, 3), (10, 10), (30, 34)])
def test_where_patience_is_as_long_as_a_call_the_number_present_is_poisson(load: int, agents: int) -> None:
    below = math.exp(-load) * float(sum(Fraction(load) ** n / math.factorial(n) for n in range(agents)))
    assert with_patience(load, agents, 60, 60).waits == pytest.approx(1 - below, rel=1e-10)


@given(st.floats(0.5, 200), st.integers(1, 200), st.floats(5, 600))
def test_with_time_enough_all_are_answered_who_do_not_give_up(load: float, agents: int, patience: float) -> None:
    found = with_patience(load, agents, 60, patience)
    in_the_end = service_level_with_patience(load, agents, 60, patience, 1e9)
    assert in_the_end == pytest.approx(1 - found.abandons, abs=1e-8)
    # Giving up happens at one rate: so the mean wait is the share that gives up, in patiences.
    assert found.mean_wait == pytest.approx(patience * found.abandons, rel=1e-6, abs=1e-9)
    assert 0 <= found.asa * (1 - found.abandons) <= found.mean_wait


@given(st.floats(0.5, 60), st.integers(1, 80), st.floats(0, 120))
def test_with_endless_patience_the_service_level_is_that_of_erlang_c(load: float, agents: int, within: float) -> None:
    if load < 0.95 * agents:
        exact = service_level(load, agents, 60, within)
        assert service_level_with_patience(load, agents, 60, 1e9, within) == pytest.approx(exact, abs=1e-5)


def test_leaving_out_who_gave_up_at_once_makes_the_service_level_better() -> None:
    all_counted = service_level_with_patience(12, 10, 180, 60, 20)
    assert all_counted < service_level_with_patience(12, 10, 180, 60, 20, short=5) < 1


def test_impatient_customers_need_fewer_agents_for_the_same_target() -> None:
    patient, impatient = agents_needed(LOAD, 180, 20, 0.8), agents_needed(LOAD, 180, 20, 0.8, patience=60)
    assert impatient < patient
    assert service_level_with_patience(LOAD, impatient, 180, 60, 20) >= 0.8
    assert service_level_with_patience(LOAD, impatient - 1, 180, 60, 20) < 0.8


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
