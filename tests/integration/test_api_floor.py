"""An agent's day at the API: status, ringing, talking, hold, wrap-up."""

import json
import uuid
from collections.abc import Iterator

import pytest

from hearthline.events.word import Actor
from hearthline.platform.push import MemoryPush
from hearthline.platform.seal import Place
from tests.desk import Desk, open_desk

CALLER = Actor(kind="caller")


@pytest.fixture
def desk() -> Iterator[Desk]:
    with open_desk() as opened:
        yield opened


def nudged(desk: Desk) -> list[tuple[str, str]]:
    return [(sent.queue, json.loads(sent.body)["type"]) for sent in desk.shift.queue.sent]


def news(desk: Desk, login: str) -> list[str]:
    assert isinstance(desk.effects.push, MemoryPush)
    screen = f"screen-{desk.people[login].id}"
    return [message["event"] for connection, message in desk.effects.push.pushed if connection == screen]


def test_an_agent_starts_offline_and_becomes_available(desk: Desk) -> None:
    ana = desk.as_("ana")
    assert ana.call("GET", "/api/me/floor").body["agent"]["state"] == "offline"
    said = ana.call("POST", "/api/me/status", {"status": "available"})
    assert said.body["agent"]["state"] == "available"
    assert ("route", "AgentStatusChanged") in nudged(desk)
    assert news(desk, "ana") == ["AgentStatusChanged"]


def test_a_break_has_a_reason(desk: Desk) -> None:
    said = desk.as_("ana").call("POST", "/api/me/status", {"status": "not_ready", "reason": "break"})
    assert (said.body["agent"]["state"], said.body["agent"]["reason"]) == ("not_ready", "break")


def test_the_screen_shows_who_rings_and_why_and_the_number_masked(desk: Desk) -> None:
    ana, contact = desk.as_("ana"), str(uuid.uuid4())
    sealed = desk.effects.seal_text("+8613812348001", Place("floor", contact, "caller"))
    desk.shift.floor.arrive(contact, channel="phone", call_sid="CA1", caller=sealed, actor=CALLER)
    offer = desk.ringing("ana", contact)
    shown = ana.call("GET", "/api/me/floor").body
    assert shown["agent"]["state"] == "offered"
    assert shown["contact"] is None
    assert shown["offer"]["id"] == offer
    assert shown["offer"]["expires_at"] - shown["offer"]["opened_at"] == 15_000
    assert all(why["zh"] and why["en"] for why in shown["offer"]["why"])
    assert shown["offer"]["contact"]["caller"] == "138****8001"
    assert "13812348001" not in json.dumps(shown)


def test_accepting_joins_at_an_edge_and_sends_the_work_on(desk: Desk) -> None:
    ana = desk.as_("ana")
    said = ana.on("offers", desk.ringing("ana"), "accept")
    assert said.status == 200
    assert said.body["agent"]["state"] == "on_contact"
    assert (said.body["contact"]["state"], said.body["contact"]["edge"]) == ("connecting", "edge-a")
    assert ("join", "OfferAccepted") in nudged(desk)
    assert "OfferAccepted" in news(desk, "ana")


def test_accepting_from_a_second_tab_is_no_error(desk: Desk) -> None:
    ana = desk.as_("ana")
    offer = desk.ringing("ana")
    first, second = ana.on("offers", offer, "accept"), ana.on("offers", offer, "accept")
    assert (first.status, second.status) == (200, 200)
    assert first.body == second.body


def test_an_offer_that_lapsed_is_gone(desk: Desk) -> None:
    ana = desk.as_("ana")
    offer = desk.ringing("ana")
    desk.shift.floor.lapse(offer, "timed_out")
    for verb in ("accept", "decline"):
        said = ana.on("offers", offer, verb)
        assert (said.status, said.code) == (409, "offer_gone")


def test_who_declines_is_not_ready_and_the_contact_rings_elsewhere(desk: Desk) -> None:
    ana = desk.as_("ana")
    contact = str(uuid.uuid4())
    said = ana.on("offers", desk.ringing("ana", contact), "decline")
    assert (said.body["agent"]["state"], said.body["agent"]["reason"]) == ("not_ready", "declined")
    assert desk.shift.state_of(contact).state == "queued"
    assert ("route", "OfferLapsed") in nudged(desk)


def test_status_does_not_change_while_it_rings(desk: Desk) -> None:
    ana = desk.as_("ana")
    desk.ringing("ana")
    said = ana.call("POST", "/api/me/status", {"status": "offline"})
    assert (said.status, said.code) == (409, "finish_offer_first")


def test_the_agent_gets_a_door_to_the_sound_each_time_another_token(desk: Desk) -> None:
    ana = desk.as_("ana")
    contact = ana.talking()
    doors = [ana.on("contacts", contact, "media").body for _ in range(2)]
    assert doors[0]["whip"].endswith("/whip")
    assert doors[0]["edge"] == "edge-a"
    assert doors[0]["expires_at"] - desk.effects.clock.now() == 60_000
    assert doors[0]["token"] != doors[1]["token"]


def test_hold_reaches_the_edge_and_the_screen(desk: Desk) -> None:
    ana = desk.as_("ana")
    contact = ana.talking()
    assert ana.on("contacts", contact, "hold").body["contact"]["state"] == "held"
    assert ana.on("contacts", contact, "hold").status == 200
    assert ana.on("contacts", contact, "resume").body["contact"]["state"] == "connected"
    assert desk.edge.orders == [(contact, True), (contact, True), (contact, False)]


def test_a_dead_edge_does_not_pretend_to_hold(desk: Desk) -> None:
    ana = desk.as_("ana")
    contact = ana.talking()
    desk.edge.broken = True
    said = ana.on("contacts", contact, "hold")
    assert (said.status, said.code) == (503, "edge_unreachable")
    assert desk.shift.state_of(contact).state == "connected"


def test_hanging_up_leads_to_wrap_up_and_its_code_ends_it(desk: Desk) -> None:
    ana = desk.as_("ana")
    contact = ana.talking()
    over = ana.on("contacts", contact, "hangup").body
    assert over["agent"]["state"] == "wrap_up"
    assert (over["contact"]["state"], over["contact"]["ended_by"]) == ("wrap_up", "agent")
    assert over["contact"]["wrap_up_ends_at"] == over["now"] + 60_000
    assert {("release", "ContactEnded"), ("ticket", "ContactEnded")} <= set(nudged(desk))
    free = ana.on("contacts", contact, "wrap-up", {"code": "resolved"}).body
    assert (free["agent"]["state"], free["contact"]) == ("available", None)
    assert free["agent"]["calls_today"] == 1
    assert ana.on("contacts", contact, "wrap-up", {"code": "resolved"}).status == 200


def test_hanging_up_before_the_caller_is_heard_cuts_nobody_off(desk: Desk) -> None:
    ana, contact = desk.as_("ana"), str(uuid.uuid4())
    assert ana.on("offers", desk.ringing("ana", contact), "accept").status == 200
    left = ana.on("contacts", contact, "hangup").body
    assert (left["agent"]["state"], left["contact"]) == ("not_ready", None)
    waits = desk.shift.state_of(contact)
    assert (waits.state, waits.outcome) == ("queued", "")
    assert ("route", "ContactQueued") in nudged(desk)


def test_a_code_the_company_does_not_have_is_refused(desk: Desk) -> None:
    ana = desk.as_("ana")
    contact = ana.talking()
    said = ana.on("contacts", contact, "wrap-up", {"code": "whatever"})
    assert (said.status, said.code, said.body["field"]) == (422, "field_invalid", "code")
    said = ana.on("contacts", contact, "wrap-up", {"code": "resolved"})
    assert (said.status, said.code) == (409, "not_now")


def test_the_day_begins_at_midnight_of_the_company(desk: Desk) -> None:
    ana = desk.as_("ana")
    contact = ana.talking()
    ana.on("contacts", contact, "hangup")
    assert ana.call("GET", "/api/me/floor").body["agent"]["calls_today"] == 1
    desk.shift.later(24 * 3600)
    assert desk.as_("ana").call("GET", "/api/me/floor").body["agent"]["calls_today"] == 0


def test_waiting_counts_the_agents_own_queues(desk: Desk) -> None:
    ana = desk.as_("ana")
    desk.shift.contact(str(uuid.uuid4()), queue="broadband")
    desk.shift.contact(str(uuid.uuid4()), queue="billing")
    assert ana.call("GET", "/api/me/floor").body["waiting"] == 1
