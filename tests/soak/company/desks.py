"""The agents of a run: at their desks from the first caller to the last, and now and then a page is loaded anew."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from random import Random
from typing import Any, Final

import aiohttp
import numpy as np

from local.agents.agent import Agent
from local.agents.workspace import RefusedError
from tests.soak.company.plan import habits

AT_ONCE: Final = 4
"""So many sign in at the same time: a password costs the machine something."""
RELOADS_EVERY: Final = 20.0  # s, of all desks together
SIGN_IN_TRIES: Final = 10
SIGN_IN_PAUSE: Final = 2.0  # s
TROUBLE: Final = (RefusedError, aiohttp.ClientError, TimeoutError, ConnectionError)


class Desks:
    """Forty people, or as many as there are users."""

    def __init__(self, public: str, users: list[Mapping[str, str]], seed: int) -> None:
        self._chance = Random(seed)
        self.reloads = 0
        self.agents = []
        for number, user in enumerate(users):
            mine, chance = habits(seed, number)
            self.agents.append(Agent(public, user, np.zeros(160, np.int16), mine, self._note, chance))
        self.did = Counter[str]()

    def _note(self, what: str, **_: Any) -> None:
        self.did[what] += 1

    async def open(self) -> None:
        """Everybody signs in and is available. Raises RefusedError when somebody cannot."""
        door = asyncio.Semaphore(AT_ONCE)

        async def come(agent: Agent) -> None:
            async with door:
                await _sign_in(agent)
                await agent.start()

        await asyncio.gather(*(come(agent) for agent in self.agents))

    async def reload_now_and_then(self) -> None:
        """Until cancelled."""
        while True:
            await asyncio.sleep(self._chance.uniform(0, 2 * RELOADS_EVERY))
            with suppress(*TROUBLE):
                await self._chance.choice(self.agents).reload()
                self.reloads += 1

    async def close(self) -> None:
        """Everybody goes home."""
        for agent in self.agents:
            await agent.stop()

    async def vanish(self) -> None:
        """Nobody is told: the world ends anyway."""
        await asyncio.gather(*(agent.vanish() for agent in self.agents))

    def faults(self) -> Counter[str]:
        """What agents were refused, by its name."""
        return Counter(fault for agent in self.agents for fault in agent.faults)


async def _sign_in(agent: Agent) -> None:
    """Again and again, as a person would. Raises what the last try raised."""
    for last in (False,) * (SIGN_IN_TRIES - 1) + (True,):
        try:
            await agent.sign_in()
        except TROUBLE:
            if last:
                raise
            await asyncio.sleep(SIGN_IN_PAUSE)
        else:
            return
