"""``make soak NAME=live``: 2,000 contacts and 40 agents on the local cloud with real processes; 30 times a worker dies.

Environment: CONTACTS, KILLS, AGENTS, SEED, ABREAST (callers at the same time), STATE (a folder that keeps the world's
logs and the evidence). Callers, agents and what is killed come of the seed; what happens then is the machine's. The
last line is JSON; the exit code is 1 when somebody was lost, had twice, or is stuck.
"""

import asyncio
import json
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

import aiohttp

from local.callers.phone import Telephone
from tests.soak.company.callers import Callers
from tests.soak.company.cloud import cloud
from tests.soak.company.desks import Desks
from tests.soak.company.judge import judge
from tests.soak.company.killing import Killer
from tests.soak.company.plan import caller
from tests.soak.company.records import Records
from tests.soak.company.tally import Tally
from tests.soak.company.telling import last_line, table, tell_progress

CONTACTS: Final = int(os.environ.get("CONTACTS", "2000"))
KILLS: Final = int(os.environ.get("KILLS", "30"))
AGENTS: Final = int(os.environ.get("AGENTS", "40"))
SEED: Final = int(os.environ.get("SEED", "1"))
STATE: Final = os.environ.get("STATE", "")
ABREAST: Final = int(os.environ.get("ABREAST", "36"))
PAUSE_SECONDS: Final = 0.25
"""Between two callers at the least, so that the first do not all come in the same moment."""
BREATH_SECONDS: Final = 1.0
"""What is answered later than this is answered late."""
LOOK_SECONDS: Final = 10.0
SETTLE_SECONDS: Final = 900.0
"""After the last caller: a page that vanished is given up after some minutes, a message of a dead worker comes again
after two."""
QUIET_SECONDS: Final = 240.0
"""After the last agent: held back messages fall due, a dead reader's come again."""


@dataclass
class Run:
    """One run in a world that is up."""

    found: dict[str, Any]
    phone: Telephone
    http: aiohttp.ClientSession
    tally: Tally = field(default_factory=lambda: Tally(CONTACTS))

    def __post_init__(self) -> None:
        users = [user for user in self.found["users"] if user["role"] == "agent"][:AGENTS]
        self.records = Records(self.found)
        self.desks = Desks(self.found["public"], users, SEED)
        self.callers = Callers(
            self.phone, self.found["public"], self.found["number"], self.found["carrier"], self.tally
        )
        self.killer = Killer(self.found["pids"]["engine"], SEED, KILLS, self.tally)

    async def callers_come(self) -> None:
        """All of them, so many at the same time; returns when the last has gone."""
        door, under_way = asyncio.Semaphore(ABREAST), set[asyncio.Task[None]]()

        async def one(number: int) -> None:
            try:
                await self.callers.call(caller(SEED, number))
            finally:
                door.release()

        for number in range(CONTACTS):
            await door.acquire()
            await self._out_of_breath()
            under_way.add(asyncio.create_task(one(number)))
            await asyncio.sleep(PAUSE_SECONDS)
        await asyncio.gather(*under_way)

    async def _out_of_breath(self) -> None:
        """Nobody comes while the machine is behind with those who are there: what is tried here is not its speed."""
        while True:
            asked = time.monotonic()
            with suppress(aiohttp.ClientError, TimeoutError):
                async with self.http.get(f"{self.found['public']}/api/health") as answer:
                    await answer.read()
            if time.monotonic() - asked < BREATH_SECONDS:
                return
            self.tally.trouble["the machine was out of breath"] += 1
            await asyncio.sleep(BREATH_SECONDS)

    async def look_now_and_then(self) -> None:
        """Until cancelled: who waits, and which calls were dialled back."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            with suppress(aiohttp.ClientError, TimeoutError):
                await self.callers.watch_the_carrier()
                self.tally.waiting = await asyncio.to_thread(self.records.waiting)

    async def settle(self) -> float:
        """Nobody waits or talks any more, or time is up; the moment at which that was so."""
        ends, done = time.monotonic() + SETTLE_SECONDS, time.monotonic()
        while unfinished := await asyncio.to_thread(self.records.unfinished):
            if time.monotonic() > ends:
                print(f"not settled: {unfinished}")
                break
            await asyncio.sleep(LOOK_SECONDS)
            done = time.monotonic()
        return done

    async def grow_quiet(self) -> None:
        """Queues run empty, or time is up."""
        ends = time.monotonic() + QUIET_SECONDS
        while sum((await asyncio.to_thread(self.records.queues)).values()) and time.monotonic() < ends:
            await asyncio.sleep(LOOK_SECONDS)


@asynccontextmanager
async def beside(*work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """What goes on meanwhile; it ends with the block."""
    tasks = [asyncio.create_task(each) for each in work]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def play(found: dict[str, Any]) -> bool:
    """The whole run; whether all is well."""
    async with aiohttp.ClientSession() as http:
        phone = Telephone(found["carrier"])
        run = Run(found, phone, http)
        try:
            await run.desks.open()
            print(f"{len(run.desks.agents)} agents at their desks", flush=True)
            run.tally.begun = time.monotonic()
            served = await work(run)
        finally:
            await run.desks.vanish()
            await phone.close()
    return report(run, served - run.tally.begun)


async def work(run: Run) -> float:
    """From the first caller until all is quiet; the moment at which the last was served."""
    async with beside(tell_progress(run.tally), run.look_now_and_then()):
        async with beside(run.desks.reload_now_and_then()):
            striking = asyncio.create_task(run.killer.strike_over_the_run())
            await run.callers_come()
            await striking
        served = await run.settle()
        print("\nthe last caller is served; agents go home", flush=True)
        await run.desks.close()
        await run.grow_quiet()
        await run.callers.watch_the_carrier()
    return served


def report(run: Run, seconds: float) -> bool:
    """The table, the findings, the line of JSON; whether all is well."""
    seen = run.records.evidence(run.callers.lines.values(), run.callers.pages)
    if STATE:
        (Path(STATE) / "evidence.json").write_text(json.dumps(asdict(seen), default=str, ensure_ascii=False))
    verdict, swept, killer = judge(seen), run.records.swept(), run.killer
    more = {
        "killed": ", ".join(f"{name} {count}" for name, count in killer.killed.most_common()) or "none",
        "processes killed": f"{killer.processes}, in {killer.at_work} of {run.tally.kills} strikes one at work",
        "not started again": ", ".join(killer.not_started_again()) or "none",
        "pages of agents reloaded": run.desks.reloads,
        "agents did": ", ".join(f"{what} {count}" for what, count in run.desks.did.most_common()),
        "agents were refused": ", ".join(f"{what} ({count})" for what, count in run.desks.faults().most_common(12)),
        "the sweep found": ", ".join(f"{cause} {count}" for cause, count in swept.items()) or "nothing",
    }
    print("\n" + table(seen, run.tally, more))
    for finding in verdict.findings:
        print(finding)
    print(last_line(seen, verdict, run.tally, swept, seconds))
    return verdict.good


def main() -> None:
    # The cloud ends with whoever started it; a shell's background process ignores the first of the two by itself.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    with cloud(AGENTS) as found:
        good = asyncio.run(play(found))
    sys.exit(not good)


if __name__ == "__main__":
    main()
