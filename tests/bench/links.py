"""How long a call is silent when its way changes, both directions, with the product's own leg in a real browser.

    make bench NAME=links        (RUNS=20)

nothing     what the measurement itself takes for silence
planned     the network changes, and the way there was works for another second: ICE restarts
rebind      a router gives the browser another outside address
dead path   the way brings nothing any more, for ever; another one is there
edge dies   the edge is gone with its room; another edge is there, where the other side joins at once

Both sides sound all the time. Silence is the longest stretch without sound within five seconds.
"""

import asyncio
import itertools
import json
import os
import time
import wave
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np
from playwright.async_api import Page

from media_edge.entry.tokens import Pass
from tests.bench.line_page import build, page_at
from tests.bench.loss import RATE, Loss, Relay, Voice, _room
from tests.media.running import Pcm, Running, running_edge

RUNS: Final = int(os.environ.get("RUNS", "20"))
WATCHED_SECONDS: Final = 5.0
WARM_SECONDS: Final = 2.5
FRAME_MS: Final = 20.0
QUIET: Final = 200  # of int16
GOALS: Final = {
    "nothing": (0, 0),
    "planned": (0, 30),
    "rebind": (0, 100),
    "dead path": (350, 150),
    "edge dies": (None, None),
}
OLD_WAY_SECONDS: Final = 1.0


def hum(rate: int, seconds: int = 10) -> Pcm:
    """Never silent, and never so steady that a codec takes it for noise: a voice that glides and swells."""
    at = np.arange(seconds * rate) / rate
    pitch = 2 * np.pi * (150 * at + 6 * np.sin(2 * np.pi * 0.7 * at))
    voice = sum(np.sin(n * pitch) / n for n in range(1, 12))
    sound: Pcm = (3_500 * voice * (0.75 + 0.25 * np.sin(2 * np.pi * 4 * at))).astype(np.int16)
    return sound


SOUND: Final = hum(RATE)


class Timed(Voice):
    """Knows when it heard something."""

    def give(self, pcm: Pcm | None) -> None:
        if pcm is not None and int(np.abs(pcm).max()) > QUIET:
            loud_at.append(time.monotonic())


loud_at: list[float] = []


class Way:
    """A relay in front of an edge that can lose its address, or everything."""

    def __init__(self, edge: Running) -> None:
        self.edge = edge
        self.relay = Relay(("127.0.0.1", edge.server.udp.port), Loss(0, 1, 1), Loss(0, 1, 2))

    async def open(self) -> None:
        self.port = await self.relay.open()

    def lead(self) -> None:
        """Whoever joins from now on is led this way."""
        self.edge.server.edge._address = ("127.0.0.1", self.port)


Change = Callable[[], Awaitable[None]]


class Call:
    """One call: a browser, the other side at the edge, and what may become of them."""

    page: Page

    def __init__(self, edges: list[Running]) -> None:
        self.edges, self.at = edges, 0
        self.voice = Timed(SOUND)
        self.changes: dict[str, Change] = {
            "nothing": self.nothing,
            "planned": self.planned,
            "rebind": self.rebind,
            "dead path": self.dead_path,
            "edge dies": self.edge_dies,
        }
        self.ways = [Way(edge) for edge in (edges[0], edges[0], edges[1])]

    def door(self) -> dict[str, str]:
        edge = self.edges[self.at]
        return {"whip": f"{edge.url}/whip", "token": edge.token("agent", sub=self.edges[0].contact)}

    async def nothing(self) -> None:
        """What the measurement itself hears as silence."""

    async def planned(self) -> None:
        """The browser says that its network is another; the way it had ends a second later."""
        self.ways[1].lead()
        joined = len(self.edges[0].told("MediaJoined"))
        await self.page.evaluate("() => window.dispatchEvent(new Event('online'))")
        await asyncio.sleep(OLD_WAY_SECONDS)
        assert self.ways[1].relay.bytes["up"], "the browser did not move"
        assert len(self.edges[0].told("MediaJoined")) == joined
        self.ways[0].relay.dead = True

    async def rebind(self) -> None:
        await self.ways[0].relay.rebind()

    async def dead_path(self) -> None:
        self.ways[1].lead()
        self.ways[0].relay.dead = True

    async def edge_dies(self) -> None:
        """The caller's side is led on by the carrier; here he is there at once."""
        self.at = 1
        self.ways[2].lead()
        self.ways[0].relay.dead = True
        first = self.edges[0].server.edge
        first.tick = lambda now: None  # type: ignore[method-assign]  # it does nothing any more
        entry = self.edges[1].server.edge._room_for(Pass(self.edges[0].contact, "caller", "late"))
        entry.room.join(Timed(SOUND))


async def silences(change: str, microphone: Path) -> tuple[float, float]:
    """Up and down, ms."""
    async with AsyncExitStack() as stack:
        edges = [await stack.enter_async_context(running_edge()) for _ in range(2)]
        edges[1].key = edges[0].key
        edges[1].server.edge.gate = edges[0].server.edge.gate
        call = Call(edges)
        for way in call.ways:
            await way.open()
            stack.callback(way.relay.close)
        call.ways[0].lead()
        call.page = page = await stack.enter_async_context(page_at(microphone))
        await page.expose_function("door", call.door)
        await page.evaluate("() => join(door)")
        _room(edges[0]).join(call.voice)
        await asyncio.sleep(WARM_SECONDS)
        at_up, at_down = time.monotonic(), await page.evaluate("() => samples()")
        await call.changes[change]()
        await asyncio.sleep(WATCHED_SECONDS)
        up = unheard(at_up)  # before the page tells its samples: reading them stops all else
        return up, longest(np.array(await page.evaluate("at => soundFrom(at)", at_down), np.int16))


def unheard(since: float) -> float:
    """The longest stretch in which the edge heard nothing loud, from then until now, in ms."""
    heard = [since, *(at for at in loud_at if at > since), time.monotonic()]
    return max(0.0, 1000 * max(after - before for before, after in itertools.pairwise(heard)) - FRAME_MS)


def longest(sound: Pcm) -> float:
    """The longest stretch of 5 ms pieces in which nothing is loud, in ms."""
    step = RATE // 200
    loud = np.abs(sound[: len(sound) // step * step].reshape(-1, step).astype(int)).max(axis=1) > QUIET
    edges = np.flatnonzero(np.diff(np.concatenate([[0], (~loud).astype(int), [0]])))
    return float((edges[1::2] - edges[::2]).max(initial=0) * 5)


def write_hum(path: Path) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(48_000)
        file.writeframes(hum(48_000).tobytes())


def main() -> None:
    build()
    told = dict[str, Any]()
    print(f"{RUNS} runs each; silence in ms: median, worst")
    with TemporaryDirectory() as folder:
        microphone = Path(folder) / "hum.wav"
        write_hum(microphone)
        for change in os.environ.get("CHANGES", ",".join(GOALS)).split(","):
            goal = GOALS[change]
            runs = [asyncio.run(silences(change, microphone)) for _ in range(RUNS)]
            up, down = (sorted(each) for each in zip(*runs, strict=True))
            row = {"up": float(np.median(up)), "up_worst": up[-1]}
            row |= {"down": float(np.median(down)), "down_worst": down[-1]}
            told[change.replace(" ", "_")] = row
            aim = "" if goal[0] is None else f"   goal {goal[0]} / {goal[1]}"
            ways = f"up {row['up']:6.0f} {up[-1]:6.0f}   down {row['down']:6.0f} {down[-1]:6.0f}"
            print(f"{change:10} {ways}{aim}", flush=True)
    print(json.dumps(told))


if __name__ == "__main__":
    main()
