"""route_contact, from an SQS message to a ringing screen, on the real rooms and memory effects."""

from collections import Counter

import pytest

from functions.route_contact import app as route_contact
from hearthline.platform.store import Change, Key
from tests.shift import CALLER, Shift, deliver


class KilledError(BaseException):
    """The worker's process ends here: nothing after this line runs, nothing catches it."""


class Killer:
    """Kills at the ``at``-th effect once it is armed."""

    def __init__(self) -> None:
        self.at, self.seen = 0, 0

    def __call__(self, _: str) -> None:
        self.seen += 1
        if self.seen == self.at:
            raise KilledError


@pytest.fixture
def shift() -> Shift:
    return Shift()


def test_one_agent_rings_and_is_told_and_the_ring_will_end(shift: Shift) -> None:
    shift.ringing("call-1", "ana")
    assert (shift.state_of("call-1").state, shift.who("ana").state) == ("offered", "offered")
    assert shift.pushed == ["ContactOffered"]
    assert [(sent.queue, sent.delay) for sent in shift.messages("expire")] == [("expire", 15)]
    assert shift.slots() == shift.places() == []


def test_a_message_delivered_twice_rings_one_agent(shift: Shift) -> None:
    shift.agent("ana")
    shift.agent("bo")
    shift.contact("call-1")
    body = shift.messages("route")[-1].body
    assert deliver(route_contact, shift.effects, body, body) == []
    assert Counter(shift.who(name).state for name in ("ana", "bo")) == {"offered": 1, "available": 1}
    assert shift.story("call-1").count("ContactOffered") == 1


def test_who_waits_is_rung_when_an_agent_becomes_free(shift: Shift) -> None:
    shift.contact("call-1")
    shift.run()
    assert shift.state_of("call-1").state == "queued"
    shift.agent("ana")
    shift.queue.send("route", shift.ledger("ana")[-1])
    shift.run()
    assert (shift.state_of("call-1").state, shift.state_of("call-1").agent) == ("offered", "ana")


def test_the_longest_waiting_contact_is_rung_first_when_an_agent_becomes_free(shift: Shift) -> None:
    for name in ("first", "second"):
        shift.contact(name)
        shift.later(2)
    shift.run()
    shift.agent("ana")
    shift.queue.send("route", shift.ledger("ana")[-1])
    shift.run()
    assert (shift.state_of("first").state, shift.state_of("second").state) == ("offered", "queued")


def test_an_english_caller_waits_for_somebody_who_speaks_english(shift: Shift) -> None:
    shift.agent("ana", skills={"zh": 5})
    shift.contact("call-1", lang="en")
    shift.run()
    assert shift.state_of("call-1").state == "queued"
    shift.agent("bo", skills={"en": 4})
    shift.queue.send("route", shift.ledger("bo")[-1])
    shift.run()
    assert shift.state_of("call-1").agent == "bo"


def test_an_agent_whose_screen_fell_silent_is_passed_over_and_goes_offline(shift: Shift) -> None:
    shift.agent("ana")
    shift.later(20)
    shift.agent("bo")
    shift.contact("call-1")
    shift.run()
    assert (shift.state_of("call-1").agent, shift.who("ana").state) == ("bo", "offline")


def test_an_agent_who_asked_for_work_a_moment_ago_rings_although_the_socket_is_still_opening(shift: Shift) -> None:
    shift.floor.enlist("ana", queues={"broadband": 3}, skills={"zh": 5})
    shift.presence.seen("ana")
    shift.floor.set_status("ana", "available")
    shift.later(3)
    shift.contact("call-1")
    shift.run()
    assert shift.state_of("call-1").agent == "ana"
    assert shift.pushed == []  # there is no socket yet: the page reads the floor as soon as there is one


def test_an_agent_whose_socket_never_opened_is_not_rung_for_long(shift: Shift) -> None:
    shift.floor.enlist("ana", queues={"broadband": 3}, skills={"zh": 5})
    shift.presence.seen("ana")
    shift.floor.set_status("ana", "available")
    shift.later(16)
    shift.contact("call-1")
    shift.run()
    assert (shift.state_of("call-1").state, shift.who("ana").state) == ("queued", "offline")


def test_losing_every_race_sends_the_message_back_and_harms_nobody(
    shift: Shift, monkeypatch: pytest.MonkeyPatch
) -> None:
    shift.agent("ana")
    shift.contact("call-1")
    taken = Change(Key("floor", "A#ana"), add={"version": 1})

    def somebody_faster(name: str) -> None:
        if name == "store.page":
            monkeypatch.setattr(shift.store, "_pause", lambda _: None)
            shift.store.write(taken)
            monkeypatch.setattr(shift.store, "_pause", somebody_faster)

    monkeypatch.setattr(shift.store, "_pause", somebody_faster)
    assert deliver(route_contact, shift.effects, shift.messages("route")[-1].body) == ["m1"]
    monkeypatch.undo()
    assert (shift.state_of("call-1").state, shift.who("ana").state) == ("queued", "available")


def test_a_caller_who_left_is_never_rung_out(shift: Shift) -> None:
    shift.agent("ana")
    shift.contact("call-1")
    shift.floor.end_contact("call-1", by="caller", actor=CALLER)
    shift.run()
    assert (shift.state_of("call-1").state, shift.who("ana").state) == ("abandoned", "available")
    assert shift.pushed == []


def test_a_message_nobody_understands_is_parked_and_the_next_one_is_served(shift: Shift) -> None:
    shift.agent("ana")
    shift.contact("call-1")
    good = shift.messages("route")[-1].body
    assert deliver(route_contact, shift.effects, '{"type":"Gibberish"}', "not json", good) == []
    assert [sent.queue for sent in shift.queue.parked] == ["route-dead", "route-dead"]
    assert shift.state_of("call-1").state == "offered"


def effects_of_one_routing() -> int:
    killer = Killer()
    shift = Shift(killer)
    shift.agent("ana")
    shift.contact("call-1")
    body = shift.messages("route")[-1].body
    killer.seen = 0
    deliver(route_contact, shift.effects, body)
    return killer.seen


@pytest.mark.parametrize("point", range(1, effects_of_one_routing() + 1))
def test_a_worker_killed_between_any_two_effects_still_gets_the_caller_an_agent(point: int) -> None:
    killer = Killer()
    shift = Shift(killer)
    shift.agent("ana")
    shift.agent("bo")
    shift.contact("call-1")
    body = shift.messages("route")[-1].body
    killer.seen, killer.at = 0, point
    with pytest.raises(KilledError):
        deliver(route_contact, shift.effects, body)
    killer.at = 0
    assert deliver(route_contact, shift.effects, body) == []
    contact = shift.state_of("call-1")
    assert contact.state == "offered"
    assert Counter(shift.who(name).state for name in ("ana", "bo")) == {"offered": 1, "available": 1}
    assert shift.story("call-1").count("ContactOffered") == 1
    # The ring ends even when the nudge died with the worker: the stream brings the same event to the same queue.
    shift.later(15)
    offered = shift.ledger("call-1")[-1]
    shift.deliver("expire", offered)
    assert shift.state_of("call-1").state == "queued"
