"""A person at a browser: what is clicked, what is seen, and what is heard."""

import asyncio
import base64
import io
import time
import wave
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from playwright.async_api import BrowserContext, Page, async_playwright

from local.callers.sound import Hearing, measure
from local.carrier.audio import RATE, Samples

BROWSER_RATE = 48_000
STRETCH, TRIES = 7.0, 5
SETTLE = 0.5
"""Seconds after both are joined from which each sample counts: jitter buffers fill first."""
CHROMIUM = "/usr/bin/chromium"
HEAR = Path(__file__).with_name("hear.js")
SWITCHES = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
)
LOCAL = ("http://localhost:", "http://127.0.0.1:", "ws://localhost:", "data:", "blob:")


@dataclass
class Desk:
    """One browser with one page; ``left`` lists every request that would have left the machine."""

    page: Page
    context: BrowserContext
    voice: Samples
    left: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    async def heard(self) -> "Captured":
        """What the page received until now, at 8 kHz."""
        found: Any = await self.page.evaluate("() => window.__heardSound()")
        pcm = at_phone_rate(np.frombuffer(base64.b64decode(found["pcm"]), np.int16))
        return Captured(pcm, found["began"] / 1000, found["spoke"] / 1000, found["connected"] / 1000)

    async def hears(self, said: Samples, said_at: float, since: float, *, mixed: bool = False) -> Hearing:
        """How well the page heard somebody who began to say ``said`` then, from the moment both were joined."""
        here = await self.heard()
        return measure(*later(said, said_at, max(since, here.connected) + SETTLE), here.pcm, here.began, mixed=mixed)

    async def is_heard(self, heard: Samples, heard_at: float, since: float, *, mixed: bool = False) -> Hearing:
        """How well somebody heard this page's microphone, from the moment both were joined."""
        here = await self.heard()
        seconds = len(heard) / RATE + max(0.0, heard_at - here.spoke) + 1
        said = repeated(self.voice, seconds)
        return measure(*later(said, here.spoke, max(since, here.connected) + SETTLE), heard, heard_at, mixed=mixed)


async def settled(
    sound: Callable[[float], Awaitable[tuple[Hearing, Hearing]]], good: Callable[[Hearing], bool]
) -> None:
    """Both directions are good over some seconds on end; a machine that is still busy starting gets a few tries."""

    async def ways(since: float) -> dict[str, Hearing]:
        return dict(zip(("one way", "the other"), await sound(since), strict=True))

    await heard_so(ways, lambda _, hearing: good(hearing))


async def heard_so(
    sound: Callable[[float], Awaitable[dict[str, Hearing]]],
    fits: Callable[[str, Hearing], bool],
    stretch: float = STRETCH,
) -> None:
    """As ``settled``, of any number of ways; ``fits`` says of each whether it is as it should be, heard or not."""
    for _ in range(TRIES):
        since = time.time()
        await asyncio.sleep(stretch)
        ways = await sound(since)
        print(*(f"{way}: {hearing}" for way, hearing in ways.items()), sep="\n")  # noqa: T201
        if all(fits(way, hearing) for way, hearing in ways.items()):
            return
    raise AssertionError(ways)


@dataclass(frozen=True)
class Captured:
    """What a page received: samples at 8 kHz, when the first came, when its microphone began, when it was connected."""

    pcm: Samples
    began: float
    spoke: float
    connected: float


def later(said: Samples, said_at: float, since: float) -> tuple[Samples, float]:
    """What was said from ``since`` on, and when that began."""
    skipped = max(0, round((since - said_at) * RATE))
    return said[skipped:], said_at + skipped / RATE


def at_phone_rate(sound: Samples) -> Samples:
    """48 kHz brought down to 8 kHz, with nothing folded back from above 4 kHz."""
    count = len(sound) * RATE // BROWSER_RATE
    if not count:
        return sound[:0]
    spectrum = np.fft.rfft(sound.astype(float))[: count // 2 + 1]
    lower = np.fft.irfft(spectrum, count) * (count / len(sound))
    return np.clip(lower, -32_768, 32_767).astype(np.int16)


def repeated(voice: Samples, seconds: float) -> Samples:
    """The voice over and over, as the browser's fake microphone plays its file."""
    return np.tile(voice, int(seconds * RATE / len(voice)) + 1)[: int(seconds * RATE)]


def microphone_file(path: Path, voice: Samples) -> Path:
    """``voice`` as a 48 kHz WAV, which the fake microphone takes; band-limited, as a real microphone's is."""
    times = 48_000 // RATE
    spectrum = np.fft.rfft(voice.astype(float))
    smooth = np.fft.irfft(spectrum, len(voice) * times) * times
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(48_000)
        file.writeframes(np.clip(smooth, -32_768, 32_767).astype(np.int16).tobytes())
    path.write_bytes(buffer.getvalue())
    return path


@asynccontextmanager
async def desk(
    folder: Path, voice: Samples, *, width: int = 1440, height: int = 900, locale: str = "zh-CN", dark: bool = False
) -> AsyncIterator[Desk]:
    """A fresh browser whose microphone says ``voice``."""
    microphone = microphone_file(folder / f"microphone-{width}.wav", voice)
    switches = [*SWITCHES, f"--use-file-for-fake-audio-capture={microphone}"]
    async with async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path=CHROMIUM, headless=True, args=switches)
        context = await browser.new_context(
            viewport={"width": width, "height": height},
            locale=locale,
            color_scheme="dark" if dark else "light",
            permissions=["microphone"],
        )
        await context.add_init_script(path=HEAR)
        page = await context.new_page()
        here = Desk(page, context, voice)
        context.on("request", lambda request: None if request.url.startswith(LOCAL) else here.left.append(request.url))
        page.on("pageerror", lambda error: here.errors.append(str(error)))
        try:
            yield here
        finally:
            await browser.close()


async def sign_in(at: Desk, world: dict[str, Any], login: str) -> None:
    """Sign in at the workspace and become available."""
    password = next(user["password"] for user in world["users"] if user["login"] == login)
    await at.page.goto(world["public"])
    await at.page.get_by_label("工号").fill(login)
    await at.page.get_by_label("密码", exact=True).fill(password)
    await at.page.get_by_role("button", name="登录", exact=True).click()
    await at.page.get_by_role("button", name="开始接听").click()
