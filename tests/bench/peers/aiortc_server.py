"""A bridge of two ends made of aiortc as it comes: ``python -m tests.bench.peers.aiortc_server PORT``.

``POST /whip`` joins a browser, ``/stream`` a phone by the carrier's protocol; the token is the name of the room. Each
end hears the other's decoded sound, encoded again; nothing is mixed.
"""

import asyncio
import base64
import fractions
import json
import sys
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import aioice.ice
import numpy as np
from aiohttp import web
from aiortc import MediaStreamTrack, RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import MediaStreamError
from av import AudioFrame, AudioResampler

from media_edge.sound import g711

QUEUED = 10  # frames of 20 ms that wait for the encoder; then the oldest goes


class Through(MediaStreamTrack):
    """What one end says, once that end is there."""

    kind = "audio"

    def __init__(self) -> None:
        super().__init__()
        self.source: asyncio.Future[MediaStreamTrack] = asyncio.get_running_loop().create_future()

    async def recv(self) -> Any:
        return await (await self.source).recv()


class FromPhone(MediaStreamTrack):
    """Frames of 8 kHz as the carrier sends them."""

    kind = "audio"

    def __init__(self) -> None:
        super().__init__()
        self._queue: asyncio.Queue[bytes] = asyncio.Queue(QUEUED)
        self._number = 0

    def put(self, payload: bytes) -> None:
        if self._queue.full():
            self._queue.get_nowait()
        self._queue.put_nowait(payload)

    async def recv(self) -> AudioFrame:
        pcm = g711.MU.decode(await self._queue.get())
        frame = AudioFrame.from_ndarray(pcm.reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = 8_000, self._number * 160, fractions.Fraction(1, 8_000)
        self._number += 1
        return frame


@dataclass
class Room:
    """``ways`` by the order of joining: what the first and the second say."""

    joined: int = 0
    ways: list[Through] = field(default_factory=lambda: [Through(), Through()])

    def join(self) -> tuple[Through, Through]:
        """What the new end says and what it hears."""
        here, self.joined = self.joined, self.joined + 1
        return self.ways[here], self.ways[1 - here]


ROOMS: defaultdict[str, Room] = defaultdict(Room)
KEPT: list[RTCPeerConnection] = []


async def whip(request: web.Request) -> web.Response:
    says, hears = ROOMS[request.headers["Authorization"].removeprefix("Bearer ")].join()
    connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
    KEPT.append(connection)
    connection.on("track", says.source.set_result)
    await connection.setRemoteDescription(RTCSessionDescription(await request.text(), "offer"))
    connection.addTrack(hears)
    await connection.setLocalDescription(await connection.createAnswer())
    headers = {"Location": f"/whip/{len(KEPT)}", "ETag": '"1"', "Access-Control-Allow-Origin": "*"}
    headers["Access-Control-Expose-Headers"] = "Location, ETag"
    return web.Response(
        status=201, text=connection.localDescription.sdp, content_type="application/sdp", headers=headers
    )


async def preflight(_: web.Request) -> web.Response:
    allowed = {"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Headers": "authorization, content-type"}
    return web.Response(headers=allowed | {"Access-Control-Allow-Methods": "POST"})


async def stream(request: web.Request) -> web.WebSocketResponse:
    socket = web.WebSocketResponse(compress=False)
    await socket.prepare(request)
    track, telling = FromPhone(), None
    async for message in socket:
        body = json.loads(message.data)
        if body["event"] == "start":
            says, hears = ROOMS[body["start"]["customParameters"]["token"]].join()
            says.source.set_result(track)
            telling = asyncio.create_task(_tell(socket, body["streamSid"], hears))
        elif body["event"] == "media":
            track.put(base64.b64decode(body["media"]["payload"]))
    if telling is not None:
        telling.cancel()
    return socket


async def _tell(socket: web.WebSocketResponse, sid: str, hears: Through) -> None:
    resampler, waiting = AudioResampler("s16", "mono", 8_000), np.zeros(0, np.int16)
    try:
        while True:
            for piece in resampler.resample(await hears.recv()):
                waiting = np.concatenate([waiting, piece.to_ndarray().reshape(-1).astype(np.int16)])
            while len(waiting) >= 160:
                payload = base64.b64encode(g711.MU.encode(waiting[:160])).decode()
                waiting = waiting[160:]
                await socket.send_str(json.dumps({"event": "media", "streamSid": sid, "media": {"payload": payload}}))
    except (MediaStreamError, ConnectionError):
        return


async def health(_: web.Request) -> web.Response:
    return web.json_response({"rooms": len(ROOMS)})


def main() -> None:
    # Loopback alone: aioice leaves it out, and a machine without a network has nothing else.
    aioice.ice.get_host_addresses = lambda use_ipv4, use_ipv6: ["127.0.0.1"]
    app = web.Application()
    app.add_routes([web.post("/whip", whip), web.options("/whip", preflight)])
    app.add_routes([web.get("/stream", stream), web.get("/health", health)])
    web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), print=None)


if __name__ == "__main__":
    main()
