"""The API of the pages from memory, with scenes one can set. See README.md; never part of the product."""

import argparse
import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path

from aiohttp import WSMsgType, web

from dev import company, sound
from dev.company import Json
from dev.floor import Caller, Floor

DIST = Path(__file__).parent.parent / "dist"
PERSON = {"id": "agent-1001", "name": "林悦", "role": "agent", "lang": "zh"}
WORDS = {
    "login_refused": ("工号或密码不对。", "The number or the password is wrong."),
    "offer_gone": ("这通来电已经转给别人了。", "This call has moved on."),
    "contact_not_yours": ("这通电话已经结束。", "This call is over."),
    "stale_version": ("工单已在别处更新。", "The ticket was changed elsewhere."),
    "signed_out": ("请先登录。", "Please sign in."),
}
STATUS = {"login_refused": 401, "signed_out": 401}
REFUSED = "wrong"  # the one password this desk turns away
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def refuse(code: str) -> web.Response:
    zh, en = WORDS.get(code, (code, code))
    return web.json_response({"code": code, "message": {"zh": zh, "en": en}}, status=STATUS.get(code, 409))


# As strict as the page will meet it: the pictures are taken under it, and a breach is printed there.
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self' ws://localhost:*",
        "media-src 'self' blob: mediastream:",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)


@web.middleware
async def refusals(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        response = await handler(request)
    except LookupError as error:
        return refuse(str(error.args[0]))
    if not response.prepared:
        response.headers["Content-Security-Policy"] = POLICY
    return response


class Desk:
    """Routes over one floor and one caller."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.floor = Floor()
        self.caller = Caller()
        self.hours, self.closing = company.hours(0, "18:00", is_open=True), {}
        self.signed_in = False
        self.found: Json = {}  # what the search for targets shall find instead

    def snapshot(self) -> web.Response:
        return web.json_response(self.floor.snapshot())

    def door(self) -> Json:
        return {
            "whip": f"{self.origin}/edge/whip",
            "token": "design",
            "expires_at": company.now_ms() + 60_000,
            "edge": "edge-a",
        }

    async def session(self, request: web.Request) -> web.Response:
        if request.method == "DELETE":
            self.signed_in = False
            return web.Response(status=204)
        if request.method == "POST":
            self.signed_in = (await request.json())["password"] != REFUSED
            return web.json_response({"person": PERSON}, status=201) if self.signed_in else refuse("login_refused")
        return web.json_response({"person": PERSON}) if self.signed_in else refuse("signed_out")

    async def me(self, request: web.Request) -> web.Response:
        if request.path.endswith("socket-ticket"):
            return web.json_response(
                {
                    "url": self.origin.replace("http", "ws", 1) + "/socket",
                    "ticket": "design",
                    "expires_at": company.now_ms() + 60_000,
                }
            )
        if request.method == "POST":
            wish = await request.json()
            self.floor.move(wish["status"], wish.get("reason"))
        return self.snapshot()

    async def edges(self, request: web.Request) -> web.Response:
        """There is none to measure."""
        return web.json_response({"edges": []})

    async def offer(self, request: web.Request) -> web.Response:
        if request.match_info["act"] == "accept":
            self.floor.accept()
        else:
            self.floor.offer = None
            self.floor.move("not_ready", "other")
        return self.snapshot()

    async def contact(self, request: web.Request) -> web.Response:
        act = request.match_info["act"]
        if act == "media":
            if self.floor.contact and self.floor.contact["state"] == "connecting":
                self.floor.change(state="connected", connected_at=company.now_ms(), edge="edge-a")
            return web.json_response(self.door())
        if act == "hangup":
            self.floor.end("agent")
        elif act in {"leave", "transfer"}:
            self.floor.give()
        elif act == "consult":
            self.floor.ask((await request.json())["agent"])
        elif act == "wrap-up":
            self.floor.contact = None
            self.floor.move("available")
        else:
            self.floor.change(state="held" if act == "hold" else "connected")
        return self.snapshot()

    async def targets(self, _: web.Request) -> web.Response:
        return web.json_response(self.found or company.targets())

    async def consult(self, request: web.Request) -> web.Response:
        act = request.match_info["step"]
        if act == "media":
            return web.json_response(self.door())
        if act == "complete":
            self.floor.give()
        else:
            self.floor.beside("conference" if act == "conference" else None)
        return self.snapshot()

    async def ticket_list(self, _: web.Request) -> web.Response:
        return web.json_response({"tickets": list(self.floor.tickets.values())})

    async def ticket(self, request: web.Request) -> web.Response:
        ticket = self.floor.tickets[request.match_info["id"]]
        if request.method == "PATCH":
            body = await request.json()
            self.floor.patch(ticket, body["version"], body["fields"])
        elif request.method == "POST":
            ticket |= {"state": "submitted", "version": ticket["version"] + 1, "updated_at": company.now_ms()}
        return web.json_response(ticket)

    async def message_list(self, _: web.Request) -> web.Response:
        told = [
            {name: each[name] for name in ("id", "contact", "queue", "matter", "left_at")}
            | {"length_ms": each["message_ms"]}
            for each in self.floor.messages.values()
        ]
        return web.json_response({"messages": told})

    async def message(self, request: web.Request) -> web.Response:
        id = request.match_info["id"]
        if request.method == "GET":
            return web.json_response({"wav": sound.spoken()})
        ticket = self.floor.messages.pop(id)
        self.floor.tickets[id] = ticket | {"state": "draft", "matter": ticket["matter"] or "outage"}
        return web.json_response(self.floor.tickets[id])

    async def public(self, request: web.Request) -> web.Response:
        act = request.match_info.get("act")
        if request.path.endswith("/matters"):
            matters = [each | self.closing for each in company.MATTERS]
            return web.json_response(
                {"now": company.now_ms(), "company": company.COMPANY, "matters": matters, "hours": [self.hours]}
            )
        if request.path.endswith("/contacts"):
            self.caller.begin((await request.json())["matter"])
            return web.json_response(
                {"contact": "c-1", "key": "design", "state": self.caller.view(), **self.door()}, status=201
            )
        if act == "media":
            return web.json_response(self.door())
        if act == "hangup":
            self.caller.state["state"] = "ended"
        if act == "callback":
            number = str((await request.json())["number"])
            self.caller.state |= {"state": "callback_promised", "callback_to": f"{number[-11:-8]}****{number[-4:]}"}
        return web.json_response(self.caller.view())

    async def scene(self, request: web.Request) -> web.Response:
        """/dev/ with ring, end, contact, ticket, caller, hours or reset: set what the pages see."""
        text = await request.text()
        wish: Json = json.loads(text) if text else {}
        act = request.match_info["act"]
        if act == "ring":
            self.floor.ring(wish)
        elif act == "end":
            self.floor.end(wish.get("by", "caller"))
        elif act == "contact":
            self.floor.change(**wish)
        elif act == "ticket" and self.floor.contact:
            ticket = self.floor.tickets[self.floor.contact["ticket"]]
            self.floor.patch(ticket, ticket["version"], company.FILLED)
        elif act == "caller":
            self.caller.state |= wish
        elif act == "hours":
            self.hours = company.hours(wish["days"], wish["clock"], is_open=wish["open"])
            self.closing = wish.get("closing", {})
        elif act == "reset":
            self.floor, self.caller, self.found = Floor(), Caller(), {}
            self.signed_in = bool(wish.get("signed_in"))
        return web.Response(status=204)

    async def giving(self, request: web.Request) -> web.Response:
        """/dev/beside: how far the colleague is; /dev/targets: who is found to give a call to."""
        wish: Json = await request.json()
        if request.path.endswith("targets"):
            self.found = wish
        else:
            self.floor.beside(wish["state"])
        return web.Response(status=204)

    async def socket(self, request: web.Request) -> web.WebSocketResponse:
        channel = web.WebSocketResponse(protocols=["hearthline"])
        await channel.prepare(request)
        teller = asyncio.create_task(self.tell(channel))
        async for message in channel:
            if message.type is WSMsgType.TEXT:
                behind = json.loads(message.data)["versions"]["agent"] < self.floor.agent["version"]
                await channel.send_json({"type": "behind" if behind else "ok"})
        teller.cancel()
        return channel

    async def tell(self, channel: web.WebSocketResponse) -> None:
        while not channel.closed:
            floor = self.floor
            await floor.news.wait()
            floor.news.clear()
            await channel.send_json(
                {
                    "type": "news",
                    "event": "FloorMoved",
                    "contact": None,
                    "version": floor.agent["version"],
                    "at": company.now_ms(),
                }
            )


async def health(_: web.Request) -> web.Response:
    return web.json_response({"status": "ok", "version": "0.1.0"})


async def config(_: web.Request) -> web.Response:
    return web.json_response(company.CONFIG)


async def page(request: web.Request) -> web.FileResponse:
    """Files of dist/; unknown paths belong to the workspace's own router."""
    wanted = (DIST / request.path.lstrip("/")).resolve()
    if request.path == "/call":
        return web.FileResponse(DIST / "call.html")
    return web.FileResponse(wanted if wanted.is_file() and wanted.is_relative_to(DIST) else DIST / "index.html")


def application(origin: str) -> web.Application:
    desk = Desk(origin)
    app = web.Application(middlewares=[refusals])
    routes: list[tuple[str, str, Handler]] = [
        ("GET", "/api/health", health),
        ("GET", "/api/config/workspace", config),
        ("*", "/api/session", desk.session),
        ("GET", "/api/edges", desk.edges),
        ("*", "/api/me/{what}", desk.me),
        ("POST", "/api/offers/{id}/{act}", desk.offer),
        ("GET", "/api/contacts/{id}/targets", desk.targets),
        ("POST", "/api/contacts/{id}/{act}", desk.contact),
        ("POST", "/api/contacts/{id}/consult/{step}", desk.consult),
        ("GET", "/api/tickets", desk.ticket_list),
        ("*", "/api/tickets/{id}", desk.ticket),
        ("POST", "/api/tickets/{id}/submit", desk.ticket),
        ("GET", "/api/messages", desk.message_list),
        ("*", "/api/messages/{id}/{act}", desk.message),
        ("GET", "/api/public/matters", desk.public),
        ("POST", "/api/public/contacts", desk.public),
        ("GET", "/api/public/contacts/{id}", desk.public),
        ("POST", "/api/public/contacts/{id}/{act}", desk.public),
        ("POST", "/edge/whip", sound.join),
        ("DELETE", "/edge/whip/{session}", sound.leave),
        ("POST", "/dev/{act:beside|targets}", desk.giving),
        ("POST", "/dev/{act}", desk.scene),
        ("GET", "/socket", desk.socket),
        ("GET", "/{path:.*}", page),
    ]
    for method, path, handler in routes:
        app.router.add_route(method, path, handler)
    return app


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8090)
    port = parser.parse_args().port
    web.run_app(application(f"http://localhost:{port}"), host="127.0.0.1", port=port, print=None)


if __name__ == "__main__":
    main()
