"""An agent whose sound is gone for good gives the caller back, and the caller's line goes where callers wait."""

from collections.abc import Iterator

import pytest

from functions.close_media import app as close_media
from hearthline.events.agent_leg_lost import AgentLegLost
from tests.integration.carrier_posts import SID, fields, of_contact, post
from tests.integration.phone_shift import PhoneShift, phone_shift
from tests.shift import CALLER, deliver


@pytest.fixture
def shift() -> Iterator[PhoneShift]:
    with phone_shift() as made:
        yield made


def lost(shift: PhoneShift, contact: str) -> str:
    return shift.report(AgentLegLost(contact=contact, edge="edge-a")).model_dump_json(by_alias=True)


def test_the_room_is_closed_once_and_the_carrier_is_answered_with_the_queue(shift: PhoneShift) -> None:
    contact = shift.accepted()
    shift.floor.connected(contact, "edge-a")
    body = lost(shift, contact)
    assert deliver(close_media, shift.effects, body, body) == []
    asked, closed = f"GET /rooms/{contact}", f"DELETE /rooms/{contact}"
    assert [line for line, _ in shift.edges["edge-a"].heard] == [asked, closed]
    assert shift.state_of(contact).state == "queued"
    answer = post(of_contact("connected", 1), fields(SID))
    assert "<Enqueue" in answer.body


def test_an_edge_that_does_not_answer_keeps_nobody_from_the_queue(shift: PhoneShift) -> None:
    contact = shift.accepted()
    shift.floor.connected(contact, "edge-a")
    shift.edges["edge-a"].answers = {}
    assert deliver(close_media, shift.effects, lost(shift, contact)) == []
    assert (shift.state_of(contact).state, shift.who("ana").state) == ("queued", "offline")


def test_late_news_of_an_agent_before_does_not_hit_the_one_who_is_heard_now(shift: PhoneShift) -> None:
    contact = shift.accepted()
    shift.floor.connected(contact, "edge-a")
    legs = [{"role": "caller", "live": True}, {"role": "agent", "live": True}]
    shift.edges["edge-a"].answers[f"GET /rooms/{contact}"] = (200, {"legs": legs})
    deliver(close_media, shift.effects, lost(shift, contact))
    assert shift.state_of(contact).state == "connected"
    legs[1]["live"] = False
    deliver(close_media, shift.effects, lost(shift, contact))
    assert shift.state_of(contact).state == "queued"


def test_who_is_still_joining_is_judged_by_his_own_clock(shift: PhoneShift) -> None:
    contact = shift.accepted()
    deliver(close_media, shift.effects, lost(shift, contact))
    assert shift.state_of(contact).state == "connecting"


def test_a_page_on_hold_hears_the_waiting_tone_and_its_next_agent(shift: PhoneShift) -> None:
    shift.page_talks()
    shift.floor.hold("page", "ana", CALLER)
    deliver(close_media, shift.effects, lost(shift, "page"))
    assert shift.state_of("page").state == "queued"
    assert shift.edges["edge-a"].heard[-1] == ("PUT /rooms/page", {"body": '{"held": false}'})
