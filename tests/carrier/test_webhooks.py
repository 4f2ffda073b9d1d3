"""Webhooks: signed, complete, retried, sent to the fallback; and the faults that can be asked for."""

import asyncio
import re
import socket
from urllib.parse import urlsplit

from aiohttp import web
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]

from local.carrier import signature
from local.carrier.model import Faults, Script
from local.carrier.webhooks import Timing
from tests.carrier.office import ACCOUNT, CALLER, NUMBER, Asked, World, in_a_world, settle, told

HELLO = "<Response><Say>hello</Say></Response>"


def nobody_listens() -> str:
    """An address on which a connection fails."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}/voice"


async def fail(_: Asked) -> web.Response:
    return web.Response(status=500)


def test_our_signature_is_what_twilios_validator_computes() -> None:
    validator = RequestValidator("secret")
    cases = [
        ("https://example.com/voice", {}),
        ("https://example.com/voice?a=1&b=%20x", {"CallSid": "CA1", "From": "+8613800138001", "Ünï": "宽带"}),
        ("http://localhost:8080/telephony/voice", {"Digits": "", "To": NUMBER}),
    ]
    for url, form in cases:
        assert validator.validate(url, form, signature.sign("secret", url, form.items()))
    assert not validator.validate(cases[1][0], {"CallSid": "CA2"}, signature.sign("secret", cases[1][0], []))


def test_a_call_announces_itself_with_every_parameter_and_a_valid_signature() -> None:
    async def story(world: World) -> None:
        world.office.replies["/voice"] = HELLO
        call = await world.ring_out()
        asked = world.office.requests("/voice")[0]
        form = asked.form
        assert asked.signed
        assert re.fullmatch(r"CA[0-9a-f]{32}", form["CallSid"])
        assert form["CallSid"] == call.sid
        assert (form["AccountSid"], form["ApiVersion"]) == (ACCOUNT, "2010-04-01")
        assert (form["From"], form["Caller"], form["To"], form["Called"]) == (CALLER, CALLER, NUMBER, NUMBER)
        assert (form["Direction"], form["CallStatus"]) == ("inbound", "ringing")
        assert form["FromCountry"] == form["ToCountry"] == "CN"
        assert asked.headers["User-Agent"] == "TwilioProxy/1.1"
        assert asked.headers["Content-Type"].startswith("application/x-www-form-urlencoded")

    in_a_world(story)


def test_a_get_webhook_carries_its_parameters_in_a_signed_query() -> None:
    async def story(world: World) -> None:
        world.office.replies["/voice"] = HELLO
        await world.ring_out()
        asked = world.office.requests("/voice")[0]
        assert asked.method == "GET"
        assert asked.signed
        assert asked.form["To"] == NUMBER

    in_a_world(story, {"voice_method": "GET"})


def test_the_end_is_reported_once_with_duration_sequence_and_time() -> None:
    async def story(world: World) -> None:
        world.office.replies |= {"/voice": "<Response><Pause length='1'/><Say>x</Say></Response>", "/status": ""}
        await world.ring_out(Script(), say_speed=1)
        await settle(lambda: bool(world.office.requests("/status")))
        asked = world.office.requests("/status")
        assert len(asked) == 1
        assert asked[0].signed
        form = asked[0].form
        assert (form["CallStatus"], form["SequenceNumber"]) == ("completed", "0")
        assert int(form["CallDuration"]) >= int(form["Duration"]) >= 1
        assert re.fullmatch(r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d \+0000", form["Timestamp"])

    in_a_world(story, {"status_callback": "/status"})


def test_a_failed_connection_is_retried_once_and_then_the_fallback_is_told_why() -> None:
    address = nobody_listens()

    async def story(world: World) -> None:
        world.office.replies["/fallback"] = HELLO
        call = await world.ring_out()
        assert len(told(call, "webhook retried")) == 1
        assert [line["error"] for line in told(call, "webhook failed")] == [11205]
        form = world.office.form("/fallback")
        assert (form["ErrorCode"], form["ErrorUrl"]) == ("11205", address)
        assert world.office.requests("/fallback")[0].signed
        assert call.status == "completed"

    in_a_world(story, {"voice_url": address, "voice_fallback_url": "/fallback"})


def test_an_error_answer_is_not_retried_and_ends_in_11200() -> None:
    async def story(world: World) -> None:
        world.office.replies["/voice"] = fail
        call = await world.ring_out()
        assert len(world.office.requests("/voice")) == 1
        assert [line["error"] for line in told(call, "webhook failed")] == [11200]
        assert [line["error"] for line in told(call, "application error")] == [11200]
        assert call.status == "failed"  # nobody ever answered it

    in_a_world(story)


def test_an_address_may_ask_for_more_retries_in_its_fragment() -> None:
    async def story(world: World) -> None:
        world.office.replies["/voice"] = fail
        call = await world.ring_out()
        assert len(world.office.requests("/voice")) == 3
        tokens = {asked.headers["I-Twilio-Idempotency-Token"] for asked in world.office.requests("/voice")}
        assert len(tokens) == 1
        assert all(asked.signed for asked in world.office.requests("/voice"))
        assert urlsplit(told(call, "webhook retried")[0]["url"]).fragment == ""

    in_a_world(story, {"voice_url": "/voice#rc=2&rp=5xx"})


def test_a_slow_answer_is_given_up_after_the_read_timeout() -> None:
    async def slowly(_: Asked) -> web.Response:
        await asyncio.sleep(1)
        return web.Response(text=HELLO, content_type="text/xml")

    async def story(world: World) -> None:
        world.office.replies["/voice"] = slowly
        call = await world.ring_out()
        assert [(line["error"], line["why"]) for line in told(call, "webhook failed")] == [(11200, "timed out")]
        assert len(world.office.requests("/voice")) == 1

    assert (Timing().connect, Timing().read, Timing().total, Timing().retries) == (5, 15, 15, 1)
    in_a_world(story, timing=Timing(read=0.2, total=0.5))


def test_what_is_not_twiml_sends_the_call_to_the_fallback() -> None:
    async def json(_: Asked) -> web.Response:
        return web.json_response({})

    async def story(world: World) -> None:
        world.office.replies |= {"/voice": "<Response><Say>", "/fallback": HELLO}
        call = await world.ring_out()
        assert world.office.form("/fallback")["ErrorCode"] == "12100"
        world.office.replies["/voice"] = json
        call = await world.ring_out()
        assert world.office.form("/fallback", 1)["ErrorCode"] == "12300"
        assert call.status == "completed"

    in_a_world(story, {"voice_fallback_url": "/fallback"})


def test_a_duplicated_webhook_arrives_twice_word_for_word() -> None:
    async def story(world: World) -> None:
        world.office.replies["/voice"] = HELLO
        call = await world.ring_out(faults=Faults(duplicate=1))
        await settle(lambda: bool(told(call, "fault: webhook delivered twice")))
        first, second = world.office.requests("/voice")
        assert first.form == second.form
        assert first.headers["X-Twilio-Signature"] == second.headers["X-Twilio-Signature"]
        assert told(call, "fault: webhook delivered twice")[0]["same_answer"] is True

    in_a_world(story)


def test_callbacks_can_be_lost_delayed_and_overtaken() -> None:
    async def story(world: World) -> None:
        world.office.replies |= {"/voice": HELLO, "/status": ""}
        lost = await world.ring_out(faults=Faults(drop=0.5, delay=1, delay_seconds=0.05))
        assert told(lost, "fault: webhook delayed")

        call = world.ring(faults=Faults(reorder=1))
        call.status_events = frozenset({"answered", "completed"})
        await asyncio.wait_for(call.done.wait(), 10)
        await settle(lambda: len([a for a in world.office.requests("/status") if a.form["CallSid"] == call.sid]) == 2)
        mine = [asked.form for asked in world.office.requests("/status") if asked.form["CallSid"] == call.sid]
        assert [form["SequenceNumber"] for form in mine] == ["1", "0"]
        assert [form["CallStatus"] for form in mine] == ["completed", "in-progress"]

    in_a_world(story, {"status_callback": "/status"})
