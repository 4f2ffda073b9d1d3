"""The front door of the laptop: one origin for people and carrier, as the web distribution is in the cloud.

``/telephony/*`` and ``/api/*`` go to the REST API, ``/socket`` to the WebSocket API, everything else is the built
workspace. Where they answer is read from endpoints.json at each request: a changed route gives a new REST API.
"""

import argparse
import asyncio
import json
import mimetypes
import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from aiohttp import web
from yarl import URL

from local.places import ENDPOINTS, ROOT

DIST = ROOT / "web" / "dist"
MAX_BODY_BYTES = 10 * 2**20  # the gateway takes no more
GATEWAY_SECONDS = 29  # and waits no longer
AT_ONCE = 4 * (os.cpu_count() or 1)
"""So many requests are worked on; more wait at the door. The cloud starts a process for each, which on a few cores is
the end: all are slow, so all run into their limit, and each that is killed there has to start anew.
"""
MAX_FRAME_BYTES = 128 * 1024
PROTOCOL = "hearthline"
ENDPOINTS_KEY = web.AppKey("endpoints", Path)
DIST_KEY = web.AppKey("dist", Path)
DOOR_KEY = web.AppKey("door", asyncio.Semaphore)
CLIENT_KEY = web.AppKey("client", aiohttp.ClientSession)
# Not passed on: they speak of one connection, and `Host` is the gateway's to see.
HOP_BY_HOP = frozenset(
    {
        "connection",
        "content-encoding",
        "content-length",
        "date",
        "host",
        "keep-alive",
        "proxy-authorization",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)


def build(endpoints: Path = ENDPOINTS, dist: Path = DIST) -> web.Application:
    """The application; ``dist`` is the built workspace."""
    app = web.Application(client_max_size=MAX_BODY_BYTES)
    app[ENDPOINTS_KEY] = endpoints
    app[DIST_KEY] = dist
    app[DOOR_KEY] = asyncio.Semaphore(AT_ONCE)
    app.cleanup_ctx.append(_client)
    app.router.add_route("*", "/telephony/{rest:.*}", _to_rest)
    app.router.add_route("*", "/api/{rest:.*}", _to_rest)
    app.router.add_get("/socket", _to_socket)
    app.router.add_get("/{path:.*}", _file)
    return app


async def _client(app: web.Application) -> Any:
    timeout = aiohttp.ClientTimeout(total=GATEWAY_SECONDS, sock_connect=5)
    async with aiohttp.ClientSession(timeout=timeout, auto_decompress=False) as client:
        app[CLIENT_KEY] = client
        yield


def _where(request: web.Request) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(request.app[ENDPOINTS_KEY].read_text())
    except FileNotFoundError:
        raise web.HTTPServiceUnavailable(text="not deployed yet") from None
    return found


def _passed_on(request: web.Request) -> dict[str, str]:
    headers = {name: value for name, value in request.headers.items() if name.lower() not in HOP_BY_HOP}
    seen = headers.get("X-Forwarded-For")
    peer = request.remote or ""
    return {**headers, "X-Forwarded-For": f"{seen}, {peer}" if seen else peer, "X-Forwarded-Proto": request.scheme}


async def _to_rest(request: web.Request) -> web.Response:
    # raw_path: decoded and encoded again, an address may no longer be the one that was signed.
    url = _where(request)["api"] + request.raw_path
    body = await request.read()
    try:
        async with (
            request.app[DOOR_KEY],
            request.app[CLIENT_KEY].request(
                request.method,
                URL(url, encoded=True),
                headers=_passed_on(request),
                data=body or None,
                allow_redirects=False,
            ) as answer,
        ):
            response = web.Response(status=answer.status, body=await answer.read())
            for name, value in answer.headers.items():
                if name.lower() not in HOP_BY_HOP:
                    response.headers.add(name, value)  # add: several cookies are several headers
            return response
    except TimeoutError:
        raise web.HTTPGatewayTimeout from None
    except aiohttp.ClientError:
        raise web.HTTPBadGateway from None


async def _to_socket(request: web.Request) -> web.StreamResponse:
    """Bridges one workspace. The gateway is asked first, so that a refusal reaches the browser as one."""
    offered = [part.strip() for part in request.headers.get("Sec-WebSocket-Protocol", "").split(",") if part.strip()]
    headers = {name: request.headers[name] for name in ("Origin", "User-Agent", "Cookie") if name in request.headers}
    try:
        gateway = await request.app[CLIENT_KEY].ws_connect(
            _where(request)["socket"],
            protocols=offered,
            headers=headers,
            max_msg_size=MAX_FRAME_BYTES,
            autoclose=False,
        )
    except aiohttp.WSServerHandshakeError as error:
        raise web.HTTPForbidden(text="refused") if error.status < 500 else web.HTTPBadGateway() from None
    except (TimeoutError, aiohttp.ClientError):
        raise web.HTTPBadGateway from None
    workspace = web.WebSocketResponse(protocols=(PROTOCOL,), max_msg_size=MAX_FRAME_BYTES)
    async with gateway:
        await workspace.prepare(request)
        pumps = [asyncio.create_task(_pump(workspace, gateway)), asyncio.create_task(_pump(gateway, workspace))]
        try:
            await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for pump in pumps:
                pump.cancel()
            await asyncio.gather(*pumps, return_exceptions=True)
            await workspace.close(code=gateway.close_code or aiohttp.WSCloseCode.GOING_AWAY)
    return workspace


Socket = web.WebSocketResponse | aiohttp.ClientWebSocketResponse


async def _pump(source: Socket, target: Socket) -> None:
    async for message in source:
        if message.type is aiohttp.WSMsgType.TEXT:
            await target.send_str(message.data)
        elif message.type is aiohttp.WSMsgType.BINARY:
            await target.send_bytes(message.data)
        else:
            return


async def _file(request: web.Request) -> web.StreamResponse:
    dist = request.app[DIST_KEY]
    asked = (dist / request.match_info["path"]).resolve()
    if asked.is_file() and asked.is_relative_to(dist.resolve()):
        return _kept(request, asked)
    page = dist / ("call.html" if request.path.split("/")[1] == "call" else "index.html")
    if not page.is_file():
        raise web.HTTPNotFound(text="The workspace is not built: npm run build in web/.")
    if Path(request.path).suffix:  # a missing asset is not a page
        raise web.HTTPNotFound
    return _kept(request, page)


def _kept(request: web.Request, path: Path) -> web.FileResponse:
    edges = " ".join(_origin(edge["url"]) for edge in _where(request).get("edges", []))
    immutable = "assets" in path.parts
    headers = {
        "Cache-Control": "public, max-age=31536000, immutable" if immutable else "no-cache",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(self)",
        "Content-Security-Policy": f"default-src 'self'; connect-src 'self' {edges}; img-src 'self' data: blob:; "
        # the component library writes its styles into the page
        "media-src 'self' blob:; worker-src 'self' blob:; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'; "
        "base-uri 'none'; form-action 'self'; object-src 'none'",
    }
    kind = mimetypes.guess_type(path.name)[0]
    if kind:
        headers["Content-Type"] = kind
    return web.FileResponse(path, headers=headers)


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8080)
    parser.add_argument("--endpoints", type=Path, default=ENDPOINTS)
    given = parser.parse_args()
    web.run_app(build(given.endpoints), host="127.0.0.1", port=given.port, print=None, access_log=None)


if __name__ == "__main__":
    main()
