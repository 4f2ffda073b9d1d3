"""CPU of one edge process per second of call, beside libopus alone: the same codec calls in the same tick loop with as
many live states. SRTP and the WebSocket are inside ours. ``python -m tests.bench.media [calls] [seconds]``.
"""

import asyncio
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import aiohttp
import numpy as np

from local.processes import free_port
from media_edge.entry.tokens import carrier_signature
from media_edge.sound import opus
from tests.bench.media_client import LightBrowser
from tests.media.clients import CarrierClient
from tests.media.running import AUTH_TOKEN, EDGE, Pcm, make_token, media_key, speech

BITRATE, COMPLEXITY = 24_000, 5
WARM_SECONDS = 3.0
CLOCK_TICKS = os.sysconf("SC_CLK_TCK")


def main() -> None:
    calls = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 10.0
    phone = {"floor": floor(8_000, calls, 1, seconds), **asyncio.run(measure("phone", calls, seconds))}
    wide = {"floor": floor(16_000, calls, 2, seconds), **asyncio.run(measure("browser", calls, seconds))}
    print(f"{calls} calls, {seconds:.0f} s, complexity {COMPLEXITY}, {BITRATE} bit/s, FEC hint 0")
    print(f"{'':28}{'floor':>8}{'ours':>8}{'ratio':>8}   CPU ms per call-second")
    rows = (("phone <-> browser, 8 kHz", phone), ("browser <-> browser, 16 kHz", wide))
    for name, row in rows:
        print(f"{name:28}{row['floor']:8.2f}{row['ours']:8.2f}{row['ours'] / row['floor']:8.2f}")
        print(f"{'':28}memory a call {row['mb_a_call']:.2f} MB, late ticks {row['late_ticks']}")
    print(json.dumps({**wide, "phone": phone, "peers": {}}))


def floor(rate: int, calls: int, legs: int, seconds: float) -> float:
    """libopus only: ``legs`` encoders and decoders a call, all live, one frame each a tick."""
    lib, step = opus.library(), rate // 50
    encoders = [opus.Encoder(lib, rate, bitrate=BITRATE, complexity=COMPLEXITY) for _ in range(calls * legs)]
    decoders = [opus.Decoder(lib, rate) for _ in range(calls * legs)]
    said = speech(5, rate)
    packets = encoded(said, rate)
    ticks = int(seconds * 50)
    begun, due = time.process_time(), time.monotonic()
    for tick in range(ticks):
        at = tick * step % (len(said) - step)
        for encoder, decoder in zip(encoders, decoders, strict=True):
            decoder.decode(packets[tick % len(packets)])
            encoder.encode(said[at : at + step])
        # At the pace of a call: in a hot loop the states would stay in the cache, which no edge can have.
        due += 0.02
        time.sleep(max(0.0, due - time.monotonic()))
    return (time.process_time() - begun) * 1000 / (calls * ticks / 50)


def encoded(said: Pcm, rate: int) -> list[bytes]:
    encoder, step = opus.Encoder(opus.library(), rate, bitrate=BITRATE, complexity=COMPLEXITY), rate // 50
    frames = [encoder.encode(said[at : at + step]) for at in range(0, len(said), step)]
    return [frame for frame in frames if frame]


class LightPhone(CarrierClient):
    """Keeps nothing of what it hears."""

    async def _listen(self) -> None:
        async for message in self._socket:
            if message.type != aiohttp.WSMsgType.TEXT:
                break


async def measure(kind: str, calls: int, seconds: float) -> dict[str, Any]:
    key, port = media_key(), free_port(0)
    stream, url = f"ws://127.0.0.1:{port}/stream", f"http://127.0.0.1:{port}"
    process = start_edge(port, stream, json.dumps(key.as_dict(private=False)), calls)
    try:
        async with aiohttp.ClientSession() as http:
            await until_up(http, url)
            empty = resident_mb(process.pid)
            parties = await join_all(kind, calls, http, url, stream, key)
            pacing = asyncio.create_task(pace([p for p in parties if isinstance(p, LightBrowser)]))
            await asyncio.sleep(WARM_SECONDS)
            before, at = cpu_seconds(process.pid), time.monotonic()
            await asyncio.sleep(seconds)
            spent, lasted = cpu_seconds(process.pid) - before, time.monotonic() - at
            async with http.get(f"{url}/health") as answer:
                health = await answer.json()
            assert health["rooms"] == calls, health
            assert health["legs"] == 2 * calls, health
            memory = (resident_mb(process.pid) - empty) / calls
            pacing.cancel()
            await leave_all(parties)
    finally:
        process.kill()
        process.wait()
    return {"ours": spent * 1000 / (calls * lasted), "mb_a_call": memory, "late_ticks": health["late_ticks"]}


def start_edge(port: int, stream: str, jwk: str, rooms: int) -> subprocess.Popen[bytes]:
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
        "MEDIA_QUEUE_URL": "http://127.0.0.1:9/none",
        "RECORDINGS_BUCKET": "none",
        "SEAL_KEY_ID": "none",
        "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "none",
        "AWS_SECRET_ACCESS_KEY": "none",
        "LOG_LEVEL": "CRITICAL",
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


async def join_all(
    kind: str, calls: int, http: aiohttp.ClientSession, url: str, stream: str, key: Any
) -> list[LightBrowser | LightPhone]:
    rate = 8_000 if kind == "phone" else 16_000
    packets, said = encoded(speech(5, rate), rate), np.tile(speech(5, 8_000), 20)
    parties: list[LightBrowser | LightPhone] = []
    for n in range(calls):
        contact, call = f"contact-{n}", f"CA{n:032d}"
        if kind == "phone":
            token = make_token(key, contact, "carrier", call)
            line = LightPhone(stream, carrier_signature(AUTH_TOKEN, stream), call, token, said)
            parties.append(await line.__aenter__())  # type: ignore[arg-type]
        roles = ["agent"] if kind == "phone" else ["caller", "agent"]
        for role in roles:
            browser = LightBrowser(url, make_token(key, contact, role, f"p{n}"), packets)
            await browser.join(http)
            parties.append(browser)
    return parties


async def pace(browsers: list[LightBrowser]) -> None:
    loop = asyncio.get_running_loop()
    due = loop.time()
    while True:
        for browser in browsers:
            browser.send()
        due += 0.02
        await asyncio.sleep(max(0.0, due - loop.time()))


async def leave_all(parties: list[LightBrowser | LightPhone]) -> None:
    for party in parties:
        if isinstance(party, LightBrowser):
            party.close()
        else:
            await party.__aexit__()


def cpu_seconds(pid: int) -> float:
    words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(words[11]) + int(words[12])) / CLOCK_TICKS


def resident_mb(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


if __name__ == "__main__":
    main()
