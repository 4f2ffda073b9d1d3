"""An edge process of its own with calls on it: what benches and soaks measure."""

import asyncio
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import numpy as np

from media_edge.entry.tokens import carrier_signature
from tests.bench.cloud import Cloud
from tests.bench.media_client import LightBrowser
from tests.bench.speech import APART, encoded, natural
from tests.media.clients import CarrierClient
from tests.media.running import AUTH_TOKEN, EDGE, make_token


class LightPhone(CarrierClient):
    """Counts what it hears and keeps nothing of it."""

    received = 0

    async def _listen(self) -> None:
        async for message in self._socket:
            if message.type != aiohttp.WSMsgType.TEXT:
                break
            self.received += 1


def start_edge(
    port: int, stream: str, jwk: str, rooms: int, aws: Cloud, *, records: bool = True, complexity: int = 5
) -> subprocess.Popen[bytes]:
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "PYTHONPATH": os.pathsep.join(path or "." for path in sys.path),
        "EDGE_NAME": EDGE,
        "EDGE_PORT": str(port),
        "EDGE_STREAM_URL": stream,
        "EDGE_MAX_ROOMS": str(rooms),
        "CARRIER_AUTH_TOKEN": AUTH_TOKEN,
        "MEDIA_PUBLIC_JWK": jwk,
        "TENANT": "demo",
        "LOG_LEVEL": "CRITICAL",
        "EDGE_RECORDS": str(int(records)),
        "EDGE_COMPLEXITY": str(complexity),
        **aws.environment,
    }
    return subprocess.Popen([sys.executable, "-m", "media_edge"], env=environment)


async def until_up(http: aiohttp.ClientSession, url: str) -> None:
    async with asyncio.timeout(20):
        while True:
            try:
                async with http.get(f"{url}/health") as answer:
                    assert answer.status == 200
                    return
            except aiohttp.ClientConnectionError:
                await asyncio.sleep(0.1)


Parties = list["LightBrowser | LightPhone"]


@dataclass
class Joining:
    """Puts calls on an edge: ``kind`` phone or browser."""

    kind: str
    http: aiohttp.ClientSession
    url: str
    stream: str
    key: Any
    browsers: list[LightBrowser] = field(default_factory=list)
    """Those that ``pace`` lets speak."""

    def __post_init__(self) -> None:
        rate = 8_000 if self.kind == "phone" else 16_000
        self._packets, self._said = encoded(natural(rate), rate), np.tile(natural(8_000), 20)
        self._joined = 0

    async def call(self, n: int) -> Parties:
        """The ends of call ``n``; each says something else."""
        parties: Parties = []
        contact, call = f"contact-{n}", f"CA{n:032d}"
        if self.kind == "phone":
            token = make_token(self.key, contact, "carrier", call)
            own = self._said[APART * n * 160 :]
            line = LightPhone(self.stream, carrier_signature(AUTH_TOKEN, self.stream), call, token, own)
            parties.append(await line.__aenter__())  # type: ignore[arg-type]  # it returns itself
        for role in ["agent"] if self.kind == "phone" else ["caller", "agent"]:
            shift = APART * (self._joined + len(parties)) % len(self._packets)
            packets = self._packets[shift:] + self._packets[:shift]
            browser = LightBrowser(self.url, make_token(self.key, contact, role, f"p{n}"), packets)
            await browser.join(self.http)
            parties.append(browser)
            self.browsers.append(browser)
        self._joined += len(parties)
        return parties

    async def end(self, n: int) -> None:
        """As the floor ends a contact."""
        token = make_token(self.key, f"contact-{n}", "control", "floor")
        headers = {"Authorization": f"Bearer {token}"}
        async with self.http.delete(f"{self.url}/rooms/contact-{n}", headers=headers) as answer:
            assert answer.status == 204, await answer.text()


async def pace(browsers: list[LightBrowser]) -> None:
    """All of the list, which may grow and shrink, once every 20 ms."""
    loop = asyncio.get_running_loop()
    due = loop.time()
    while True:
        for browser in browsers:
            browser.send()
        due += 0.02
        await asyncio.sleep(max(0.0, due - loop.time()))


async def leave_all(parties: Parties) -> None:
    for party in parties:
        if isinstance(party, LightBrowser):
            party.close()
        else:
            await party.__aexit__()


def resident_mb(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
