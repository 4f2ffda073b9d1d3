"""An hour of calls that come and go at one edge: nothing stays behind, nothing is missing. MINUTES=60 CALLS=40 SEED=1

Half are a phone and a browser, half two browsers; each lives for 20 to 90 seconds and is closed as the floor would.
What must hold: memory and open files are flat, every call left one recording whose parts all lie in the bucket and
whose length is that of the call, and in the end no room is there.
"""

import asyncio
import json
import os
import statistics
import time
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, Final

import aiohttp

from local.processes import free_port
from media_edge.entry.tokens import carrier_signature
from tests.bench.cloud import Cloud, cloud
from tests.bench.loaded import LightPhone, pace, resident_mb, start_edge, until_up
from tests.bench.media_client import LightBrowser
from tests.bench.speech import APART, encoded, natural
from tests.media.running import AUTH_TOKEN, Pcm, make_token, media_key

MINUTES: Final = float(os.environ.get("MINUTES", "60"))
CALLS: Final = int(os.environ.get("CALLS", "40"))
SEED: Final = int(os.environ.get("SEED", "1"))
LIFE_SECONDS: Final = (20.0, 90.0)
SAMPLE_SECONDS: Final = 10.0
SETTLE_SECONDS: Final = 30.0
MOST_GROWTH_MB: Final = 8.0
LENGTH_SLACK_MS: Final = 1_500


@dataclass
class Soak:
    http: aiohttp.ClientSession
    url: str
    stream: str
    key: Any
    chance: Random
    wide: list[bytes]
    narrow: list[bytes]
    said: Pcm
    speaking: list[LightBrowser] = field(default_factory=list)
    lasted: dict[str, float] = field(default_factory=dict)  # by contact, ms
    memory: list[float] = field(default_factory=list)

    async def call(self, number: int, until: float) -> None:
        """One place on the edge: one call after the other."""
        turn = 0
        await asyncio.sleep(self.chance.uniform(0, LIFE_SECONDS[0]))
        while time.monotonic() < until:
            turn += 1
            await self.one(f"c{number}-{turn}", by_phone=number % 2 == 0)

    async def one(self, contact: str, *, by_phone: bool) -> None:
        phone, browsers = None, list[LightBrowser]()
        packets = self.narrow if by_phone else self.wide
        begun = time.monotonic()
        if by_phone:
            call = f"CA{contact}"
            token = make_token(self.key, contact, "carrier", call)
            own = self.said[APART * self.chance.randrange(50) * 160 :]
            phone = LightPhone(self.stream, carrier_signature(AUTH_TOKEN, self.stream), call, token, own)
            await phone.__aenter__()
        for role in ["agent"] if by_phone else ["caller", "agent"]:
            browser = LightBrowser(self.url, make_token(self.key, contact, role, f"{contact}-{role}"), packets)
            await browser.join(self.http)
            browsers.append(browser)
        self.speaking += browsers
        await asyncio.sleep(self.chance.uniform(*LIFE_SECONDS))
        headers = {"Authorization": f"Bearer {make_token(self.key, contact, 'control', 'floor')}"}
        async with self.http.delete(f"{self.url}/rooms/{contact}", headers=headers) as answer:
            assert answer.status == 204, await answer.text()
        self.lasted[contact] = 1000 * (time.monotonic() - begun)
        for browser in browsers:
            self.speaking.remove(browser)
            browser.close()
        if phone is not None:
            await phone.__aexit__()


async def soaked(aws: Cloud) -> dict[str, Any]:
    key, port = media_key(), free_port(0)
    stream, url = f"ws://127.0.0.1:{port}/stream", f"http://127.0.0.1:{port}"
    process = start_edge(port, stream, json.dumps(key.as_dict(private=False)), CALLS + 5, aws)
    try:
        async with aiohttp.ClientSession() as http:
            await until_up(http, url)
            sounds = encoded(natural(16_000), 16_000), encoded(natural(8_000), 8_000), natural(8_000)
            soak = Soak(http, url, stream, key, Random(SEED), *sounds)
            pacing = asyncio.create_task(pace(soak.speaking))
            watching = asyncio.create_task(watch(soak, process.pid))
            until = time.monotonic() + 60 * MINUTES
            await asyncio.gather(*(soak.call(number, until) for number in range(CALLS)))
            await asyncio.sleep(SETTLE_SECONDS)
            watching.cancel()
            pacing.cancel()
            async with http.get(f"{url}/health") as answer:
                health = await answer.json()
            assert process.poll() is None, "the edge has died"
            assert (health["rooms"], health["legs"], health["reports_waiting"]) == (0, 0, 0), health
            files = [link for link in open_files(process.pid) if link.startswith("/") and "/dev" not in link]
            told = await asyncio.to_thread(checked, soak, aws)
    finally:
        process.kill()
        process.wait()
    third = max(1, len(soak.memory) // 3)
    grown = statistics.median(soak.memory[-third:]) - statistics.median(soak.memory[third : 2 * third])
    assert grown <= MOST_GROWTH_MB, f"memory grew by {grown:.1f} MB"
    assert not [link for link in files if "hearthline" in link or "recordings" in link], files
    late = health["late_ticks"] / health["ticks"]
    return told | {"grown_mb": round(grown, 2), "memory_mb": round(soak.memory[-1], 1), "on_time": round(1 - late, 5)}


async def watch(soak: Soak, pid: int) -> None:
    while True:
        await asyncio.sleep(SAMPLE_SECONDS)
        soak.memory.append(resident_mb(pid))


def open_files(pid: int) -> list[str]:
    return [str(each.readlink()) for each in Path(f"/proc/{pid}/fd").iterdir()]


def checked(soak: Soak, aws: Cloud) -> dict[str, Any]:
    """Each call against what was reported and stored."""
    reports = aws.drain()
    stored = {each["data"]["contact"]: each["data"] for each in reports if each["type"] == "RecordingStored"}
    assert len([each for each in reports if each["type"] == "RecordingStored"]) == len(stored), "a recording told twice"
    assert set(stored) == set(soak.lasted), set(soak.lasted) ^ set(stored)
    for contact, record in stored.items():
        assert record["missing"] == 0, record
        assert aws.stored(record["key"]) == record["parts"], record
        assert abs(record["length_ms"] - soak.lasted[contact]) <= LENGTH_SLACK_MS, (record, soak.lasted[contact])
    return {"calls": len(stored), "parts": sum(record["parts"] for record in stored.values())}


def main() -> None:
    print(f"{CALLS} calls at a time for {MINUTES:g} minutes, seed {SEED}")
    with cloud() as aws:
        told = asyncio.run(soaked(aws))
    print(f"{told['calls']} calls, each with its recording; memory {told['memory_mb']} MB, +{told['grown_mb']} MB")
    print(json.dumps(told))


if __name__ == "__main__":
    main()
