"""Supervisors on calls: who may, what stands in the ledger, what the agent's screen says; the call stays as it is."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import OKPKey

from hearthline.callflow.publishing import publish
from hearthline.config.store import in_force
from hearthline.floor.watching import MAX_WATCHERS
from hearthline.platform.ledger import SYSTEM
from tests.desk import Answer, Desk, Seat, open_desk
from tests.shift import CALLER, media_key


@pytest.fixture
def desk() -> Iterator[Desk]:
    with open_desk() as opened:
        yield opened


def on(seat: Seat, contact: str, verb: str = "watch", mode: str | None = "listen") -> Answer:
    route = f"/api/team/calls/{{id}}/{verb}"
    body = None if mode is None else {"mode": mode}
    return seat.call("POST", route.replace("{id}", contact), body, route=route)


def leaves(seat: Seat, contact: str) -> Answer:
    return on(seat, contact, "watch/leave", None)


def acts(desk: Desk, contact: str, seat: Seat) -> list[tuple[str, str]]:
    events = desk.shift.ledger(f"V#{contact}#{seat.person.id}")
    assert all((each.actor.kind, each.actor.id) == ("supervisor", seat.person.id) for each in events)
    assert all(each.data["contact"] == contact and each.data["supervisor"] == seat.person.id for each in events)
    return [(each.type, each.data["mode"]) for each in events]


def watchers(seat: Seat) -> list[tuple[str, str]]:
    return [(each["name"], each["mode"]) for each in seat.call("GET", "/api/me/floor").body["watchers"]]


def said_by(token: str) -> dict[str, Any]:
    key = OKPKey.import_key(json.loads(media_key()["private_key"]))
    return dict(jwt.decode(token, key, algorithms=["Ed25519"]).claims)


def test_a_supervisor_sees_the_calls_of_the_team_with_a_masked_number_and_who_is_on_them(desk: Desk) -> None:
    ana, sue = desk.as_("ana"), desk.as_("sue")
    contact = ana.talking()
    told = sue.call("GET", "/api/team/calls").body
    (call,) = told["calls"]
    assert (call["contact"], call["agent"]["name"], call["state"]) == (contact, "Ana Lin", "connected")
    assert "*" in call["caller"] or not call["caller"]
    assert (told["may_watch"], call["mine"], call["watchers"]) == (True, None, [])
    on(sue, contact, mode="whisper")
    (call,) = sue.call("GET", "/api/team/calls").body["calls"]
    assert (call["mine"], call["watchers"][0]["name"]) == ("whisper", "Sue Lin")


def test_a_manager_sees_the_calls_and_may_not_hear_them(desk: Desk) -> None:
    desk.hire("max", "manager")
    contact, manager = desk.as_("ana").talking(), desk.as_("max")
    told = manager.call("GET", "/api/team/calls").body
    assert (told["may_watch"], [call["contact"] for call in told["calls"]]) == (False, [contact])
    assert on(manager, contact).code == "not_your_role"
    assert acts(desk, contact, manager) == []


def test_what_only_rings_or_is_over_is_not_among_the_calls(desk: Desk) -> None:
    ana, sue = desk.as_("ana"), desk.as_("sue")
    desk.ringing("bo")
    contact = ana.talking()
    on(sue, contact)
    desk.shift.floor.end_contact(contact, by="caller", actor=CALLER)
    assert sue.call("GET", "/api/team/calls").body["calls"] == []
    assert on(sue, contact).code == "not_now"
    assert on(sue, contact, "watch/mode", "barge").code == "not_now"
    assert watchers(ana) == []


def test_the_door_is_to_the_contacts_own_edge_with_a_token_that_says_supervisor_and_mode(desk: Desk) -> None:
    contact, sue = desk.as_("ana").talking(), desk.as_("sue")
    opened = on(sue, contact, mode="whisper").body
    claims = said_by(opened["door"]["token"])
    wanted = {"sub": contact, "role": "supervisor", "mode": "whisper", "leg": sue.person.id, "aud": "edge-a"}
    assert wanted.items() <= claims.items()
    assert (opened["mode"], opened["door"]["edge"]) == ("whisper", "edge-a")


def test_joining_changing_and_leaving_each_stand_in_the_ledger_once_with_who_did_it(desk: Desk) -> None:
    ana, sue = desk.as_("ana"), desk.as_("sue")
    contact = ana.talking()
    before = desk.shift.state_of(contact), desk.shift.who(ana.person.id)
    desk.edge.seated = {sue.person.id}
    for _ in range(2):
        assert on(sue, contact).status == 200
    for mode in ("whisper", "whisper", "barge"):
        assert on(sue, contact, "watch/mode", mode).body == {"mode": mode}
    for _ in range(2):
        assert leaves(sue, contact).body == {"mode": None}
    wanted = [("SupervisorJoined", "listen"), ("SupervisorModeChanged", "whisper"), ("SupervisorModeChanged", "barge")]
    assert acts(desk, contact, sue) == [*wanted, ("SupervisorLeft", "barge")]
    assert [each for *_, each in desk.edge.supervised] == ["whisper", "whisper", "barge", None, None]
    assert (desk.shift.state_of(contact), desk.shift.who(ana.person.id)) == before


def test_who_comes_again_after_leaving_is_a_new_act(desk: Desk) -> None:
    contact, sue = desk.as_("ana").talking(), desk.as_("sue")
    on(sue, contact)
    leaves(sue, contact)
    on(sue, contact, mode="whisper")
    assert [kind for kind, _ in acts(desk, contact, sue)] == ["SupervisorJoined", "SupervisorLeft", "SupervisorJoined"]


def test_a_page_that_joins_anew_is_heard_as_it_says_and_the_ledger_says_so_too(desk: Desk) -> None:
    contact, sue = desk.as_("ana").talking(), desk.as_("sue")
    on(sue, contact)
    for _ in range(2):
        again = on(sue, contact, mode="barge")
        assert (again.body["mode"], said_by(again.body["door"]["token"])["mode"]) == ("barge", "barge")
    assert acts(desk, contact, sue) == [("SupervisorJoined", "listen"), ("SupervisorModeChanged", "barge")]


def test_who_is_not_on_the_call_changes_no_mode_and_who_has_no_sound_yet_is_told_so(desk: Desk) -> None:
    contact, sue = desk.as_("ana").talking(), desk.as_("sue")
    assert on(sue, contact, "watch/mode", "barge").code == "not_now"
    assert desk.edge.supervised == []
    on(sue, contact)
    assert on(sue, contact, "watch/mode", "barge").code == "watch_not_joined"


def test_a_call_takes_so_many_supervisors_and_none_displaces_another(desk: Desk) -> None:
    contact = desk.as_("ana").talking()
    for number in range(MAX_WATCHERS):
        desk.hire(f"s{number}", "supervisor")
        assert on(desk.as_(f"s{number}"), contact).status == 200
    assert on(desk.as_("sue"), contact).code == "watched_enough"
    leaves(desk.as_("s0"), contact)
    assert on(desk.as_("sue"), contact).status == 200


def test_the_agents_screen_says_who_listens_whispers_or_barges_in_and_hears_of_it(desk: Desk) -> None:
    ana, sue = desk.as_("ana"), desk.as_("sue")
    contact = ana.talking()
    desk.edge.seated = {sue.person.id}
    before = len(desk.effects.push.pushed)  # type: ignore[attr-defined]  # the memory's push
    on(sue, contact)
    assert watchers(ana) == [("Sue Lin", "listen")]
    on(sue, contact, "watch/mode", "whisper")
    assert watchers(ana) == [("Sue Lin", "whisper")]
    leaves(sue, contact)
    assert watchers(ana) == []
    told = [news["event"] for _, news in desk.effects.push.pushed[before:]]  # type: ignore[attr-defined]  # as above
    assert told == ["SupervisorJoined", "SupervisorModeChanged", "SupervisorLeft"]


def test_where_the_company_says_so_listening_is_not_shown_nor_pushed_but_speaking_is(desk: Desk) -> None:
    config, about = in_force(desk.effects)
    publish(desk.effects, replace(config, monitoring_notice="spoken"), made_from=about.version, actor=SYSTEM)
    ana, sue = desk.as_("ana"), desk.as_("sue")
    contact = ana.talking()
    desk.edge.seated = {sue.person.id}
    before = len(desk.effects.push.pushed)  # type: ignore[attr-defined]  # the memory's push
    on(sue, contact)
    assert (watchers(ana), desk.effects.push.pushed[before:]) == ([], [])  # type: ignore[attr-defined]  # as above
    on(sue, contact, "watch/mode", "whisper")
    assert watchers(ana) == [("Sue Lin", "whisper")]
    on(sue, contact, "watch/mode", "listen")
    assert watchers(ana) == []
    assert len(acts(desk, contact, sue)) == 3


def test_nobody_is_on_the_call_any_more_when_its_caller_waits_again(desk: Desk) -> None:
    ana, sue = desk.as_("ana"), desk.as_("sue")
    contact = ana.talking("browser")
    on(sue, contact)
    assert ana.on("contacts", contact, "transfer", {"queue": "billing"}).status == 200
    desk.hire("cleo", queues={"billing": 3})
    offer_to(desk, "cleo", contact)
    assert watchers(desk.as_("cleo")) == []
    assert on(sue, contact).body["mode"] == "listen"
    assert [kind for kind, _ in acts(desk, contact, sue)] == ["SupervisorJoined"] * 2


def offer_to(desk: Desk, login: str, contact: str) -> None:
    """This person takes the contact that waits, and both are heard."""
    person = desk.people[login].id
    desk.shift.later(1)
    desk.shift.still_here(person)
    desk.shift.floor.set_status(person, "available")
    desk.shift.run()
    assert desk.as_(login).on("offers", desk.shift.state_of(contact).offer, "accept").status == 200
    desk.shift.floor.connected(contact, "edge-a")


def test_after_an_attended_transfer_the_new_agent_is_told_who_is_still_on_the_call(desk: Desk) -> None:
    ana, bo, sue = desk.as_("ana"), desk.as_("bo"), desk.as_("sue")
    contact = ana.talking()
    on(sue, contact)
    desk.shift.floor.set_status(bo.person.id, "available")
    desk.shift.presence.beat(f"screen-{bo.person.id}")
    ana.on("contacts", contact, "consult", {"agent": bo.person.id})
    bo.on("offers", desk.shift.state_of(contact).consult_offer, "accept")
    assert watchers(bo) == [("Sue Lin", "listen")]
    (call,) = sue.call("GET", "/api/team/calls").body["calls"]
    assert (call["apart"], call["partner"]["name"]) == (True, "Bo Lin")
    ana.on("contacts", contact, "consult/complete")
    assert watchers(bo) == [("Sue Lin", "listen")]
    assert watchers(ana) == []


def test_an_edge_that_does_not_answer_leaves_the_act_in_the_ledger_and_the_supervisor_told(desk: Desk) -> None:
    contact, sue = desk.as_("ana").talking(), desk.as_("sue")
    desk.edge.seated = {sue.person.id}
    on(sue, contact)
    desk.edge.broken = True
    assert on(sue, contact, "watch/mode", "whisper").code == "edge_unreachable"
    desk.edge.broken = False
    assert on(sue, contact, "watch/mode", "whisper").status == 200
    assert len(acts(desk, contact, sue)) == 2


def test_a_written_contact_has_nothing_to_hear(desk: Desk) -> None:
    ana, sue = desk.as_("ana"), desk.as_("sue")
    contact = ana.talking("message")
    assert on(sue, contact).code == "not_now"
    assert sue.call("GET", "/api/team/calls").body["calls"] == []
