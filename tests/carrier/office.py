"""The application behind the carrier's webhooks, small enough for a test: it answers, remembers, checks signatures."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]

from local.carrier.exchange import Exchange
from local.carrier.model import Call, Faults, Number, Script
from local.carrier.server import serve
from local.carrier.webhooks import Timing

ACCOUNT = "AC" + "0123456789abcdef" * 2
TOKEN = "a-token-for-tests"
NUMBER = "+862150008000"
CALLER = "+8613800138001"

Reply = str | Callable[["Asked"], Awaitable[web.Response]]


@dataclass(frozen=True)
class Asked:
    """A request the office received."""

    path: str
    method: str
    form: dict[str, str]
    signed: bool
    headers: dict[str, str]
    at: float


@dataclass
class Office:
    """Answers by path. What is not known gets 404."""

    replies: dict[str, Reply] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    stream: Callable[[web.WebSocketResponse], Awaitable[None]] | None = None
    stream_signed: list[bool] = field(default_factory=list)
    received: list[dict[str, Any]] = field(default_factory=list)
    url: str = ""

    def form(self, path: str, index: int = 0) -> dict[str, str]:
        """The form of the request to ``path``."""
        return self.requests(path)[index].form

    def requests(self, path: str) -> list[Asked]:
        """All requests to ``path``."""
        return [asked for asked in self.asked if asked.path == path]

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Any request."""
        if request.headers.get("Upgrade", "").lower() == "websocket":
            return await self._socket(request)
        pairs = (await request.post()) if request.method == "POST" else request.query
        form = {name: str(value) for name, value in pairs.items()}
        url = self.url + request.raw_path
        signed = RequestValidator(TOKEN).validate(
            url, form if request.method == "POST" else {}, request.headers.get("X-Twilio-Signature", "")
        )
        now = asyncio.get_running_loop().time()
        asked = Asked(request.path, request.method, form, signed, dict(request.headers), now)
        self.asked.append(asked)
        reply = self.replies.get(request.path)
        if reply is None:
            return web.Response(status=404)
        return web.Response(text=reply, content_type="text/xml") if isinstance(reply, str) else await reply(asked)

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        url = self.url.replace("http", "ws") + request.path
        self.stream_signed.append(RequestValidator(TOKEN).validate(url, {}, request.headers["X-Twilio-Signature"]))
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        if self.stream:
            await self.stream(socket)
        else:
            async for message in socket:
                self.received.append(json.loads(message.data))
        await socket.close()
        return socket

    async def listen(self, socket: web.WebSocketResponse, until: str) -> None:
        """Collect what the carrier sends until an event of that name."""
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                self.received.append(json.loads(message.data))
                if self.received[-1]["event"] == until:
                    return

    def events(self, name: str) -> list[dict[str, Any]]:
        """What the carrier sent on the stream, by event."""
        return [message for message in self.received if message["event"] == name]


@dataclass
class World:
    """A carrier, an office and the number between them."""

    exchange: Exchange
    office: Office
    carrier_url: str

    def ring(self, script: Script | None = None, faults: Faults | None = None, say_speed: float = 50) -> Call:
        """Somebody rings the company."""
        return self.exchange.call_in(CALLER, NUMBER, script or Script(), faults or Faults(), say_speed)

    async def ring_out(self, script: Script | None = None, faults: Faults | None = None, say_speed: float = 50) -> Call:
        """Somebody rings the company, and the call is over."""
        call = self.ring(script, faults, say_speed)
        await asyncio.wait_for(call.done.wait(), 30)
        await asyncio.sleep(0.05)
        return call


def told(call: Call, what: str) -> list[dict[str, Any]]:
    """Lines of the call's story."""
    return [line for line in call.story if line["what"] == what]


async def settle(until: Callable[[], bool], seconds: float = 20) -> None:
    """Wait for something to become true."""
    async with asyncio.timeout(seconds):
        while not until():
            await asyncio.sleep(0.01)


def in_a_world(
    test: Callable[[World], Awaitable[None]], number: dict[str, str] | None = None, timing: Timing | None = None
) -> None:
    """Run a test's story between a fresh carrier and a fresh office, and close both."""

    async def story() -> None:
        office = Office()
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", office.handle)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        office.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        exchange = Exchange(ACCOUNT, TOKEN, timing=timing)
        carrier, address = await serve(exchange)
        settings = {"voice_url": office.url + "/voice"} | {
            name: office.url + value if value.startswith("/") else value for name, value in (number or {}).items()
        }
        exchange.numbers[NUMBER] = Number.model_validate(settings)
        try:
            await test(World(exchange, office, address))
        finally:
            await carrier.cleanup()
            await runner.cleanup()

    asyncio.run(story())
