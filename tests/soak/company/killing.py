"""Workers of the functions are killed while they work: by pid, with SIGKILL, at moments and of functions that a seed
chose. Linux only: who works is read from /proc.

A worker that has nothing to do waits for its next order at its standard input; any other is at work.
"""

import asyncio
import os
import re
import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Final

from tests.soak.company.tally import Tally

WORKER: Final = re.compile(r"/ministack-lambda-hearthline-[a-z0-9]+-(\w+?)-[a-z0-9_]{8}/_worker\.py")
NEVER_KILLED: Final = frozenset({"try_policy"})
"""Nobody asks for a trial here."""
IDLE: Final = "0 0x0 "
"""How /proc tells of a process that reads (system call 0) from its standard input (descriptor 0)."""
HUNT_SECONDS: Final = 12.0
"""So long one function is watched for somebody at work; then whoever works is taken."""
LOOK_SECONDS: Final = 0.005
TRIES: Final = 6
DEEPER_SECONDS: Final = 0.02
"""A kill comes up to so long after the work began: in the middle of it, not at its first line."""
WHOLE_FUNCTIONS: Final = 2
"""So often all workers of a function die at once, as when their host does."""
EARLIEST, LATEST = 0.02, 0.97


@dataclass(frozen=True)
class Worker:
    pid: int
    function: str

    def works(self) -> bool:
        """False for one that is gone."""
        try:
            return not Path(f"/proc/{self.pid}/syscall").read_text().startswith(IDLE)
        except OSError:
            return False

    def kill(self) -> bool:
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
            return True
        return False


def workers(engine: int) -> Iterator[Worker]:
    """The children of the engine that run a function."""
    for each in Path(f"/proc/{engine}/task").glob("*/children"):
        try:
            children = each.read_text().split()
        except OSError:
            continue
        for pid in children:
            with suppress(OSError):
                found = WORKER.search(Path(f"/proc/{pid}/cmdline").read_text())
                if found:
                    yield Worker(int(pid), found[1])


@dataclass
class Killer:
    """``kills`` strikes spread over all callers; ``engine`` is the pid of the process that starts workers."""

    engine: int
    seed: int
    kills: int
    tally: Tally
    killed: Counter[str] = field(default_factory=Counter)
    at_work: int = 0
    processes: int = 0
    pids: dict[int, str] = field(default_factory=dict)

    async def strike_over_the_run(self) -> None:
        """Returns when the last strike is done."""
        chance = Random(self.seed * 31 + 7)
        moments = sorted(round(chance.uniform(EARLIEST, LATEST) * self.tally.total) for _ in range(self.kills))
        whole = set(chance.sample(range(self.kills), min(WHOLE_FUNCTIONS, self.kills // 3)))
        for number, moment in enumerate(moments):
            while self.tally.placed < moment:
                await asyncio.sleep(0.1)
            await self._strike(chance, whole=number in whole)

    async def _strike(self, chance: Random, *, whole: bool) -> None:
        victim = await self._deep_in_work(chance)
        if victim is None:
            return
        with_it = [each for each in workers(self.engine) if each.function == victim.function] if whole else [victim]
        self.at_work += victim.works()
        for each in with_it:
            if each.kill():
                self.pids[each.pid] = each.function
                self.processes += 1
        self.killed[victim.function] += 1
        self.tally.kills += 1

    async def _deep_in_work(self, chance: Random) -> Worker | None:
        """Somebody who works, and did a moment ago; after some tries anybody will do."""
        victim = None
        for _ in range(TRIES):
            victim = await self._at_work(chance)
            await asyncio.sleep(chance.uniform(0, DEEPER_SECONDS))
            if victim and victim.works():
                break
        return victim

    async def _at_work(self, chance: Random) -> Worker | None:
        """Somebody at work, of one function if possible; None when nobody is for a while."""
        functions = sorted({each.function for each in workers(self.engine)} - NEVER_KILLED)
        wanted = chance.choice(functions) if functions else ""
        return await self._hunt({wanted}) or await self._hunt(set(functions))

    async def _hunt(self, functions: set[str]) -> Worker | None:
        clock = asyncio.get_running_loop().time
        looked, ends, watched = float("-inf"), clock() + HUNT_SECONDS, list[Worker]()
        while clock() < ends:
            if clock() - looked > 1:
                watched = [each for each in workers(self.engine) if each.function in functions]
                looked = clock()
            busy = next((each for each in watched if each.works()), None)
            if busy:
                return busy
            await asyncio.sleep(LOOK_SECONDS)
        return None

    def not_started_again(self) -> list[str]:
        """Functions that were killed and have no worker now, though nothing but the next order starts one."""
        alive = {each.function for each in workers(self.engine)}
        return sorted(set(self.pids.values()) - alive)
