"""An agent's tickets at the API, from the call to `submitted`."""

import json
import uuid
from collections.abc import Iterator

import pytest

from functions.open_ticket import app as open_ticket
from hearthline.events.word import Envelope
from tests.desk import Desk, Seat, open_desk
from tests.shift import deliver

FILLED = {"summary": "重启三次仍无效", "address": "云杉路 5 号", "light": "red", "outcome": "visit"}


@pytest.fixture
def desk() -> Iterator[Desk]:
    with open_desk() as opened:
        yield opened


def tell(desk: Desk, *events: Envelope) -> None:
    assert deliver(open_ticket, desk.effects, *(json.dumps(event.plain()) for event in events)) == []


def told(desk: Desk, contact: str) -> dict[str, Envelope]:
    return {event.type: event for event in desk.shift.ledger(contact)}


def ticket_of_a_call(desk: Desk, seat: Seat) -> tuple[str, str]:
    """The agent talks, and the ticket is there: contact, ticket."""
    contact = seat.talking()
    tell(desk, told(desk, contact)["ContactConnected"])
    return contact, seat.call("GET", "/api/me/floor").body["contact"]["ticket"]


def opened_tickets(desk: Desk, contact: str) -> list[Envelope]:
    every = [key.pk for key in desk.shift.store.everything() if key.table == "ledger"]
    events = [event for pk in dict.fromkeys(every) for event in desk.shift.ledger(pk)]
    return [event for event in events if event.type == "TicketOpened" and event.data["contact"] == contact]


def test_the_ticket_of_a_call_is_there_while_it_lasts(desk: Desk) -> None:
    ana = desk.as_("ana")
    contact, ticket = ticket_of_a_call(desk, ana)
    shown = ana.on("tickets", ticket, method="GET").body
    assert (shown["contact"], shown["state"], shown["matter"]) == (contact, "draft", "outage")
    assert shown["missing"] == ["light", "address", "outcome", "summary"]
    assert [line["what"] for line in shown["history"]] == ["opened"]
    assert ana.call("GET", "/api/tickets").body["tickets"] == [shown]


def test_delivered_five_times_and_late_there_is_one_ticket(desk: Desk) -> None:
    ana = desk.as_("ana")
    contact = ana.talking()
    ana.on("contacts", contact, "hangup")
    events = told(desk, contact)
    connected, ended = events["ContactConnected"], events["ContactEnded"]
    tell(desk, ended, connected, ended, connected, ended)
    assert len(opened_tickets(desk, contact)) == 1
    assert len(ana.call("GET", "/api/tickets").body["tickets"]) == 1


def test_a_caller_who_gave_up_leaves_an_unattended_ticket_of_nobody(desk: Desk) -> None:
    contact = desk.shift.contact(str(uuid.uuid4()))
    desk.shift.floor.end_contact(contact, by="caller", actor=desk.shift.ledger(contact)[0].actor)
    tell(desk, told(desk, contact)["ContactEnded"])
    (event,) = opened_tickets(desk, contact)
    assert event.data["owner"] == ""
    assert desk.as_("ana").on("tickets", event.data["ticket"], method="GET").status == 404


def test_a_contact_that_returns_to_the_queue_brings_its_ticket_to_the_next_agent(desk: Desk) -> None:
    ana, bo = desk.as_("ana"), desk.as_("bo")
    contact, ticket = ticket_of_a_call(desk, ana)
    first = told(desk, contact)["ContactConnected"]
    desk.shift.later(40)
    desk.shift.presence.beat(f"screen-{bo.person.id}")
    desk.shift.floor.requeue(contact, "agent_lost")
    desk.shift.floor.set_status(bo.person.id, "available")
    desk.shift.deliver_for(contact, "ContactQueued")
    desk.shift.run("route")
    bo.on("offers", desk.shift.state_of(contact).offer, "accept")
    desk.shift.floor.connected(contact, "edge-a")
    second = told(desk, contact)["ContactConnected"]
    tell(desk, second, first, second)  # the old news once more, late
    assert ana.on("tickets", ticket, method="GET").status == 404
    shown = bo.on("tickets", ticket, method="GET").body
    assert (shown["owner"], shown["state"]) == (bo.person.id, "draft")
    assert [line["what"] for line in shown["history"]] == ["opened", "taken"]
    assert len(opened_tickets(desk, contact)) == 1


def test_fields_are_written_and_the_ticket_is_submitted(desk: Desk) -> None:
    ana = desk.as_("ana")
    _, ticket = ticket_of_a_call(desk, ana)
    edited = ana.on("tickets", ticket, body={"version": 1, "fields": FILLED}, method="PATCH").body
    assert (edited["fields"], edited["missing"], edited["version"]) == (FILLED, [], 2)
    done = ana.on("tickets", ticket, "submit", {"version": 2}).body
    assert (done["state"], done["version"]) == ("submitted", 3)
    assert [event.type for event in desk.shift.ledger(ticket)] == ["TicketOpened", "TicketMoved", "TicketMoved"]
    late = ana.on("tickets", ticket, body={"version": 3, "fields": {"summary": "x"}}, method="PATCH")
    assert (late.status, late.code) == (409, "not_now")


def test_required_fields_are_named_before_it_can_be_submitted(desk: Desk) -> None:
    ana = desk.as_("ana")
    _, ticket = ticket_of_a_call(desk, ana)
    ana.on("tickets", ticket, body={"version": 1, "fields": {"summary": "断线"}}, method="PATCH")
    said = ana.on("tickets", ticket, "submit", {"version": 2})
    assert (said.status, said.code) == (422, "fields_missing")
    assert said.body["missing"] == ["light", "address", "outcome"]


def test_who_writes_over_a_newer_version_is_told_so(desk: Desk) -> None:
    ana = desk.as_("ana")
    _, ticket = ticket_of_a_call(desk, ana)
    ana.on("tickets", ticket, body={"version": 1, "fields": {"summary": "断线"}}, method="PATCH")
    for verb, body, method in (
        ("", {"version": 1, "fields": {"summary": "旧"}}, "PATCH"),
        ("submit", {"version": 1}, "POST"),
    ):
        said = ana.on("tickets", ticket, verb, body, method)
        assert (said.status, said.code) == (409, "stale_version")


@pytest.mark.parametrize("fields", [{"owner": "bo"}, {"state": "submitted"}, {"light": "green"}, {"summary": 5}])
def test_no_field_can_be_written_that_the_schema_does_not_have(desk: Desk, fields: dict[str, object]) -> None:
    ana = desk.as_("ana")
    _, ticket = ticket_of_a_call(desk, ana)
    said = ana.on("tickets", ticket, body={"version": 1, "fields": fields}, method="PATCH")
    assert (said.status, said.code, said.body["field"]) == (422, "field_invalid", next(iter(fields)))


def test_the_list_is_filtered_by_state(desk: Desk) -> None:
    ana = desk.as_("ana")
    ticket_of_a_call(desk, ana)
    assert len(ana.call("GET", "/api/tickets", query={"state": ["draft"]}).body["tickets"]) == 1
    assert ana.call("GET", "/api/tickets", query={"state": ["submitted"]}).body["tickets"] == []
    assert ana.call("GET", "/api/tickets", query={"state": ["any"]}).body["field"] == "state"


def test_what_an_agent_writes_is_sealed_in_the_table(desk: Desk) -> None:
    ana = desk.as_("ana")
    _, ticket = ticket_of_a_call(desk, ana)
    ana.on("tickets", ticket, body={"version": 1, "fields": FILLED}, method="PATCH")
    kept = repr(desk.shift.store.everything())
    assert "云杉路" not in kept
    assert "重启三次" not in kept
