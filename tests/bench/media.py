"""CPU of one edge process per second of call, beside libopus alone: the same codec calls in the same tick loop with as
many live states. SRTP and the WebSocket are inside ours. ``python -m tests.bench.media [calls] [seconds]``.
"""

import asyncio
import json
import os
import subprocess
import sys
import time
import wave
from pathlib import Path
from typing import Any

import aiohttp
import numpy as np

from local.processes import free_port
from media_edge.entry.tokens import carrier_signature
from media_edge.sound import opus
from tests.bench.cloud import Cloud, cloud
from tests.bench.media_client import LightBrowser
from tests.media.clients import CarrierClient
from tests.media.running import AUTH_TOKEN, EDGE, Pcm, make_token, media_key

BITRATE, COMPLEXITY = 24_000, 5
WARM_SECONDS = 3.0
PEERS = ("rtpengine", "janus", "gstreamer", "aiortc")  # not measured yet: null
LIBRIVOX = Path("/usr/share/pocketsphinx/test/data/librivox")
APART = 37  # frames between what one party says and the next one: nobody has a codec whose tables another one warmed


def main() -> None:
    calls = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 10.0
    phone = {"floor": floor(8_000, calls, 1, seconds), **asyncio.run(measure("phone", calls, seconds))}
    wide = {"floor": floor(16_000, calls, 2, seconds), **asyncio.run(measure("browser", calls, seconds))}
    print(f"{calls} calls, {seconds:.0f} s, natural speech, complexity {COMPLEXITY}, {BITRATE} bit/s, FEC hint 0")
    print("floor: libopus alone, each live state with speech of its own; ours: SRTP and WebSocket included")
    print(f"{'':28}{'floor':>8}{'ours':>8}{'ratio':>8}{'recorded':>10}   CPU ms per call-second")
    rows = (("phone <-> browser, 8 kHz", phone), ("browser <-> browser, 16 kHz", wide))
    for name, row in rows:
        print(f"{name:28}{row['floor']:8.2f}{row['ours']:8.2f}{row['ours'] / row['floor']:8.2f}{row['recorded']:10.2f}")
        memory = f"{row['mb_a_call']:.2f} MB, recorded {row['mb_a_call_recorded']:.2f} MB"
        print(f"{'':28}memory a call {memory}; late ticks {row['late_ticks']}")
    peers = dict.fromkeys(PEERS)
    print(json.dumps({**wide, "peers": peers, "phone": {**phone, "peers": peers}}))


def floor(rate: int, calls: int, legs: int, seconds: float) -> float:
    """libopus only: ``legs`` encoders and decoders a call, all live, one frame each a tick."""
    lib, step = opus.library(), rate // 50
    encoders = [opus.Encoder(lib, rate, bitrate=BITRATE, complexity=COMPLEXITY) for _ in range(calls * legs)]
    decoders = [opus.Decoder(lib, rate) for _ in range(calls * legs)]
    said = natural(rate)
    packets, frames = encoded(said, rate), len(said) // step
    ticks = int(seconds * 50)
    begun, due = time.process_time(), time.monotonic()
    for tick in range(ticks):
        for party, (encoder, decoder) in enumerate(zip(encoders, decoders, strict=True)):
            number = tick + APART * party
            decoder.decode(packets[number % len(packets)])
            at = number % frames * step
            encoder.encode(said[at : at + step])
        # At the pace of a call: in a hot loop the states would stay in the cache, which no edge can have.
        due += 0.02
        time.sleep(max(0.0, due - time.monotonic()))
    return (time.process_time() - begun) * 1000 / (calls * ticks / 50)


def natural(rate: int) -> Pcm:
    """Some half a minute of people reading, without a pause of its own: what a codec is measured with."""
    clips = []
    for path in sorted(LIBRIVOX.glob("*.wav")):
        with wave.open(str(path)) as file:
            clips.append(np.frombuffer(file.readframes(file.getnframes()), np.int16))
    said = np.concatenate(clips)
    if rate == 8_000:
        window = np.hanning(17)
        said = np.convolve(said, window / window.sum(), "same")[::2].astype(np.int16)
    return said[: len(said) // (rate // 50) * (rate // 50)]


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
    """Twice: the sound alone, as in the floor and in peers, and with its recording."""
    with cloud() as aws:
        plain = await measured_with(aws, kind, calls, seconds, records=False)
        whole = await measured_with(aws, kind, calls, seconds, records=True)
    return plain | {"recorded": whole["ours"], "mb_a_call_recorded": whole["mb_a_call"]}


async def measured_with(aws: Cloud, kind: str, calls: int, seconds: float, *, records: bool) -> dict[str, Any]:
    key, port = media_key(), free_port(0)
    stream, url = f"ws://127.0.0.1:{port}/stream", f"http://127.0.0.1:{port}"
    process = start_edge(port, stream, json.dumps(key.as_dict(private=False)), calls, aws, records=records)
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


def start_edge(
    port: int, stream: str, jwk: str, rooms: int, aws: Cloud, *, records: bool = True
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


async def join_all(
    kind: str, calls: int, http: aiohttp.ClientSession, url: str, stream: str, key: Any
) -> list[LightBrowser | LightPhone]:
    rate = 8_000 if kind == "phone" else 16_000
    packets, said = encoded(natural(rate), rate), np.tile(natural(8_000), 20)
    parties: list[LightBrowser | LightPhone] = []
    for n in range(calls):
        contact, call = f"contact-{n}", f"CA{n:032d}"
        if kind == "phone":
            token = make_token(key, contact, "carrier", call)
            own = said[APART * n * 160 :]
            line = LightPhone(stream, carrier_signature(AUTH_TOKEN, stream), call, token, own)
            parties.append(await line.__aenter__())  # type: ignore[arg-type]
        roles = ["agent"] if kind == "phone" else ["caller", "agent"]
        for role in roles:
            shift = APART * len(parties) % len(packets)
            browser = LightBrowser(url, make_token(key, contact, role, f"p{n}"), packets[shift:] + packets[:shift])
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
    """Of all its threads, from the scheduler's own clock: the tick's rhythm would beat with one that samples."""
    return sum(int(path.read_text().split()[0]) for path in Path(f"/proc/{pid}/task").glob("*/schedstat")) / 1e9


def resident_mb(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


if __name__ == "__main__":
    main()
