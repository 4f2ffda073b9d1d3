"""An agent says by which phone he hears and speaks, or his administrator does; his screen shows how far its call is."""

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest

from hearthline.events.agent_phone import AgentPhoneDue
from hearthline.floor.phones import MAX_TURNS
from hearthline.platform.seal import Place
from tests.desk import Answer, Desk, Seat, open_desk

NUMBER = "+8613900001111"


@pytest.fixture
def desk() -> Iterator[Desk]:
    with open_desk() as opened:
        yield opened


def chooses(seat: Seat, address: str) -> Answer:
    return seat.call("PUT", "/api/me/phone", {"address": address})


def asked(desk: Desk) -> list[AgentPhoneDue]:
    bodies = [json.loads(sent.body) for sent in desk.shift.queue.sent if sent.queue == "join"]
    return [AgentPhoneDue(**each["data"]) for each in bodies if each["type"] == "AgentPhoneDue"]


def on_phone(desk: Desk) -> tuple[Seat, str]:
    """Ana talks by phone; the contact."""
    ana = desk.as_("ana")
    assert chooses(ana, NUMBER).status == 200
    contact = ana.talking()
    offer = desk.shift.state_of(contact).offer
    desk.shift.floor.intend_call(AgentPhoneDue(contact=contact, agent=ana.person.id, offer=offer))
    desk.shift.floor.call_rings(ana.person.id, offer, 1, "CA-ana")
    return ana, contact


def test_a_number_is_chosen_and_shown_masked_and_the_headset_again(desk: Desk) -> None:
    ana = desk.as_("ana")
    assert ana.call("GET", "/api/me/floor").body["agent"]["sound"] == {"by": "headset", "shown": ""}
    said = chooses(ana, "139 0000 1111")
    assert said.body["agent"]["sound"] == {"by": "phone", "shown": "139****1111"}
    assert chooses(ana, "sip:ana@example.com").body["agent"]["sound"] == {"by": "sip", "shown": "sip:a***@example.com"}
    assert chooses(ana, "").body["agent"]["sound"] == {"by": "headset", "shown": ""}
    told = [each.data for each in desk.shift.ledger(ana.person.id) if each.type == "AgentPhoneSet"]
    assert [each["by"] for each in told] == ["phone", "sip", "headset"]


def test_the_number_is_sealed_wherever_it_is_kept(desk: Desk) -> None:
    ana = desk.as_("ana")
    chooses(ana, NUMBER)
    kept = desk.shift.who(ana.person.id).phone
    assert desk.effects.open_text(kept, Place("floor", ana.person.id, "phone")) == NUMBER
    assert NUMBER[3:] not in json.dumps([dict(item) for item in desk.shift.store.everything().values()], default=str)


@pytest.mark.parametrize("address", ["110", "+19005551234", "sip:me@10.0.0.1", "sip:me@example.com?Route=x", "headset"])
def test_a_refusal_names_the_field_and_what_would_do(desk: Desk, address: str) -> None:
    said = chooses(desk.as_("ana"), address)
    assert (said.status, said.code, said.body["field"]) == (422, "field_invalid", "address")
    assert "sip:name@example.com" in said.body["expected"]["en"]
    assert said.body["expected"]["zh"]


def test_our_own_number_is_nobodys_phone(desk: Desk) -> None:
    ana, ours = desk.as_("ana"), "+862150008000"
    assert chooses(ana, ours).status == 200
    settings = desk.effects.settings.model_copy(update={"carrier_number": ours})
    desk.shift.effects = replace(desk.effects, settings=settings)
    assert chooses(ana, ours).status == 422


def test_while_it_rings_nothing_is_changed(desk: Desk) -> None:
    ana = desk.as_("ana")
    desk.ringing("ana")
    assert (chooses(ana, NUMBER).status, desk.shift.who(ana.person.id).phone) == (409, "")


def test_who_is_free_stays_in_line_with_the_new_phone(desk: Desk) -> None:
    ana = desk.as_("ana")
    ana.call("POST", "/api/me/status", {"status": "available"})
    chooses(ana, NUMBER)
    desk.shift.contact("call-1")
    desk.shift.run()
    assert desk.shift.state_of("call-1").agent == ana.person.id


def test_an_administrator_chooses_for_an_agent_and_sees_it_in_the_list(desk: Desk) -> None:
    adam, ana = desk.as_("adam"), desk.people["ana"].id
    said = adam.on("admin/agents", ana, "phone", {"address": NUMBER}, method="PUT")
    assert (said.status, said.body["sound"]) == (200, {"by": "phone", "shown": "139****1111"})
    told = adam.call("GET", "/api/admin/agents").body["agents"]
    assert next(each for each in told if each["id"] == ana)["sound"]["by"] == "phone"
    event = desk.shift.ledger(ana)[-1]
    assert (event.type, event.actor.kind, event.data["by"]) == ("AgentPhoneSet", "admin", "phone")
    nobody = "6f9619ff-8b86-4d01-b42d-00cf4fc964ff"
    assert adam.on("admin/agents", nobody, "phone", {"address": ""}, method="PUT").status == 404


def test_the_screen_shows_how_far_the_phone_is(desk: Desk) -> None:
    ana, contact = on_phone(desk)
    floor, me = desk.shift.floor, ana.person.id
    assert ana.call("GET", "/api/me/floor").body["phone"] == {"state": "ringing", "again": False}
    for state in ("asked", "led"):
        floor.call_moves(me, "CA-ana", state)
        assert ana.call("GET", "/api/me/floor").body["phone"] == {"state": state, "again": False}
    floor.call_moves(me, "CA-ana", "over")
    assert ana.call("GET", "/api/me/floor").body["phone"] == {"state": "over", "again": True}
    ana.on("contacts", contact, "hangup")
    assert ana.call("GET", "/api/me/floor").body["phone"] is None


def test_a_headset_has_no_phone_to_show(desk: Desk) -> None:
    ana = desk.as_("ana")
    contact = ana.talking()
    assert ana.call("GET", "/api/me/floor").body["phone"] is None
    assert ana.on("contacts", contact, "phone").code == "not_now"


def test_a_phone_that_was_put_down_is_rung_anew_for_this_contact(desk: Desk) -> None:
    ana, contact = on_phone(desk)
    assert ana.on("contacts", contact, "phone").code == "not_now"
    desk.shift.floor.call_moves(ana.person.id, "CA-ana", "over")
    for _ in range(2):
        assert ana.on("contacts", contact, "phone").status == 200
    assert {(each.turn, each.do) for each in asked(desk)} == {(2, "dial")}


def test_nobody_is_rung_without_end(desk: Desk) -> None:
    ana, contact = on_phone(desk)
    floor, offer = desk.shift.floor, desk.shift.state_of(contact).offer
    for turn in range(2, MAX_TURNS + 1):
        before = floor.call_of(ana.person.id)
        assert before is not None
        floor.call_moves(ana.person.id, before.call_sid, "over")
        floor.intend_call(AgentPhoneDue(contact=contact, agent=ana.person.id, offer=offer, turn=turn))
        floor.call_rings(ana.person.id, offer, turn, f"CA-{turn}")
    floor.call_moves(ana.person.id, f"CA-{MAX_TURNS}", "over")
    assert ana.on("contacts", contact, "phone").code == "not_now"
    assert ana.call("GET", "/api/me/floor").body["phone"] == {"state": "over", "again": False}
