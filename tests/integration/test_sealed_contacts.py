"""Contacts sealed end to end: who gets one, how the two pages agree on keys, and who is kept out."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from hearthline.callflow.publishing import publish
from hearthline.config.store import in_force
from hearthline.events.media_ended import MediaEnded
from hearthline.platform.ledger import SYSTEM
from hearthline.platform.store import Key
from tests.desk import Answer, Desk, Seat, open_desk
from tests.integration.test_api_public import MOBILE, create, on
from tests.integration.test_watching import on as watch
from tests.integration.test_watching import said_by

ROUND, NEXT_ROUND = "c" * 43, "d" * 43
CALLERS, AGENTS, OTHERS = "C" * 87, "A" * 87, "B" * 87


@pytest.fixture
def desk() -> Iterator[Desk]:
    """Calls from a page to the queue of outages are sealed."""
    with open_desk() as opened:
        config, about = in_force(opened.effects)
        queues = tuple(replace(each, sealed=each.id == "broadband") for each in config.queues)
        publish(opened.effects, replace(config, queues=queues), made_from=about.version, actor=SYSTEM)
        yield opened


def sealed_talk(desk: Desk, login: str = "ana") -> tuple[Answer, Seat]:
    """A caller at a page that seals, and the agent who answered."""
    seat = desk.as_(login)
    desk.shift.floor.set_status(seat.person.id, "available")
    desk.shift.presence.beat(f"screen-{seat.person.id}")
    made = create(desk, body={"seals": True})
    desk.shift.run()
    assert seat.on("offers", desk.shift.state_of(made.body["contact"]).offer, "accept").status == 200
    desk.shift.floor.connected(made.body["contact"], "edge-a")
    return made, seat


def caller_says(desk: Desk, made: Answer, commitment: str = ROUND, key: str | None = None) -> Any:
    return on(desk, made, "seal", {"commitment": commitment, "key": key}).body


def agent_says(made: Answer, seat: Seat, commitment: str | None = None, key: str | None = None) -> Any:
    return seat.on("contacts", made.body["contact"], "seal", {"commitment": commitment, "key": key}).body


def test_a_page_that_can_is_told_before_that_calls_about_this_matter_are_sealed_and_others_not(desk: Desk) -> None:
    said = {each["id"]: each["sealed"] for each in desk.call("GET", "/api/public/matters").body["matters"]}
    assert (said["outage"], said["billing"]) == (True, False)
    assert create(desk, body={"seals": True}).body["state"]["sealed"] is True
    assert create(desk, body={"seals": True, "matter": "billing"}).body["state"]["sealed"] is False


def test_a_page_that_cannot_seal_is_refused_in_both_languages_and_nothing_is_written(desk: Desk) -> None:
    before = desk.shift.store.everything().keys()
    said = create(desk)
    assert (said.status, said.code) == (409, "seal_needed")
    assert "加密" in said.body["message"]["zh"] and "sealed" in said.body["message"]["en"]
    assert {key for key in desk.shift.store.everything() if key.table == "floor"} == {
        key for key in before if key.table == "floor"
    }


def test_a_phone_call_to_the_same_queue_is_never_sealed(desk: Desk) -> None:
    contact = desk.as_("ana").talking()
    assert desk.shift.state_of(contact).sealed is False


def test_the_doors_of_both_say_sealed_and_those_of_others_do_not(desk: Desk) -> None:
    made, ana = sealed_talk(desk)
    doors = [made.body, on(desk, made, "media").body, ana.on("contacts", made.body["contact"], "media").body]
    assert [said_by(door["token"]).get("sealed") for door in doors] == [True, True, True]
    phone = desk.as_("bo").talking()
    assert "sealed" not in said_by(desk.as_("bo").on("contacts", phone, "media").body["token"])


def test_the_ledger_the_agents_screen_and_the_team_list_say_sealed(desk: Desk) -> None:
    made, ana = sealed_talk(desk)
    arrived = desk.shift.ledger(made.body["contact"])[0]
    assert (arrived.type, arrived.data["sealed"]) == ("ContactArrived", True)
    assert ana.call("GET", "/api/me/floor").body["contact"]["sealed"] is True
    (call,) = desk.as_("sue").call("GET", "/api/team/calls").body["calls"]
    assert call["sealed"] is True


def test_no_supervisor_and_no_colleague_comes_on_a_sealed_contact(desk: Desk) -> None:
    made, ana = sealed_talk(desk)
    sue, contact = desk.as_("sue"), made.body["contact"]
    for mode in ("listen", "whisper", "barge"):
        said = watch(sue, contact, mode=mode)
        assert (said.status, said.code) == (409, "contact_sealed")
    desk.shift.floor.set_status(desk.people["bo"].id, "available")
    desk.shift.presence.beat(f"screen-{desk.people['bo'].id}")
    said = ana.on("contacts", contact, "consult", {"agent": desk.people["bo"].id})
    assert (said.status, said.code) == (409, "contact_sealed")
    assert ana.on("contacts", contact, "recording/pause").code == "contact_sealed"
    assert desk.edge.orders == []  # nobody was put on hold for it
    assert desk.shift.state_of(contact).state == "connected"


def test_keys_are_handed_over_only_after_the_caller_has_committed_to_one(desk: Desk) -> None:
    made, ana = sealed_talk(desk)
    assert agent_says(made, ana) == {"commitment": None, "caller_key": None, "agent_key": None}
    assert caller_says(desk, made, key=CALLERS)["caller_key"] is None  # the agent's is not there yet
    assert agent_says(made, ana)["commitment"] == ROUND
    assert agent_says(made, ana, ROUND, AGENTS) == {"commitment": ROUND, "caller_key": None, "agent_key": AGENTS}
    assert caller_says(desk, made)["agent_key"] == AGENTS
    whole = {"commitment": ROUND, "caller_key": CALLERS, "agent_key": AGENTS}
    assert caller_says(desk, made, key=CALLERS) == agent_says(made, ana, ROUND, AGENTS) == whole


def test_a_page_that_comes_anew_begins_a_round_in_which_no_former_key_counts(desk: Desk) -> None:
    made, ana = sealed_talk(desk)
    caller_says(desk, made)
    agent_says(made, ana, ROUND, AGENTS)
    fresh = {"commitment": NEXT_ROUND, "caller_key": None, "agent_key": None}
    assert caller_says(desk, made, NEXT_ROUND) == fresh
    assert agent_says(made, ana, ROUND, AGENTS) == fresh  # a late word to the round before
    assert agent_says(made, ana, NEXT_ROUND, OTHERS)["agent_key"] == OTHERS


def test_only_the_contacts_own_agent_and_caller_say_keys_and_only_while_it_is_sealed_and_lasts(desk: Desk) -> None:
    made, ana = sealed_talk(desk)
    caller_says(desk, made)
    contact = made.body["contact"]
    assert desk.as_("bo").on("contacts", contact, "seal", {"commitment": ROUND, "key": OTHERS}).code == "not_found"
    assert on(desk, made, "seal", {"commitment": ROUND}, key="another").code == "not_found"
    assert ana.on("contacts", contact, "seal", {"commitment": ROUND, "key": "short"}).code == "field_invalid"
    on(desk, made, "hangup")
    assert on(desk, made, "seal", {"commitment": ROUND}).code == "not_now"
    phone = desk.as_("bo").talking()
    assert desk.as_("bo").on("contacts", phone, "seal", {}).code == "not_now"


def test_a_contact_given_on_to_another_agent_stays_sealed(desk: Desk) -> None:
    made, ana = sealed_talk(desk)
    contact = made.body["contact"]
    assert ana.on("contacts", contact, "transfer", {"queue": "service"}).status == 200
    state = desk.shift.state_of(contact)
    assert (state.queue, state.sealed) == ("service", True)


def test_who_is_called_back_by_phone_is_sealed_no_more_and_told_so(desk: Desk) -> None:
    made = create(desk, body={"seals": True})
    said = on(desk, made, "callback", {"number": MOBILE}).body
    assert (said["state"], said["sealed"]) == ("callback_promised", False)
    assert desk.shift.state_of(made.body["contact"]).sealed is False


def test_a_caller_on_hold_is_told_so_for_his_page_plays_the_tone_itself(desk: Desk) -> None:
    made, ana = sealed_talk(desk)
    ana.on("contacts", made.body["contact"], "hold")
    assert on(desk, made, method="GET").body["hold"] is True
    ana.on("contacts", made.body["contact"], "resume")
    assert on(desk, made, method="GET").body["hold"] is False


def test_the_record_of_a_sealed_room_says_why_there_is_no_recording(desk: Desk) -> None:
    made, _ = sealed_talk(desk)
    contact = made.body["contact"]
    word = MediaEnded(contact=contact, edge="edge-a", reason="closed", started_at=1, ended_at=2, sealed=True)
    desk.shift.deliver("media", desk.shift.report(word))
    kept = desk.shift.store.get(Key("recordings", f"M#{contact}", f"{1:013d}#edge-a"))
    assert kept is not None and kept["no_recording"] == "e2ee"
    assert desk.shift.ledger(f"M#{contact}")[0].data["sealed"] is True
