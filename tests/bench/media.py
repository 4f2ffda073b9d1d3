"""CPU of one edge process per second of call, beside libopus alone: the same codec calls in the same tick loop with as
many live states. SRTP and the WebSocket are inside ours. ``python -m tests.bench.media [calls] [seconds]``.
"""

import asyncio
import json
import sys
import time
from typing import Any

import aiohttp

from local.processes import free_port
from media_edge.sound import opus
from tests.bench.capacity import most_calls
from tests.bench.cloud import Cloud, cloud
from tests.bench.loaded import Joining, leave_all, pace, resident_mb, start_edge, until_up
from tests.bench.peers.measured import CARRIES, PEERS, WHOLE, WINDOW_SECONDS, before_others, calmest, peer_costs
from tests.bench.speech import APART, BITRATE, COMPLEXITY, encoded, natural
from tests.media.running import media_key

WARM_SECONDS = 3.0
LOW = 2
TITLES = {"phone": "phone <-> browser, 8 kHz", "wide": "browser <-> browser, 16 kHz"}
OURS = {"phone": "SRTP, ICE, FEC on, jitter buffer, carrier WebSocket", "wide": "SRTP, ICE, FEC on, jitter buffer"}


def main() -> None:
    calls = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 8.0
    with before_others():
        measured_all(calls, seconds)


def measured_all(calls: int, seconds: float) -> None:
    rows = {}
    for kind, rate, legs in (("phone", 8_000, 1), ("wide", 16_000, 2)):
        ours = asyncio.run(measure("browser" if kind == "wide" else kind, calls, seconds))
        costs = asyncio.run(peer_costs(kind, calls, seconds / 2))
        rows[kind] = {"floor": floor(rate, calls, legs, seconds), **ours, "peers": costs}
        rows[kind]["c2"] = at_low_complexity(kind, rate, legs, calls, seconds)
    capacity = asyncio.run(most_calls({kind: row["ours"] for kind, row in rows.items()}))
    tell(rows, calls, seconds)
    for kind, most in capacity.items():
        print(f"{TITLES[kind]:32}{most.told()}")
    counts = {kind: most.calls for kind, most in capacity.items()}
    print(json.dumps({**rows["wide"], "phone": rows["phone"], "capacity": counts}))


def at_low_complexity(kind: str, rate: int, legs: int, calls: int, seconds: float) -> dict[str, float]:
    """The floor and ours alone, with the codec's searches cut short."""
    with cloud() as aws:
        who = "browser" if kind == "wide" else kind
        ours = asyncio.run(measured_with(aws, who, calls, seconds, records=False, complexity=LOW))
    return {"floor": floor(rate, calls, legs, seconds, LOW), "ours": ours["ours"]}


def tell(rows: dict[str, dict[str, Any]], calls: int, seconds: float) -> None:
    print(f"{calls} calls, {seconds:.0f} s, natural speech, complexity {COMPLEXITY}, {BITRATE} bit/s, FEC hint 0")
    print("floor: libopus alone, each live state with speech of its own; a peer is null where it cannot do the row")
    print(f"each cost is of the cheapest {WINDOW_SECONDS:.0f} s that carried all: neighbours make it dearer")
    print(f"{'CPU ms per call-second':32}{'cost':>8}{'x floor':>9}   carries")
    for kind, row in rows.items():
        print(TITLES[kind])
        lines = [("floor", row["floor"], "the codec, nothing else"), ("ours", row["ours"], OURS[kind])]
        lines += [("ours, recorded", row["recorded"], "the same and a sealed recording")]
        lines += [(name, row["peers"][name], CARRIES[name].get(kind, "")) for name in PEERS]
        for name, cost, carries in lines:
            shown = f"{cost:8.2f}{cost / row['floor']:9.2f}   {carries}" if cost else f"{'null':>8}"
            print(f"  {name:30}{shown}")
        low = row["c2"]
        print(f"  {'at complexity 2: floor':30}{low['floor']:8.2f}")
        print(f"  {'                 ours':30}{low['ours']:8.2f}{low['ours'] / low['floor']:9.2f}")
        memory = f"{row['mb_a_call']:.2f} MB, recorded {row['mb_a_call_recorded']:.2f} MB"
        print(f"  memory of ours a call {memory}; late ticks {row['late_ticks']}")
        if row["carried"] < WHOLE:
            print(f"  ours carried only {row['carried']:.2f} of what was due: the machine is too busy; a hint")


def floor(rate: int, calls: int, legs: int, seconds: float, complexity: int = COMPLEXITY) -> float:
    """libopus only: ``legs`` encoders and decoders a call, all live, one frame each a tick."""
    lib, step = opus.library(), rate // 50
    encoders = [opus.Encoder(lib, rate, bitrate=BITRATE, complexity=complexity) for _ in range(calls * legs)]
    decoders = [opus.Decoder(lib, rate) for _ in range(calls * legs)]
    said = natural(rate)
    packets, frames = encoded(said, rate), len(said) // step
    windows = list[float]()
    due, each = time.monotonic(), int(WINDOW_SECONDS * 50)
    for window in range(max(1, round(seconds / WINDOW_SECONDS))):
        begun = time.process_time()
        for tick in range(window * each, (window + 1) * each):
            for party, (encoder, decoder) in enumerate(zip(encoders, decoders, strict=True)):
                number = tick + APART * party
                decoder.decode(packets[number % len(packets)])
                at = number % frames * step
                encoder.encode(said[at : at + step])
            # At the pace of a call: in a hot loop the states would stay in the cache, which no edge can have.
            due += 0.02
            time.sleep(max(0.0, due - time.monotonic()))
        windows.append(time.process_time() - begun)
    return min(windows) * 1000 / (calls * WINDOW_SECONDS)


async def measure(kind: str, calls: int, seconds: float) -> dict[str, Any]:
    """Twice: the sound alone, as in the floor and in peers, and with its recording."""
    with cloud() as aws:
        plain = await measured_with(aws, kind, calls, seconds, records=False)
        whole = await measured_with(aws, kind, calls, seconds, records=True)
    return plain | {"recorded": whole["ours"], "mb_a_call_recorded": whole["mb_a_call"]}


async def measured_with(
    aws: Cloud, kind: str, calls: int, seconds: float, *, records: bool, complexity: int = COMPLEXITY
) -> dict[str, Any]:
    key, port = media_key(), free_port(0)
    stream, url = f"ws://127.0.0.1:{port}/stream", f"http://127.0.0.1:{port}"
    process = start_edge(
        port, stream, json.dumps(key.as_dict(private=False)), calls, aws, records=records, complexity=complexity
    )
    try:
        async with aiohttp.ClientSession() as http:
            await until_up(http, url)
            empty = resident_mb(process.pid)
            joining = Joining(kind, http, url, stream, key)
            parties = [party for n in range(calls) for party in await joining.call(n)]
            pacing = asyncio.create_task(pace(joining.browsers))
            await asyncio.sleep(WARM_SECONDS)
            spent, carried = await calmest(process.pid, seconds, parties)
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
    return {"ours": spent * 1000 / calls, "mb_a_call": memory, "late_ticks": health["late_ticks"], "carried": carried}


if __name__ == "__main__":
    main()
