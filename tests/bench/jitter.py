"""Added delay and concealed share of our jitter buffer and of aiortc's, over networks that hold packets up.

    make bench NAME=jitter

Both buffers as they are, in time that is reckoned and not waited for: the same seeded arrivals of natural speech, whose
pauses are silence that is sent. A packet is up to J ms late, never before the one in front of it; some three
times a minute a spike holds everything for J ms more. aiortc's frames are played by a clock of 20 ms, as an ear would.
"""

import json
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

import numpy as np
from aiortc.jitterbuffer import JitterBuffer as TheirBuffer
from aiortc.rtp import RtpPacket

from media_edge.legs.browser import QUIET_PEAK
from media_edge.sound.jitter import JitterBuffer, Kind
from media_edge.wire import rtp
from tests.bench import plot, speech
from tests.bench.student import interval
from tests.media.running import Pcm

JITTERS: Final = (0, 20, 40, 60, 80, 100, 150, 200)  # ms
SEEDS: Final = (1, 2, 3, 4, 5)
SECONDS: Final = 180
SPIKE_EVERY_SECONDS: Final = 20.0
FRAME_MS: Final = 20.0
PAUSE_FRAMES: Final = 20
CAPACITY, PREFETCH = 16, 4  # of aiortc's receiver of sound


@dataclass
class Played:
    """What became of the frames: ms between sent and played, and ticks that had none once playing had begun."""

    delays: list[float] = field(default_factory=list)
    ticks: int = 0
    empty: int = 0
    sent: int = 0

    def figures(self) -> dict[str, float]:
        p50, p99 = (float(np.percentile(self.delays, each)) for each in (50, 99))
        unheard = 1 - len(self.delays) / self.sent
        return {"added_p50": p50, "added_p99": p99, "concealed": self.empty / self.ticks, "unheard": unheard}


def arrivals(jitter: float, frames: int, seed: int) -> list[float]:
    """ms after the first was sent at which each packet comes; in order."""
    chance = Random(seed)
    came, last = list[float](), 0.0
    spike_at = chance.expovariate(1 / SPIKE_EVERY_SECONDS) * 1000
    for n in range(frames):
        sent = n * FRAME_MS
        late = chance.uniform(0, jitter)
        if sent >= spike_at + jitter:
            spike_at = sent + chance.expovariate(1 / SPIKE_EVERY_SECONDS) * 1000
        if sent >= spike_at:
            late += spike_at + jitter - sent
        last = max(last, sent + late)
        came.append(last)
    return came


def ours(came: list[float], quiet: list[bool], phase: float) -> Played:
    buffer, played, last = JitterBuffer(rtp.FRAME), Played(sent=len(came)), 0

    def is_quiet() -> bool:
        return quiet[last % len(quiet)]

    for now, arrived in _ticks(came, phase):
        for n in arrived:
            buffer.put(n * rtp.FRAME, n.to_bytes(4, "big"), came[n])
        taken = buffer.take(is_quiet)
        if taken.kind is Kind.FRAME:
            last = int.from_bytes(taken.payload, "big")
            played.delays.append(now - last * FRAME_MS)
        _count(played, taken.kind is Kind.FRAME)
    return played


def theirs(came: list[float], phase: float) -> Played:
    buffer, played, queue = TheirBuffer(CAPACITY, PREFETCH), Played(sent=len(came)), deque[int]()
    for now, arrived in _ticks(came, phase):
        for n in arrived:
            packet = RtpPacket(payload_type=111, sequence_number=n & 0xFFFF, timestamp=n * rtp.FRAME)
            packet._data = n.to_bytes(4, "big")  # type: ignore[attr-defined]  # what its depacketiser leaves there
            _, frame = buffer.add(packet)
            if frame is not None:
                queue.append(int.from_bytes(frame.data, "big"))
        if queue:
            played.delays.append(now - queue.popleft() * FRAME_MS)
            _count(played, True)
        else:
            _count(played, False)
    return played


def _count(played: Played, full: bool) -> None:
    if played.delays:
        played.ticks += 1
        played.empty += not full


def _ticks(came: list[float], phase: float) -> Iterator[tuple[float, list[int]]]:
    """Every 20 ms of the listener's clock: when, and what came since."""
    following, now = 0, phase
    while following < len(came):
        arrived = list[int]()
        while following < len(came) and came[following] <= now:
            arrived.append(following)
            following += 1
        yield now, arrived
        now += FRAME_MS


def quiet_frames() -> list[bool]:
    """Of speech with the pauses in which a buffer may shorten its delay."""
    said, pause = speech.natural(16_000), np.zeros(320 * PAUSE_FRAMES, np.int16)
    pieces = [part for at in range(0, len(said), 16_000 * 3) for part in (said[at : at + 16_000 * 3], pause)]
    whole: Pcm = np.concatenate(pieces)
    frames = whole[: len(whole) // 320 * 320].reshape(-1, 320)
    return [bool(peak < QUIET_PEAK) for peak in np.abs(frames[:, ::8].astype(int)).max(axis=1)]


def swept(jitter: float, quiet: list[bool]) -> dict[str, dict[str, tuple[float, float]]]:
    """Mean and half of its 95 % interval of each figure."""
    found: dict[str, list[dict[str, float]]] = {"ours": [], "aiortc": []}
    for seed in SEEDS:
        came, phase = arrivals(jitter, SECONDS * 50, seed), Random(-seed).uniform(0, FRAME_MS)
        found["ours"].append(ours(came, quiet, phase).figures())
        found["aiortc"].append(theirs(came, phase).figures())
    return {
        name: {figure: interval([each[figure] for each in runs], 0.95) for figure in runs[0]}
        for name, runs in found.items()
    }


def main() -> None:
    quiet, swept_by = quiet_frames(), dict[int, dict[str, dict[str, tuple[float, float]]]]()
    print(f"{'J ms':>5}{'buffer':>8}{'added p50':>16}{'added p99':>16}{'concealed %':>18}{'never heard %':>18}")
    for jitter in JITTERS:
        swept_by[jitter] = swept(jitter, quiet)
        for name, seen in swept_by[jitter].items():
            times = "".join(f"{seen[key][0]:8.0f} +- {seen[key][1]:4.0f}" for key in ("added_p50", "added_p99"))
            shares = "".join(
                f"{100 * seen[key][0]:10.2f} +- {100 * seen[key][1]:4.2f}" for key in ("concealed", "unheard")
            )
            print(f"{jitter:5}{name:>8}{times}{shares}")
    for figure, title in (("added_p50", "added delay p50, ms"), ("concealed", "share concealed")):
        series = {name: {j: swept_by[j][name][figure][0] for j in JITTERS} for name in ("ours", "aiortc")}
        print(plot.lines(f"jitter-{figure}", series, ("jitter, ms", title)))
    print(json.dumps(_means(swept_by)))


def _means(swept_by: dict[int, dict[str, dict[str, tuple[float, float]]]]) -> dict[str, Any]:
    return {
        str(jitter): {name: {key: round(mean, 4) for key, (mean, _) in seen.items()} for name, seen in both.items()}
        for jitter, both in swept_by.items()
    }


if __name__ == "__main__":
    main()
