"""The laptop's front door: what reaches the gateways, and what comes back, is what was sent."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
from aiohttp import web
from yarl import URL

from local import front


class Crowd:
    """How many requests a gateway is working on, and the most there ever were."""

    def __init__(self) -> None:
        self.here = 0
        self.most = 0
        self.may_go = asyncio.Event()

    async def work(self, request: web.Request) -> web.Response:
        self.here += 1
        self.most = max(self.most, self.here)
        await self.may_go.wait()
        self.here -= 1
        return web.Response()


CROWD_KEY = web.AppKey("crowd", Crowd)


async def gateway_crowd(request: web.Request) -> web.Response:
    return await request.app[CROWD_KEY].work(request)


async def gateway_rest(request: web.Request) -> web.Response:
    """A gateway that tells what it saw and sets two cookies."""
    seen = {
        "path": request.raw_path,
        "method": request.method,
        "forwarded": request.headers.get("X-Forwarded-For"),
        "signature": request.headers.get("X-Twilio-Signature"),
        "body": (await request.read()).decode(),
    }
    response = web.json_response(seen, status=201)
    response.headers.add("Set-Cookie", "a=1; Path=/; Secure; HttpOnly")
    response.headers.add("Set-Cookie", "b=2; Path=/")
    return response


async def gateway_socket(request: web.Request) -> web.StreamResponse:
    """A WebSocket gateway that knows one ticket, answers no subprotocol and returns what it is sent."""
    if request.headers.get("Sec-WebSocket-Protocol", "").replace(" ", "") != "hearthline,good":
        raise web.HTTPForbidden
    socket = web.WebSocketResponse()
    await socket.prepare(request)
    async for message in socket:
        if message.data == "end":
            await socket.close(code=4001)
        else:
            await socket.send_str(f"heard {message.data}")
    return socket


@asynccontextmanager
async def served(app: web.Application) -> AsyncIterator[str]:
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        await runner.cleanup()


def behind_the_door(
    folder: Path, story: Callable[[aiohttp.ClientSession, str], Awaitable[None]], crowd: Crowd | None = None
) -> None:
    """Runs ``story`` with a client and the door's address; the workspace is two pages and one asset."""
    dist = folder / "dist"
    (dist / "assets").mkdir(parents=True)
    (dist / "index.html").write_text("workspace")
    (dist / "call.html").write_text("call page")
    (dist / "assets" / "app.js").write_text("code")
    (folder / "secret.txt").write_text("secret")
    gateway = web.Application()
    gateway.router.add_get("/sockets", gateway_socket)
    if crowd:
        gateway[CROWD_KEY] = crowd
    gateway.router.add_route("*", "/rest/{path:.*}", gateway_crowd if crowd else gateway_rest)

    async def run() -> None:
        async with served(gateway) as behind:
            endpoints = folder / "endpoints.json"
            endpoints.write_text(
                json.dumps({"api": f"{behind}/rest", "socket": f"{behind.replace('http', 'ws')}/sockets", "edges": []})
            )
            async with served(front.build(endpoints, dist)) as door, aiohttp.ClientSession() as client:
                await story(client, door)

    asyncio.run(run())


def test_a_webhook_arrives_with_the_very_address_and_body_that_were_signed(tmp_path: Path) -> None:
    async def story(client: aiohttp.ClientSession, door: str) -> None:
        address = URL(f"{door}/telephony/contacts/a%20b/menu?x=%2B1&x=2", encoded=True)
        async with client.post(address, data=b"Digits=1&Say=%E4%B8%AD", headers={"X-Twilio-Signature": "s="}) as answer:
            seen = await answer.json()
        assert seen["path"] == "/rest/telephony/contacts/a%20b/menu?x=%2B1&x=2"
        assert (seen["method"], seen["body"], seen["signature"]) == ("POST", "Digits=1&Say=%E4%B8%AD", "s=")

    behind_the_door(tmp_path, story)


def test_a_crowd_waits_at_the_door_and_everybody_is_served(tmp_path: Path) -> None:
    crowd = Crowd()

    async def story(client: aiohttp.ClientSession, door: str) -> None:
        asked = [asyncio.create_task(client.get(f"{door}/api/me/floor")) for _ in range(3 * front.AT_ONCE)]
        while crowd.here < front.AT_ONCE:
            await asyncio.sleep(0.01)
        crowd.may_go.set()
        answers = await asyncio.gather(*asked)
        assert {answer.status for answer in answers} == {200}
        assert crowd.most == front.AT_ONCE

    behind_the_door(tmp_path, story, crowd)


def test_each_cookie_of_an_answer_stays_a_header_of_its_own(tmp_path: Path) -> None:
    async def story(client: aiohttp.ClientSession, door: str) -> None:
        async with client.post(f"{door}/api/session", json={}) as answer:
            assert answer.status == 201
            assert answer.headers.getall("Set-Cookie") == ["a=1; Path=/; Secure; HttpOnly", "b=2; Path=/"]

    behind_the_door(tmp_path, story)


def test_the_gateway_is_told_who_asked_and_cannot_be_told_otherwise_alone(tmp_path: Path) -> None:
    async def story(client: aiohttp.ClientSession, door: str) -> None:
        async with client.get(f"{door}/api/health", headers={"X-Forwarded-For": "203.0.113.9"}) as answer:
            assert (await answer.json())["forwarded"] == "203.0.113.9, 127.0.0.1"

    behind_the_door(tmp_path, story)


def test_a_workspace_with_a_ticket_is_connected_under_the_protocol_it_offered(tmp_path: Path) -> None:
    async def story(client: aiohttp.ClientSession, door: str) -> None:
        async with client.ws_connect(f"{door}/socket", protocols=("hearthline", "good")) as socket:
            assert socket.protocol == "hearthline"
            await socket.send_str("a heartbeat")
            assert (await socket.receive()).data == "heard a heartbeat"
            await socket.send_str("end")
            await socket.receive()
            assert socket.close_code == 4001

    behind_the_door(tmp_path, story)


def test_a_workspace_without_a_good_ticket_is_refused_before_it_is_connected(tmp_path: Path) -> None:
    async def story(client: aiohttp.ClientSession, door: str) -> None:
        try:
            await client.ws_connect(f"{door}/socket", protocols=("hearthline", "stolen"))
        except aiohttp.WSServerHandshakeError as error:
            assert error.status == 403
        else:
            raise AssertionError("it was connected")

    behind_the_door(tmp_path, story)


def test_every_address_of_the_workspace_is_its_page_and_a_missing_asset_is_none(tmp_path: Path) -> None:
    async def story(client: aiohttp.ClientSession, door: str) -> None:
        for path, status, body in (
            ("/", 200, "workspace"),
            ("/tickets/7", 200, "workspace"),
            ("/call", 200, "call page"),
            ("/assets/app.js", 200, "code"),
            ("/assets/old.js", 404, None),
        ):
            async with client.get(f"{door}{path}") as answer:
                assert answer.status == status
                assert body is None or await answer.text() == body

    behind_the_door(tmp_path, story)


def test_no_address_leaves_the_folder_of_the_workspace(tmp_path: Path) -> None:
    async def story(client: aiohttp.ClientSession, door: str) -> None:
        for path in ("/../secret.txt", "/%2e%2e/secret.txt", "/assets/..%2f..%2fsecret.txt"):
            async with client.get(URL(f"{door}{path}", encoded=True)) as answer:
                assert "secret" not in await answer.text()

    behind_the_door(tmp_path, story)


def test_a_page_may_speak_to_its_own_origin_and_may_not_be_framed(tmp_path: Path) -> None:
    async def story(client: aiohttp.ClientSession, door: str) -> None:
        async with client.get(f"{door}/") as answer:
            policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy

    behind_the_door(tmp_path, story)
