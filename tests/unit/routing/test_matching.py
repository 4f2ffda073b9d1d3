"""Several who wait and several who are free: what any matching must keep, against an exhaustive search."""

from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from hearthline.routing.matching import match

Table = list[list[int | None]]
SMALL = st.integers(1, 4).flatmap(
    lambda columns: st.lists(
        st.lists(st.one_of(st.none(), st.integers(0, 1_000)), min_size=columns, max_size=columns),
        min_size=1,
        max_size=4,
    )
)


def value(table: Table, found: tuple[int | None, ...]) -> tuple[tuple[bool, ...], int]:
    """Who is served, most urgent first, and then the sum of scores: what is to be the highest."""
    marks = [0 if n is None else table[row][n] or 0 for row, n in enumerate(found)]
    return tuple(n is not None for n in found), sum(marks)


def all_matchings(table: Table) -> list[tuple[int | None, ...]]:
    rows, columns = len(table), len(table[0])
    places: list[int | None] = [*range(columns), *([None] * rows)]
    return [
        found
        for found in set(permutations(places, rows))
        if all(n is None or table[row][n] is not None for row, n in enumerate(found))
    ]


@settings(max_examples=300, deadline=None)
@given(SMALL)
def test_the_most_urgent_are_served_and_of_these_ways_the_best_is_taken(table: Table) -> None:
    found = tuple(match(table))
    assert value(table, found) == max(value(table, each) for each in all_matchings(table))


@settings(max_examples=300, deadline=None)
@given(SMALL)
def test_nobody_is_matched_twice_or_with_somebody_who_does_not_fit(table: Table) -> None:
    found = match(table)
    taken = [n for n in found if n is not None]
    assert len(taken) == len(set(taken))
    assert all(table[row][n] is not None for row, n in enumerate(found) if n is not None)


def test_an_agent_who_suits_two_is_left_to_whom_nobody_else_suits() -> None:
    assert match([[900, 800], [700, None]]) == [1, 0]


def test_with_one_agent_the_most_urgent_is_served_even_if_another_suits_him_better() -> None:
    assert match([[1], [999]]) == [0, None]


def test_eight_who_wait_and_fifty_who_are_free_are_all_matched() -> None:
    table: Table = [[(row * 37 + column * 11) % 101 for column in range(50)] for row in range(8)]
    assert None not in match(table)
