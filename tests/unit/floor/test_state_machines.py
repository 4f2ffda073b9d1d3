"""The state machines themselves: every pair of states is either a move of the model or refused."""

from dataclasses import replace
from itertools import product
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hearthline.floor.errors import IllegalMoveError
from hearthline.floor.model import (
    AGENT_MOVES,
    CONTACT_MOVES,
    OFFER_MOVES,
    OVER,
    RETURNED_PRIORITY,
    AgentState,
    Contact,
    ContactState,
    OfferState,
    due_at,
    move_contact,
    shown_position,
    state_after_end,
)
from hearthline.floor.order import rank_of, slot_sort, waiting_sort


def contact(state: ContactState) -> Contact:
    return Contact("call-1", state, 1, "phone", "zh", arrived_at=0)


@pytest.mark.parametrize(
    ("moves", "states"), [(CONTACT_MOVES, ContactState), (AGENT_MOVES, AgentState), (OFFER_MOVES, OfferState)]
)
def test_every_state_has_its_row_and_leads_only_to_known_states(
    moves: dict[str, frozenset[str]], states: object
) -> None:
    assert set(moves) == set(get_args(states))
    assert set().union(*moves.values()) <= set(get_args(states))


@pytest.mark.parametrize(("before", "after"), list(product(get_args(ContactState), repeat=2)))
def test_a_contact_moves_only_along_the_model(before: ContactState, after: ContactState) -> None:
    if after in CONTACT_MOVES[before]:
        assert move_contact(contact(before), after) == after
    else:
        with pytest.raises(IllegalMoveError):
            move_contact(contact(before), after)


def test_from_every_open_state_the_one_exit_is_a_legal_move() -> None:
    for state in get_args(ContactState):
        if state not in OVER:
            assert state_after_end(contact(state)) in CONTACT_MOVES[state]


def test_everything_that_waits_has_an_end() -> None:
    for state in get_args(ContactState):
        due = due_at(contact(state), now=1_000, join_ms=10_000)
        assert (due is None) == (state in {"abandoned", "voicemail", "closed"})


def test_slots_sort_by_idle_time_whatever_the_level() -> None:
    slots = [slot_sort(2_000, "bo"), slot_sort(9_000, "cy"), slot_sort(1_000, "ana")]
    assert [slot.rpartition("#")[2] for slot in sorted(slots)] == ["ana", "bo", "cy"]


def place(name: str, priority: int, queued_at: int, ageing_ms: int = 60_000) -> str:
    rank = rank_of(queued_at, priority, ageing_ms)
    return waiting_sort(replace(contact("queued"), id=name, priority=priority, queued_at=queued_at, rank=rank))


def test_who_was_thrown_back_waits_before_who_just_came() -> None:
    places = [place("early", 5, 1_000), place("thrown-back", RETURNED_PRIORITY, 9_000_000)]
    assert min(places).endswith("thrown-back")


def test_of_two_equally_urgent_the_older_goes_first() -> None:
    assert place("older", 5, 1_000) < place("newer", 5, 1_001)


def test_the_urgent_overtakes_who_came_just_before() -> None:
    assert place("urgent", 1, 61_000) < place("usual", 5, 1_000)


@given(st.integers(1, 9), st.integers(1, 9), st.integers(0, 10**9), st.integers(1_000, 3_600_000))
def test_nobody_who_comes_nine_steps_of_ageing_later_overtakes(mine: int, theirs: int, at: int, step: int) -> None:
    assert place("mine", mine, at, step) < place("theirs", theirs, at + 9 * step, step)


def test_a_caller_is_never_told_a_worse_place_than_before() -> None:
    assert shown_position(7, at_entry=4) == 4
    assert shown_position(2, at_entry=4) == 2
