"""CPU of a peer per second of call, with proof that it carried the sound."""

import asyncio
import contextlib
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from tests.bench.peers import aiortc, gstreamer, janus, rtpengine
from tests.bench.peers.party import RATES, Bridging, Party, decoded, pace
from tests.media.running import alike_in_loudness

_MODULES = (rtpengine, janus, gstreamer, aiortc)
PEERS: dict[str, Bridging] = {each.NAME: each.bridge for each in _MODULES}
CARRIES = {each.NAME: each.CARRIES for each in _MODULES}
AT_MOST = {aiortc.NAME: 4}  # calls: one process of it carries hardly more
WARM_SECONDS, WINDOW_SECONDS = 3.0, 2.0
ARRIVED = 0.9  # of the packets that are due; silence is not sent
ALIKE = 0.85  # correlation of loudness with what was said; speech of another moment reaches some 0.55
JUDGED = 4  # calls that are decoded


class OverloadedError(Exception):
    """Fewer packets came than were due, or another sound than was said: its figure would mean nothing."""


def cpu_seconds(pid: int) -> float:
    """Of all its threads, from the scheduler's own clock: the tick's rhythm would beat with one that samples."""
    return sum(int(path.read_text().split()[0]) for path in Path(f"/proc/{pid}/task").glob("*/schedstat")) / 1e9


async def calmest(pid: int, seconds: float) -> float:
    """CPU seconds a second, in the calmest window: what else runs on the machine makes every instruction dearer."""
    found = []
    for _ in range(max(1, round(seconds / WINDOW_SECONDS))):
        before, at = cpu_seconds(pid), time.monotonic()
        await asyncio.sleep(WINDOW_SECONDS)
        found.append((cpu_seconds(pid) - before) / (time.monotonic() - at))
    return min(found)


async def peer_costs(kind: str, calls: int, seconds: float) -> dict[str, float | None]:
    """CPU ms of a second of call, a peer each; None where it is not installed or has no such call."""
    costs = dict[str, float | None]()
    for name in PEERS:
        try:
            costs[name] = await _least_loaded(name, kind, min(calls, AT_MOST.get(name, calls)), seconds)
        except FileNotFoundError:
            print(f"{name} is not installed", file=sys.stderr)
            costs[name] = None
    return costs


async def _least_loaded(name: str, kind: str, calls: int, seconds: float) -> float | None:
    """With half as many calls where it cannot carry all: what an overloaded server leaves out costs it nothing."""
    if kind not in CARRIES[name]:
        return None
    while calls:
        with contextlib.suppress(OverloadedError):
            return await peer_cost(name, kind, calls, seconds)
        calls //= 2
    print(f"{name} did not carry a single call of {kind}", file=sys.stderr)
    return None


async def peer_cost(name: str, kind: str, calls: int, seconds: float) -> float:
    """CPU ms of a second of call. Raises FileNotFoundError where the peer is not installed."""
    with TemporaryDirectory() as folder:
        async with PEERS[name](kind, calls, Path(folder)) as bridge:
            parties = [party for call in bridge.calls for party in call]
            pacing = asyncio.create_task(pace(parties))
            await asyncio.sleep(WARM_SECONDS)
            at, came = time.monotonic(), [party.received for party in parties]
            spent = await calmest(bridge.pid, seconds)
            lasted = time.monotonic() - at
            share = min((party.received - was) / (lasted * 50) for party, was in zip(parties, came, strict=True))
            alike = [judged(*call, RATES[kind]) for call in bridge.calls[:JUDGED]]
            pacing.cancel()
            for party in parties:
                party.close()
    print(f"{name}, {kind}, {calls} calls: {share:.3f} arrived, alike {min(alike):.2f} at worst", file=sys.stderr)
    if share < ARRIVED or min(alike) < ALIKE:
        raise OverloadedError(name)
    return spent * 1000 / calls


def judged(first: Party, second: Party, rate: int) -> float:
    """The worse way's correlation of what was said and what came of it at the other end."""
    return min(_heard(first, second, rate), _heard(second, first, rate))


def _heard(speaker: Party, listener: Party, rate: int) -> float:
    """Pieces of what came, looked for in all that was said; the best counts: silence that is not sent shortens some.

    By loudness in steps of 20 ms: two passes of Opus keep the sound and not the waveform.
    """
    heard, said = decoded(listener, rate), np.concatenate([speaker.said, speaker.said[: 4 * rate]])
    pieces = [heard[at * rate : (at + 2) * rate] for at in range(len(heard) // rate - 1)]
    return max((alike_in_loudness(piece, said, rate) for piece in pieces), default=0.0)
