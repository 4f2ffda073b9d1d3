"""How long one place in a queue takes: learned from waits, bounded, forgotten after an hour."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from hearthline.floor.pace import FADES_MS, KEPT, LEAST_MS, MOST_MS, PRIOR_MS, Wait, place_ms, with_wait
from hearthline.platform.store import BusyError
from tests.shift import CALLER, Shift

NOW = 10_000_000
WAITS = st.lists(st.builds(Wait, st.integers(0, NOW), st.integers(0, 200), st.integers(0, 10**8)), max_size=40)


def test_without_experience_a_place_takes_a_minute_and_a_half() -> None:
    assert place_ms([], NOW) == PRIOR_MS


def test_twenty_waits_of_half_a_minute_a_place_outweigh_the_beginning() -> None:
    waits = [Wait(NOW - n, 4, 4 * 30_000) for n in range(KEPT)]
    assert 30_000 <= place_ms(waits, NOW) < 33_000


def test_what_was_an_hour_ago_says_nothing_of_now() -> None:
    assert place_ms([Wait(NOW - FADES_MS, 1, MOST_MS)], NOW) == PRIOR_MS


@given(WAITS)
def test_whatever_was_measured_a_place_takes_between_seconds_and_minutes(waits: list[Wait]) -> None:
    assert LEAST_MS <= place_ms(waits, NOW) <= MOST_MS


@given(WAITS, st.builds(Wait, st.integers(0, NOW), st.integers(0, 200), st.integers(0, 10**8)))
def test_only_the_last_waits_are_kept(waits: list[Wait], wait: Wait) -> None:
    kept = with_wait(waits, wait)
    assert len(kept) <= KEPT
    assert kept == sorted(kept, key=lambda each: each.at)


def waits_then_talks(seconds: float) -> Shift:
    shift = Shift()
    shift.contact("call-1")
    shift.later(seconds)
    shift.agent("ana")
    shift.run()
    shift.deliver_for("call-1", "ContactQueued")
    shift.run()
    offer = shift.state_of("call-1").offer
    shift.floor.accept(offer, "ana", "edge-a", CALLER)
    shift.floor.connected("call-1", "edge-a")
    return shift


def test_a_queue_learns_from_whom_it_answers() -> None:
    shift = waits_then_talks(600)
    assert PRIOR_MS < shift.floor.place_ms("broadband", "zh") <= 601_000
    assert shift.floor.place_ms("broadband", "en") == PRIOR_MS


def test_who_rang_at_a_free_agent_at_once_did_not_wait_in_line() -> None:
    assert waits_then_talks(1).floor.place_ms("broadband", "zh") == PRIOR_MS


def test_who_was_thrown_back_says_nothing_of_the_line() -> None:
    shift = waits_then_talks(600)
    learned = shift.floor.place_ms("broadband", "zh")
    shift.floor.requeue("call-1", "media_failed")
    shift.later(900)
    shift.agent("bo")
    shift.deliver_for("call-1", "ContactQueued")
    shift.run()
    shift.floor.accept(shift.state_of("call-1").offer, "bo", "edge-a", CALLER)
    shift.floor.connected("call-1", "edge-a")
    assert shift.floor.place_ms("broadband", "zh") == learned


def test_a_wait_that_could_not_be_noted_is_no_reason_to_lose_the_call() -> None:
    down = [False]

    def pause(name: str) -> None:
        if down[0]:
            raise BusyError(name)

    shift = Shift(pause)
    shift.talking()
    contact = shift.state_of("call-1")
    down[0] = True
    shift.floor.note_wait(replace(contact, accepted_at=contact.queued_at + 600_000))
    down[0] = False
    assert shift.floor.place_ms("broadband", "zh") == PRIOR_MS
