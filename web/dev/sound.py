"""A WHIP endpoint that keeps a leg alive: it answers silence, so that the browser has something to measure."""

import uuid

from aiohttp import web
from aiortc import RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import AudioStreamTrack

legs: dict[str, RTCPeerConnection] = {}


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
