"""Edges replaced one after the other in the middle of their calls: true processes, and no call is lost.

``ROLLING=10`` in the environment takes ten edges, each with a call.
"""

import asyncio
import json
import os
import signal
import subprocess
import sys
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import aiohttp
import pytest
from joserfc.jwk import OKPKey

from local.processes import free_port
from media_edge.entry.tokens import carrier_signature
from tests.bench.media_client import LightBrowser
from tests.conftest import Stack
from tests.media.clients import CarrierClient
from tests.media.running import AUTH_TOKEN, make_token, media_key, speech
from tests.media.test_network import SAID, packets
from tests.media.test_workers import child_at, health, settings_of, until

COUNT = int(os.environ.get("ROLLING", "4"))
CHECK_SECONDS = 1.0
STEP_SECONDS = 0.02
LONGEST_GAP_SECONDS = 1.0
"""Between two packets. Processes that begin beside a call take its core; a call that is lost is silent for good."""


def neighbours(count: int) -> int:
    """The first of so many free ports beside each other."""
    for _ in range(200):
        first = free_port(0)
        if first + count < 65_536 and all(free_port(first + n) == first + n for n in range(count)):
            return first
    raise AssertionError("no free ports beside each other")


@dataclass
class Call:
    """A phone and an agent's browser in one room; how long either went without a packet."""

    line: CarrierClient
    agent: LightBrowser
    contact: str
    longest_gap: float = 0.0
    ended: bool = False

    async def go_on(self) -> None:
        """Speaks until the call has ended, and listens on both ends. A step that this machine delayed is still one."""
        loop = asyncio.get_running_loop()
        due, counted, silent = loop.time(), (-1, -1), [0, 0]
        while not self.ended:
            self.agent.send()
            seen = (self.agent.received, len(self.line.heard.pieces))
            silent = [0 if seen[side] != counted[side] else silent[side] + 1 for side in (0, 1)]
            self.longest_gap = max(self.longest_gap, STEP_SECONDS * max(silent))
            counted = seen
            due = max(due + STEP_SECONDS, loop.time() - STEP_SECONDS)
            await asyncio.sleep(max(0.0, due - loop.time()))


@dataclass
class Fleet:
    """One parent with ``COUNT`` workers."""

    port: int
    key: OKPKey
    process: subprocess.Popen[bytes]
    http: aiohttp.ClientSession

    def token(self, number: int, contact: str, role: str, leg: str) -> str:
        return make_token(self.key, contact, role, leg, aud=f"edge-{number}")

    @asynccontextmanager
    async def call(self, number: int) -> AsyncIterator[Call]:
        contact, sid = str(uuid.uuid4()), "CA" + uuid.uuid4().hex
        url = f"http://127.0.0.1:{self.port + number}"
        stream = f"ws://127.0.0.1:{self.port + number}/stream"
        token = self.token(number, contact, "carrier", sid)
        async with CarrierClient(
            stream, carrier_signature(AUTH_TOKEN, stream), sid, token, speech(300, 8_000, seed=number)
        ) as line:
            agent = LightBrowser(url, self.token(number, contact, "agent", "p"), packets(SAID))
            await agent.join(self.http)
            call = Call(line, agent, contact)
            speaking = asyncio.create_task(call.go_on())
            try:
                yield call
            finally:
                call.ended = True
                await speaking
                agent.close()

    async def refuses(self, number: int) -> str:
        """The code with which it sends a new call on; empty where it takes it."""
        browser = LightBrowser("", "", packets(SAID[:160]))
        contact = str(uuid.uuid4())
        agent, control = (self.token(number, contact, role, "q") for role in ("agent", "control"))
        headers = {"Authorization": f"Bearer {agent}", "Content-Type": "application/sdp"}
        url = f"http://127.0.0.1:{self.port + number}"
        async with self.http.post(f"{url}/whip", data=browser.offer(), headers=headers) as answer:
            browser.close()
            if answer.status != 201:
                return str((await answer.json())["code"])
        headers = {"Authorization": f"Bearer {control}"}
        async with self.http.delete(f"{url}/rooms/{contact}", headers=headers) as ended:
            assert ended.status == 204
        return ""


@asynccontextmanager
async def fleet(stack: Stack) -> AsyncIterator[Fleet]:
    port, key = neighbours(COUNT), media_key()
    queue = f"{stack.environment['QUEUE_URL_PREFIX']}-media"
    _, environment = settings_of(port, {**stack.environment, "MEDIA_QUEUE_URL": queue})
    environment |= {"EDGE_WORKERS": str(COUNT), "EDGE_DRAIN_SECONDS": "600"}
    environment["MEDIA_PUBLIC_JWK"] = json.dumps(key.as_dict(private=False))
    process = subprocess.Popen([sys.executable, "-m", "media_edge"], env=environment)
    try:
        async with aiohttp.ClientSession() as http:
            for number in range(COUNT):
                await until(port + number, lambda told: told is not None)
            yield Fleet(port, key, process, http)
    finally:
        process.send_signal(signal.SIGTERM)
        await asyncio.sleep(0.2)
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        await asyncio.to_thread(process.wait, 60)


async def soon(true: Callable[[], Awaitable[bool]], seconds: float = 60) -> None:
    async with asyncio.timeout(seconds):
        while not await true():
            await asyncio.sleep(0.1)


@pytest.mark.engine
def test_edges_are_replaced_one_after_the_other_and_no_call_is_lost(stack: Stack) -> None:
    async def whole() -> None:
        async with fleet(stack) as edges, AsyncExitStack() as everybody:
            before = [child_at(edges.port + n, edges.process.pid) for n in range(COUNT)]
            calls = [await everybody.enter_async_context(AsyncExitStack()) for _ in range(COUNT)]
            live = [await calls[n].enter_async_context(edges.call(n)) for n in range(COUNT)]
            edges.process.send_signal(signal.SIGHUP)
            for number in range(COUNT):
                await drained(edges, number)
                await calls[number].aclose()  # people hang up, when they have done
                await replaced(edges, number, before[number])
            gap = max(call.longest_gap for call in live)
            print(f"\n{COUNT} edges replaced, longest gap of {2 * COUNT} sides {gap * 1000:.0f} ms")  # noqa: T201
            assert gap < LONGEST_GAP_SECONDS
            assert not [call for call in live if call.line.closed.is_set() and not call.ended]

    async def drained(edges: Fleet, number: int) -> None:
        """This one lets its call go on and takes no other; all others take some."""
        await until(edges.port + number, lambda told: told["state"] == "draining")
        assert await edges.refuses(number) == "draining"
        assert [await edges.refuses(n) for n in range(COUNT) if n != number] == [""] * (COUNT - 1)
        await asyncio.sleep(CHECK_SECONDS)
        assert (await health(edges.port + number))["rooms"] == 1

    async def replaced(edges: Fleet, number: int, before: int) -> None:
        async def again() -> bool:
            told = await health(edges.port + number)
            return (
                told is not None
                and told["state"] == "up"
                and before != child_at(edges.port + number, edges.process.pid)
            )

        await soon(again)

    asyncio.run(whole())
