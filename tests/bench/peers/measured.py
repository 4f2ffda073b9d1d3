"""CPU of a peer per second of call, with proof that it carried the sound."""

import asyncio
import contextlib
import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

import numpy as np

from tests.bench.peers import aiortc, gstreamer, janus, rtpengine
from tests.bench.peers.party import RATES, Bridging, Party, decoded, pace
from tests.media.running import alike_in_loudness

_MODULES = (rtpengine, janus, gstreamer, aiortc)
PEERS: dict[str, Bridging] = {each.NAME: each.bridge for each in _MODULES}
CARRIES = {each.NAME: each.CARRIES for each in _MODULES}
AT_MOST = {aiortc.NAME: 4}  # calls: one process of it carries hardly more
WARM_SECONDS, WINDOW_SECONDS = 3.0, 2.0
WHOLE = 0.97  # of the packets that are due in a window
BEFORE_OTHERS = -12  # nice
PATIENCE = 3  # times as many windows, where none was whole
ARRIVED = 0.9  # of the packets that are due; silence is not sent
ALIKE = 0.85  # correlation of loudness with what was said; speech of another moment reaches some 0.55
JUDGED = 4  # calls that are decoded


class Hearing(Protocol):
    """Somebody who counts what comes."""

    received: int


class OverloadedError(Exception):
    """Fewer packets came than were due, or another sound than was said: its figure would mean nothing."""


@contextmanager
def before_others() -> Iterator[None]:
    """With FIRST=1: all that is measured, and its load, before what else runs on a machine that is not calm.

    It takes time from its neighbours, so nobody gets it unasked. Linux shares out time between sessions first
    (sched(7), autogroups). Where it may not be, nothing changes.
    """
    if os.environ.get("FIRST") != "1":
        yield
        return
    group = Path("/proc/self/autogroup")
    with contextlib.suppress(OSError):
        group.write_text(str(BEFORE_OTHERS))
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            group.write_text("0")


def cpu_seconds(pid: int) -> float:
    """Of all its threads, from the scheduler's own clock: the tick's rhythm would beat with one that samples."""
    return sum(int(path.read_text().split()[0]) for path in Path(f"/proc/{pid}/task").glob("*/schedstat")) / 1e9


async def calmest(pid: int, seconds: float, parties: Sequence[Hearing]) -> tuple[float, float]:
    """CPU seconds of a second that was carried, in the cheapest window that carried all, and the share it carried.

    What else runs on the machine makes every instruction dearer; a window in which the process had no time to work is
    cheap for nothing, so what counts is what came out. Where no window was whole, the fullest one counts.
    """
    found, count = list[tuple[float, float]](), max(1, round(seconds / WINDOW_SECONDS))
    while len(found) < count or (max(share for _, share in found) < WHOLE and len(found) < PATIENCE * count):
        before, at, came = cpu_seconds(pid), time.monotonic(), sum(party.received for party in parties)
        await asyncio.sleep(WINDOW_SECONDS)
        lasted = time.monotonic() - at
        carried = (sum(party.received for party in parties) - came) / (50 * len(parties))
        found.append(((cpu_seconds(pid) - before) / max(carried, 0.02), carried / lasted))
    whole = [window for window in found if window[1] >= WHOLE]
    return min(whole) if whole else max(found, key=lambda window: window[1])


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
            spent, _ = await calmest(bridge.pid, seconds, parties)
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
