"""GStreamer: one ``gst-launch-1.0`` with two chains a call, each with jitter buffer, decoder, mixer, encoder."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.bench.peers.party import OPUS, PCMU, RATES, Bridge, Line, ended, free_udp_ports
from tests.bench.speech import BITRATE, COMPLEXITY

NAME = "gstreamer"
CARRIES = {"phone": "plain RTP, FEC on", "wide": "plain RTP, FEC on"}
PROGRAM = "gst-launch-1.0"
LATENCY_MS = 60
START_SECONDS = 10.0

_TAKEN = {
    OPUS: "encoding-name=OPUS,clock-rate=48000,payload=111",
    PCMU: "encoding-name=PCMU,clock-rate=8000,payload=0",
}
_DECODED = {
    OPUS: "rtpopusdepay ! opusdec plc=true use-inband-fec=true",
    PCMU: "rtppcmudepay ! mulawdec",
}
_ENCODED = {
    OPUS: f"opusenc bitrate={BITRATE} complexity={COMPLEXITY} inband-fec=true packet-loss-percentage=0 dtx=true "
    "audio-type=voice bandwidth=auto frame-size=20 ! rtpopuspay pt=111",
    PCMU: "mulawenc ! rtppcmupay pt=0 min-ptime=20000000 max-ptime=20000000",
}


@asynccontextmanager
async def bridge(kind: str, calls: int, folder: Path) -> AsyncIterator[Bridge]:
    """Raises FileNotFoundError where the program is missing."""
    if shutil.which(PROGRAM) is None:
        raise FileNotFoundError(PROGRAM)
    codecs = (PCMU if kind == "phone" else OPUS, OPUS)
    made = [(Line(codecs[0], kind, 2 * n), Line(codecs[1], kind, 2 * n + 1)) for n in range(calls)]
    ports, chains = free_udp_ports(2 * calls), list[str]()
    for n, (first, second) in enumerate(made):
        first.aim(ports[2 * n])
        second.aim(ports[2 * n + 1])
        chains += [_chain(ports[2 * n], first, second, kind), _chain(ports[2 * n + 1], second, first, kind)]
    with (folder / "gstreamer.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(PROGRAM, *" ".join(chains).split(), stdout=log, stderr=log)
    try:
        # Packets that come while it starts leave some mixers far ahead of the clock, and their ends in silence.
        async with asyncio.timeout(START_SECONDS):
            while b"New clock" not in (folder / "gstreamer.log").read_bytes():
                await asyncio.sleep(0.05)
        yield Bridge(process.pid, made)
    finally:
        await ended(process)


def _chain(port: int, source: Line, listener: Line, kind: str) -> str:
    raw = f"audio/x-raw,format=S16LE,rate={RATES[kind]},channels=1"
    return (
        f"udpsrc address=127.0.0.1 port={port} caps=application/x-rtp,media=audio,{_TAKEN[source.codec]} "
        f"! rtpjitterbuffer latency={LATENCY_MS} ! {_DECODED[source.codec]} ! {raw} "
        f"! audiomixer start-time-selection=first ! {raw} "
        f"! {_ENCODED[listener.codec]} ! udpsink host=127.0.0.1 port={listener.port} sync=false async=false"
    )
