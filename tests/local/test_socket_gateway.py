"""The stand-in for WebSocket APIs, in front of a real function on the local engine."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeAlias

import aiohttp
import boto3
import pytest
from aiohttp import web

from local import socket_gateway
from local.engine import Engine
from local.places import aws_environment
from tests.local.conftest import Deploy

pytestmark = pytest.mark.engine
ANSWER_SECONDS = 20.0
# Admits who brings the ticket `good`; tells on each message what it was called with; remembers who left.
FUNCTION = """
import os

def handler(event, context):
    about = event["requestContext"]
    if about["eventType"] == "CONNECT":
        offered = event["headers"].get("Sec-WebSocket-Protocol", "")
        if "broken" in offered:
            raise RuntimeError("broken")
        admitted = offered.replace(" ", "") == "hearthline,good"
        return {"statusCode": 200 if admitted else 401, "headers": {"Sec-WebSocket-Protocol": "hearthline"}}
    if about["eventType"] == "DISCONNECT":
        with open(os.environ["LEFT"], "a") as file:
            file.write(about["connectionId"] + " " + str(about["disconnectStatusCode"]) + "\\n")
        return {"statusCode": 200}
    if event["body"] == "break":
        raise RuntimeError("broken")
    return {"statusCode": 200, "body": about["connectionId"] + " said " + event["body"]}
"""
Story: TypeAlias = Callable[["Desk"], Awaitable[None]]


class Desk:
    """A client of the gateway, and the client that functions push with."""

    def __init__(self, client: aiohttp.ClientSession, url: str, function: str) -> None:
        self._client = client
        self.url = f"{url}/_aws/execute-api/{function}/test"

    @asynccontextmanager
    async def connected(self, *protocols: str) -> Any:
        async with self._client.ws_connect(self.url, protocols=protocols) as socket:
            yield socket

    async def ask(self, socket: aiohttp.ClientWebSocketResponse, text: str) -> str:
        await socket.send_str(text)
        return await socket.receive_str(timeout=ANSWER_SECONDS)

    def pushing(self) -> Any:
        environment = aws_environment(self.url)
        return boto3.client(
            "apigatewaymanagementapi",
            endpoint_url=self.url,
            region_name=environment["AWS_REGION"],
            aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"],
        )


@pytest.fixture(scope="module")
def left(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the function writes who left: it may run in several processes."""
    file = tmp_path_factory.mktemp("sockets") / "left"
    file.touch()
    return file


@pytest.fixture(scope="module")
def function(deployed: Deploy, left: Path) -> str:
    return deployed(FUNCTION, LEFT=str(left))


def play(engine: Engine, function: str, story: Story) -> None:
    async def run() -> None:
        runner = web.AppRunner(await socket_gateway.build(engine.url))
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        try:
            async with aiohttp.ClientSession() as client:
                await story(Desk(client, f"http://127.0.0.1:{runner.addresses[0][1]}", function))
        finally:
            await runner.cleanup()

    asyncio.run(run())


def test_who_is_admitted_is_answered_in_the_protocol_the_function_chose(engine: Engine, function: str) -> None:
    async def story(desk: Desk) -> None:
        async with desk.connected("hearthline", "good") as socket:
            assert socket.protocol == "hearthline"
            assert (await desk.ask(socket, "hello")).endswith(" said hello")

    play(engine, function, story)


@pytest.mark.parametrize(("ticket", "status"), [("bad", 401), ("broken", 502)])
def test_who_is_refused_gets_no_socket(engine: Engine, function: str, ticket: str, status: int) -> None:
    async def story(desk: Desk) -> None:
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            async with desk.connected("hearthline", ticket):
                pass
        assert refused.value.status == status

    play(engine, function, story)


def test_a_function_that_fails_does_not_end_the_connection(engine: Engine, function: str) -> None:
    async def story(desk: Desk) -> None:
        async with desk.connected("hearthline", "good") as socket:
            assert json.loads(await desk.ask(socket, "break"))["message"] == "Internal server error"
            assert (await desk.ask(socket, "still here")).endswith(" said still here")

    play(engine, function, story)


def test_what_is_pushed_to_a_connection_arrives_there(engine: Engine, function: str) -> None:
    async def story(desk: Desk) -> None:
        async with desk.connected("hearthline", "good") as one, desk.connected("hearthline", "good") as other:
            connection = (await desk.ask(one, "hello")).split(" ")[0]
            pushing = desk.pushing()
            news = '{"type":"news","zh":"来电"}'
            await asyncio.to_thread(pushing.post_to_connection, ConnectionId=connection, Data=news.encode())
            assert await one.receive_str(timeout=ANSWER_SECONDS) == news
            assert (await desk.ask(other, "quiet")).endswith(" said quiet")
            seen = await asyncio.to_thread(pushing.get_connection, ConnectionId=connection)
            assert seen["Identity"]["SourceIp"] == "127.0.0.1"

    play(engine, function, story)


def test_a_connection_that_is_gone_is_gone_for_who_pushes_and_the_function_was_told(
    engine: Engine, function: str, left: Path
) -> None:
    async def story(desk: Desk) -> None:
        async with desk.connected("hearthline", "good") as socket:
            connection = (await desk.ask(socket, "hello")).split(" ")[0]
            await socket.close(code=4001)
        async with asyncio.timeout(ANSWER_SECONDS):
            while f"{connection} 4001" not in left.read_text().splitlines():
                await asyncio.sleep(0.05)
        pushing = desk.pushing()
        with pytest.raises(pushing.exceptions.GoneException):
            await asyncio.to_thread(pushing.post_to_connection, ConnectionId=connection, Data=b"late")

    play(engine, function, story)


def test_who_pushes_can_end_a_connection(engine: Engine, function: str) -> None:
    async def story(desk: Desk) -> None:
        async with desk.connected("hearthline", "good") as socket:
            connection = (await desk.ask(socket, "hello")).split(" ")[0]
            await asyncio.to_thread(desk.pushing().delete_connection, ConnectionId=connection)
            assert (await socket.receive(timeout=ANSWER_SECONDS)).type is aiohttp.WSMsgType.CLOSE

    play(engine, function, story)


def test_a_message_that_is_too_long_ends_its_connection(engine: Engine, function: str) -> None:
    async def story(desk: Desk) -> None:
        async with desk.connected("hearthline", "good") as socket:
            await socket.send_str("x" * (socket_gateway.MESSAGE_BYTES + 1))
            closed = await socket.receive(timeout=ANSWER_SECONDS)
            assert closed.data == aiohttp.WSCloseCode.MESSAGE_TOO_BIG

    play(engine, function, story)
