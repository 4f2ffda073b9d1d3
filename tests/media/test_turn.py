"""A browser whose network lets nothing through but to a relay: coturn, and the product's own leg in a real browser."""

import asyncio
import base64
import contextlib
import shutil
import socket
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import aiohttp
import numpy as np
import pytest
from playwright.async_api import Page
from pydantic import ValidationError

from local.processes import free_port
from media_edge.entry.relays import LIFE_SECONDS, Relays, credential
from media_edge.settings import Settings
from tests.bench.line_page import build, page_at
from tests.bench.media_client import LightBrowser
from tests.media.running import ORIGIN, alike_in_loudness, compare, running_edge, speech
from tests.media.test_chromium import write_microphone
from tests.media.test_network import SAID, packets
from tests.media.test_whole_call import phone

SECRET = "shared with the relay"  # pragma: allowlist secret
ONLY_RELAYED = """() => {
  const Real = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Real {
    constructor(wish) { super({ ...wish, iceTransportPolicy: "relay" }); window.peer = this; }
  };
}"""
WAY = """async () => {
  const all = await window.peer.getStats();
  const pair = all.get([...all.values()].find((s) => s.type === "transport").selectedCandidatePairId);
  return all.get(pair.localCandidateId).candidateType;
}"""


def settings(**changes: Any) -> Settings:
    names = ("EDGE_NAME", "CARRIER_AUTH_TOKEN", "TENANT", "MEDIA_QUEUE_URL", "RECORDINGS_BUCKET", "SEAL_KEY_ID")
    return Settings.model_validate(dict.fromkeys(names, "x") | {"MEDIA_PUBLIC_JWK": "{}"} | changes)


def test_each_relay_is_told_with_a_word_that_ends_by_itself_and_names_nobody() -> None:
    relays = settings(EDGE_TURN_URLS="turn:t.example:3478?transport=udp, turns:t.example:443", EDGE_TURN_SECRET=SECRET)
    first, second = relays.relays.links("session-1", 1_000_000.5)
    name = f"{1_000_000 + LIFE_SECONDS}:"
    assert first.startswith(f'<turn:t.example:3478?transport=udp>; rel="ice-server"; username="{name}')
    assert second.startswith("<turns:t.example:443>; ")
    assert "session-1" not in first
    assert SECRET not in first


def test_the_word_is_what_every_server_of_this_kind_reckons() -> None:
    # printf 12334939:mbzrxpgjys | openssl dgst -sha1 -hmac north -binary | base64
    assert credential("north", "12334939:mbzrxpgjys") == "Iq7YXkRon8YXJfdN1Ke9EZOw1UE="


@pytest.mark.parametrize(
    ("urls", "secret"), [("turn:t.example", ""), ("http://t.example", SECRET), ('turn:x>; rel="x', SECRET)]
)
def test_relays_without_their_secret_or_with_an_address_of_another_kind_are_refused(urls: str, secret: str) -> None:
    with pytest.raises(ValidationError):
        settings(EDGE_TURN_URLS=urls, EDGE_TURN_SECRET=secret)


def test_without_relays_nothing_is_told_and_with_them_the_page_may_read_it() -> None:
    async def link(**changes: Any) -> tuple[str, str]:
        async with running_edge(**changes) as edge, aiohttp.ClientSession() as http:
            browser = LightBrowser(edge.url, "", packets(SAID[:160]))
            headers = {"Authorization": f"Bearer {edge.token('agent')}", "Content-Type": "application/sdp"}
            headers["Origin"] = ORIGIN
            async with http.post(f"{edge.url}/whip", data=browser.offer(), headers=headers) as answer:
                browser.close()
                return answer.headers.get("Link", ""), answer.headers["Access-Control-Expose-Headers"]

    assert asyncio.run(link())[0] == ""
    told, exposed = asyncio.run(link(EDGE_TURN_URLS="turn:a.example,turn:b.example", EDGE_TURN_SECRET=SECRET))
    assert told.count('rel="ice-server"') == 2
    assert "Link" in exposed


def until_it_listens(port: int) -> None:
    for _ in range(200):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise AssertionError("the relay did not begin")


@contextmanager
def relay_server(folder: Path) -> Iterator[int]:
    port = free_port(0)
    lowest = 20_000 + port % 20_000
    command = ["turnserver", "-n", "--use-auth-secret", f"--static-auth-secret={SECRET}", "--realm=hearthline"]
    command += [
        "--listening-ip=127.0.0.1",
        f"--listening-port={port}",
        "--relay-ip=127.0.0.1",
        "--allow-loopback-peers",
    ]
    command += ["--no-tls", "--no-dtls", "--no-cli", "--log-file=stdout", f"--pidfile={folder / 'pid'}"]
    command += [f"--min-port={lowest}", f"--max-port={lowest + 99}", f"--userdb={folder / 'db'}"]
    with (folder / "relay.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)  # noqa: S603 - our own words
        try:
            until_it_listens(port)
            yield port
        finally:
            process.terminate()
            process.wait(20)


@asynccontextmanager
async def page_behind_a_wall(microphone: Path) -> AsyncIterator[Page]:
    async with page_at(microphone) as page:
        await page.evaluate(ONLY_RELAYED)
        yield page


needs_relay = pytest.mark.skipif(shutil.which("turnserver") is None, reason="coturn is not installed")


@needs_relay
@pytest.mark.browser
def test_a_page_that_reaches_nothing_but_a_relay_talks_and_is_heard(tmp_path: Path) -> None:
    build()
    microphone = tmp_path / "microphone.wav"
    answered = speech(5, 16_000, seed=12)
    write_microphone(microphone, answered)

    async def whole(port: int) -> None:
        urls = f"turn:127.0.0.1:{port}?transport=udp,turn:127.0.0.1:{port}?transport=tcp"
        async with (
            running_edge(EDGE_TURN_URLS=urls, EDGE_TURN_SECRET=SECRET) as edge,
            page_behind_a_wall(microphone) as page,
            phone(edge, np.tile(SAID, 6)) as line,
        ):
            await page.expose_function("door", lambda: {"whip": f"{edge.url}/whip", "token": edge.token("agent")})
            begun = time.monotonic()
            await asyncio.wait_for(page.evaluate("() => join(door)"), 30)
            print(f"\nlive over a relay after {time.monotonic() - begun:.1f} s")  # noqa: T201
            assert await page.evaluate(WAY) == "relay"
            line.heard.pieces.clear()
            await asyncio.sleep(6)
            up = compare(answered[8_000:40_000][::2], line.heard.sound(), 8_000)
            heard = np.frombuffer(base64.b64decode(await page.evaluate("() => sound()")), np.int16)
            piece = np.repeat(SAID[8_000:24_000], 2)
            down, loudness = compare(piece, heard, 16_000), alike_in_loudness(piece, heard, 16_000)
            print(f"caller hears agent {up}; agent hears caller {down}")  # noqa: T201
            assert up.correlation > 0.7
            assert down.correlation > 0.7 or loudness > 0.9  # a busy browser stretches time

    with relay_server(tmp_path) as port:
        asyncio.run(whole(port))


def test_the_relays_of_no_setting_are_none() -> None:
    assert settings().relays == Relays((), "")
