"""How many calls one edge process carries with 99.9 % of its ticks on time; part of ``make bench NAME=media``.

A tick is late when it comes more than 20 ms after its time. What makes the load shares the machine: its own pace is
watched, and where it is the first to fall behind, the figure is only what was proven until then.
"""

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from local.processes import free_port
from tests.bench.cloud import Cloud, cloud
from tests.bench.loaded import Joining, Parties, leave_all, pace, start_edge, until_up
from tests.bench.media_client import LightBrowser
from tests.media.running import media_key

ON_TIME = 0.999
SENT = 0.97  # of the datagrams that are due; below it the load is not what it says
FIRST_SHARE, STEP_SHARE = 0.6, 0.08  # of what the cost of one call would allow
SETTLE_SECONDS, LOOK_SECONDS, PROOF_SECONDS = 1.0, 2.5, 20.0
CLIMBS = 12
MOST_ROOMS = 1_000
COUNTED = ("ticks", "late_ticks", "skipped_ticks", "datagrams")


@dataclass(frozen=True)
class Most:
    """``calls`` that were proven; ``by_load`` where the load's own pace was the bound."""

    calls: int
    on_time: float
    by_load: bool

    def told(self) -> str:
        bound = "; the load fell behind first, more may be possible" if self.by_load else ""
        return (
            f"{self.calls} calls a core, {100 * self.on_time:.2f} % of ticks on time for {PROOF_SECONDS:.0f} s{bound}"
        )


@dataclass(frozen=True)
class Seen:
    on_time: float
    sent: float


@dataclass
class Crowd:
    """The calls on one edge."""

    joining: Joining
    calls: list[tuple[int, Parties]] = field(default_factory=list)
    number: int = 0

    async def become(self, count: int) -> None:
        while len(self.calls) < count:
            self.calls.append((self.number, await self.joining.call(self.number)))
            self.number += 1
        while len(self.calls) > count:
            number, parties = self.calls.pop()
            for party in parties:
                if isinstance(party, LightBrowser):
                    self.joining.browsers.remove(party)
            await self.joining.end(number)
            await leave_all(parties)

    async def seen(self, seconds: float) -> Seen:
        """Ends early when more ticks were late than the whole time may have."""
        await asyncio.sleep(SETTLE_SECONDS)
        before, until = await self._health(), time.monotonic() + seconds
        allowed = seconds * 50 * (1 - ON_TIME)
        while True:
            await asyncio.sleep(min(1.0, seconds))
            after = await self._health()
            grown = {name: after[name] - before[name] for name in COUNTED}
            late = grown["late_ticks"] + grown["skipped_ticks"]
            if late > allowed or time.monotonic() >= until:
                due = grown["ticks"] + grown["skipped_ticks"]
                return Seen(1 - late / due, grown["datagrams"] / (due * len(self.joining.browsers)))

    async def _health(self) -> dict[str, Any]:
        async with self.joining.http.get(f"{self.joining.url}/health") as answer:
            found: dict[str, Any] = await answer.json()
            return found


async def most_calls(costs: Mapping[str, float]) -> dict[str, Most]:
    """``costs``: CPU ms of a second of call by kind, where the search begins."""
    with cloud() as aws:
        return {kind: await _most(aws, kind, 1_000 / cost) for kind, cost in costs.items()}


async def _most(aws: Cloud, kind: str, possible: float) -> Most:
    async with _crowd(aws, kind) as crowd:
        step, count = max(1, int(possible * STEP_SHARE)), max(1, int(possible * FIRST_SHARE))
        by_load = False
        for _ in range(CLIMBS):
            await crowd.become(count)
            seen = await crowd.seen(LOOK_SECONDS)
            print(f"{kind}: {count} calls, {seen}", file=sys.stderr)
            by_load = seen.sent < SENT
            if by_load or seen.on_time < ON_TIME:
                break
            count += step
        while count > step:
            count -= step
            await crowd.become(count)
            proof = await crowd.seen(PROOF_SECONDS)
            print(f"{kind}: {count} calls, {proof}", file=sys.stderr)
            if proof.on_time >= ON_TIME and proof.sent >= SENT:
                return Most(count, proof.on_time, by_load)
            by_load = proof.sent < SENT
        return Most(0, 0.0, by_load)


@asynccontextmanager
async def _crowd(aws: Cloud, kind: str) -> AsyncIterator[Crowd]:
    key, port = media_key(), free_port(0)
    stream, url = f"ws://127.0.0.1:{port}/stream", f"http://127.0.0.1:{port}"
    public = json.dumps(key.as_dict(private=False))
    process = start_edge(port, stream, public, MOST_ROOMS, aws, records=False)
    try:
        async with aiohttp.ClientSession() as http:
            await until_up(http, url)
            joining = Joining("browser" if kind == "wide" else kind, http, url, stream, key)
            pacing = asyncio.create_task(pace(joining.browsers))
            crowd = Crowd(joining)
            yield crowd
            pacing.cancel()
            await leave_all([party for _, parties in crowd.calls for party in parties])
    finally:
        process.kill()
        process.wait()
