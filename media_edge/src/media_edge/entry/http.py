"""HTTP of the edge: WHIP (RFC 9725) for browsers, control for the functions, health for the balancer."""

import json
import logging
from collections.abc import Awaitable, Callable

from aiohttp import web

from media_edge.entry import errors
from media_edge.entry.relays import Relays
from media_edge.entry.tokens import Pass, TokenRefusedError
from media_edge.rooms.edge import Edge, RefusedError
from media_edge.rooms.hearing import MODES
from media_edge.wire import fragment, sdp

log = logging.getLogger("media_edge.entry.http")

MAX_CONTROL = 4 * 1024  # bytes of a control request
BROWSER = frozenset({"caller", "agent", "partner", "supervisor"})
CONTROL = frozenset({"control"})
CROSSED = ("/whip", "/probe")  # what the console's pages call across origins
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
EDGE: web.AppKey[Edge] = web.AppKey("edge", Edge)
ORIGIN: web.AppKey[str] = web.AppKey("origin", str)
RELAYS: web.AppKey[Relays] = web.AppKey("relays", Relays)
NONE = Relays((), "")


def application(edge: Edge, console_origin: str, relays: Relays = NONE) -> web.Application:
    app = web.Application(middlewares=[_cors, _refusals], client_max_size=sdp.MAX_BYTES)
    app[EDGE], app[ORIGIN], app[RELAYS] = edge, console_origin, relays
    app.add_routes(
        [
            web.post("/whip", _join),
            web.delete("/whip/{session}", _leave),
            web.patch("/whip/{session}", _restart),
            web.options("/whip", _preflight),
            web.options("/whip/{session}", _preflight),
            web.get("/rooms/{contact}", _tell),
            web.put("/rooms/{contact}", _control),
            web.delete("/rooms/{contact}", _end),
            web.get("/health", _health),
            web.get("/probe", _probe),
        ]
    )
    return app


async def _join(request: web.Request) -> web.StreamResponse:
    if request.content_type != "application/sdp":
        raise RefusedError("not_sdp", 415)
    offer = await request.text()
    edge = request.app[EDGE]
    session, answer = edge.answer(_admit(request, BROWSER), offer)
    headers = {"Location": f"/whip/{session}", "ETag": f'"{edge.ice_tag(session)}"', "Accept-Patch": fragment.KIND}
    if links := request.app[RELAYS].links(session, edge.clock.wall()):
        headers["Link"] = ", ".join(links)
    return web.Response(status=201, text=answer, content_type="application/sdp", headers=headers)


async def _restart(request: web.Request) -> web.StreamResponse:
    """ICE restarts or trickles (RFC 9725 section 4.3). As with DELETE, the session's address is the secret."""
    if request.content_type != fragment.KIND:
        raise RefusedError("not_sdpfrag", 415)
    tag = request.headers.get("If-Match", "").strip()
    if not tag:
        raise RefusedError("if_match_missing", 428)
    edge, session = request.app[EDGE], request.match_info["session"]
    answer = edge.restart(session, await request.text(), tag if tag == "*" else tag.strip('"'))
    if not answer:
        return web.Response(status=204)
    headers = {"ETag": f'"{edge.ice_tag(session)}"'}
    return web.Response(status=200, text=answer, content_type=fragment.KIND, headers=headers)


async def _leave(request: web.Request) -> web.StreamResponse:
    """The session's address is a secret of its own (144 random bits): who holds it may end it."""
    request.app[EDGE].leave(request.match_info["session"])
    return web.Response(status=200)


async def _control(request: web.Request) -> web.StreamResponse:
    """``{"held": bool}``, ``{"unrecorded": {"until": ms since the epoch, "version": int}}``
    or ``{"supervisor": {"leg": str, "mode": "listen" | "whisper" | "barge" | null}}``.
    """
    contact = _controlled(request)
    if (request.content_length or 0) > MAX_CONTROL:
        raise RefusedError("body_too_large", 413)
    body, edge = json.loads(await request.read()), request.app[EDGE]
    match body:
        case {"held": bool(held)}:
            return web.json_response(edge.control(contact, held=held))
        case {"unrecorded": {"until": int(until), "version": int(version)}}:
            return web.json_response(edge.pause_recording(contact, until, version))
        case {"supervisor": {"leg": str(who), "mode": None}}:
            return web.json_response(edge.supervise(contact, who, None))
        case {"supervisor": {"leg": str(who), "mode": str(mode)}} if mode in MODES:
            return web.json_response(edge.supervise(contact, who, MODES[mode]))
    raise RefusedError("bad_request", 400)


async def _tell(request: web.Request) -> web.StreamResponse:
    return web.json_response(request.app[EDGE].room(_controlled(request)), headers={"Cache-Control": "no-store"})


async def _end(request: web.Request) -> web.StreamResponse:
    request.app[EDGE].end(_controlled(request))
    return web.Response(status=204)


async def _health(request: web.Request) -> web.StreamResponse:
    return web.json_response(request.app[EDGE].health(), headers={"Cache-Control": "no-store"})


async def _probe(request: web.Request) -> web.StreamResponse:
    """A page measures how far we are; nothing else is in it."""
    return web.Response(status=204, headers={"Cache-Control": "no-store"})


async def _preflight(request: web.Request) -> web.StreamResponse:
    return web.Response(status=204)


def _controlled(request: web.Request) -> str:
    contact = request.match_info["contact"]
    if _admit(request, CONTROL).contact != contact:
        raise TokenRefusedError("token_refused")
    return contact


def _admit(request: web.Request, roles: frozenset[str]) -> Pass:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    edge = request.app[EDGE]
    return edge.gate.admit(token.strip() if scheme.lower() == "bearer" else "", roles, edge.clock.wall())


@web.middleware
async def _cors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """The console's origin only; its page calls WHIP across origins."""
    response = await handler(request)
    origin = request.app[ORIGIN]
    if origin and request.path.startswith(CROSSED):
        response.headers["Vary"] = "Origin"
        if request.headers.get("Origin") == origin:
            response.headers["Access-Control-Allow-Origin"] = origin
            response.headers["Access-Control-Expose-Headers"] = "Location, ETag, Link, Retry-After"
            response.headers["Access-Control-Allow-Methods"] = "POST, PATCH, DELETE, OPTIONS"
            response.headers["Access-Control-Allow-Headers"] = "Authorization, Content-Type, If-Match"
            response.headers["Access-Control-Max-Age"] = "600"
    return response


@web.middleware
async def _refusals(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except TokenRefusedError as refused:
        return _problem(refused.code, errors.token_status(refused.code))
    except RefusedError as refused:
        return _problem(refused.code, refused.status)
    except sdp.SdpError as refused:
        return _problem(refused.code, 400)
    except web.HTTPRequestEntityTooLarge:
        return _problem("body_too_large", 413)
    except web.HTTPException as other:
        return _problem("not_found", other.status)
    except (ValueError, LookupError):
        return _problem("bad_request", 400)


def _problem(code: str, status: int) -> web.Response:
    response = web.Response(status=status, body=errors.body(code), content_type="application/json")
    if status == errors.ELSEWHERE:  # at once, but not here
        response.headers["Retry-After"] = "0"
    return response
