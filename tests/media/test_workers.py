"""A process a core: each with its own ports, started again when it dies, replaced one after the other."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from local.processes import free_port
from media_edge.entry.secure import CertificateError, context
from media_edge.settings import Settings, read
from media_edge.workers import LONGEST_PAUSE_SECONDS, environment_of, pause_after
from tests.conftest import Stack
from tests.media.running import AUTH_TOKEN, media_key

PATIENCE_SECONDS = 40.0
NOWHERE = {"MEDIA_QUEUE_URL": "none", "RECORDINGS_BUCKET": "none", "SEAL_KEY_ID": "none"}


def settings_of(port: int, outside: Mapping[str, str] = NOWHERE) -> tuple[Settings, dict[str, str]]:
    """``outside``: where its queue, its bucket and its key are."""
    environment = {
        **os.environ,
        **outside,
        "PYTHONPATH": os.pathsep.join(path or "." for path in sys.path),
        "EDGE_NAME": "edge",
        "EDGE_WORKERS": "2",
        "EDGE_PORT": str(port),
        "EDGE_PUBLIC_URL": "http://127.0.0.1:{port}",
        "EDGE_STREAM_URL": "ws://127.0.0.1:{port}/stream",
        "EDGE_DRAIN_SECONDS": "0",
        "CARRIER_AUTH_TOKEN": AUTH_TOKEN,
        "MEDIA_PUBLIC_JWK": json.dumps(media_key().as_dict(private=False)),
        "TENANT": "demo",
        "LOG_LEVEL": "CRITICAL",
    }
    return read(environment), environment


def two_free_ports() -> int:
    """The first of two neighbours."""
    for _ in range(50):
        port = free_port(0)
        if free_port(port + 1) == port + 1:
            return port
    raise AssertionError("no two free ports beside each other")


def test_each_worker_has_a_name_and_ports_of_its_own_in_every_address() -> None:
    settings, environment = settings_of(9200)
    third = environment_of(2, settings, environment | {"EDGE_UDP_PORT": "9300"})
    assert (third["EDGE_NAME"], third["EDGE_PORT"], third["EDGE_WORKERS"]) == ("edge-2", "9202", "1")
    assert third["EDGE_STREAM_URL"] == "ws://127.0.0.1:9202/stream"
    assert third["EDGE_PUBLIC_URL"] == "http://127.0.0.1:9202"
    assert third["EDGE_UDP_PORT"] == "0"  # any free one stays any free one
    assert third["CARRIER_AUTH_TOKEN"] == AUTH_TOKEN


def test_a_worker_that_keeps_dying_is_started_ever_later_and_one_that_lived_at_once() -> None:
    pauses, pause = [], 0.0
    for _ in range(8):
        pause = pause_after(0.1, pause)
        pauses.append(pause)
    assert pauses == sorted(pauses)
    assert pauses[-1] == LONGEST_PAUSE_SECONDS
    assert pause_after(3_600, LONGEST_PAUSE_SECONDS) == 1.0


@asynccontextmanager
async def running(port: int, stack: Stack) -> AsyncIterator[subprocess.Popen[bytes]]:
    queue = f"{stack.environment['QUEUE_URL_PREFIX']}-media"
    _, environment = settings_of(port, {**stack.environment, "MEDIA_QUEUE_URL": queue})
    process = subprocess.Popen([sys.executable, "-m", "media_edge"], env=environment)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            await asyncio.to_thread(process.wait, 60)


async def health(port: int) -> Any:
    """Its own word, or None while it does not answer."""
    try:
        async with aiohttp.ClientSession() as http, http.get(f"http://127.0.0.1:{port}/health") as answer:
            return await answer.json()
    except aiohttp.ClientError:
        return None


async def until(port: int, fits: Any) -> Any:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not fits(told := await health(port)):
            await asyncio.sleep(0.1)
    return told


def child_at(port: int, parent: int) -> int:
    """The worker's process id, by the port in its environment."""
    for pid in Path(f"/proc/{parent}/task/{parent}/children").read_text().split():
        if f"EDGE_PORT={port}".encode() in Path(f"/proc/{pid}/environ").read_bytes().split(b"\0"):
            return int(pid)
    raise AssertionError("no such worker")


@pytest.mark.engine
def test_a_worker_that_is_killed_comes_back_and_the_other_goes_on(stack: Stack) -> None:
    async def whole() -> None:
        port = two_free_ports()
        async with running(port, stack) as process:
            for number in range(2):
                told = await until(port + number, lambda told: told is not None)
                assert told["name"] == f"edge-{number}"
            os.kill(child_at(port, process.pid), signal.SIGKILL)
            ticks = (await health(port + 1))["ticks"]
            await until(port, lambda told: told is None)
            again = await until(port, lambda told: told is not None)
            assert again["ticks"] < 500
            assert (await health(port + 1))["ticks"] > ticks
            process.send_signal(signal.SIGTERM)
            assert await asyncio.to_thread(process.wait, 60) == 0
            assert (await health(port), await health(port + 1)) == (None, None)

    asyncio.run(whole())


@pytest.mark.engine
def test_a_hang_up_replaces_the_workers_one_after_the_other(stack: Stack) -> None:
    async def whole() -> None:
        port = two_free_ports()
        async with running(port, stack) as process:
            for number in range(2):
                await until(port + number, lambda told: told is not None)
            before = [child_at(port + number, process.pid) for number in range(2)]
            process.send_signal(signal.SIGHUP)
            async with asyncio.timeout(PATIENCE_SECONDS):
                while True:
                    await asyncio.sleep(0.2)
                    up = [await health(port + number) is not None for number in range(2)]
                    assert any(up), "both were gone at once"
                    if all(up) and not set(before) & {child_at(port + n, process.pid) for n in range(2)}:
                        return

    asyncio.run(whole())


@pytest.mark.parametrize("secret", ["", "{}", "[]", '{"certificate": "x", "key": "y"}', '{"certificate": 1, "key": 2}'])
def test_a_secret_without_a_certificate_says_so(secret: str) -> None:
    with pytest.raises(CertificateError, match="certificate"):
        context(secret)
