"""Waiting in a queue, and the REST interface as the unmodified twilio-python client uses it."""

import asyncio
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from twilio.base.exceptions import TwilioRestException  # type: ignore[import-untyped]
from twilio.http.http_client import TwilioHttpClient  # type: ignore[import-untyped]
from twilio.rest import Client  # type: ignore[import-untyped]
from twilio.twiml.voice_response import VoiceResponse  # type: ignore[import-untyped]

from local.carrier.model import Phone, Script
from tests.carrier.office import ACCOUNT, CALLER, NUMBER, TOKEN, World, in_a_world, settle, told

BYE = "<Response><Hangup/></Response>"
WAIT = "<Response><Say>please wait</Say><Pause length='1'/></Response>"


class ToTheSimulator(TwilioHttpClient):  # type: ignore[misc]
    """twilio-python's own client with the host changed."""

    def __init__(self, address: str) -> None:
        super().__init__(max_retries=0)
        self._address = address

    def request(self, method: str, url: str, **rest: Any) -> Any:
        return super().request(method, self._address + urlsplit(url).path, **rest)


def client(world: World, token: str = TOKEN) -> Client:
    return Client(ACCOUNT, token, http_client=ToTheSimulator(world.carrier_url))


async def rest(work: Callable[[], Any]) -> Any:
    """The client is synchronous: run it beside the carrier's loop."""
    return await asyncio.to_thread(work)


def queue_twiml() -> str:
    response = VoiceResponse()
    response.enqueue("broadband", action="/left", wait_url="/wait")
    return str(response)


def ready(world: World, wait: str = WAIT) -> None:
    world.office.replies |= {"/voice": queue_twiml(), "/wait": wait, "/left": BYE, "/status": ""}


def test_a_waiting_caller_is_told_place_and_times_again_and_again() -> None:
    async def story(world: World) -> None:
        ready(world)
        first, second = world.ring(), world.ring()
        await settle(lambda: len(world.office.requests("/wait")) >= 4)
        forms = [asked.form for asked in world.office.requests("/wait")]
        assert all(asked.signed for asked in world.office.requests("/wait"))
        assert {form["QueuePosition"] for form in forms if form["CallSid"] == first.sid} == {"1"}
        assert {form["QueuePosition"] for form in forms if form["CallSid"] == second.sid} == {"2"}
        assert len({form["QueueSid"] for form in forms}) == 1
        assert forms[0]["QueueSid"].startswith("QU")
        assert forms[-1]["CurrentQueueSize"] == "2"
        assert int(forms[-1]["QueueTime"]) >= 1
        assert "AvgQueueTime" in forms[-1]

    in_a_world(story)


def test_leave_asks_the_action_and_plays_its_answer() -> None:
    async def story(world: World) -> None:
        ready(world, "<Response><Leave/></Response>")
        world.office.replies["/left"] = "<Response><Say>left</Say></Response>"
        call = await world.ring_out()
        assert world.office.form("/left")["QueueResult"] == "leave"
        assert told(call, "say")[-1]["text"] == "left"

    in_a_world(story)


def test_a_hang_up_in_the_queue_is_told_to_the_action() -> None:
    async def story(world: World) -> None:
        ready(world)
        await world.ring_out(Script(patience=0.4))
        await settle(lambda: bool(world.office.requests("/left")))
        form = world.office.form("/left")
        assert (form["QueueResult"], form["CallStatus"]) == ("hangup", "completed")
        assert not world.exchange.queues["broadband"].members

    in_a_world(story)


def test_a_question_inside_the_wait_keeps_the_place() -> None:
    async def story(world: World) -> None:
        wait = "<Response><Gather action='/choose' numDigits='1' timeout='1'><Say>1?</Say></Gather></Response>"
        ready(world, wait)
        world.office.replies["/choose"] = "<Response><Leave/></Response>"
        await world.ring_out(Script(keys=("1",), answers_after=0.2))
        chosen = world.office.form("/choose")
        assert (chosen["Digits"], chosen["QueuePosition"]) == ("1", "1")
        assert world.office.form("/left")["QueueResult"] == "leave"

    in_a_world(story)


def test_verbs_that_have_no_place_in_a_wait_document_are_refused() -> None:
    async def story(world: World) -> None:
        ready(world, "<Response><Dial>+861</Dial></Response>")
        assert told(await world.ring_out(), "not simulated")[0]["verb"] == "<Dial> here"

    in_a_world(story)


def test_the_client_takes_a_waiting_call_elsewhere_with_twiml() -> None:
    async def story(world: World) -> None:
        ready(world)
        call = world.ring()
        await settle(lambda: bool(world.office.requests("/wait")))
        api = client(world)
        seen = await rest(lambda: api.calls(call.sid).fetch())
        assert (seen.status, seen.direction, seen.from_formatted) == ("in-progress", "inbound", CALLER)
        await rest(lambda: api.calls(call.sid).update(twiml="<Response><Say>connecting</Say></Response>"))
        await asyncio.wait_for(call.done.wait(), 5)
        await settle(lambda: bool(world.office.requests("/left")))
        assert world.office.form("/left")["QueueResult"] == "redirected"
        assert told(call, "say")[-1]["text"] == "connecting"

    in_a_world(story)


def test_the_client_takes_a_call_to_an_address_and_ends_it() -> None:
    async def story(world: World) -> None:
        ready(world)
        world.office.replies["/elsewhere"] = "<Response><Pause length='20'/></Response>"
        call = world.ring()
        await settle(lambda: bool(world.office.requests("/wait")))
        api = client(world)
        await rest(lambda: api.calls(call.sid).update(url=world.office.url + "/elsewhere", method="GET"))
        await settle(lambda: bool(world.office.requests("/elsewhere")))
        ended = await rest(lambda: api.calls(call.sid).update(status="completed"))
        await asyncio.wait_for(call.done.wait(), 5)
        assert ended.sid == call.sid
        with pytest.raises(TwilioRestException) as refused:
            await rest(lambda: api.calls(call.sid).update(twiml=BYE))
        assert (refused.value.status, refused.value.code) == (400, 21220)
        finished = await rest(lambda: api.calls(call.sid).fetch())
        assert (finished.status, int(finished.duration) >= 1, finished.end_time is not None) == (
            "completed",
            True,
            True,
        )

    in_a_world(story)


def test_the_client_sets_the_status_callback_of_a_running_call() -> None:
    async def story(world: World) -> None:
        ready(world)
        call = world.ring()
        await settle(lambda: bool(world.office.requests("/wait")))
        callback = world.office.url + "/status"
        await rest(lambda: client(world).calls(call.sid).update(status="completed", status_callback=callback))
        await settle(lambda: bool(world.office.requests("/status")))
        assert world.office.form("/status")["CallStatus"] == "completed"

    in_a_world(story)


def test_the_client_places_a_call_and_every_event_is_reported_in_order() -> None:
    async def story(world: World) -> None:
        world.exchange.phones[CALLER] = Phone(rings_for=0.1)
        world.office.replies |= {"/out": "<Response><Say>calling back</Say></Response>", "/status": ""}
        events = ["initiated", "ringing", "answered", "completed"]
        placed = await rest(
            lambda: client(world).calls.create(
                to=CALLER, from_=NUMBER, url=world.office.url + "/out", status_callback=world.office.url + "/status",
                status_callback_event=events,
            )
        )  # fmt: skip
        assert (placed.status, placed.direction) == ("queued", "outbound-api")
        await asyncio.wait_for(world.exchange.calls[placed.sid].done.wait(), 10)
        await settle(lambda: len(world.office.requests("/status")) == 4)
        forms = sorted((a.form for a in world.office.requests("/status")), key=lambda form: form["SequenceNumber"])
        assert [form["CallStatus"] for form in forms] == ["initiated", "ringing", "in-progress", "completed"]
        assert world.office.form("/out")["Direction"] == "outbound-api"
        assert world.office.form("/out")["CallStatus"] == "in-progress"

    in_a_world(story)


@pytest.mark.parametrize(
    ("phone", "status"), [(Phone(behaviour="busy"), "busy"), (Phone(rings_for=30), "no-answer"), (None, "failed")]
)
def test_a_placed_call_that_nobody_takes_asks_for_no_document(phone: Phone | None, status: str) -> None:
    async def story(world: World) -> None:
        if phone:
            world.exchange.phones[CALLER] = phone
        url = world.office.url + "/out"
        placed = await rest(lambda: client(world).calls.create(to=CALLER, from_=NUMBER, url=url, timeout=1))
        call = world.exchange.calls[placed.sid]
        await asyncio.wait_for(call.done.wait(), 10)
        assert call.status == status
        assert not world.office.asked

    in_a_world(story)


def test_who_called_can_be_called_back() -> None:
    async def story(world: World) -> None:
        world.office.replies |= {"/voice": BYE, "/out": "<Response><Gather action='/menu' timeout='3'/></Response>"}
        world.office.replies["/menu"] = BYE
        await world.ring_out(Script(keys=("4",), answers_after=0.1))
        placed = await rest(lambda: client(world).calls.create(to=CALLER, from_=NUMBER, url=world.office.url + "/out"))
        await asyncio.wait_for(world.exchange.calls[placed.sid].done.wait(), 10)
        assert world.office.form("/menu")["Digits"] == "4"

    in_a_world(story)


def test_the_client_sends_a_text_and_hears_of_its_delivery() -> None:
    async def story(world: World) -> None:
        world.office.replies["/status"] = ""
        callback = world.office.url + "/status"
        sent = await rest(
            lambda: client(world).messages.create(to=CALLER, from_=NUMBER, body="您好", status_callback=callback)
        )
        await settle(lambda: len(world.office.requests("/status")) == 2)
        assert [a.form["MessageStatus"] for a in world.office.requests("/status")] == ["sent", "delivered"]
        assert (await rest(lambda: client(world).messages(sent.sid).fetch())).body == "您好"

    in_a_world(story)


def test_wrong_credentials_and_unknown_calls_get_twilios_errors() -> None:
    async def story(world: World) -> None:
        with pytest.raises(TwilioRestException) as unknown:
            await rest(lambda: client(world).calls("CA" + "0" * 32).fetch())
        assert (unknown.value.status, unknown.value.code) == (404, 20404)
        with pytest.raises(TwilioRestException) as refused:
            await rest(lambda: client(world, "wrong").calls.create(to=CALLER, from_=NUMBER, twiml=BYE))
        assert (refused.value.status, refused.value.code) == (401, 20003)
        with pytest.raises(TwilioRestException) as missing:
            await rest(lambda: client(world).calls.create(to=CALLER, from_=NUMBER))
        assert missing.value.code == 21205

    in_a_world(story)


def test_a_full_queue_sends_the_caller_to_the_action() -> None:
    async def story(world: World) -> None:
        ready(world)
        queue = world.exchange.queue("broadband")
        queue.members |= {f"CA{number}": 0.0 for number in range(queue.MAX_SIZE)}
        await world.ring_out()
        assert world.office.form("/left")["QueueResult"] == "queue-full"

    in_a_world(story)


def test_an_update_that_comes_at_once_is_not_lost() -> None:
    async def story(world: World) -> None:
        ready(world)
        world.exchange.phones[CALLER] = Phone(rings_for=30)
        placed = await rest(lambda: client(world).calls.create(to=CALLER, from_=NUMBER, twiml=BYE))
        await rest(lambda: client(world).calls(placed.sid).update(status="canceled"))
        call = world.exchange.calls[placed.sid]
        await asyncio.wait_for(call.done.wait(), 10)
        assert call.status == "canceled"

    in_a_world(story)
