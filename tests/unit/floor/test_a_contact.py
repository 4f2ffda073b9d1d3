"""What callers and agents may rely on while a contact lives."""

import pytest

from hearthline.events.word import Actor
from hearthline.floor.errors import BusyAgentError, IllegalMoveError, OfferGoneError, UnknownError
from tests.shift import CALLER, Shift

ANA = Actor(kind="agent", id="ana")


@pytest.fixture
def shift() -> Shift:
    return Shift()


def test_a_call_from_arrival_to_close_leaves_every_step_in_the_ledger(shift: Shift) -> None:
    shift.talking("call-1", "ana")
    shift.floor.hold("call-1", "ana", ANA)
    shift.floor.resume("call-1", "ana", ANA)
    shift.floor.end_contact("call-1", by="caller", actor=CALLER)
    shift.floor.end_wrapup("call-1", "ana", by="agent", actor=ANA, code="solved")
    assert shift.story("call-1") == [
        "ContactArrived",
        "ContactQueued",
        "ContactOffered",
        "OfferAccepted",
        "ContactConnected",
        "ContactHeld",
        "ContactResumed",
        "ContactEnded",
        "WrapUpEnded",
    ]
    assert (shift.state_of("call-1").state, shift.who("ana").state) == ("closed", "available")


def test_the_same_arrival_twice_is_one_contact(shift: Shift) -> None:
    first = shift.floor.arrive("call-1", channel="phone", call_sid="CA1", actor=CALLER)
    again = shift.floor.arrive("call-1", channel="phone", call_sid="CA1", actor=CALLER)
    assert first is not None
    assert again is None
    assert shift.floor.contact_of("CA1") == "call-1"


def test_a_contact_queued_twice_keeps_its_first_place(shift: Shift) -> None:
    shift.contact("call-1")
    before = shift.places()
    shift.later(5)
    again = shift.floor.enqueue("call-1", matter="billing", queue="billing", lang="en", actor=CALLER)
    assert again is None
    assert shift.places() == before


def test_a_caller_who_hangs_up_while_waiting_is_abandoned_and_leaves_no_place(shift: Shift) -> None:
    shift.contact("call-1")
    step = shift.floor.end_contact("call-1", by="caller", actor=CALLER)
    assert step is not None
    assert (shift.state_of("call-1").state, step.event.data["outcome"]) == ("abandoned", "abandoned")
    assert shift.places() == []


def test_a_caller_who_hangs_up_while_it_rings_frees_the_agent_where_he_stood_in_line(shift: Shift) -> None:
    shift.agent("ana")
    idle_since = shift.who("ana").idle_since
    shift.contact("call-1")
    shift.run()
    offer = shift.state_of("call-1").offer
    shift.later(3)
    shift.floor.end_contact("call-1", by="caller", actor=CALLER)
    ana = shift.who("ana")
    assert (ana.state, ana.idle_since, ana.contact, ana.offer) == ("available", idle_since, "", "")
    assert shift.floor.offer(offer).state == "withdrawn"  # type: ignore[union-attr]  # it was made
    assert len(shift.slots()) == 1
    with pytest.raises(OfferGoneError):
        shift.floor.accept(offer, "ana", "edge-a", ANA)


def test_the_second_report_of_the_end_changes_nothing(shift: Shift) -> None:
    shift.talking()
    assert shift.floor.end_contact("call-1", by="agent", actor=ANA) is not None
    ended = shift.state_of("call-1")
    assert shift.floor.end_contact("call-1", by="caller", actor=CALLER) is None
    assert shift.state_of("call-1") == ended


def test_an_unanswered_offer_gives_the_contact_its_old_place_and_the_agent_missed(shift: Shift) -> None:
    offer = shift.ringing()
    queued_at = shift.state_of("call-1").queued_at
    shift.later(15)
    shift.floor.lapse(offer, "timed_out")
    contact, ana = shift.state_of("call-1"), shift.who("ana")
    assert (contact.state, contact.queued_at, contact.offer, contact.agent) == ("queued", queued_at, "", "")
    assert (ana.state, ana.reason, ana.contact) == ("not_ready", "missed", "")
    assert shift.slots() == []


def test_an_offer_is_answered_once(shift: Shift) -> None:
    offer = shift.ringing()
    shift.floor.accept(offer, "ana", "edge-a", ANA)
    assert shift.floor.lapse(offer, "timed_out") is None
    with pytest.raises(OfferGoneError):
        shift.floor.accept(offer, "ana", "edge-a", ANA)


def test_nobody_accepts_the_offer_of_another(shift: Shift) -> None:
    offer = shift.ringing()
    with pytest.raises(OfferGoneError):
        shift.floor.accept(offer, "bo", "edge-a", Actor(kind="agent", id="bo"))


def test_a_promised_callback_keeps_its_place_and_outlives_the_hang_up(shift: Shift) -> None:
    shift.contact("call-1")
    shift.later(30)
    shift.contact("call-2")
    shift.floor.promise_callback("call-1", number="sealed", actor=CALLER)
    assert shift.floor.end_contact("call-1", by="caller", actor=CALLER) is None
    assert shift.state_of("call-1").state == "callback_promised"
    assert [each.contact for each in shift.floor.first_waiting("broadband", "zh", 10)] == ["call-1", "call-2"]


def test_a_promised_callback_rings_an_agent_like_any_other(shift: Shift) -> None:
    shift.contact("call-1")
    shift.floor.promise_callback("call-1", number="sealed", actor=CALLER)
    shift.agent("ana")
    shift.deliver_for("call-1", "ContactQueued")
    shift.run()
    assert shift.state_of("call-1").state == "offered"
    shift.floor.lapse(shift.state_of("call-1").offer, "declined")
    assert shift.state_of("call-1").state == "callback_promised"


def test_a_caller_whose_agent_was_lost_goes_to_the_head_of_the_queue_with_the_wait_kept(shift: Shift) -> None:
    shift.talking("call-1", "ana")
    queued_at = shift.state_of("call-1").queued_at
    shift.later(60)
    shift.contact("call-2")
    shift.floor.requeue("call-1", "agent_lost")
    assert [each.contact for each in shift.floor.first_waiting("broadband", "zh", 10)] == ["call-1", "call-2"]
    assert shift.state_of("call-1").queued_at == queued_at
    assert (shift.who("ana").state, shift.who("ana").reason) == ("offline", "agent_lost")


def test_hold_time_is_counted_even_when_the_caller_hangs_up_on_hold(shift: Shift) -> None:
    shift.talking()
    shift.floor.hold("call-1", "ana", ANA)
    shift.later(12)
    shift.floor.end_contact("call-1", by="caller", actor=CALLER)
    assert shift.state_of("call-1").held_ms == 12_000


def test_only_the_agent_on_the_contact_holds_it(shift: Shift) -> None:
    shift.talking()
    with pytest.raises(UnknownError):
        shift.floor.hold("call-1", "bo", Actor(kind="agent", id="bo"))


def test_a_contact_without_sound_yet_cannot_be_held(shift: Shift) -> None:
    shift.floor.accept(shift.ringing(), "ana", "edge-a", ANA)
    with pytest.raises(IllegalMoveError):
        shift.floor.hold("call-1", "ana", ANA)


def test_an_agent_whose_screen_rings_answers_that_first(shift: Shift) -> None:
    shift.ringing()
    with pytest.raises(BusyAgentError):
        shift.floor.set_status("ana", "not_ready", "break")


def test_a_break_asked_for_during_a_call_begins_after_wrap_up(shift: Shift) -> None:
    shift.talking()
    shift.floor.set_status("ana", "not_ready", "break")
    assert shift.who("ana").state == "on_contact"
    shift.floor.end_contact("call-1", by="caller", actor=CALLER)
    shift.floor.end_wrapup("call-1", "ana", by="clock", actor=ANA)
    assert (shift.who("ana").state, shift.who("ana").reason) == ("not_ready", "break")
    assert shift.slots() == []


def test_new_queues_of_an_available_agent_move_his_slots_with_them(shift: Shift) -> None:
    shift.agent("ana", queues={"broadband": 3, "billing": 2})
    shift.floor.enlist("ana", queues={"billing": 4}, skills={"zh": 5, "en": 3})
    assert [key.pk for key in shift.slots()] == ["Q#billing#zh.0", "Q#billing#en.0"]


def test_a_carrier_is_told_once_for_each_accepted_offer(shift: Shift) -> None:
    offer = shift.ringing()
    shift.floor.accept(offer, "ana", "edge-a", ANA)
    assert shift.floor.carrier_told("call-1", offer)
    assert not shift.floor.carrier_told("call-1", offer)


def test_an_end_in_the_menu_is_not_an_abandoned_wait(shift: Shift) -> None:
    shift.floor.arrive("call-1", channel="phone", actor=CALLER)
    step = shift.floor.end_contact("call-1", by="caller", actor=CALLER)
    assert step is not None
    assert step.event.data["outcome"] == "left_in_menu"


def test_calls_of_the_day_are_counted_on_the_companys_date(shift: Shift) -> None:
    shift.talking()
    shift.floor.end_contact("call-1", by="caller", actor=CALLER)
    assert (shift.who("ana").handled, shift.who("ana").handled_day) == (1, "2025-10-09")


def test_a_callback_that_was_talked_ends_although_the_answer_to_its_dialling_was_lost(shift: Shift) -> None:
    shift.agent("ana")
    shift.contact("call-1")
    shift.floor.promise_callback("call-1", number="sealed", actor=CALLER)
    shift.run()
    shift.floor.accept(shift.state_of("call-1").offer, "ana", "edge-a", Actor(kind="agent", id="ana"))
    shift.floor.connected("call-1", "edge-a")
    assert shift.state_of("call-1").call_sid == ""
    shift.floor.end_contact("call-1", by="caller", actor=CALLER)
    assert (shift.state_of("call-1").state, shift.who("ana").state) == ("wrap_up", "wrap_up")
