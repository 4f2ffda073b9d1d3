"""Everything that waits has an end: ring, joining of sound, wrap-up, a lost screen, and the sweep behind them all."""

import pytest

from hearthline.events.connection_lost import ConnectionLost
from hearthline.events.word import Actor, Envelope
from tests.shift import CALLER, Shift

ANA = Actor(kind="agent", id="ana")


@pytest.fixture
def shift() -> Shift:
    return Shift()


def event(shift: Shift, subject: str, kind: str) -> Envelope:
    return next(each for each in reversed(shift.ledger(subject)) if each.type == kind)


def lost(shift: Shift, person: str) -> Envelope:
    word = ConnectionLost(person=person, connection=f"screen-{person}")
    return Envelope.around(word, id="X#1", tenant="demo", at=shift.effects.clock.now(), actor=Actor(kind="system"))


def test_an_unanswered_ring_goes_to_the_next_agent(shift: Shift) -> None:
    shift.ringing("call-1", "ana")
    shift.agent("bo")
    shift.later(15)
    shift.still_here("bo")
    assert shift.deliver("expire", event(shift, "call-1", "ContactOffered")) == []
    shift.run()
    assert (shift.state_of("call-1").agent, shift.who("ana").reason) == ("bo", "missed")


def test_a_reminder_that_comes_early_comes_again(shift: Shift) -> None:
    shift.ringing("call-1", "ana")
    shift.later(5)
    shift.deliver("expire", event(shift, "call-1", "ContactOffered"))
    assert shift.state_of("call-1").state == "offered"
    assert [sent.delay for sent in shift.messages("expire")] == [15, 10]


def test_a_reminder_delivered_twice_lapses_one_offer(shift: Shift) -> None:
    shift.ringing("call-1", "ana")
    reminder = event(shift, "call-1", "ContactOffered")
    shift.later(15)
    shift.deliver("expire", reminder)
    shift.agent("bo")
    shift.run()
    shift.deliver("expire", reminder)
    assert (shift.state_of("call-1").agent, shift.story("call-1").count("OfferLapsed")) == ("bo", 1)


def test_an_accepted_contact_without_sound_returns_to_the_head_of_the_queue(shift: Shift) -> None:
    shift.floor.accept(shift.ringing("call-1", "ana"), "ana", "edge-a", ANA)
    shift.later(10)
    shift.deliver("expire", event(shift, "call-1", "OfferAccepted"))
    assert (shift.state_of("call-1").state, shift.state_of("call-1").priority) == ("queued", 0)
    assert (shift.who("ana").state, shift.who("ana").reason) == ("not_ready", "media_failed")


def test_sound_that_joined_in_time_is_left_alone(shift: Shift) -> None:
    shift.talking("call-1", "ana")
    shift.later(60)
    shift.deliver("expire", event(shift, "call-1", "OfferAccepted"))
    assert shift.state_of("call-1").state == "connected"


def test_wrap_up_ends_by_itself_once_and_not_early(shift: Shift) -> None:
    shift.talking("call-1", "ana")
    shift.floor.end_contact("call-1", by="caller", actor=CALLER)
    ended = event(shift, "call-1", "ContactEnded")
    shift.later(59)
    shift.deliver("wrapup", ended)
    assert shift.who("ana").state == "wrap_up"
    shift.later(1)
    shift.deliver("wrapup", ended)
    shift.deliver("wrapup", ended)
    assert (shift.who("ana").state, shift.story("call-1").count("WrapUpEnded")) == ("available", 1)


def test_an_agent_whose_screen_closed_while_it_rang_loses_the_offer_to_the_next(shift: Shift) -> None:
    shift.ringing("call-1", "ana")
    shift.agent("bo")
    shift.later(15)
    shift.still_here("bo")
    shift.presence.close("screen-ana")
    shift.deliver("gone", lost(shift, "ana"))
    shift.run()
    assert (shift.who("ana").state, shift.state_of("call-1").agent) == ("offline", "bo")


def test_an_agent_who_came_back_in_time_stays_available(shift: Shift) -> None:
    shift.agent("ana")
    shift.presence.close("screen-ana")
    shift.presence.open("ana", "new-screen")
    shift.deliver("gone", lost(shift, "ana"))
    assert shift.who("ana").state == "available"


def test_a_lost_screen_never_cuts_a_live_call(shift: Shift) -> None:
    shift.talking("call-1", "ana")
    shift.later(30)
    shift.deliver("gone", lost(shift, "ana"))
    assert shift.state_of("call-1").state == "connected"
    shift.floor.end_contact("call-1", by="caller", actor=CALLER)
    shift.floor.end_wrapup("call-1", "ana", by="clock", actor=ANA)
    assert shift.who("ana").state == "offline"


def test_in_a_healthy_shift_the_sweep_finds_nothing(shift: Shift) -> None:
    shift.talking("call-1", "ana")
    shift.contact("call-2")
    shift.later(30)
    assert shift.sweep() == {}


@pytest.mark.parametrize(
    ("minutes", "cause"),
    [(2, "offer_expired"), (300, "offer_expired")],
)
def test_the_sweep_ends_a_ring_whose_reminder_was_lost(shift: Shift, minutes: int, cause: str) -> None:
    shift.ringing("call-1", "ana")
    shift.later(60 * minutes)
    assert shift.sweep() == {cause: 1}
    assert shift.state_of("call-1").state == "queued"


def test_the_sweep_ends_a_wrap_up_whose_reminder_was_lost(shift: Shift) -> None:
    shift.talking("call-1", "ana")
    shift.floor.end_contact("call-1", by="caller", actor=CALLER)
    shift.later(70)
    assert shift.sweep() == {"wrap_up_expired": 1}
    assert shift.state_of("call-1").state == "closed"


def test_the_sweep_returns_a_contact_whose_sound_never_joined(shift: Shift) -> None:
    shift.floor.accept(shift.ringing("call-1", "ana"), "ana", "edge-a", ANA)
    shift.later(20)
    assert shift.sweep() == {"join_expired": 1}
    assert shift.state_of("call-1").state == "queued"


def test_the_sweep_asks_again_for_who_waits_while_somebody_is_free(shift: Shift) -> None:
    shift.contact("call-1")
    shift.run()
    shift.later(50)
    shift.agent("ana")
    shift.later(11)
    shift.still_here("ana")
    assert shift.sweep() == {"waits": 1}
    shift.run()
    assert shift.state_of("call-1").agent == "ana"
    assert shift.sweep() == {}
