"""A WHIP endpoint that keeps a leg alive: it answers silence, so that the browser has something to measure."""

import base64
import io
import math
import struct
import uuid
import wave

from aiohttp import web
from aiortc import RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import AudioStreamTrack

legs: dict[str, RTCPeerConnection] = {}


def spoken() -> str:
    """Some seconds of a tone in place of a caller's voice: base64 of a WAV."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8_000)
        file.writeframes(b"".join(struct.pack("<h", round(3_000 * math.sin(n / 4))) for n in range(8_000 * 23)))
    return base64.b64encode(out.getvalue()).decode()


async def join(request: web.Request) -> web.Response:
    peer = RTCPeerConnection()
    peer.addTrack(AudioStreamTrack())
    await peer.setRemoteDescription(RTCSessionDescription(sdp=await request.text(), type="offer"))
    await peer.setLocalDescription(await peer.createAnswer())
    session = uuid.uuid4().hex
    legs[session] = peer
    return web.Response(
        status=201,
        text=peer.localDescription.sdp,
        content_type="application/sdp",
        headers={"Location": f"/edge/whip/{session}"},
    )


async def leave(request: web.Request) -> web.Response:
    peer = legs.pop(request.match_info["session"], None)
    if peer is not None:
        await peer.close()
    return web.Response(status=204)
