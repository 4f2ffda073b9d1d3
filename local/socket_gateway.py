"""WebSocket APIs for an engine that has none: connections in front, a function behind, news pushed by address.

The id of an API is the name of its function: a workspace connects to ``/_aws/execute-api/<function>/<stage>``, and
functions push to ``/_aws/execute-api/<function>/<stage>/@connections/<id>`` by boto3's ``post_to_connection``. Events,
refusals and limits are those of API Gateway. Each message waits for the answer to the one before it.
"""

import argparse
import asyncio
import base64
import json
import secrets
import time
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import aiohttp
import boto3
from aiohttp import WSCloseCode, web
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from local.places import aws_environment

BASE = "/_aws/execute-api/{function}/{stage}"
MESSAGE_BYTES = 128 * 1024
IDLE_SECONDS = 600.0
OPEN_SECONDS = 7200.0
FUNCTION_SECONDS = 29
CALLS = 32  # to functions at once


class FunctionError(Exception):
    """The function could not be called, or raised."""


@dataclass
class Connection:
    """One open socket, as its function and the management address see it. Times in epoch milliseconds."""

    function: str
    stage: str
    request: web.BaseRequest
    socket: web.WebSocketResponse = field(default_factory=web.WebSocketResponse)
    id: str = field(default_factory=lambda: base64.urlsafe_b64encode(secrets.token_bytes(11)).decode())
    since: int = field(default_factory=lambda: _now())
    active: int = field(default_factory=lambda: _now())

    def event(self, kind: str, route: str, **more: Any) -> dict[str, Any]:
        """What API Gateway hands to the function."""
        now = _now()
        return {
            "requestContext": {
                "routeKey": route,
                "eventType": kind,
                "messageDirection": "IN",
                "stage": self.stage,
                "connectedAt": self.since,
                "connectionId": self.id,
                "apiId": self.function,
                "domainName": self.request.host,
                "requestId": secrets.token_hex(8),
                "requestTimeEpoch": now,
                "requestTime": time.strftime("%d/%b/%Y:%H:%M:%S +0000", time.gmtime(now / 1000)),
                "identity": self.identity(),
                **more.pop("context", {}),
            },
            "isBase64Encoded": False,
            **more,
        }

    def identity(self) -> dict[str, str]:
        return {"sourceIp": self.request.remote or "", "userAgent": self.request.headers.get("User-Agent", "")}


class Sockets:
    """All open connections, and the functions behind them."""

    def __init__(self, engine_url: str) -> None:
        environment = aws_environment(engine_url)
        self._lambda: Any = boto3.client(
            "lambda",
            endpoint_url=engine_url,
            region_name=environment["AWS_REGION"],
            aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"],
            config=Config(max_pool_connections=CALLS, read_timeout=FUNCTION_SECONDS, retries={"max_attempts": 1}),
        )
        self._calls = asyncio.Semaphore(CALLS)
        self._open: dict[str, Connection] = {}

    async def connect(self, request: web.Request) -> web.StreamResponse:
        """One connection, from the function's consent to its last word."""
        connection = Connection(request.match_info["function"], request.match_info["stage"], request)
        headers = {name: ", ".join(request.headers.getall(name)) for name in request.headers}
        several = {name: request.headers.getall(name) for name in request.headers}
        asked = connection.event("CONNECT", "$connect", headers=headers, multiValueHeaders=several)
        try:
            consent = await self._call(connection, asked)
        except FunctionError:
            return web.Response(status=HTTPStatus.BAD_GATEWAY)
        if not HTTPStatus.OK <= int(consent.get("statusCode", 502)) < HTTPStatus.MULTIPLE_CHOICES:
            return web.Response(status=int(consent.get("statusCode", 502)))
        protocol = {name.lower(): value for name, value in (consent.get("headers") or {}).items()}
        spoken = protocol.get("sec-websocket-protocol")
        connection.socket = web.WebSocketResponse(
            protocols=(spoken,) if spoken else (), max_msg_size=MESSAGE_BYTES, receive_timeout=IDLE_SECONDS
        )
        await connection.socket.prepare(request)
        self._open[connection.id] = connection
        try:
            await self._talk(connection)
        finally:
            self._open.pop(connection.id, None)
            await asyncio.shield(self._gone(connection))
        return connection.socket

    async def _talk(self, connection: Connection) -> None:
        """Until somebody ends it, nothing is said for too long, or it was open for too long."""
        try:
            async with asyncio.timeout(OPEN_SECONDS):
                async for message in connection.socket:
                    if message.type is aiohttp.WSMsgType.BINARY:
                        await connection.socket.close(code=WSCloseCode.UNSUPPORTED_DATA)
                    elif message.type is aiohttp.WSMsgType.TEXT:
                        await self._answer(connection, message.data)
        except TimeoutError:
            await connection.socket.close(code=WSCloseCode.GOING_AWAY)

    async def _answer(self, connection: Connection, text: str) -> None:
        connection.active = _now()
        context = {"messageId": secrets.token_hex(8)}
        try:
            answered = await self._call(connection, connection.event("MESSAGE", "$default", body=text, context=context))
        except FunctionError:
            about = {"connectionId": connection.id, "requestId": context["messageId"]}
            answered = {"body": json.dumps({"message": "Internal server error", **about})}
        if answered.get("body") and not connection.socket.closed:
            await connection.socket.send_str(str(answered["body"]))

    async def _gone(self, connection: Connection) -> None:
        code = connection.socket.close_code or WSCloseCode.ABNORMAL_CLOSURE
        context = {"disconnectStatusCode": int(code), "disconnectReason": ""}
        event = connection.event("DISCONNECT", "$disconnect", headers={}, context=context)
        try:
            await self._call(connection, event)
        except FunctionError as error:
            print(f"{connection.function} $disconnect: {error}", flush=True)

    async def _call(self, connection: Connection, event: dict[str, Any]) -> dict[str, Any]:
        """The function's answer. Raises FunctionError."""
        async with self._calls:
            return await asyncio.to_thread(self._invoke, connection.function, event)

    def _invoke(self, function: str, event: dict[str, Any]) -> dict[str, Any]:
        try:
            done = self._lambda.invoke(FunctionName=function, Payload=json.dumps(event).encode())
            answered = json.loads(done["Payload"].read() or b"null")
        except (ClientError, BotoCoreError, ValueError) as error:
            raise FunctionError(type(error).__name__) from error
        if "FunctionError" in done:
            raise FunctionError(str(answered.get("errorType", "")))
        return answered if isinstance(answered, dict) else {}

    async def push(self, request: web.Request) -> web.Response:
        """``post_to_connection``."""
        connection = self._found(request)
        text = await request.read()
        if len(text) > MESSAGE_BYTES:
            raise _refusal(web.HTTPRequestEntityTooLarge(MESSAGE_BYTES, len(text)), "PayloadTooLargeException")
        try:
            await connection.socket.send_str(text.decode())
        except ConnectionError:
            raise _refusal(web.HTTPGone(), "GoneException") from None
        connection.active = _now()
        return web.Response()

    async def tell(self, request: web.Request) -> web.Response:
        """``get_connection``."""
        connection = self._found(request)
        times = {"connectedAt": connection.since, "lastActiveAt": connection.active}
        told = {name: time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at / 1000)) for name, at in times.items()}
        return web.json_response({**told, "identity": connection.identity()})

    async def cut(self, request: web.Request) -> web.Response:
        """``delete_connection``."""
        await self._found(request).socket.close(code=WSCloseCode.GOING_AWAY)
        return web.Response(status=HTTPStatus.NO_CONTENT)

    def _found(self, request: web.Request) -> Connection:
        connection = self._open.get(request.match_info["id"])
        if connection is None or connection.socket.closed or connection.function != request.match_info["function"]:
            raise _refusal(web.HTTPGone(), "GoneException")
        return connection


def _refusal(error: web.HTTPException, name: str) -> web.HTTPException:
    error.headers["X-Amzn-ErrorType"] = name
    return error


def _now() -> int:
    return int(time.time() * 1000)


async def build(engine_url: str) -> web.Application:
    sockets = Sockets(engine_url)
    app = web.Application(client_max_size=2 * MESSAGE_BYTES)
    app.router.add_get("/health", _health)
    app.router.add_get(BASE, sockets.connect)
    app.router.add_post(BASE + "/@connections/{id}", sockets.push)
    app.router.add_get(BASE + "/@connections/{id}", sockets.tell)
    app.router.add_delete(BASE + "/@connections/{id}", sockets.cut)
    return app


async def _health(_: web.Request) -> web.Response:
    return web.json_response({"state": "up"})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--engine", required=True, help="address of the AWS engine")
    given = parser.parse_args()
    web.run_app(build(given.engine), host="127.0.0.1", port=given.port, print=None, access_log=None)


if __name__ == "__main__":
    main()
