"""Two hundred calls against six simulated agents, with webhooks duplicated and delayed; then the ledger is judged.

``python -m local.callers.load [--calls 200] [--rate R] [--talk 5] [--faults 0.1]``: without ``--rate`` the rate grows
by half every 50 calls from 0.3 a second. Agents join the media for real (WHIP) but send silence and decode nothing. The
last line is JSON; the exit code is 0 only when every call ended, each in one ticket, and nobody was claimed twice.
"""

import argparse
import asyncio
import json
import random
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from typing import Any, Final

import aiohttp
import boto3
import numpy as np
from boto3.dynamodb.types import TypeDeserializer

from local.agents.agent import Agent, Habits
from local.agents.workspace import RefusedError
from local.callers.phone import Telephone
from local.callers.places import Places, places
from local.callers.verdict import Verdict, judge

AGENTS: Final = 6
GROWTH: Final = 1.5
STAGE: Final = 50  # calls at one rate
LONGEST: Final = 900.0  # s until the last call must have ended
TICKETS_WITHIN: Final = 90.0  # s after it


@dataclass
class Load:
    """The run: which calls were placed and how they ended."""

    placed: dict[str, float] = field(default_factory=dict)
    ended: dict[str, str] = field(default_factory=dict)
    queued_for: list[float] = field(default_factory=list)
    repeats: int = 0
    repeats_answered_differently: int = 0
    failures: list[str] = field(default_factory=list)


def script(chance: random.Random, talk: float) -> dict[str, Any]:
    """A short call about any matter, by key."""
    return {"keys": [str(chance.randint(1, 5))], "answers_after": 0.3, "talk_seconds": talk, "patience": 600}


async def one(phone: Telephone, where: Places, load: Load, number: int, wanted: argparse.Namespace) -> None:
    """One caller, to the end."""
    chance = random.Random(number)  # noqa: S311 - the same caller in every run
    faults = {"duplicate": wanted.faults, "delay": wanted.faults, "delay_seconds": 2}
    try:
        call = await phone.dial(f"+86137{number:08d}", where.number, script(chance, wanted.talk), faults, say_speed=20)
        load.placed[call["sid"]] = time.monotonic()
        while not call["ended"]:
            call = await phone.look(call["sid"], wait=60)
        load.ended[call["sid"]] = call["status"]
        _read(call, load)
    except (aiohttp.ClientError, RuntimeError, TimeoutError) as error:
        load.failures.append(type(error).__name__)


def _read(call: Mapping[str, Any], load: Load) -> None:
    for line in call["story"]:
        if line["what"] == "left the queue":
            load.queued_for.append(line["seconds"])
        if line["what"] == "fault: webhook delivered twice":
            load.repeats += 1
            load.repeats_answered_differently += not line["same_answer"]
        if line["what"] in ("application error", "not simulated", "stream failed", "simulator fault"):
            load.failures.append(f"{line['what']}: {line.get('why') or line.get('verb')}")


async def desks(where: Places) -> list[Agent]:
    """Six agents, available. Those that people use are left alone."""
    silence = np.zeros(8000, np.int16)
    agents = []
    for user in where.agents()[:AGENTS]:
        agent = Agent(where.public, dict(user), silence, Habits(answers_after=0.2, light=True, fills_tickets=False))
        try:
            if (await agent.sign_in())["agent"]["state"] == "offline":
                await agent.start()
                agents.append(agent)
                continue
        except RefusedError as error:
            print(f"agent {user['login']}: {error}")
        await agent.desk.close()
    return agents


async def place_all(phone: Telephone, where: Places, load: Load, wanted: argparse.Namespace) -> None:
    """Place the calls at their rate and wait for the last to end."""
    rate = wanted.rate or 0.3
    calls: set[asyncio.Task[None]] = set()
    telling = asyncio.create_task(progress(load, wanted.calls))
    for number in range(wanted.calls):
        if not wanted.rate and number and not number % STAGE:
            rate *= GROWTH
        calls.add(asyncio.create_task(one(phone, where, load, number, wanted)))
        await asyncio.sleep(1 / rate)
    await asyncio.wait(calls, timeout=LONGEST)
    for late in calls:
        late.cancel()
    telling.cancel()


async def progress(load: Load, total: int) -> None:
    """A line every ten seconds."""
    began = time.monotonic()
    while True:
        await asyncio.sleep(10)
        print(
            f"{time.monotonic() - began:6.0f} s  placed {len(load.placed)}/{total}, ended {len(load.ended)}", flush=True
        )


def ledger(where: Places) -> list[dict[str, Any]]:
    """Every event of the ledger."""
    client = boto3.client(
        "dynamodb",
        endpoint_url=where.aws,
        region_name="eu-central-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",  # noqa: S106 - the engine's own, on loopback
    )
    (table,) = [name for name in client.list_tables()["TableNames"] if name.endswith("-ledger")]
    read = TypeDeserializer().deserialize
    events = []
    for page in client.get_paginator("scan").paginate(TableName=table, ConsistentRead=True):
        events += [json.loads(json.dumps(read(item["event"]), default=int)) for item in page["Items"]]
    return events


async def settled(where: Places, load: Load) -> Verdict:
    """The verdict as soon as every ticket is there, or when they had their time."""
    deadline = time.monotonic() + TICKETS_WITHIN
    while True:
        verdict = judge(await asyncio.to_thread(ledger, where), load.placed)
        if not verdict.tickets_missing or time.monotonic() > deadline:
            return verdict
        await asyncio.sleep(3)


def tell(load: Load, verdict: Verdict, agents: list[Agent], wanted: argparse.Namespace) -> bool:
    """The table and the line of JSON; whether all is well."""
    waits = np.array(load.queued_for or [0.0])
    good = (
        verdict.good
        and verdict.contacts == len(load.placed) == len(load.ended) == wanted.calls
        and not load.repeats_answered_differently
        and not load.failures
    )
    result = {
        "ok": good,
        "calls": len(load.placed),
        "ended": len(load.ended),
        "agents": len(agents),
        "wait_p50_s": round(float(np.percentile(waits, 50)), 1),
        "wait_p95_s": round(float(np.percentile(waits, 95)), 1),
        "duplicates": load.repeats,
        "duplicates_answered_differently": load.repeats_answered_differently,
        "failures": sorted(set(load.failures))[:10],
        "agent_faults": sorted({fault for agent in agents for fault in agent.faults})[:10],
        **asdict(verdict),
    }
    for name, value in result.items():
        print(f"{name:34} {value if not isinstance(value, list) else len(value)}")
    print(json.dumps(result))
    return good


async def run(wanted: argparse.Namespace) -> bool:
    """The whole load."""
    where, load = places(), Load()
    phone = Telephone(where.carrier)
    agents = await desks(where)
    print(f"{len(agents)} agents at their desks")
    try:
        await place_all(phone, where, load, wanted)
        return tell(load, await settled(where, load), agents, wanted)
    finally:
        with suppress(aiohttp.ClientError):
            await asyncio.gather(*(agent.stop() for agent in agents))
        await phone.close()


def main() -> int:
    """0 when every promise was kept."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--calls", type=int, default=200)
    options.add_argument("--rate", type=float, default=0.0, help="calls a second; 0 grows from 0.3")
    options.add_argument("--talk", type=float, default=5.0, help="seconds of a call")
    options.add_argument("--faults", type=float, default=0.1, help="share of webhooks duplicated, and delayed")
    return 0 if asyncio.run(run(options.parse_args())) else 1


if __name__ == "__main__":
    raise SystemExit(main())
