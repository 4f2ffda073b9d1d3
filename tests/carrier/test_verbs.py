"""Each verb does what Twilio documents; the TwiML comes from twilio-python's own classes."""

import asyncio
from pathlib import Path

import numpy as np
import pytest
from aiohttp import web
from twilio.twiml.voice_response import Dial, Gather, VoiceResponse  # type: ignore[import-untyped]

from local.carrier.audio import tone, wav_bytes
from local.carrier.caller import speaking_seconds
from local.carrier.model import Phone, Script
from tests.carrier.office import CALLER, NUMBER, Asked, World, in_a_world, settle, told

BYE = "<Response><Hangup/></Response>"


def gather_twiml(say: str = "", **attributes: object) -> str:
    response = VoiceResponse()
    gather = Gather(action="/menu", **attributes)
    if say:
        gather.say(say, language="zh-CN")
    response.append(gather)
    response.say("nobody answered")
    return str(response)


def asked_with(world: World) -> dict[str, str]:
    return world.office.form("/menu")


def test_say_lasts_as_long_as_a_person_would_speak() -> None:
    assert speaking_seconds("宽带断线了请稍等啊") == pytest.approx(2.0)
    assert speaking_seconds("Hello, how are you?.") == pytest.approx(20 / 14)

    async def story(world: World) -> None:
        response = VoiceResponse()
        response.say("您好", language="zh-CN", voice="alice", loop=2)
        world.office.replies["/voice"] = str(response)
        call = await world.ring_out(say_speed=1)
        line = told(call, "say")[0]
        assert (line["text"], line["language"]) == ("您好", "zh-CN")
        assert told(call, "ended")[0]["t"] - line["t"] >= 2 * 2 / 4.5

    in_a_world(story)


def test_an_installed_voice_is_heard() -> None:
    class Hum:
        def read(self, text: str, language: str) -> np.ndarray:
            return tone(300, 0.2)

    async def story(world: World) -> None:
        world.exchange.voice = Hum()
        world.office.replies["/voice"] = "<Response><Say>hello</Say></Response>"
        call = await world.ring_out(say_speed=1)
        assert told(call, "say")[0]["spoken"] is True
        assert np.array_equal(call.heard.all()[-1600:], tone(300, 0.2))

    in_a_world(story)


def test_play_is_heard_as_it_is() -> None:
    sound = tone(500, 0.3)

    async def wav(_: Asked) -> web.Response:
        return web.Response(body=wav_bytes(sound), content_type="audio/wav")

    async def story(world: World) -> None:
        world.office.replies |= {"/voice": "<Response><Play>/hold.wav</Play></Response>", "/hold.wav": wav}
        call = await world.ring_out()
        assert np.array_equal(call.heard.all()[-len(sound) :], sound)

    in_a_world(story)


def test_keys_answer_a_question_and_end_it_by_their_number() -> None:
    async def story(world: World) -> None:
        world.office.replies |= {"/voice": gather_twiml("请按键", input="dtmf speech", num_digits=1), "/menu": BYE}
        await world.ring_out(Script(keys=("2",), answers_after=0.1))
        assert asked_with(world)["Digits"] == "2"
        assert asked_with(world)["CallStatus"] == "in-progress"
        assert world.office.requests("/menu")[0].signed

    in_a_world(story)


def test_the_finishing_key_is_not_among_the_digits() -> None:
    async def story(world: World) -> None:
        world.office.replies |= {"/voice": gather_twiml(timeout=3), "/menu": BYE}
        await world.ring_out(Script(keys=("123#",), answers_after=0.1))
        assert (asked_with(world)["Digits"], asked_with(world)["FinishedOnKey"]) == ("123", "#")

    in_a_world(story)


def test_the_time_out_between_keys_ends_the_number() -> None:
    async def story(world: World) -> None:
        world.office.replies |= {"/voice": gather_twiml(timeout=1), "/menu": BYE}
        await world.ring_out(Script(keys=("12",), answers_after=0.1))
        assert asked_with(world)["Digits"] == "12"
        assert "FinishedOnKey" not in asked_with(world)

    in_a_world(story)


def test_speech_answers_with_words_confidence_and_sound(tmp_path: Path) -> None:
    (tmp_path / "voice.wav").write_bytes(wav_bytes(tone(700, 0.4, rate=16000), 16000))

    async def story(world: World) -> None:
        twiml = gather_twiml("请说", input="speech", language="zh-CN", speech_timeout="auto")
        world.office.replies |= {"/voice": twiml, "/menu": BYE}
        script = Script(says=("宽带断线了",), wav=str(tmp_path / "voice.wav"), answers_after=0.1, confidence=0.8)
        call = await world.ring_out(script)
        assert asked_with(world)["SpeechResult"] == "宽带断线了"
        assert asked_with(world)["Confidence"] == "0.8"
        assert asked_with(world)["Language"] == "zh-CN"
        assert np.abs(call.spoken.all()[-2000:]).max() > 5000

    in_a_world(story)


def test_partial_results_grow_towards_the_answer() -> None:
    async def story(world: World) -> None:
        twiml = gather_twiml(input="speech", partial_result_callback="/partial", speech_timeout="auto")
        world.office.replies |= {"/voice": twiml, "/menu": BYE, "/partial": ""}
        await world.ring_out(Script(says=("my internet is down",), answers_after=0))
        partials = [asked.form for asked in world.office.requests("/partial")]
        partials.sort(key=lambda form: int(form["SequenceNumber"]))
        whole = [form["StableSpeechResult"] + form["UnstableSpeechResult"] for form in partials]
        assert len(whole) >= 3
        assert whole == sorted(whole, key=len)
        assert whole[-1] == "my internet is down"
        assert all(asked.signed for asked in world.office.requests("/partial"))

    in_a_world(story)


def test_no_answer_goes_on_with_the_next_verb() -> None:
    async def story(world: World) -> None:
        world.office.replies["/voice"] = gather_twiml(timeout=1)
        call = await world.ring_out()
        assert not world.office.requests("/menu")
        assert told(call, "say")[-1]["text"] == "nobody answered"

    in_a_world(story)


def test_no_answer_goes_to_the_action_when_asked_for() -> None:
    async def story(world: World) -> None:
        world.office.replies |= {"/voice": gather_twiml(timeout=1, action_on_empty_result=True), "/menu": BYE}
        await world.ring_out()
        assert asked_with(world)["Digits"] == ""

    in_a_world(story)


def test_keys_pressed_before_a_question_are_not_its_answer() -> None:
    async def story(world: World) -> None:
        twiml = (
            "<Response><Pause length='1'/><Say>x</Say><Pause length='1'/>"
            + gather_twiml(timeout=1).split("<Response>")[1]
        )
        world.office.replies |= {"/voice": twiml, "/menu": BYE}
        script = Script.model_validate({"steps": [{"wait": 0.2, "keys": "5"}]})
        await world.ring_out(script)
        assert not world.office.requests("/menu")

    in_a_world(story)


def test_redirect_leads_on_from_the_address_of_its_document() -> None:
    async def story(world: World) -> None:
        world.office.replies |= {
            "/voice": "<Response><Redirect>/a/first</Redirect><Say>never</Say></Response>",
            "/a/first": "<Response><Redirect method='GET'>second</Redirect></Response>",
            "/a/second": BYE,
        }
        call = await world.ring_out()
        assert world.office.requests("/a/second")[0].method == "GET"
        assert world.office.requests("/a/second")[0].signed
        assert not told(call, "say")

    in_a_world(story)


def test_reject_ends_an_unanswered_call() -> None:
    async def story(world: World) -> None:
        world.office.replies["/voice"] = "<Response><Reject reason='busy'/></Response>"
        call = await world.ring_out()
        assert call.status == "busy"
        assert not told(call, "answered")
        world.office.replies["/voice"] = "<Response><Reject/></Response>"
        assert (await world.ring_out()).status == "no-answer"

    in_a_world(story)


def test_what_is_not_simulated_ends_the_call_by_name() -> None:
    async def story(world: World) -> None:
        for twiml, named in (
            ("<Response><Pay/></Response>", "<Pay>"),
            ("<Response><Say>a</Say><Dial record='true'>+86</Dial></Response>", "record of <Dial>"),
            ("<Response><Dial><Conference>x</Conference></Dial></Response>", "<Conference> here"),
            ("<Response><Enqueue>x</Enqueue></Response>", "<Enqueue> without waitUrl (hold music)"),
        ):
            world.office.replies["/voice"] = twiml
            call = await world.ring_out()
            assert [line["verb"] for line in told(call, "not simulated")] == [named]

    in_a_world(story)


def dial_twiml(**attributes: object) -> str:
    response = VoiceResponse()
    dial = Dial(action="/dialled", **attributes)
    dial.number("+8613900139000")
    response.append(dial)
    return str(response)


@pytest.mark.parametrize(
    ("phone", "status"),
    [
        (Phone(rings_for=0.1, talk_seconds=1, script=Script(tone=600)), "completed"),
        (Phone(behaviour="busy"), "busy"),
        (Phone(behaviour="no-answer"), "no-answer"),
        (Phone(rings_for=9), "no-answer"),
        (None, "failed"),
    ],
)
def test_dial_tells_its_action_how_it_went(phone: Phone | None, status: str) -> None:
    async def story(world: World) -> None:
        if phone:
            world.exchange.phones["+8613900139000"] = phone
        world.office.replies |= {"/voice": dial_twiml(timeout=1), "/dialled": BYE}
        call = await world.ring_out()
        form = world.office.form("/dialled")
        assert form["DialCallStatus"] == status
        assert form["DialCallSid"].startswith("CA")
        assert ("DialCallDuration" in form) == (status == "completed")
        assert bool(np.abs(call.heard.all()).sum()) == (status == "completed")

    in_a_world(story)


def test_clients_and_sip_addresses_can_be_dialled() -> None:
    async def story(world: World) -> None:
        world.exchange.phones |= {"client:anna": Phone(behaviour="busy"), "sip:bo@example.com": Phone(behaviour="busy")}
        for noun in ("<Client>anna</Client>", "<Sip>sip:bo@example.com</Sip>"):
            world.office.replies |= {"/voice": f"<Response><Dial action='/d'>{noun}</Dial></Response>", "/d": BYE}
            await world.ring_out()
        assert [asked.form["DialCallStatus"] for asked in world.office.requests("/d")] == ["busy", "busy"]

    in_a_world(story)


def test_a_message_is_recorded_and_can_be_fetched(tmp_path: Path) -> None:
    (tmp_path / "voice.wav").write_bytes(wav_bytes(tone(700, 0.5)))

    async def story(world: World) -> None:
        twiml = "<Response><Record action='/recorded' timeout='1' recordingStatusCallback='/ready'/></Response>"
        world.office.replies |= {"/voice": twiml, "/recorded": BYE, "/ready": ""}
        script = {"steps": [{"wait": 0.6, "wav": str(tmp_path / "voice.wav")}]}
        await world.ring_out(Script.model_validate(script))
        form = world.office.form("/recorded")
        sound = world.exchange.recordings[form["RecordingSid"]]
        assert np.abs(sound).max() > 5000
        assert int(form["RecordingDuration"]) == round(len(sound) / 8000)
        assert world.office.form("/ready")["RecordingStatus"] == "completed"

    in_a_world(story)


def test_silence_leaves_no_recording() -> None:
    async def story(world: World) -> None:
        twiml = "<Response><Record action='/recorded' timeout='1'/><Say>next</Say></Response>"
        world.office.replies["/voice"] = twiml
        call = await world.ring_out()
        assert not world.office.requests("/recorded")
        assert told(call, "say")[0]["text"] == "next"

    in_a_world(story)


def test_a_text_to_the_caller_lands_in_the_inbox() -> None:
    async def story(world: World) -> None:
        world.office.replies["/voice"] = "<Response><Sms>one</Sms><Message><Body>two</Body></Message></Response>"
        await world.ring_out()
        kept = [(message.from_, message.to, message.body) for message in world.exchange.messages]
        assert kept == [(NUMBER, CALLER, "one"), (NUMBER, CALLER, "two")]

    in_a_world(story)


def test_a_caller_may_hang_up_at_any_moment() -> None:
    async def story(world: World) -> None:
        world.office.replies["/voice"] = "<Response><Pause length='30'/></Response>"
        call = world.ring()
        await asyncio.sleep(0.1)
        world.exchange.conversations[call.sid].caller.hang_up()
        await asyncio.wait_for(call.done.wait(), 2)
        assert call.status == "completed"
        assert told(call, "ended")[0]["why"] == "hung up by caller"

    in_a_world(story)


def test_a_caller_who_leaves_while_another_telephone_rings_is_told_to_the_action() -> None:
    async def story(world: World) -> None:
        world.exchange.phones["+8613900139000"] = Phone(rings_for=30)
        world.office.replies |= {"/voice": dial_twiml(), "/dialled": BYE}
        await world.ring_out(Script(patience=0.3))
        await settle(lambda: bool(world.office.requests("/dialled")))
        form = world.office.form("/dialled")
        assert (form["DialCallStatus"], form["CallStatus"]) == ("canceled", "completed")

    in_a_world(story)


def test_the_dialled_party_hears_the_caller(tmp_path: Path) -> None:
    (tmp_path / "voice.wav").write_bytes(wav_bytes(tone(700, 0.5)))

    async def story(world: World) -> None:
        world.exchange.phones["+8613900139000"] = Phone(rings_for=0, talk_seconds=1)
        world.office.replies |= {"/voice": dial_twiml(), "/dialled": BYE}
        call = await world.ring_out(Script(wav=str(tmp_path / "voice.wav")))
        (leg,) = [known for known in world.exchange.calls.values() if known.parent_sid == call.sid]
        assert np.abs(leg.heard.all()).max() > 5000

    in_a_world(story)
