"""Whole calls between the simulated carrier and the webhook, over HTTP, signed and unabridged; effects in memory."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from functions.join_media import app as join_media
from functions.keep_voicemail import app as keep_voicemail
from functions.release_media import app as release_media
from functions.voice_webhook import app as webhook
from hearthline.events.word import Actor
from hearthline.floor.model import Contact
from hearthline.floor.store import Floor
from hearthline.platform.effects import Effects
from hearthline.platform.objects import MemoryObjects
from hearthline.platform.queue import MemoryQueue
from hearthline.telephony import model
from local.carrier.audio import read_wav
from local.carrier.exchange import Exchange
from local.carrier.model import Call, Faults, Number, Script, Step
from local.carrier.server import serve
from tests.integration.carrier_posts import CALLER, NUMBER, STACK, TOKEN, in_memory, knock
from tests.integration.outside import Outside, an_edge, serving
from tests.integration.test_voicemail import sound
from tests.shift import Shift, bound, deliver

ACCOUNT = "AC" + "2" * 32
FAST = 50.0


@dataclass
class Line:
    """A carrier, the webhook behind a small front door, one agent's shift."""

    exchange: Exchange
    shift: Shift
    asked: list[str] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)

    def ring(self, script: Script, faults: Faults | None = None) -> Call:
        return self.exchange.call_in(CALLER, NUMBER, script, faults or Faults(), FAST)

    def contact(self, call: Call) -> Contact | None:
        return self.shift.floor.contact(model.contact_id(STACK, call.sid))

    async def speak(self, call: Call, voice: Path) -> None:
        """The caller talks at once, then falls silent."""
        call.spoken.write(call.position(), read_wav(voice))

    async def until(self, true: Callable[[], object], seconds: float = 15) -> None:
        async with asyncio.timeout(seconds):
            while not true():
                await asyncio.sleep(0.02)

    def state(self, call: Call) -> str:
        contact = self.contact(call)
        return contact.state if contact else ""

    def messages(self, queue: str) -> list[str]:
        assert isinstance(self.shift.effects.queue, MemoryQueue)
        return [sent.body for sent in self.shift.effects.queue.sent if sent.queue == queue]

    async def answered_by(self, agent: str, contact: Contact) -> None:
        """The router rings ``agent``, who accepts; the carrier is told."""
        self.shift.run("route")
        self.shift.deliver_for(contact.id, "ContactQueued")
        self.shift.run("route")
        offer = self.shift.state_of(contact.id).offer
        step = self.shift.floor.accept(offer, agent, "edge-a", Actor(kind="agent", id=agent))
        body = json.dumps(step.event.plain())
        assert await asyncio.to_thread(deliver, join_media, self.shift.effects, body) == []

    async def front_door(self, request: web.Request) -> web.Response:
        self.asked.append(request.path)
        body, signature = await request.text(), request.headers.get("X-Twilio-Signature", "")
        answer = await asyncio.to_thread(knock, request.path, body, signature)
        if answer.status != 200:
            self.refused.append(answer.status)
        return web.Response(status=answer.status, text=answer.body, content_type="text/xml")


def on_the_line(story: Callable[[Line], Awaitable[None]], edge: Outside) -> None:
    """Run a story between a fresh carrier and a fresh floor."""

    async def run() -> None:
        exchange = Exchange(ACCOUNT, TOKEN)
        carrier, carrier_url = await serve(exchange)
        line = Line(exchange, Shift())
        front = web.Application()
        front.router.add_route("*", "/{path:.*}", line.front_door)
        runner = web.AppRunner(front, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        public = f"http://127.0.0.1:{runner.addresses[0][1]}"
        exchange.numbers[NUMBER] = Number(
            voice_url=public + "/telephony/voice", status_callback=public + "/telephony/status"
        )
        edges = json.dumps([{"name": "edge-a", "url": edge.url, "stream": edge.url.replace("http", "ws") + "/stream"}])
        take(line.shift, in_memory(public_url=public, carrier_api_url=carrier_url, edges=edges))
        try:
            with bound(webhook, line.shift.effects):
                await story(line)
            assert line.refused == []
        finally:
            await carrier.cleanup()
            await runner.cleanup()

    asyncio.run(run())


def take(shift: Shift, effects: Effects) -> None:
    shift.effects = effects
    shift.floor = Floor(effects)
    shift.presence = type(shift.presence)(effects)


@pytest.fixture
def edge() -> Any:
    with serving(an_edge()) as made:
        yield made


def all_played(call: Call) -> bool:
    """The carrier found nothing in our documents that it cannot play or would refuse."""
    return not [
        each for each in call.story if "simulated" in str(each) or ("document" in str(each) and "fail" in str(each))
    ]


def test_a_caller_speaks_waits_and_hangs_up_and_everything_said_is_played(edge: Outside) -> None:
    async def story(line: Line) -> None:
        call = line.ring(
            Script(steps=[Step(until="asked", says="我家宽带断线了"), Step(until="queued", wait=1, hang_up=True)])
        )
        await line.until(lambda: line.state(call) == "queued")
        await line.until(lambda: any(path.endswith("/wait") for path in line.asked))
        await line.until(lambda: call.done.is_set())
        await line.until(lambda: line.state(call) == "abandoned")
        contact = line.contact(call)
        assert contact is not None
        assert (contact.queue, contact.lang) == ("broadband", "zh")
        assert all_played(call), call.story

    on_the_line(story, edge)


def test_every_post_delivered_twice_changes_nothing(edge: Outside) -> None:
    async def story(line: Line) -> None:
        call = line.ring(Script(keys=["2"], patience=1), Faults(duplicate=1))
        await line.until(lambda: call.done.is_set())
        await line.until(lambda: line.state(call) == "abandoned")
        await asyncio.sleep(0.2)
        told = [each.type for each in line.shift.ledger(model.contact_id(STACK, call.sid))]
        assert told == ["ContactArrived", "ContactQueued", "ContactEnded"]

    on_the_line(story, edge)


def test_an_accepted_caller_leaves_the_queue_for_the_edge(edge: Outside) -> None:
    async def story(line: Line) -> None:
        line.shift.agent("ana")
        call = line.ring(Script(keys=["1"], patience=30))
        await line.until(lambda: any("/wait" in path for path in line.asked))
        contact = line.contact(call)
        assert contact is not None
        await line.answered_by("ana", contact)
        # This edge takes no streams: the carrier reports so, and the caller is led there again, then back to the queue.
        await line.until(lambda: any(path.endswith("/connected/3") for path in line.asked))
        await line.until(lambda: line.state(call) == "queued")
        assert all_played(call), call.story

    on_the_line(story, edge)


def test_a_promised_callback_rings_the_caller_and_is_led_to_the_edge(edge: Outside) -> None:
    async def story(line: Line) -> None:
        call = line.ring(Script(keys=["1", "1", "1#"], patience=30))
        await line.until(lambda: line.state(call) == "callback_promised")
        await line.until(lambda: call.done.is_set())
        line.shift.agent("ana")
        contact = line.contact(call)
        assert contact is not None
        await line.answered_by("ana", contact)
        await line.until(lambda: any(path.endswith("/callback") for path in line.asked))
        await line.until(lambda: any(path.endswith("/connected/1") for path in line.asked))
        assert line.state(call) in {"connecting", "queued"}

    on_the_line(story, edge)


def test_an_agent_who_hangs_up_ends_the_call(edge: Outside) -> None:
    async def story(line: Line) -> None:
        call = line.ring(Script(keys=["1"], patience=30))
        await line.until(lambda: line.state(call) == "queued")
        contact = line.contact(call)
        assert contact is not None
        step = line.shift.floor.end_contact(contact.id, by="system", actor=Actor(kind="system"))
        assert step is not None
        body = json.dumps(step.event.plain())
        assert await asyncio.to_thread(deliver, release_media, line.shift.effects, body) == []
        await line.until(lambda: call.done.is_set())

    on_the_line(story, edge)


def test_a_message_spoken_to_the_carrier_ends_up_sealed_with_us_and_nowhere_else(edge: Outside, tmp_path: Path) -> None:
    voice = tmp_path / "voice.wav"
    voice.write_bytes(sound(3))

    async def story(line: Line) -> None:
        script = Script(steps=[Step(until="asked", keys="2"), Step(until="asked", wait=0.2, keys="2")])
        call = line.ring(script)
        await line.until(lambda: any(each["what"] == "recording" for each in call.story))
        await line.speak(call, voice)
        await line.until(lambda: any(path.endswith("/message") for path in line.asked))
        await line.until(lambda: call.done.is_set())
        await line.until(lambda: line.state(call) == "voicemail")
        assert all_played(call), call.story
        contact = model.contact_id(STACK, call.sid)
        (left,) = [each for each in line.shift.ledger(contact) if each.type == "VoicemailLeft"]
        assert list(line.exchange.recordings) == [left.data["recording"]]
        body = json.dumps(left.plain())
        for _ in range(2):
            assert await asyncio.to_thread(deliver, keep_voicemail, line.shift.effects, body) == []
        assert line.exchange.recordings == {}
        assert isinstance(line.shift.effects.objects, MemoryObjects)
        assert len(line.shift.effects.objects.kept) == 1

    on_the_line(story, edge)
