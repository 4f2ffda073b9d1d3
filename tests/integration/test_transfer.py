"""Giving a contact on: it keeps its wait and goes first; who gave it on wraps up, whatever becomes of it."""

import uuid
from collections.abc import Iterator

import pytest

from hearthline.events.contact_transferred import ContactTransferred
from hearthline.floor.errors import IllegalMoveError, UnknownError
from hearthline.floor.transfers import BY_NAME_MS
from tests.desk import Desk, open_desk
from tests.shift import AGENT_ANA, Shift


@pytest.fixture
def shift() -> Iterator[Shift]:
    yield Shift()


def given_on(shift: Shift, queue: str = "billing", wants: str = "") -> None:
    shift.talking("call-1", "ana")
    shift.later(30)
    step = shift.floor.transfer("call-1", "ana", queue=queue, wants=wants, actor=AGENT_ANA)
    assert step
    shift.queue.send("route", step.event)


def test_the_contact_waits_at_the_head_of_the_other_queue_with_its_wait_kept(shift: Shift) -> None:
    shift.contact("older", queue="billing")
    shift.later(5)
    given_on(shift)
    moved = shift.state_of("call-1")
    assert (moved.state, moved.queue, moved.agent, moved.edge) == ("queued", "billing", "", "")
    assert moved.queued_at > shift.state_of("older").queued_at
    assert [each.contact for each in shift.floor.first_waiting("billing", "zh", 5)] == ["call-1", "older"]


def test_who_gave_it_on_wraps_up_and_is_free_by_the_clock(shift: Shift) -> None:
    given_on(shift)
    assert (shift.who("ana").state, shift.who("ana").contact) == ("wrap_up", "call-1")
    event = next(each for each in shift.ledger("call-1") if each.type == "ContactTransferred")
    shift.deliver("wrapup", event)
    assert shift.who("ana").state == "wrap_up"
    shift.later(60)
    for _ in range(2):
        shift.deliver("wrapup", event)
    assert (shift.who("ana").state, shift.who("ana").contact) == ("available", "")
    assert shift.story("ana")[-1] == "WrapUpEnded"


def test_the_next_agent_and_the_one_before_end_their_wrap_ups_apart(shift: Shift) -> None:
    given_on(shift)
    shift.agent("bo", queues={"billing": 3})
    shift.queue.send("route", shift.ledger("bo")[-1])
    shift.run()
    assert shift.state_of("call-1").agent == "bo"
    shift.floor.end_contact("call-1", by="caller", actor=AGENT_ANA)
    shift.floor.end_own_wrapup("ana", "call-1", by="agent", actor=AGENT_ANA)
    assert shift.who("ana").state == "available"
    assert shift.floor.end_own_wrapup("ana", "call-1", by="agent", actor=AGENT_ANA) is None


def test_a_lost_clock_is_found_by_the_sweep(shift: Shift) -> None:
    given_on(shift)
    shift.later(66)
    assert shift.sweep()["wrap_up_expired"] == 1
    assert shift.who("ana").state == "available"


def test_a_transfer_to_a_colleague_rings_there_first_and_then_at_anybody(shift: Shift) -> None:
    shift.agent("bo", queues={"billing": 5})
    shift.agent("cy", queues={"billing": 1})
    given_on(shift, wants="cy")
    shift.still_here("bo", "cy")
    shift.run()
    assert shift.state_of("call-1").agent == "cy"
    assert shift.floor.offer(shift.state_of("call-1").offer).why[-1] == "asked_by_name"  # type: ignore[union-attr]  # it rings


def test_a_colleague_who_is_busy_is_waited_for_only_so_long(shift: Shift) -> None:
    shift.agent("bo", queues={"billing": 5})
    given_on(shift, wants="nobody-free")
    shift.still_here("bo")
    shift.run()
    assert shift.state_of("call-1").state == "queued"
    shift.later(BY_NAME_MS / 1000)
    shift.still_here("bo")
    shift.queue.send("route", shift.floor.still_waits(shift.state_of("call-1")))
    shift.run()
    assert shift.state_of("call-1").agent == "bo"


def test_nobody_gives_on_what_is_not_his_or_what_only_rings(shift: Shift) -> None:
    shift.ringing("call-1", "ana")
    with pytest.raises(IllegalMoveError):
        shift.floor.transfer("call-1", "ana", queue="billing", actor=AGENT_ANA)
    with pytest.raises(UnknownError):
        shift.floor.transfer("call-1", "bo", queue="billing", actor=AGENT_ANA)


def test_a_transfer_is_one_word_of_the_ledger_that_says_from_where_to_where(shift: Shift) -> None:
    given_on(shift)
    word = ContactTransferred.model_validate(shift.ledger("call-1")[-1].data)
    assert (word.agent, word.kind, word.before, word.queue) == ("ana", "blind", "broadband", "billing")


@pytest.fixture
def desk() -> Iterator[Desk]:
    with open_desk() as opened:
        yield opened


def test_by_the_api_the_agent_sees_himself_wrap_up_and_files_it(desk: Desk) -> None:
    ana = desk.as_("ana")
    contact = ana.talking()
    said = ana.on("contacts", contact, "transfer", {"queue": "billing"})
    assert said.status == 200
    assert said.body["agent"]["state"] == "wrap_up"
    assert desk.shift.state_of(contact).state == "queued"
    done = ana.on("contacts", contact, "wrap-up", {"code": "transferred"})
    assert done.body["agent"]["state"] == "available"


def test_a_page_that_was_on_hold_is_heard_by_who_answers_next(desk: Desk) -> None:
    ana = desk.as_("ana")
    contact = ana.talking(channel="browser")
    ana.on("contacts", contact, "hold")
    ana.on("contacts", contact, "transfer", {"queue": "billing"})
    assert desk.edge.orders == [(contact, True), (contact, False)]


@pytest.mark.parametrize(
    ("body", "field"),
    [({"queue": "nowhere"}, "queue"), ({"agent": "nobody"}, "agent"), ({"queue": "billing", "agent": "self"}, "agent")],
)
def test_a_target_that_is_none_is_named(desk: Desk, body: dict[str, str], field: str) -> None:
    ana = desk.as_("ana")
    contact = ana.talking()
    if body.get("agent") == "self":
        body = {**body, "agent": ana.person.id}
    said = ana.on("contacts", contact, "transfer", body)
    assert (said.status, said.code, said.body["field"]) == (422, "field_invalid", field)
    assert desk.shift.state_of(contact).state == "connected"


def test_anothers_contact_is_not_there(desk: Desk) -> None:
    assert desk.as_("ana").on("contacts", str(uuid.uuid4()), "transfer", {"queue": "billing"}).status == 404
