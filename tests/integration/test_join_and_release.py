"""From an agent's yes to sound at an edge, over the carrier's API, and to the end of both."""

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from typing import Any
from xml.sax.saxutils import escape

import pytest
from joserfc import jwt
from joserfc.jwk import OKPKey

from hearthline.events.recording_begun import RecordingBegun
from hearthline.media.store import keep_begun
from hearthline.telephony.model import contact_id
from hearthline.telephony.twiml import ONCE_MORE
from tests.integration import carrier_posts
from tests.integration.carrier_posts import CALLER, MEDIA_KEY, NUMBER, PUBLIC, SID, fields, of_contact, post, written
from tests.integration.phone_shift import PhoneShift, phone_shift

CALLS = "POST /2010-04-01/Accounts/AC22222222222222222222222222222222/Calls"
REDIALLED = "CA" + "d" * 32


@pytest.fixture
def shift() -> Iterator[PhoneShift]:
    with phone_shift() as made:
        yield made


def claims(token: str | None) -> dict[str, Any]:
    assert token
    return jwt.decode(token, OKPKey.import_key(MEDIA_KEY), algorithms=["Ed25519"]).claims


def stream(document: str) -> tuple[str | None, dict[str, Any]]:
    """Address and token of the media stream in a document."""
    root = ET.fromstring(document)  # noqa: S314 - our own answer
    link, parameter = root.find(".//Stream"), root.find(".//Parameter")
    assert link is not None
    assert parameter is not None
    return link.get("url"), claims(parameter.get("value"))


def test_an_accepted_call_is_led_to_its_edge_with_a_token_for_this_call_alone(shift: PhoneShift) -> None:
    contact = shift.accepted()
    assert shift.join() == []
    [(line, told)] = shift.carrier.heard
    assert line == f"{CALLS}/{SID}.json"
    url, said = stream(told["Twiml"])
    assert url == "wss://edge-a.test/stream"
    assert (said["aud"], said["sub"], said["role"], said["leg"]) == ("edge-a", contact, "carrier", SID)
    assert said["exp"] - said["iat"] == 60
    assert f'action="{PUBLIC}{of_contact("connected", 1)}{escape(ONCE_MORE)}"' in told["Twiml"]


def test_news_of_an_accept_that_comes_twice_tells_the_carrier_once(shift: PhoneShift) -> None:
    shift.accepted()
    assert shift.join() == shift.join() == []
    assert len(shift.carrier.heard) == 1


def test_a_phone_that_still_rings_is_not_taken_for_gone(shift: PhoneShift) -> None:
    contact = shift.accepted()
    shift.carrier.answers |= {
        CALLS + "/": (400, {"code": 21220, "message": "Call is not in-progress. Cannot redirect."}),
        CALLS.replace("POST", "GET") + "/": (200, {"sid": SID, "status": "ringing"}),
    }
    assert shift.join() == []
    assert shift.state_of(contact).state == "connecting"


def test_a_call_that_is_gone_when_it_should_be_joined_ends_its_contact(shift: PhoneShift) -> None:
    contact = shift.accepted()
    shift.carrier.answers = {}
    assert shift.join() == []
    assert shift.state_of(contact).state == "abandoned"
    assert shift.who("ana").state == "available"


def test_a_carrier_that_is_down_is_tried_again_and_the_caller_returns_to_the_queue(shift: PhoneShift) -> None:
    contact = shift.accepted()
    shift.carrier.answers = {"POST": (503, {"code": 20503, "message": f"no way to {CALLER}"})}
    with written("join_media") as lines:
        assert shift.join() == ["m1"]
    assert "CarrierBusyError" in lines.getvalue()
    assert CALLER not in lines.getvalue()
    shift.later(11)
    shift.deliver("expire", shift.ledger(contact)[-1])
    assert shift.state_of(contact).state == "queued"


def test_a_promised_callback_is_dialled_and_joined_when_it_is_answered(shift: PhoneShift) -> None:
    contact = carrier_posts.queued()
    post(of_contact("choose", 1), fields(Digits="1"))
    post(of_contact("number", 1), fields(Digits="1"))
    shift.agent("ana", queues={"billing": 3})
    shift.run("route")
    shift.deliver_for(contact, "ContactQueued")
    shift.run("route")
    shift.accept(contact)
    assert shift.join() == []
    [(line, told)] = shift.carrier.heard
    assert line == f"{CALLS}.json"
    assert (told["To"], told["From"]) == (CALLER, NUMBER)
    assert told["Url"] == PUBLIC + of_contact("callback") + ONCE_MORE
    assert shift.state_of(contact).call_sid == REDIALLED
    answer = post(of_contact("callback"), fields(REDIALLED, Direction="outbound-api", From=NUMBER, To=CALLER))
    assert stream(answer.body)[1]["leg"] == REDIALLED


def test_the_late_end_of_the_first_call_does_not_end_the_callback(shift: PhoneShift) -> None:
    test_a_promised_callback_is_dialled_and_joined_when_it_is_answered(shift)
    contact = shift.state_of(contact_id(carrier_posts.STACK, SID))
    post("/telephony/status", fields(CallStatus="completed"))
    assert shift.state_of(contact.id).state == "connecting"
    post(of_contact("status"), fields(REDIALLED, CallStatus="no-answer"))
    assert shift.state_of(contact.id).state == "abandoned"


def test_a_caller_whose_edge_died_is_led_to_the_other_one(shift: PhoneShift) -> None:
    contact = shift.accepted()
    shift.floor.connected(contact, "edge-a")
    shift.edges["edge-a"].answers["GET /health"] = (503, {})
    answer = post(of_contact("connected", 1), fields())
    url, said = stream(answer.body)
    assert (url, said["aud"]) == ("wss://edge-b.test/stream", "edge-b")


def test_a_caller_for_whom_no_edge_lives_goes_back_to_the_head_of_the_queue(shift: PhoneShift) -> None:
    contact = shift.accepted()
    shift.floor.connected(contact, "edge-a")
    for edge in shift.edges.values():
        edge.answers.clear()
    answer = post(of_contact("connected", 1), fields())
    assert answer.verbs == ["Say", "Enqueue"]
    assert "抱歉" in answer.said
    assert shift.state_of(contact).state == "queued"


def test_a_caller_led_to_edges_in_vain_is_not_led_for_ever(shift: PhoneShift) -> None:
    contact = shift.accepted()
    shift.floor.connected(contact, "edge-a")
    path, joins = of_contact("connected", 1), 0
    while "Connect" in (answer := post(path, fields())).verbs:
        path, joins = answer.next(), joins + 1
    assert joins == 2
    assert shift.state_of(contact).state == "queued"


def test_a_caller_whose_agent_hung_up_hears_goodbye(shift: PhoneShift) -> None:
    contact = shift.accepted()
    shift.floor.connected(contact, "edge-a")
    ended_by_agent(shift, contact)
    answer = post(of_contact("connected", 1), fields())
    assert answer.verbs == ["Say", "Hangup"]


def test_a_caller_who_hung_up_is_not_led_anywhere_and_the_call_is_over(shift: PhoneShift) -> None:
    contact = shift.accepted()
    shift.floor.connected(contact, "edge-a")
    assert post(of_contact("connected", 1), fields(CallStatus="completed")).verbs == []
    assert shift.state_of(contact).state == "wrap_up"
    assert shift.who("ana").state == "wrap_up"


def ended_by_agent(shift: PhoneShift, contact: str) -> None:
    step = shift.floor.end_contact(contact, by="agent", actor=carrier_posts.AGENT)
    assert step is not None
    shift.queue.send("release", step.event)


def test_the_end_of_a_contact_closes_its_room_and_hangs_up_twice_over_without_harm(shift: PhoneShift) -> None:
    contact = shift.accepted()
    shift.floor.connected(contact, "edge-a")
    ended_by_agent(shift, contact)
    assert shift.release() == []
    assert shift.carrier.heard == [(f"{CALLS}/{SID}.json", {"Status": "completed"})]
    assert [line for line, _ in shift.edges["edge-a"].heard] == [f"DELETE /rooms/{contact}"]
    assert claims(shift.edges["edge-a"].tokens[0])["role"] == "control"
    shift.carrier.answers = {"POST": (400, {"code": 21220, "message": "Call is not in-progress."})}
    assert shift.release() == []


def test_a_carrier_that_cannot_hang_up_now_is_asked_again(shift: PhoneShift) -> None:
    contact = shift.accepted()
    shift.floor.connected(contact, "edge-a")
    ended_by_agent(shift, contact)
    shift.carrier.answers = {"POST": (500, {})}
    assert shift.release() == ["m1"]


def test_a_dead_edge_does_not_keep_a_call_from_being_released_a_living_one_is_asked_again(shift: PhoneShift) -> None:
    contact = shift.accepted()
    shift.floor.connected(contact, "edge-a")
    ended_by_agent(shift, contact)
    shift.edges["edge-b"].answers.clear()
    shift.edges["edge-a"].answers["DELETE /rooms"] = (500, {})
    assert shift.release() == ["m1"]
    shift.edges["edge-a"].answers.clear()
    assert shift.release() == []


def test_a_recording_is_left_to_an_edge_that_has_its_room_and_closed_once_it_began_anew(
    shift: PhoneShift,
) -> None:
    contact = shift.accepted()
    shift.floor.connected(contact, "edge-a")
    keep_begun(shift.effects, RecordingBegun(contact=contact, edge="edge-a", bucket="b", key="k", started_at=1))
    ended_by_agent(shift, contact)
    assert shift.release() == []
    answers: dict[str, tuple[int, Any]] = {"open": (200, {"legs": []}), "cut": (404, {})}
    for state, answer in answers.items():
        shift.edges["edge-a"].answers["GET /rooms"] = answer
        assert shift.release() == []
        (record,) = [item for key, item in shift.store.everything().items() if key.table == "recordings"]
        assert record["state"] == state
