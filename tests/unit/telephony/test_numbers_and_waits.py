"""Numbers as callers key them and as people may see them; what a waiting caller is told."""

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hearthline.telephony.model import (
    Told,
    contact_id,
    e164,
    expected_wait,
    is_e164,
    last_digits,
    mask_number,
    minutes_said,
    say_next,
    where_to,
)


@pytest.mark.parametrize(
    ("number", "shown"),
    [("+8613812348001", "138****8001"), ("+14155550123", "141****0123"), ("+862150008000", "215****8000"),
     ("", ""), ("anonymous", ""), ("12345", "****45"), ("1", "****")],
)  # fmt: skip
def test_a_number_is_shown_without_its_middle(number: str, shown: str) -> None:
    assert mask_number(number) == shown


@given(st.from_regex(r"\+[1-9][0-9]{8,14}", fullmatch=True))
def test_no_masked_number_shows_more_than_seven_digits(number: str) -> None:
    assert sum(c.isdigit() for c in mask_number(number)) <= 7


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("13812348001", "+8613812348001"), ("138 1234 8001", "+8613812348001"), ("02150008000", "+862150008000"),
     ("008613812348001", "+8613812348001"), ("+14155550123", "+14155550123"), ("110", ""), ("1", ""), ("", ""),
     ("12812348001", ""), ("+0123456789", ""), ("13812348001x", ""),
     ("+8613812348001999999", ""), ("１３８１２３４８００１", "")],
)  # fmt: skip
def test_a_keyed_number_becomes_an_international_one_or_none(typed: str, meant: str) -> None:
    assert e164(typed) == meant


@given(st.text(max_size=30))
def test_whatever_is_typed_only_an_international_number_comes_out(typed: str) -> None:
    assert e164(typed) == "" or is_e164(e164(typed))


def test_the_last_digits_are_what_people_know_a_number_by() -> None:
    assert last_digits("+8613812348001") == "8001"


@pytest.mark.parametrize(("position", "free", "seconds"), [(1, 1, 0), (1, 0, 90), (4, 0, 360), (4, 3, 90), (1, 5, 0)])
def test_the_expected_wait_grows_by_place_and_shrinks_by_free_agents(position: int, free: int, seconds: int) -> None:
    assert expected_wait(position, free, 90_000) == seconds


@pytest.mark.parametrize(("seconds", "minutes"), [(0, 1), (1, 1), (60, 1), (61, 2), (1_800, 30), (10_000, 31)])
def test_a_wait_is_told_in_whole_minutes_and_beyond_half_an_hour_as_more(seconds: int, minutes: int) -> None:
    assert minutes_said(seconds) == minutes


@given(st.lists(st.tuples(st.integers(1, 500), st.integers(0, 9_000)), min_size=1, max_size=20))
def test_neither_place_nor_wait_told_is_ever_worse_than_before(looks: list[tuple[int, int]]) -> None:
    told = Told()
    for place, seconds in looks:
        now = say_next(place, seconds, at_entry=0, before=told)
        assert now.position <= (told.position or now.position)
        assert now.minutes <= (told.minutes or now.minutes)
        assert Told.read(str(now)) == now
        told = now


def test_an_address_of_an_older_release_says_the_place_alone() -> None:
    assert Told.read("3") == Told(3, 0)


def test_the_same_call_is_the_same_contact_and_another_stack_has_others() -> None:
    one, two = str(uuid.UUID(int=1)), str(uuid.UUID(int=2))
    assert contact_id(one, "CA1") == contact_id(one, "CA1")
    assert contact_id(one, "CA1") != contact_id(two, "CA1")


@pytest.mark.parametrize(
    ("state", "place"),
    [("connecting", "join"), ("connected", "join"), ("held", "join"), ("queued", "wait"), ("offered", "wait"),
     ("callback_promised", "wait"), ("wrap_up", "goodbye"), ("closed", "goodbye"), ("abandoned", "goodbye")],
)  # fmt: skip
def test_a_caller_whose_sound_ended_goes_where_the_contact_is(state: str, place: str) -> None:
    assert where_to(state) == place
