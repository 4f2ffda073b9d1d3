"""Where theory is exact, the real floor and routing must land on it: a short form of `make bench NAME=erlang`."""

import pytest

from tests.bench.erlang import Case, measured


@pytest.mark.parametrize("case", [Case(2, 3, 60), Case(12, 10, 180, 60)], ids=["Erlang C", "Erlang A"])
def test_waiting_lands_on_the_exact_formula(case: Case) -> None:
    found = measured(case, first_seed=77, calls=900, confidence=0.999)
    for name, exact in case.exact.items():
        value, half = found[name]
        assert abs(value - exact) <= half, f"{name}: {value} +- {half}, exactly {exact}"
        assert half < exact, f"{name}: an interval of {half} says nothing"
