"""As ``links``, with real networks: the browser lives in a network namespace with two cables to the edge's machine.

    make bench NAME=networks     (RUNS=20; as root, on Linux)

planned     both cables are plugged; the browser says that it moves, the first is pulled out a second later
pulled      the first cable is pulled out: the browser's machine notices
swallowed   the first cable brings nothing any more in either direction, and nobody is told
nothing     what the measurement itself takes for silence
"""

import asyncio
import json
import os
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np
from playwright.async_api import Page

from tests.bench.line_page import build, page_at
from tests.bench.links import (
    OLD_WAY_SECONDS,
    RUNS,
    SOUND,
    WARM_SECONDS,
    WATCHED_SECONDS,
    Timed,
    longest,
    unheard,
    write_hum,
)
from tests.bench.loss import _room
from tests.media.running import Running, running_edge
from tests.media.test_chromium import CHROMIUM

SERVER: Final = "10.213.0.1"
CHANGES: Final = ("nothing", "planned", "pulled", "swallowed")
NOWHERE: Final = "02:00:00:00:00:01"


class Cables:
    """Two links between this machine and a namespace, numbered 1 and 2; the first is preferred."""

    def __init__(self) -> None:
        self.space = f"hearthline-{os.getpid()}"
        self._ours = {number: f"hl{number}-{os.getpid()}"[:15] for number in (1, 2)}

    def lay(self) -> None:
        run(f"ip netns add {self.space}")
        inside(self.space, "ip link set lo up")
        run(f"ip addr add {SERVER}/32 dev lo")
        for number in (1, 2):
            self.plug(number)

    def plug(self, number: int) -> None:
        ours, net = self._ours[number], f"10.213.{number}"
        run(f"ip link add {ours} type veth peer name link{number} netns {self.space}")
        run(f"ip addr add {net}.1/24 dev {ours}")
        run(f"ip link set {ours} up")
        Path(f"/proc/sys/net/ipv4/conf/{ours}/rp_filter").write_text("0")
        inside(self.space, f"ip addr add {net}.2/24 dev link{number}")
        inside(self.space, f"ip link set link{number} up")
        inside(self.space, f"ip route add default via {net}.1 dev link{number} metric {100 * number}")
        # A socket that is bound to one link's address goes out there, as it does where links have routers of their own.
        inside(self.space, f"ip route add default via {net}.1 dev link{number} table {number}")
        inside(self.space, f"ip rule add from {net}.2 table {number}")

    def pull(self, number: int) -> None:
        run(f"ip link set {self._ours[number]} down")

    def swallow(self, number: int) -> None:
        """Frames go to a machine that is not there, both ways."""
        net = f"10.213.{number}"
        run(f"ip neigh replace {net}.2 lladdr {NOWHERE} dev {self._ours[number]} nud permanent")
        inside(self.space, f"ip neigh replace {net}.1 lladdr {NOWHERE} dev link{number} nud permanent")

    def take_away(self) -> None:
        for ours in self._ours.values():
            run(f"ip link del {ours}", check=False)
        run(f"ip addr del {SERVER}/32 dev lo", check=False)
        run(f"ip netns del {self.space}", check=False)


def run(line: str, *, check: bool = True) -> None:
    subprocess.run(line.split(), check=check, capture_output=True)


def inside(space: str, line: str) -> None:
    run(f"ip netns exec {space} {line}")


@contextmanager
def cables() -> Iterator[Cables]:
    made = Cables()
    try:
        made.lay()
        yield made
    finally:
        made.take_away()


def browser_in(space: str, folder: Path) -> Path:
    """A program that is the browser, inside."""
    script = folder / "browser"
    script.write_text(f'#!/bin/sh\nexec ip netns exec {space} {CHROMIUM} "$@"\n')
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    return script


async def changed(change: str, links: Cables, page: Page, edge: Running) -> None:
    if change == "planned":
        joined = len(edge.told("MediaJoined"))
        await page.evaluate("() => window.dispatchEvent(new Event('online'))")
        await asyncio.sleep(OLD_WAY_SECONDS)
        links.pull(1)
        assert len(edge.told("MediaJoined")) == joined
    elif change == "pulled":
        links.pull(1)
    elif change == "swallowed":
        links.swallow(1)


async def silences(change: str, folder: Path) -> tuple[float, float]:
    """Up and down, ms."""
    async with AsyncExitStack() as stack:
        links = stack.enter_context(cables())
        edge = await stack.enter_async_context(running_edge(EDGE_HOST="0.0.0.0", EDGE_PUBLIC_IP=SERVER))  # noqa: S104  # both cables end here
        page = await stack.enter_async_context(
            page_at(folder / "hum.wav", host=SERVER, browser=browser_in(links.space, folder))
        )
        door = {"whip": f"http://{SERVER}:{edge.server.port}/whip", "token": edge.token("agent")}
        await page.expose_function("door", lambda: door)
        voice = Timed(SOUND)
        await page.evaluate("() => join(door)")
        _room(edge).join(voice)
        await asyncio.sleep(WARM_SECONDS)
        at_up, at_down = time.monotonic(), await page.evaluate("() => samples()")
        await changed(change, links, page, edge)
        await asyncio.sleep(WATCHED_SECONDS)
        up = unheard(at_up)
        return up, longest(np.array(await page.evaluate("at => soundFrom(at)", at_down), np.int16))


def main() -> None:
    if sys.platform != "linux" or os.geteuid() != 0:
        print(json.dumps({"networks": None}))
        sys.exit("namespaces of networks want Linux and root")
    build()
    told = dict[str, Any]()
    print(f"{RUNS} runs each; silence in ms: median, worst")
    with TemporaryDirectory() as folder:
        write_hum(Path(folder) / "hum.wav")
        for change in os.environ.get("CHANGES", ",".join(CHANGES)).split(","):
            runs = [asyncio.run(silences(change, Path(folder))) for _ in range(RUNS)]
            up, down = (sorted(each) for each in zip(*runs, strict=True))
            row = {"up": float(np.median(up)), "up_worst": up[-1]}
            told[change] = row | {"down": float(np.median(down)), "down_worst": down[-1]}
            ways = f"up {row['up']:6.0f} {up[-1]:6.0f}   down {told[change]['down']:6.0f} {down[-1]:6.0f}"
            print(f"{change:10} {ways}", flush=True)
    print(json.dumps(told))


if __name__ == "__main__":
    main()
