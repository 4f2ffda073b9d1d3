"""CPU of a peer per second of call, with proof that it carried the sound."""

import asyncio
import shutil
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from tests.bench import speech
from tests.bench.peers import aiortc, gstreamer, janus, rtpengine
from tests.bench.peers.party import RATES, Bridging, Party, decoded, pace
from tests.media.running import alike_in_loudness

PEERS: dict[str, tuple[Bridging, dict[str, str]]] = {
    rtpengine.NAME: (rtpengine.bridge, rtpengine.CARRIES),
    janus.NAME: (janus.bridge, janus.CARRIES),
    gstreamer.NAME: (gstreamer.bridge, gstreamer.CARRIES),
    aiortc.NAME: (aiortc.bridge, aiortc.CARRIES),
}
WARM_SECONDS = 4.0
ARRIVED = 0.9  # of the packets that are due (silence is not sent); with fewer it was overloaded, and its figure would mean nothing
ALIKE = 0.85  # correlation of loudness with what was said; speech of another moment reaches some 0.55
JUDGED = 4  # calls that are decoded


def cpu_seconds(pid: int) -> float:
    """Of all its threads, from the scheduler's own clock: the tick's rhythm would beat with one that samples."""
    return sum(int(path.read_text().split()[0]) for path in Path(f"/proc/{pid}/task").glob("*/schedstat")) / 1e9


async def peer_cost(name: str, kind: str, calls: int, seconds: float) -> float:
    """CPU ms of a second of call. Raises FileNotFoundError where the peer is not installed."""
    bridging, _ = PEERS[name]
    with TemporaryDirectory() as folder:
        async with bridging(kind, calls, Path(folder)) as bridge:
            parties = [party for call in bridge.calls for party in call]
            pacing = asyncio.create_task(pace(parties))
            await asyncio.sleep(WARM_SECONDS)
            before, at, came = cpu_seconds(bridge.pid), time.monotonic(), [party.received for party in parties]
            await asyncio.sleep(seconds)
            spent, lasted = cpu_seconds(bridge.pid) - before, time.monotonic() - at
            share = min((party.received - was) / (lasted * 50) for party, was in zip(parties, came, strict=True))
            alike = [judged(*call, RATES[kind]) for call in bridge.calls[:JUDGED]]
            pacing.cancel()
            for party in parties:
                party.close()
    print(f"{name} {kind}: {share:.3f} arrived, alike {min(alike):.2f} at worst", file=sys.stderr)
    assert share >= ARRIVED, f"{name}: only {share:.2f} of the packets came"
    assert min(alike) >= ALIKE, f"{name}: what came is not what was said: {alike}"
    return spent * 1000 / (calls * lasted)


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
