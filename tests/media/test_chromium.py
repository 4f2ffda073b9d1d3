"""A real browser answers a phone call through the edge. Figures are printed."""

import asyncio
import base64
import time
import wave
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import numpy as np
import pytest
from aiohttp import web
from playwright.async_api import Page, async_playwright

from tests.media.clients import CarrierClient
from tests.media.running import Pcm, Running, alike_in_loudness, compare, running_edge, speech

pytestmark = pytest.mark.browser

CALL = "CA" + "8" * 32
CHROMIUM = "/usr/bin/chromium"
SAID = speech(5, 8_000, seed=11)
LOOPBACK = "--allow-loopback-in-peer-connection"  # where the machine has no other address of a family
LONGEST_SILENCE_MS = 200
ANSWERED = speech(5, 16_000, seed=12)


@asynccontextmanager
async def page_at(site: str, microphone: Path, *more: str) -> AsyncIterator[Page]:
    """``more``: switches of the browser."""
    switches = [
        "--no-sandbox",
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-audio-capture={microphone}",
        "--autoplay-policy=no-user-gesture-required",
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
        *more,
    ]
    async with async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path=CHROMIUM, headless=True, args=switches)
        page = await browser.new_page()
        await page.goto(site)
        try:
            yield page
        finally:
            await browser.close()


@asynccontextmanager
async def site() -> AsyncIterator[str]:
    async def index(_: web.Request) -> web.FileResponse:
        return web.FileResponse(Path(__file__).with_name("page.html"))

    app = web.Application()
    app.router.add_get("/", index)
    runner = web.AppRunner(app)
    await runner.setup()
    listener = web.TCPSite(runner, "127.0.0.1", 0)
    await listener.start()
    try:
        yield f"http://localhost:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


def write_microphone(path: Path, said: Pcm) -> None:
    """Speech over and over, as the fake microphone plays its file."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(48_000)
        file.writeframes(np.repeat(said, 3).tobytes())


async def talk(edge: Running, page: Page) -> None:
    async with CarrierClient(
        edge.server.stream_url, edge.signature, CALL, edge.token("carrier", CALL), np.tile(SAID, 3)
    ) as line:
        wall = time.time() - asyncio.get_running_loop().time()
        joined = await page.evaluate("([edge, token]) => join(edge, token)", [edge.url, edge.token("agent")])
        assert joined["status"] == 201, joined
        await asyncio.sleep(8)
        heard = await page.evaluate("() => sound()")
        print(f"\nPOST to connected {joined['posted']:.0f} ms; {await page.evaluate('() => figures()')}")  # noqa: T201
        check_down(heard, line.spoke_at + wall)
        up = compare(ANSWERED[8_000:40_000][::2], line.heard.sound(), 8_000)
        print(f"caller hears agent: {up}")  # noqa: T201
        assert up.correlation > 0.7


def check_down(heard: dict[str, object], spoke_at: float) -> None:
    """What the page heard of three stretches of speech, and how much later than it was said; the best one counts.

    A busy machine makes the browser stretch time (then the waveform differs, the loudness does not) or the page drop
    what it captures; an edge that spoils the sound spoils all three.
    """
    pcm = np.frombuffer(base64.b64decode(str(heard["pcm"])), np.int16)
    good = []
    for at in (2.0, 3.5, 5.0):
        piece = np.repeat(np.tile(SAID, 3)[int(at * 8_000) : int((at + 2) * 8_000)], 2)
        match, loudness = compare(piece, pcm, 16_000), alike_in_loudness(piece, pcm, 16_000)
        delay = float(str(heard["began"])) + match.delay_ms - (spoke_at + at) * 1000
        longest = longest_silence(pcm[int(match.delay_ms * 16) :][: 2 * 16_000])
        print(  # noqa: T201
            f"agent hears caller: correlation {match.correlation:.2f}, of loudness {loudness:.2f}, "
            f"{delay:.0f} ms after it was said; longest silence in it {longest:.0f} ms"
        )
        good.append((match.correlation > 0.85 or loudness > 0.9) and longest <= LONGEST_SILENCE_MS)
    assert any(good)


def longest_silence(pcm: Pcm) -> float:
    """ms below a whisper; the speech itself pauses for up to 120 ms."""
    quiet = np.abs(pcm.astype(int)) < 60
    edges = np.flatnonzero(np.diff(np.concatenate([[0], quiet.astype(int), [0]])))
    return float((edges[1::2] - edges[::2]).max(initial=0)) / 16


def test_headless_chromium_and_a_phone_hear_each_other(tmp_path: Path) -> None:
    microphone = tmp_path / "microphone.wav"
    write_microphone(microphone, ANSWERED)

    async def whole() -> None:
        async with (
            site() as origin,
            running_edge(CONSOLE_ORIGIN=origin) as edge,
            page_at(origin, microphone) as page,
        ):
            await talk(edge, page)

    asyncio.run(whole())


def test_over_ipv6_alone_they_hear_each_other_too(tmp_path: Path) -> None:
    microphone = tmp_path / "microphone.wav"
    write_microphone(microphone, ANSWERED)

    async def whole() -> None:
        async with (
            site() as origin,
            running_edge(CONSOLE_ORIGIN=origin, EDGE_HOST="127.0.0.1,::1", EDGE_PUBLIC_IP="::1") as edge,
            page_at(origin, microphone, LOOPBACK) as page,
        ):
            await talk(edge, page)
            ways = await page.evaluate("() => addresses()")
            assert [":" in way for way in ways] == [True, True], ways

    asyncio.run(whole())
