"""Mouth-to-ear delay between a phone and a real browser, both ways, through our edge and through an aiortc bridge.

    make bench NAME=delay

The phone is a carrier's stream; its mouth and ear are 20 ms before it sends a frame and when it gets one. The browser's
are where its microphone gives a piece and when its audio context says that its loudspeaker has one. Marks pass four
times a second, in several calls: how the ends' clocks lie to each other differs from call to call. The edge and the
bridge are processes of their own. The page is plain WHIP, the same for both.
"""

import asyncio
import base64
import json
import sys
import time
import uuid
import wave
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import aiohttp
import numpy as np

from local.processes import free_port
from media_edge.entry.tokens import carrier_signature
from tests.bench import marks
from tests.bench.cloud import cloud
from tests.bench.line_page import page_at
from tests.bench.loaded import start_edge, until_up
from tests.bench.peers import aiortc
from tests.media.clients import CarrierClient
from tests.media.running import AUTH_TOKEN, Pcm, make_token, media_key

CALLS, SECONDS = 4, 15.0
ADAPT_SECONDS = 5.0  # what a buffer needs to find its depth; a call has it once
PAGE = Path(__file__).with_name("delay.html")
PHONE_RATE, EAR_RATE = 8_000, 16_000
FRAME_SECONDS = 0.02


@dataclass(frozen=True)
class Door:
    """How both ends come in."""

    url: str
    stream: str
    signature: str
    call: str
    phone_token: str
    page_token: str


@asynccontextmanager
async def ours(_: Path) -> AsyncIterator[Door]:
    key, port, contact, call = media_key(), free_port(0), str(uuid.uuid4()), "CA" + "7" * 32
    stream, url = f"ws://127.0.0.1:{port}/stream", f"http://127.0.0.1:{port}"
    with cloud() as aws:
        process = start_edge(port, stream, json.dumps(key.as_dict(private=False)), 2, aws)
        try:
            async with aiohttp.ClientSession() as http:
                await until_up(http, url)
            tokens = make_token(key, contact, "carrier", call), make_token(key, contact, "agent", "p1")
            yield Door(url, stream, carrier_signature(AUTH_TOKEN, stream), call, *tokens)
        finally:
            process.kill()
            process.wait()


@asynccontextmanager
async def theirs(folder: Path) -> AsyncIterator[Door]:
    async with aiortc.server(folder) as (_, url):
        yield Door(url, url.replace("http", "ws") + "/stream", "", "CA" + "7" * 32, "room", "room")


Ways = dict[str, tuple[list[float], int]]
"""Of each way: ms of every mark that came, and how many did not."""


async def spoken(door: Door, folder: Path, seconds: float) -> Ways:
    """One call."""
    microphone = folder / "microphone.wav"
    _write(microphone, marks.marked(20.0, 48_000))
    said = marks.marked(seconds + 2 * ADAPT_SECONDS + 10, PHONE_RATE)
    async with (
        page_at(microphone, PAGE.parent, PAGE.name) as page,
        CarrierClient(door.stream, door.signature, door.call, door.phone_token, said) as line,
    ):
        wall = time.time() - asyncio.get_running_loop().time()
        await page.evaluate("([edge, token]) => join(edge, token)", [door.url, door.page_token])
        begun = time.time() + ADAPT_SECONDS
        await asyncio.sleep(ADAPT_SECONDS + seconds)
        told = await page.evaluate("() => told()")
        spoke_at = line.spoke_at + wall
        pieces = [(at + wall, pcm) for at, pcm in line.heard.pieces]
    print(f"jitter buffer of the page: {told['buffer']:.0f} ms", file=sys.stderr)
    phone, page = PHONE_RATE, told["mouth"]["rate"]
    down = _after(said, lambda sample: spoke_at - FRAME_SECONDS + sample / phone, begun, phone)
    up = _after(_sound(told["mouth"]), _mouth(told["mouth"]["came"], page), begun, page)
    ear = _sound(told["ear"]), _ear(told["ear"]["clock"], told["ear"]["from"])
    heard = np.concatenate([pcm for _, pcm in pieces]), _arrivals(pieces)
    return {
        "to_agent": marks.delays(*down, *ear, (phone, EAR_RATE)),
        "to_caller": marks.delays(*up, *heard, (page, phone)),
    }


def _after(said: Pcm, spoke: marks.Clock, begun: float, rate: int) -> tuple[Pcm, marks.Clock]:
    """What was said from ``begun`` on."""
    at = max(0, int((begun - spoke(0)) * rate))
    return said[at:], lambda sample: spoke(at + sample)


def _figures(calls: list[tuple[list[float], int]]) -> dict[str, float]:
    """ms; a mark that never came counts as lost, not as late."""
    times, lost = [each for found, _ in calls for each in found], sum(lost for _, lost in calls)
    assert len(times) > 2 * lost, f"{lost} marks lost, {len(times)} came"
    p50, p99 = (round(float(np.percentile(times, each)), 1) for each in (50, 99))
    return {"p50": p50, "p99": p99, "marks": len(times), "lost": lost}


def _arrivals(pieces: list[tuple[float, Pcm]]) -> marks.Clock:
    """A frame is heard from when it came, or when the one before it has ended."""
    begins, due = [], 0.0
    for at, pcm in pieces:
        due = max(at, due)
        begins.append(due)
        due += len(pcm) / PHONE_RATE
    starts = np.concatenate([[0], np.cumsum([len(pcm) for _, pcm in pieces])])

    def came(sample: int) -> float:
        piece = int(np.searchsorted(starts, sample, "right")) - 1
        return begins[piece] + float(sample - starts[piece]) / PHONE_RATE

    return came


def _mouth(came: list[tuple[int, float]], rate: int) -> marks.Clock:
    """A piece was spoken by when it came at the earliest; what comes later waited on its way to the page."""
    until, wall = np.array(came).T
    begins = wall / 1000 - until / rate

    def at(sample: int) -> float:
        return float(np.min(begins[np.abs(until - sample) < rate])) + sample / rate

    return at


def _ear(pairs: list[tuple[float, float]], begins: int) -> marks.Clock:
    """From frames of the page's audio context to the wall, by what the context says of its loudspeaker."""
    context, wall = np.array(pairs).T

    def at(sample: int) -> float:
        seconds = (begins + sample) / EAR_RATE
        return seconds + float(np.median((wall / 1000 - context)[np.abs(context - seconds) < 1.0]))

    return at


def _sound(told: dict[str, Any]) -> Pcm:
    return np.frombuffer(base64.b64decode(told["pcm"]), np.int16)


def _write(path: Path, said: Pcm) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(48_000)
        file.writeframes(said.tobytes())


def main() -> None:
    calls = int(sys.argv[1]) if len(sys.argv) > 1 else CALLS
    results = {}
    for name, doors in (("ours", ours), ("aiortc", theirs)):
        each = [asyncio.run(_measured(doors, SECONDS)) for _ in range(calls)]
        results[name] = {way: _figures([call[way] for call in each]) for way in ("to_agent", "to_caller")}
    print(f"{'mouth to ear, ms':20}{'way':>12}{'p50':>8}{'p99':>8}{'marks':>8}{'lost':>6}   {calls} calls")
    for name, ways in results.items():
        for way, seen in ways.items():
            print(f"{name:20}{way:>12}{seen['p50']:8.0f}{seen['p99']:8.0f}{seen['marks']:8}{seen['lost']:6}")
    print(json.dumps({**results["ours"], "aiortc": results["aiortc"]}))


async def _measured(doors: Callable[[Path], AbstractAsyncContextManager[Door]], seconds: float) -> Ways:
    with TemporaryDirectory() as folder:
        async with doors(Path(folder)) as door:
            return await spoken(door, Path(folder), seconds)


if __name__ == "__main__":
    main()
