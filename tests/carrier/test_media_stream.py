"""Media Streams: what the carrier sends and plays, on time."""

import asyncio
import base64
from pathlib import Path

import numpy as np
from aiohttp import web
from twilio.twiml.voice_response import Connect, VoiceResponse  # type: ignore[import-untyped]

from local.carrier.audio import FRAME, decode_mulaw, encode_mulaw, speech_like, wav_bytes
from local.carrier.media_stream import PlaybackBuffer
from local.carrier.model import Faults, Moved, Script, Target
from tests.carrier.office import ACCOUNT, NUMBER, World, in_a_world, told


def stream_twiml(world: World, **attributes: str) -> str:
    connect = Connect(**attributes)
    stream = connect.stream(url=world.office.url.replace("http", "ws") + "/stream")
    stream.parameter(name="token", value="one-time")
    response = VoiceResponse()
    response.append(connect)
    return str(response)


def test_the_stream_is_signed_and_begins_as_twilio_begins() -> None:
    async def story(world: World) -> None:
        world.office.replies["/voice"] = stream_twiml(world)
        call = await world.ring_out(Script(talk_seconds=0.3))
        connected, start, *rest = world.office.received
        assert world.office.stream_signed == [True]
        assert connected == {"event": "connected", "protocol": "Call", "version": "1.0.0"}
        assert start["sequenceNumber"] == "1"
        assert start["start"]["callSid"] == call.sid
        assert start["start"]["accountSid"] == ACCOUNT
        assert start["start"]["customParameters"] == {"token": "one-time"}
        assert start["start"]["mediaFormat"] == {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1}
        assert [m["sequenceNumber"] for m in rest] == [str(n) for n in range(2, 2 + len(rest))]
        assert rest[-1]["event"] == "stop"
        assert rest[-1]["stop"] == {"accountSid": ACCOUNT, "callSid": call.sid}
        media = world.office.events("media")
        assert [m["media"]["timestamp"] for m in media[:3]] == ["0", "20", "40"]
        assert [m["media"]["chunk"] for m in media[:3]] == ["1", "2", "3"]
        assert all(len(base64.b64decode(m["media"]["payload"])) == FRAME for m in media)

    in_a_world(story)


def test_what_the_caller_says_arrives_sample_by_sample(tmp_path: Path) -> None:
    voice = speech_like(0.5)
    (tmp_path / "voice.wav").write_bytes(wav_bytes(voice))

    async def story(world: World) -> None:
        world.office.replies["/voice"] = stream_twiml(world)
        await world.ring_out(Script(wav=str(tmp_path / "voice.wav"), talk_seconds=2))
        heard = np.concatenate(
            [decode_mulaw(base64.b64decode(m["media"]["payload"])) for m in world.office.events("media")]
        )
        # Who begins to speak in mid-frame loses what of that frame has left already.
        expected = decode_mulaw(encode_mulaw(voice))[FRAME:]
        found = np.correlate(heard.astype(float), expected.astype(float), "valid")
        at = int(found.argmax())
        assert np.array_equal(heard[at : at + len(expected)], expected)

    in_a_world(story)


def test_marks_come_back_when_playback_reaches_them_and_clear_returns_the_rest() -> None:
    buffer = PlaybackBuffer()
    buffer.mark("at once")
    assert buffer.play()[1] == ["at once"]
    buffer.add(b"\x00" * 400)
    buffer.mark("later")
    assert [len(buffer.play()[0]), buffer.play()[1], buffer.play()[1]] == [160, [], ["later"]]
    buffer.add(b"\x00" * 4000)
    buffer.mark("never reached")
    assert buffer.clear() == ["never reached"]
    assert buffer.play() == (b"", [])


def test_our_sound_is_played_from_a_real_time_buffer() -> None:
    sound = speech_like(1.0, seed=3)

    async def play(socket: web.WebSocketResponse, world: World) -> None:
        await world.office.listen(socket, "start")
        sid = world.office.received[-1]["streamSid"]
        payload = base64.b64encode(encode_mulaw(sound)).decode()  # a second at once, played in a second
        await socket.send_json({"event": "media", "streamSid": sid, "media": {"payload": payload}})
        await socket.send_json({"event": "mark", "streamSid": sid, "mark": {"name": "end"}})
        await world.office.listen(socket, "mark")

    async def story(world: World) -> None:
        world.office.stream = lambda socket: play(socket, world)
        world.office.replies["/voice"] = stream_twiml(world, action="/after")
        world.office.replies["/after"] = "<Response><Hangup/></Response>"
        call = await world.ring_out()
        assert len(world.office.events("media")) >= 50  # the mark came back a second of frames later
        assert world.office.form("/after")["StreamSid"] == call.streams[0]["sid"]
        expected = decode_mulaw(encode_mulaw(sound))
        assert np.array_equal(call.heard.all()[-len(expected) :], expected)  # whole, and without a gap

    in_a_world(story)


def test_a_dead_edge_leads_the_caller_to_the_action_with_the_error() -> None:
    async def story(world: World) -> None:
        world.office.replies["/voice"] = stream_twiml(world, action="/after")
        world.office.replies["/after"] = "<Response><Say>sorry</Say></Response>"
        call = await world.ring_out(faults=Faults(cut_stream_after=0.2))
        assert world.office.form("/after")["StreamError"] == "31921"
        assert not world.office.events("stop")  # no goodbye
        assert call.status == "completed"
        assert [line["text"] for line in told(call, "say")] == ["sorry"]

    in_a_world(story)


def test_the_clock_does_not_drift_and_makes_up_for_a_stall() -> None:
    async def story(world: World) -> None:
        world.office.replies["/voice"] = stream_twiml(world)
        faults = Faults(stall_stream_after=0.5, stall_stream_for=0.6)
        call = await world.ring_out(Script(talk_seconds=2.0), faults)
        assert told(call, "fault: stream stalled")
        (ended,) = told(call, "stream ended")
        (began,) = told(call, "stream connected")
        lost = (ended["t"] - began["t"]) * 50 - ended["frames"]
        assert lost < 0.6 * 50 / 2  # what the stall held back was sent, not dropped
        numbers = [int(message["media"]["timestamp"]) for message in world.office.events("media")]
        assert numbers == [20 * number for number in range(len(numbers))]

    in_a_world(story)


def test_keys_pressed_in_the_stream_arrive_as_dtmf() -> None:
    async def story(world: World) -> None:
        world.office.replies["/voice"] = stream_twiml(world)
        script = Script.model_validate(
            {"steps": [{"until": "connected", "wait": 0.1, "keys": "1#"}, {"wait": 0.4, "hang_up": True}]}
        )
        await world.ring_out(script)
        assert [m["dtmf"] for m in world.office.events("dtmf")] == [
            {"track": "inbound_track", "digit": "1"},
            {"track": "inbound_track", "digit": "#"},
        ]

    in_a_world(story)


def test_a_rest_update_takes_the_call_out_of_its_stream() -> None:
    async def story(world: World) -> None:
        async def take_away(socket: web.WebSocketResponse) -> None:
            await world.office.listen(socket, "media")
            call.interrupt(Moved(Target(world.office.url + "/elsewhere")))
            await world.office.listen(socket, "stop")

        world.office.stream = take_away
        world.office.replies["/voice"] = stream_twiml(world)
        world.office.replies["/elsewhere"] = "<Response><Hangup/></Response>"
        call = world.ring()
        await asyncio.wait_for(call.done.wait(), 10)
        assert world.office.events("stop")
        assert world.office.form("/elsewhere")["To"] == NUMBER

    in_a_world(story)


def test_a_refused_upgrade_leads_to_the_action_with_the_error() -> None:
    async def story(world: World) -> None:
        for url in ("ws://127.0.0.1:9/nobody", world.office.url.replace("http", "ws") + "/stream?token=1"):
            connect = f"<Connect action='/after'><Stream url='{url}'/></Connect>"
            world.office.replies |= {"/voice": f"<Response>{connect}</Response>", "/after": ""}
            world.office.replies["/after"] = "<Response><Hangup/></Response>"
            call = await world.ring_out()
            assert [line["error"] for line in told(call, "stream failed")] == [31920]
        assert [asked.form["StreamError"] for asked in world.office.requests("/after")] == ["31920", "31920"]

    in_a_world(story)


def test_what_is_not_of_the_protocol_ends_the_stream() -> None:
    async def nonsense(socket: web.WebSocketResponse, world: World) -> None:
        await world.office.listen(socket, "start")
        sid = world.office.received[-1]["streamSid"]
        await socket.send_json({"event": "media", "streamSid": sid, "media": {"payload": "not base64!"}})
        async for _ in socket:
            pass

    async def story(world: World) -> None:
        world.office.stream = lambda socket: nonsense(socket, world)
        world.office.replies["/voice"] = stream_twiml(world)
        assert [line["error"] for line in told(await world.ring_out(), "stream failed")] == [31951]

    in_a_world(story)


def test_the_streams_own_callback_hears_of_start_and_stop() -> None:
    async def story(world: World) -> None:
        url = world.office.url.replace("http", "ws") + "/stream"
        noun = f"<Stream url='{url}' name='floor' statusCallback='/events'/>"
        world.office.replies |= {"/voice": f"<Response><Connect>{noun}</Connect></Response>", "/events": ""}
        call = await world.ring_out(Script(talk_seconds=0.2))
        forms = [asked.form for asked in world.office.requests("/events")]
        assert {form["StreamEvent"] for form in forms} == {"stream-started", "stream-stopped"}
        assert {(form["StreamSid"], form["StreamName"]) for form in forms} == {(call.streams[0]["sid"], "floor")}

    in_a_world(story)


def test_a_slow_reader_takes_our_messages_one_by_one() -> None:
    async def hurry(socket: web.WebSocketResponse, world: World) -> None:
        await world.office.listen(socket, "start")
        sid = world.office.received[-1]["streamSid"]
        for number in range(10):
            await socket.send_json({"event": "mark", "streamSid": sid, "mark": {"name": str(number)}})
        while len(world.office.events("mark")) < 10:
            await world.office.listen(socket, "mark")

    async def story(world: World) -> None:
        world.office.stream = lambda socket: hurry(socket, world)
        world.office.replies["/voice"] = stream_twiml(world)
        call = await world.ring_out(faults=Faults(slow_reader=0.05))
        assert [message["mark"]["name"] for message in world.office.events("mark")] == [str(n) for n in range(10)]
        assert call.streams[0]["frames_sent"] >= 20  # nine pauses of 50 ms

    in_a_world(story)
