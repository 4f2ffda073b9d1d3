"""The same speech over the same lines without the product's page: FEC and PLC alone, native RED, aiortc, no protection.

Part of ``make bench NAME=loss``. A plain page joins our edge, or a server of aiortc's parts as they come.
"""

import asyncio
import base64
import fractions
import os
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any, Final

import aioice.ice
import numpy as np
from aiohttp import web
from aiortc import MediaStreamTrack, RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import MediaStreamError
from av import AudioFrame, AudioResampler

from tests.bench import loss, plot
from tests.bench.line_page import page_at
from tests.media.clients import Heard
from tests.media.running import Pcm

SHAPES: Final = {"fec": "opus", "red": "red", "bare": "bare"}
SEEDS: Final = (1,)
NAMES: Final = {
    "fec": "our edge, FEC and PLC alone",
    "red": "our edge, the browser's own RED",
    "aiortc": "aiortc's buffer and decoder",
    "bare": "our edge, Opus without protection",
}


async def played(name: str, line: str, seed: int, folder: Path) -> dict[str, Any]:
    """As ``loss.played``."""
    if name != "aiortc":
        return await loss.played(line, seed, folder, SHAPES[name])
    return await _by_aiortc(line, seed, folder)


def measured(lines: Sequence[str], ours: Mapping[str, float]) -> dict[str, dict[str, float]]:
    """PESQ-WB of the worse way, by contender and line; and the plot over bursty loss, with the product's own."""
    found: dict[str, dict[str, float]] = {}
    for name in os.environ.get("BESIDE", " ".join(NAMES)).split():
        print(NAMES[name])
        chosen = [line for line in lines if line == "clean" or name != "bare"]
        found[name] = {line: loss.told_of(line, line, SEEDS, partial(played, name)) for line in chosen}
    series = {
        name: {round(100 * loss.LINES[line][0]): score for line, score in scores.items() if line in lines}
        for name, scores in {"ours": ours, **found}.items()
    }
    drawn = {name: points for name, points in series.items() if len(points) > 1}
    if drawn:
        print(plot.lines("loss", drawn, ("packets lost in bursts of three, %", "PESQ-WB, the worse way")))
    return found


class _Relay(loss.Relay):
    """Its side towards the server has an address before the server has one."""

    async def open(self) -> int:
        port = await super().open()
        self._back.close()
        self._back, _ = await asyncio.get_running_loop().create_datagram_endpoint(
            lambda: loss._Side(self._from_edge), local_addr=("127.0.0.1", 0)
        )
        self.back_port: int = self._back.get_extra_info("sockname")[1]
        return port

    def meet(self, port: int) -> None:
        self._edge = ("127.0.0.1", port)

    def _from_browser(self, data: bytes, address: tuple[str, int]) -> None:
        self._browser = address
        if not (loss.is_media(data) and self.up.takes()):
            self.bytes["up"] += len(data) * loss.is_media(data)
            self._back.sendto(data, self._edge)


class _Saying(MediaStreamTrack):
    """Speech over and over, 16 kHz, at its own clock."""

    kind = "audio"

    def __init__(self, says: Pcm) -> None:
        super().__init__()
        self._says, self._number, self._began = says, 0, asyncio.get_running_loop().time()

    async def recv(self) -> AudioFrame:
        await asyncio.sleep(max(0.0, self._began + self._number * 0.02 - asyncio.get_running_loop().time()))
        at = self._number * 320 % (len(self._says) - 320)
        frame = AudioFrame.from_ndarray(self._says[at : at + 320].reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = 16_000, self._number * 320, fractions.Fraction(1, 16_000)
        self._number += 1
        return frame


class _Server:
    """Takes one browser; ``heard`` is what its decoder gave."""

    def __init__(self, relay: _Relay, front: int, said: Pcm) -> None:
        self.heard = Heard(loss.RATE)
        self.connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self._relay, self._front, self._said = relay, front, said

    async def whip(self, request: web.Request) -> web.Response:
        offer = await request.text()
        lines = [each for each in offer.splitlines() if not each.startswith("a=candidate")]
        back = f"a=candidate:1 1 udp 2130706431 127.0.0.1 {self._relay.back_port} typ host"
        self.connection.on("track", lambda track: setattr(self, "task", asyncio.create_task(self._listen(track))))
        text = "\r\n".join([*lines, back, ""])
        await self.connection.setRemoteDescription(RTCSessionDescription(text, "offer"))
        self.connection.addTrack(_Saying(self._said))
        await self.connection.setLocalDescription(await self.connection.createAnswer())
        answer = self.connection.localDescription.sdp
        found = re.search(r"a=candidate:\S+ 1 udp \d+ 127\.0\.0\.1 (\d+)", answer)
        assert found, answer
        self._relay.meet(int(found[1]))
        answer = answer.replace(f" 127.0.0.1 {found[1]} ", f" 127.0.0.1 {self._front} ")
        allowed = {"Access-Control-Allow-Origin": "*"}
        return web.Response(status=201, text=answer, content_type="application/sdp", headers=allowed)

    async def _listen(self, track: MediaStreamTrack) -> None:
        loop, resampler = asyncio.get_running_loop(), AudioResampler("s16", "mono", loss.RATE)
        try:
            while True:
                frame = await track.recv()
                assert isinstance(frame, AudioFrame)
                for piece in resampler.resample(frame):
                    self.heard.add(loop.time(), piece.to_ndarray().reshape(-1).astype(np.int16))
        except MediaStreamError:
            return


@asynccontextmanager
async def _serving(server: _Server) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_post("/whip", server.whip)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    before, aioice.ice.get_host_addresses = aioice.ice.get_host_addresses, lambda use_ipv4, use_ipv6: ["127.0.0.1"]
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        aioice.ice.get_host_addresses = before
        await server.connection.close()
        await runner.cleanup()


async def _by_aiortc(line: str, seed: int, folder: Path) -> dict[str, Any]:
    share, burst = loss.LINES[line]
    said, loop = loss.spoken(loss.clips()), asyncio.get_running_loop()
    measured = 2 * len(said) / loss.RATE
    relay = _Relay(("127.0.0.1", 9), loss.Loss(share, burst, seed), loss.Loss(share, burst, seed + 1000))
    server = _Server(relay, await relay.open(), said)
    microphone = folder / f"{line}-{seed}.wav"
    loss._write(microphone, said)
    async with _serving(server) as url, page_at(microphone, *loss.PLAIN) as page:
        await page.evaluate("(given) => join(...given)", [url, "token"])
        relay.up.on = relay.down.on = share > 0
        await asyncio.sleep(loss.ADAPT_SECONDS)
        begun = loop.time()
        relay.bytes.update(up=0, down=0)
        await asyncio.sleep(measured)
        heard = await page.evaluate("() => told().then((all) => all.ear.pcm)")
    relay.close()
    return {
        "up": server.heard.on_clock(begun, measured),
        "down": np.frombuffer(base64.b64decode(heard), np.int16)[int(loss.ADAPT_SECONDS * loss.RATE) :],
        "kbit": {way: round(8 * count / measured / 1000, 1) for way, count in relay.bytes.items()},
    }
