"""The agent's sound: a WebRTC leg to a media edge (WHIP), as a browser would make it.

aiortc is a good test client (and no more): it answers ICE and DTLS, sends Opus, decodes what comes.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from fractions import Fraction
from typing import Any, Final
from urllib.parse import urljoin

import aiohttp
import numpy as np
from aiortc import MediaStreamTrack, RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import MediaStreamError
from av import AudioFrame

from local.carrier.audio import FRAME, RATE, Samples, Timeline

PAUSE: Final = RATE  # samples of silence between two repetitions of the voice
CLOSE_SECONDS: Final = 2.0
SILENT_FRAMES: Final = 20
"""Opus that is silent sends one frame in so many: 400 ms."""
OPUS_RATE: Final = 48_000


class LegError(Exception):
    """The edge refused the leg; ``status`` is its HTTP status."""

    def __init__(self, status: int) -> None:
        super().__init__(f"WHIP answered {status}")
        self.status = status


class VoiceTrack(MediaStreamTrack):
    """A voice repeated at a true 20 ms clock; ``sent`` is what left, ``began`` when (seconds since the epoch).

    ``every``: of so many frames one is sent, as a browser does while its person is silent.
    """

    kind = "audio"

    def __init__(self, voice: Samples, every: int = 1) -> None:
        super().__init__()
        self._every = every
        self._voice = np.concatenate([voice, np.zeros(PAUSE, np.int16)])
        self.sent = Timeline()
        self.began = 0.0
        self.muted = False
        self._number = 0
        self._clock = 0.0

    async def recv(self) -> AudioFrame:
        """The next 20 ms."""
        if not self._number:
            self.began, self._clock = time.time(), time.monotonic()
        await asyncio.sleep(max(0.0, self._clock + self._number * 0.02 - time.monotonic()))
        at = self._number * FRAME
        sound = np.take(self._voice, np.arange(at, at + FRAME), mode="wrap")
        if self.muted:
            sound = np.zeros(FRAME, np.int16)
        self.sent.write(at, sound)
        frame = AudioFrame.from_ndarray(sound.reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = RATE, at, Fraction(1, RATE)
        self._number += self._every
        return frame


class AgentLeg:
    """One leg. ``light`` sends silence, as seldom as Opus does (DTX), and does not receive: for loads in which
    signalling is what is tested.
    """

    def __init__(self, voice: Samples, light: bool = False) -> None:
        self.voice = VoiceTrack(np.zeros(FRAME, np.int16), SILENT_FRAMES) if light else VoiceTrack(voice)
        self.heard = Timeline()
        self.heard_since = 0.0  # seconds since the epoch at position 0 of ``heard``
        self.joined_after = 0.0  # s from the request to the first frame received
        self._light = light
        self._peer = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self._session = ""
        self._token = ""
        self._listening: asyncio.Task[None] | None = None

    async def join(self, whip: str, token: str) -> None:
        """Offer, post, take the answer. ``LegError`` when refused."""
        began = time.monotonic()
        self._peer.addTransceiver(self.voice, direction="sendonly" if self._light else "sendrecv")
        self._peer.on("track", lambda track: self._listen_to(track, began))
        await self._peer.setLocalDescription(await self._peer.createOffer())
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/sdp"}
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as http,
            http.post(whip, data=self._peer.localDescription.sdp, headers=headers) as answer,
        ):
            if answer.status != 201:
                raise LegError(answer.status)
            self._session, self._token = urljoin(whip, answer.headers["Location"]), token
            sdp = await answer.text()
        await self._peer.setRemoteDescription(RTCSessionDescription(sdp, "answer"))

    def _listen_to(self, track: MediaStreamTrack, began: float) -> None:
        self._listening = asyncio.create_task(self._listen(track, began))

    async def _listen(self, track: MediaStreamTrack, began: float) -> None:
        origin: int | None = None
        async for frame in _frames(track):
            if origin is None:
                origin = int(frame.pts or 0)
                self.heard_since, self.joined_after = time.time(), time.monotonic() - began
            sound = frame.to_ndarray().reshape(-1, len(frame.layout.channels)).mean(axis=1)
            step = frame.sample_rate // RATE
            narrow = sound[: len(sound) // step * step].reshape(-1, step).mean(axis=1).astype(np.int16)
            self.heard.write(max(0, (int(frame.pts or 0) - origin) // step), narrow)

    async def leave(self) -> None:
        """End the leg, politely when the edge still listens."""
        if self._session:
            with suppress(aiohttp.ClientError, TimeoutError):
                async with (
                    aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=3)) as http,
                    http.delete(self._session, headers={"Authorization": f"Bearer {self._token}"}),
                ):
                    pass
        await self.drop()

    async def drop(self) -> None:
        """The page is gone without a word to the edge."""
        if self._listening:
            self._listening.cancel()
        # A close that was cancelled halfway is never done, and a second one would wait for it.
        with suppress(TimeoutError):
            await asyncio.wait_for(self._peer.close(), CLOSE_SECONDS)


async def _frames(track: Any) -> AsyncIterator[AudioFrame]:
    with suppress(MediaStreamError):
        while True:
            yield await track.recv()
