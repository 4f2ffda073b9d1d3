"""Sums of a played day: they add up, interval by interval, and refuse to be wrong."""

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hearthline.rehearsal.counting import by_interval, of_customers, of_queue
from hearthline.rehearsal.day import Arrival, Played, Visit
from hearthline.rehearsal.fairness import jain, spearman

BEGAN = 1_760_000_000_000


def played(n: int, chance: Random) -> Played:
    at = BEGAN + chance.randrange(3_600_000)
    found = Played(Arrival(f"c-{n}", at, "broadband", "outage", "zh", 1, 1, 1), [Visit("broadband", at)])
    ended = at + chance.choice((0, 4_999, 5_000, 5_001, 20_000, 20_001, 90_000))
    if chance.random() < 0.3:
        found.visits[0].moved_at = at
        found.visits.append(Visit("billing", at))
    match chance.randrange(3):
        case 0:
            found.answered_at = ended
        case 1:
            found.left_at = ended
    return found


@given(st.integers(0, 60), st.randoms(use_true_random=False))
def test_intervals_add_up_to_the_day_and_queues_to_it_and_the_overflows(contacts: int, chance: Random) -> None:
    day = [played(n, chance) for n in range(contacts)]
    whole = of_customers(day)
    parts = list(by_interval(day, BEGAN, 900_000).values())
    added = of_customers([])
    for part in parts:
        added += part
    assert added == whole
    queues = of_queue(day, "broadband") + of_queue(day, "billing")
    assert queues.offered == whole.offered + queues.overflowed
    assert replace(queues, offered=whole.offered, overflowed=0) == whole


def test_sums_that_do_not_add_up_are_refused() -> None:
    whole = of_customers([played(n, Random(n)) for n in range(9)])
    with pytest.raises(ValueError, match="still waiting"):
        replace(whole, answered=whole.answered + 1)


def test_an_answer_after_exactly_twenty_seconds_is_in_time_and_five_seconds_are_a_short_wait() -> None:
    one = played(0, Random(0))
    answered = [replace(one, answered_at=one.arrival.at + ms, left_at=0) for ms in (20_000, 20_001)]
    left = [replace(one, answered_at=0, left_at=one.arrival.at + ms) for ms in (5_000, 5_001)]
    found = of_customers([*answered, *left])
    assert (found.in_time, found.short, found.service_level) == (1, 1, 1 / 3)


def test_fairness_is_one_for_equals_and_one_nth_when_one_does_everything() -> None:
    assert jain([3, 3, 3]) == 1
    assert jain([9, 0, 0]) == pytest.approx(1 / 3)
    assert (jain([0, 0]), jain([])) == (None, None)


def test_rank_correlation_knows_order_and_its_reverse_and_says_nothing_without_spread() -> None:
    assert spearman([(1, 10), (2, 20), (3, 21)]) == pytest.approx(1)
    assert spearman([(1, 3), (2, 2), (3, 1)]) == pytest.approx(-1)
    # Ranks 1, 2.5, 2.5, 4 and 1, 3, 2, 4, worked out by hand.
    assert spearman([(1, 1), (2, 3), (2, 2), (3, 4)]) == pytest.approx(4.5 / (4.5 * 5) ** 0.5)
    assert (spearman([(1, 1), (1, 2)]), spearman([(1, 1)])) == (None, None)
