"""One-way audio, injected: seconds until the edge has told it, and what it told of calls that were well.

    make bench NAME=oneway

Half of the trials lose every packet of one leg (its network still answers), half get the true silence of a dead
microphone. The other party speaks. As many healthy calls, in which one listens all the time, run beside them.
"""

import asyncio
import json
import time
from dataclasses import dataclass
from random import Random
from typing import Final
from uuid import uuid4

import aiohttp
import numpy as np

from tests.bench.media_client import LightBrowser
from tests.bench.speech import encoded
from tests.media.running import Running, make_token, running_edge, speech

TRIALS: Final = 20
AT_ONCE: Final = 5
RATE: Final = 16_000
SETTLE_SECONDS: Final = (2.0, 4.0)  # of a call that is well, before
GIVE_UP_SECONDS: Final = 6.0
GOAL_SECONDS: Final = 2.0
NOISE: Final = 8.0  # rms of int16 at an open microphone


@dataclass(frozen=True)
class Found:
    kind: str
    role: str
    seconds: float | None  # None: never, or told as something else


class Talk:
    """A caller and an agent of one room, one of whom speaks."""

    def __init__(self, edge: Running, speaker: str) -> None:
        self.contact = str(uuid4())
        noise = np.random.default_rng(1).normal(0, NOISE, RATE * 5).astype(np.int16)
        says = {True: encoded(speech(5, RATE), RATE), False: encoded(noise, RATE)}
        self.legs = {
            role: LightBrowser(edge.url, make_token(edge.key, self.contact, role, role), says[role == speaker])
            for role in ("caller", "agent")
        }
        self.cut = ""

    async def run(self) -> None:
        due = time.monotonic()
        while True:
            for role, leg in self.legs.items():
                leg.send(lost=role == self.cut)
            due += 0.02
            await asyncio.sleep(max(0.0, due - time.monotonic()))

    def silence(self, role: str) -> None:
        self.legs[role].play(encoded(np.zeros(RATE, np.int16), RATE))

    def told(self, edge: Running) -> list[dict[str, str]]:
        return [word for word in edge.told("OneWayAudio") if word["contact"] == self.contact]


async def trial(edge: Running, http: aiohttp.ClientSession, number: int) -> tuple[Found, int]:
    """One call that fails, and how many alarms a healthy one beside it raised."""
    role, other = ("agent", "caller") if number % 2 else ("caller", "agent")
    kind = "no_packets" if number % 4 < 2 else "no_sound"
    bad, well = Talk(edge, other), Talk(edge, other)
    for leg in (*bad.legs.values(), *well.legs.values()):
        await leg.join(http)
    running = [asyncio.create_task(talk.run()) for talk in (bad, well)]
    await asyncio.sleep(Random(number).uniform(*SETTLE_SECONDS))
    early, begun = bad.told(edge), time.monotonic()
    if kind == "no_packets":
        bad.cut = role
    else:
        bad.silence(role)
    while not bad.told(edge) and time.monotonic() - begun < GIVE_UP_SECONDS:
        await asyncio.sleep(0.01)
    took, told = time.monotonic() - begun, bad.told(edge)
    right = not early and [(word["role"], word["kind"]) for word in told] == [(role, kind)]
    for task in running:
        task.cancel()
    for leg in (*bad.legs.values(), *well.legs.values()):
        leg.close()
    return Found(kind, role, took if right else None), len(well.told(edge))


async def measure() -> tuple[list[Found], int]:
    found, false = [], 0
    async with running_edge() as edge, aiohttp.ClientSession() as http:
        for first in range(0, TRIALS, AT_ONCE):
            for one, alarms in await asyncio.gather(*(trial(edge, http, first + n) for n in range(AT_ONCE))):
                found.append(one)
                false += alarms
    return found, false


def main() -> None:
    found, false = asyncio.run(measure())
    print(f"{'':14}{'noticed':>9}{'p50':>7}{'worst':>7}  seconds from the fault to the report in the queue")
    rows = {}
    for kind in ("no_packets", "no_sound"):
        of_kind = [one for one in found if one.kind == kind]
        seconds = sorted(one.seconds for one in of_kind if one.seconds is not None)
        middle, worst = (seconds[len(seconds) // 2], seconds[-1]) if seconds else (0.0, 0.0)
        rows[kind] = {"noticed": len(seconds), "of": len(of_kind), "p50": round(middle, 2), "worst": round(worst, 2)}
        print(f"{kind:14}{len(seconds):>5} /{len(of_kind):>2}{middle:>7.2f}{worst:>7.2f}")
    in_time = sum(one.seconds is not None and one.seconds <= GOAL_SECONDS for one in found)
    print(f"within {GOAL_SECONDS:.0f} s: {in_time} of {TRIALS}; alarms of {TRIALS} healthy calls: {false}")
    print(json.dumps({"within_2_s": in_time, "of": TRIALS, "false_alarms": false, **rows}))


if __name__ == "__main__":
    main()
