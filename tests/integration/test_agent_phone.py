"""An agent without a headset: his phone is dialled once, asked for a key, led where his contact is, and let go."""

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest

from functions.close_media import app as close_media
from functions.join_media import app as join_media
from hearthline.callflow.phone_lost import BACK_SECONDS
from hearthline.events.agent_leg_lost import AgentLegLost
from hearthline.floor.model import PHONE_JOIN_MS
from hearthline.platform.queue import MemoryQueue
from tests.integration.agent_phone_shift import CALLS, DESK, DESK_SID, AgentPhoneShift, agent_phone_shift, token_of
from tests.integration.carrier_posts import SID, fields, of_contact, post, written
from tests.shift import AGENT_ANA, deliver


@pytest.fixture
def shift() -> Iterator[AgentPhoneShift]:
    with agent_phone_shift() as made:
        yield made


def test_who_accepts_on_the_screen_is_rung_on_the_phone_and_sees_our_number(shift: AgentPhoneShift) -> None:
    contact = shift.taken()
    (order,) = shift.dialled
    assert (order["To"], order["From"], order["Timeout"]) == (DESK, "+862150008000", "20")
    call = shift.floor.call_of("ana")
    assert call is not None
    assert (call.contact, call.state, call.call_sid, call.turn) == (contact, "ringing", DESK_SID, 1)
    assert shift.state_of(contact).state == "connecting"


def test_an_agent_with_a_headset_is_not_rung(shift: AgentPhoneShift) -> None:
    shift.by_phone()
    shift.floor.set_phone("ana", "", "headset", AGENT_ANA)
    shift.accepted()
    assert shift.bring() == []
    assert shift.dialled == []


def test_a_message_that_comes_again_rings_nobody_again(shift: AgentPhoneShift) -> None:
    shift.taken()
    bodies = [sent.body for sent in shift.queue.sent if sent.queue == "join"]
    assert deliver(join_media, shift.effects, *bodies, *bodies) == []
    assert len(shift.dialled) == 1


def test_a_voicemail_that_answers_presses_no_key_and_never_hears_the_caller(shift: AgentPhoneShift) -> None:
    contact = shift.taken()
    answer = shift.phone("answered")
    assert answer.verbs == ["Gather", "Gather", "Hangup"]
    assert "按1接听" in answer.said
    assert "Stream" not in answer.body
    shift.phone("status", CallStatus="completed")
    assert (shift.state_of(contact).state, shift.who("ana").state) == ("queued", "not_ready")


def test_an_english_contact_is_announced_in_english(shift: AgentPhoneShift) -> None:
    shift.by_phone()
    shift.floor.retrain("ana", queues={"billing": 3}, skills={"en": 5}, actor=AGENT_ANA)
    shift.presence.open("ana", "screen-ana")
    shift.floor.set_status("ana", "available")
    post("/telephony/voice", fields())
    post(of_contact("menu"), fields(Digits="9"))
    post(of_contact("menu", "en"), fields(Digits="2"))
    shift.run("route")
    contact = [sent for sent in shift.queue.sent if sent.queue == "expire"][-1]
    shift.accept(json.loads(contact.body)["data"]["contact"])
    shift.bring()
    assert "Press 1 to take the call" in shift.phone("answered").said


def test_the_key_leads_the_phone_into_the_room_as_its_agent(shift: AgentPhoneShift) -> None:
    contact = shift.taken()
    shift.phone("answered")
    answer = shift.phone("take", Digits="1")
    assert answer.find("Stream").get("url") == "wss://edge-a.test/stream"
    claims = token_of(answer.body)
    assert {name: claims[name] for name in ("sub", "role", "plays", "person", "leg")} == {
        "sub": contact,
        "role": "carrier",
        "plays": "agent",
        "person": "ana",
        "leg": DESK_SID,
    }


def test_a_phone_led_anew_while_nothing_is_recorded_tells_its_edge_so(shift: AgentPhoneShift) -> None:
    contact = shift.talks()
    shift.floor.paused(contact, "ana", until := shift.effects.clock.now() + 60_000, AGENT_ANA)
    said = token_of(shift.phone("left-1").body)["unrecorded"]
    assert (said["until"], said["version"]) == (until, shift.state_of(contact).version)


def test_another_key_is_asked_again(shift: AgentPhoneShift) -> None:
    shift.taken()
    shift.phone("answered")
    assert shift.phone("take", Digits="7").verbs == ["Gather", "Gather", "Hangup"]


@pytest.mark.parametrize("step", ["answered", "take", "left-1"])
def test_a_post_that_comes_twice_gets_the_answer_it_got(shift: AgentPhoneShift, step: str) -> None:
    shift.talks()
    first = shift.phone(step, Digits="1")
    call = shift.floor.call_of("ana")
    assert shift.phone(step, Digits="1").body == first.body
    assert shift.floor.call_of("ana") == call


@pytest.mark.parametrize("status", ["busy", "no-answer", "failed", "canceled"])
def test_a_phone_nobody_answers_gives_the_caller_back_and_the_agent_is_told_why(
    shift: AgentPhoneShift, status: str
) -> None:
    contact = shift.taken()
    for _ in range(2):
        shift.phone("status", CallStatus=status)
    assert shift.state_of(contact).state == "queued"
    assert shift.state_of(contact).priority == 0
    assert (shift.who("ana").state, shift.who("ana").reason) == ("not_ready", "phone_unanswered")
    assert shift.story(contact).count("ContactQueued") == 2
    assert [line for line, _ in shift.edges["edge-a"].heard] == [f"DELETE /rooms/{contact}"]
    assert "<Enqueue" in post(of_contact("connected", 1), fields(SID)).body


def test_a_number_that_cannot_be_called_is_no_different(shift: AgentPhoneShift) -> None:
    shift.carrier.answers[f"{CALLS}.json"] = (400, {"code": 21211, "message": "invalid number"})
    contact = shift.taken()
    assert (shift.state_of(contact).state, shift.who("ana").reason) == ("queued", "phone_unanswered")


def test_a_call_that_ended_before_its_order_was_answered_counts(shift: AgentPhoneShift) -> None:
    shift.carrier.answers[f"{CALLS}.json"] = (0, {})
    shift.by_phone()
    contact = shift.accepted()
    assert shift.bring() != []  # the reader tries again
    shift.phone("status", CallStatus="busy")
    assert (shift.state_of(contact).state, shift.who("ana").reason) == ("queued", "phone_unanswered")


def test_an_order_whose_answer_was_lost_is_not_given_again_while_its_call_lives(shift: AgentPhoneShift) -> None:
    shift.carrier.answers[f"{CALLS}.json"] = (0, {})
    shift.by_phone()
    contact = shift.accepted()
    assert shift.bring() != []
    placed = {"sid": DESK_SID, "status": "ringing", "date_created": "Thu, 01 Jan 2099 00:00:00 +0000"}
    listed = {"calls": [placed], "page": 0, "page_size": 20, "next_page_uri": None}
    shift.carrier.answers["GET /2010-04-01/Accounts/"] = (200, listed)
    shift.later(8)
    shift._brought = 0
    assert shift.bring(late=True) == []
    assert len(shift.dialled) == 1
    call = shift.floor.call_of("ana")
    assert call is not None
    assert (call.call_sid, call.state) == (DESK_SID, "ringing")
    assert shift.state_of(contact).state == "connecting"


def test_an_order_that_placed_no_call_is_given_once_more(shift: AgentPhoneShift) -> None:
    shift.carrier.answers[f"{CALLS}.json"] = (503, {})
    shift.by_phone()
    shift.accepted()
    assert shift.bring() != []
    del shift.carrier.answers[f"{CALLS}.json"]
    shift.carrier.answers["GET /2010-04-01/Accounts/"] = (200, {"calls": [], "page": 0, "next_page_uri": None})
    shift.later(8)
    shift._brought = 0
    assert shift.bring(late=True) == []
    assert len(shift.dialled) == 2
    assert shift.ordered() == []


def test_a_caller_who_leaves_while_it_rings_takes_the_phone_along(shift: AgentPhoneShift) -> None:
    contact = shift.taken()
    post(of_contact("status"), fields(SID, CallStatus="completed"))
    assert shift.state_of(contact).state == "abandoned"
    assert shift.bring() == []
    assert {"Status": "completed"} in shift.ordered()
    assert shift.phone("answered").verbs == ["Say", "Hangup"]


def test_a_phone_answered_for_nobody_says_so_and_hangs_up(shift: AgentPhoneShift) -> None:
    contact = shift.taken()
    shift.floor.requeue(contact, "media_failed")
    answer = shift.phone("answered")
    assert (answer.verbs, "来电已结束" in answer.said) == (["Say", "Hangup"], True)


def test_an_agent_who_gives_up_on_the_screen_is_rung_no_longer(shift: AgentPhoneShift) -> None:
    contact = shift.taken()
    step = shift.floor.hang_up(contact, "ana", AGENT_ANA)
    assert step is not None
    from hearthline.presence.flow import announce

    announce(shift.effects, step.event)
    assert shift.bring() == []
    assert shift.ordered() == [{"Status": "completed"}]


def test_a_contact_that_ends_ends_the_agents_call(shift: AgentPhoneShift) -> None:
    contact = shift.talks()
    post(of_contact("status"), fields(SID, CallStatus="completed"))
    assert shift.state_of(contact).state == "wrap_up"
    for _ in range(2):
        shift._brought = 0
        assert shift.bring() == []
    assert shift.ordered().count({"Status": "completed"}) == 1
    assert shift.phone("left-1").verbs == ["Hangup"]
    shift.phone("status", CallStatus="completed")
    assert shift.who("ana").state == "wrap_up"


def test_a_contact_given_on_ends_the_call_of_who_gave_it(shift: AgentPhoneShift) -> None:
    contact = shift.talks()
    step = shift.floor.transfer(contact, "ana", queue="broadband", actor=AGENT_ANA)
    assert step is not None
    shift.queue.send("join", step.event)
    assert shift.bring() == []
    assert {"Status": "completed"} in shift.ordered()


def test_an_edge_that_dies_leads_the_phone_to_the_other_one(shift: AgentPhoneShift) -> None:
    shift.talks()
    shift.edges["edge-a"].answers.clear()
    answer = shift.phone("left-1")
    assert answer.find("Stream").get("url") == "wss://edge-b.test/stream"
    assert token_of(answer.body)["aud"] == "edge-b"


def test_who_puts_the_phone_down_has_half_a_minute_to_be_rung_again(shift: AgentPhoneShift) -> None:
    contact = shift.talks()
    shift.phone("status", CallStatus="completed")
    assert shift.state_of(contact).state == "connected"
    (look,) = [sent for sent in shift.queue.sent if sent.queue == "join" and sent.delay == BACK_SECONDS]
    shift.queue.send("join", shift.floor.phone_news(shift.floor.ring_again("ana", contact)))
    shift.carrier.answers[f"{CALLS}.json"] = (201, {"sid": "CA" + "e" * 32, "status": "queued"})
    assert shift.bring() == []
    assert len(shift.dialled) == 2
    shift.phone("answered", sid="CA" + "e" * 32)
    assert "Stream" in shift.phone("take", sid="CA" + "e" * 32, Digits="1").body
    assert deliver(join_media, shift.effects, look.body) == []
    assert shift.state_of(contact).state == "connected"


def test_who_does_not_come_back_gives_the_caller_to_the_head_of_the_queue(shift: AgentPhoneShift) -> None:
    contact = shift.talks()
    shift.phone("status", CallStatus="completed")
    (look,) = [sent for sent in shift.queue.sent if sent.queue == "join" and sent.delay == BACK_SECONDS]
    for _ in range(2):
        assert deliver(join_media, shift.effects, look.body) == []
    assert (shift.state_of(contact).state, shift.state_of(contact).priority) == ("queued", 0)
    assert (shift.who("ana").state, shift.who("ana").reason) == ("offline", "agent_lost")


def test_who_is_heard_at_the_edge_after_all_is_not_lost(shift: AgentPhoneShift) -> None:
    contact = shift.talks()
    shift.phone("status", CallStatus="completed")
    legs = [{"role": "agent", "live": True}]
    shift.edges["edge-a"].answers[f"GET /rooms/{contact}"] = (200, {"legs": legs})
    (look,) = [sent for sent in shift.queue.sent if sent.queue == "join" and sent.delay == BACK_SECONDS]
    assert deliver(join_media, shift.effects, look.body) == []
    assert shift.state_of(contact).state == "connected"


def test_the_caller_waits_longer_for_a_phone_than_for_a_page_but_not_for_ever(shift: AgentPhoneShift) -> None:
    contact = shift.taken()
    accepted = next(each for each in shift.ledger(contact) if each.type == "OfferAccepted")
    shift.later(PHONE_JOIN_MS / 1000 - 1)
    shift.deliver("expire", accepted)
    assert shift.state_of(contact).state == "connecting"
    shift.later(1)
    shift.deliver("expire", accepted)
    assert (shift.state_of(contact).state, shift.who("ana").state) == ("queued", "not_ready")


def test_the_phone_goes_along_to_a_word_with_a_colleague_and_back(shift: AgentPhoneShift) -> None:
    contact = shift.talks()
    shift.agent("ben", queues={"billing": 3})
    shift.floor.consult(contact, "ana", "ben", AGENT_ANA)
    asked = shift.who("ben").offer
    step = shift.floor.accept(asked, "ben", "edge-b", AGENT_ANA)
    shift.queue.send("join", step.event)
    assert shift.bring() == []
    claims = token_of(shift.ordered()[-1]["Twiml"])
    assert (claims["sub"], claims["plays"], claims["person"]) == (step.event.data["room"], "caller", "ana")
    # Her room has no agent meanwhile, and she is not lost.
    lost = shift.report(AgentLegLost(contact=contact, edge="edge-a")).model_dump_json(by_alias=True)
    assert deliver(close_media, shift.effects, lost) == []
    assert shift.state_of(contact).state == "held"
    back = shift.floor.cancel(contact, "ana", AGENT_ANA)
    assert back is not None
    shift.queue.send("join", back.event)
    assert shift.bring() == []
    claims = token_of(shift.ordered()[-1]["Twiml"])
    assert (claims["sub"], claims["plays"]) == (contact, "agent")
    assert len(shift.dialled) == 1


def test_a_colleague_by_phone_is_rung_when_he_accepts_and_let_go_when_he_does_not_pick_up(
    shift: AgentPhoneShift,
) -> None:
    contact = shift.talks()
    shift.by_phone("ben", "+8613900002222")
    shift.agent("ben", queues={"billing": 3})
    shift.floor.consult(contact, "ana", "ben", AGENT_ANA)
    step = shift.floor.accept(shift.who("ben").offer, "ben", "edge-b", AGENT_ANA)
    shift.carrier.answers[f"{CALLS}.json"] = (201, {"sid": "CA" + "f" * 32, "status": "queued"})
    shift.queue.send("join", step.event)
    assert shift.bring() == []
    assert shift.dialled[-1]["To"] == "+8613900002222"
    shift.phone("status", sid="CA" + "f" * 32, CallStatus="no-answer")
    assert (shift.state_of(contact).consult, shift.who("ben").state) == ("", "offline")
    assert shift.state_of(contact).agent == "ana"


def test_no_log_holds_the_number_of_an_agent(shift: AgentPhoneShift) -> None:
    with written("join_media", "voice_webhook", "phone_lost", "release_media", "nudge") as lines:
        contact = shift.talks()
        shift.phone("status", CallStatus="completed")
        post(of_contact("status"), fields(SID, CallStatus="completed"))
        shift.bring(late=True)
    assert shift.state_of(contact).state in {"wrap_up", "queued"}
    assert lines.getvalue()
    assert DESK[3:] not in lines.getvalue()
    kept = json.dumps(list(shift.store.everything().values()), default=str)
    assert DESK[3:] not in kept


def test_a_stranger_cannot_post_for_an_offer_of_another_contact(shift: AgentPhoneShift) -> None:
    contact = shift.taken()
    other = "6f9619ff-8b86-4d01-b42d-00cf4fc964ff"
    path = shift.path("answered").replace(contact, other)
    assert post(path, fields(DESK_SID)).verbs == ["Say", "Say", "Hangup"]
    assert isinstance(shift.queue, MemoryQueue)
    call = shift.floor.call_of("ana")
    assert call == replace(call, state="ringing") if call else False
