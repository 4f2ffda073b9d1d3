"""The other ends of the edge: a carrier with a 20 ms clock and a browser (aiortc), both keep what they hear."""

import asyncio
import base64
import contextlib
import fractions
import json
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import numpy as np
import numpy.typing as npt
from aiortc import MediaStreamTrack, RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import MediaStreamError
from av import AudioFrame, AudioResampler

from media_edge.sound import g711

Pcm = npt.NDArray[np.int16]


@dataclass
class Heard:
    """Sound with the loop time at which each piece came."""

    rate: int
    pieces: list[tuple[float, Pcm]] = field(default_factory=list)

    def add(self, at: float, pcm: Pcm) -> None:
        self.pieces.append((at, pcm))

    def sound(self) -> Pcm:
        return np.concatenate([pcm for _, pcm in self.pieces]) if self.pieces else np.zeros(0, np.int16)

    def on_clock(self, start: float, seconds: float) -> Pcm:
        """As a listener hears it: piece after piece, and silence where none came for a tenth of a second."""
        out = np.zeros(int(seconds * self.rate) + self.rate, np.int16)
        at = -self.rate
        for when, pcm in self.pieces:
            due = int((when - start) * self.rate)
            at = due if due - at > self.rate // 10 else at
            if 0 <= at < len(out) - len(pcm):
                out[at : at + len(pcm)] = pcm
            at += len(pcm)
        return out[: int(seconds * self.rate)]


class CarrierClient:
    """A carrier's media stream: plays ``says`` (8 kHz) from ``spoke_at`` on, over and over where ``loop``."""

    def __init__(self, url: str, signature: str, call: str, token: str, says: Pcm) -> None:
        self._url, self._signature, self._call, self._token = url, signature, call, token
        self._says = g711.MU.encode(says)
        self.heard = Heard(8_000)
        self.spoke_at = 0.0
        self.trusts: ssl.SSLContext | None = None
        self.closed = asyncio.Event()
        self.close_reason: tuple[int | None, str] = (None, "")

    async def __aenter__(self) -> "CarrierClient":
        self._http = aiohttp.ClientSession()
        try:
            headers = {"X-Twilio-Signature": self._signature}
            trusted = self.trusts if self.trusts is not None else True
            self._socket = await self._http.ws_connect(self._url, headers=headers, compress=0, ssl=trusted)
        except BaseException:
            await self._http.close()
            raise
        await self._send({"event": "connected", "protocol": "Call", "version": "1.0.0"})
        form = {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1}
        start = {"streamSid": "MZ" + self._call, "callSid": self._call, "tracks": ["inbound"], "mediaFormat": form}
        start["customParameters"] = {"token": self._token[:480], "token2": self._token[480:]}
        await self._send({"event": "start", "sequenceNumber": "1", "streamSid": "MZ" + self._call, "start": start})
        self._tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._talk())]
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._socket.close()
        await self._http.close()

    async def press(self, digit: str) -> None:
        """A key of the telephone, as the carrier tells it."""
        await self._send(
            {"event": "dtmf", "streamSid": "MZ" + self._call, "dtmf": {"track": "inbound_track", "digit": digit}}
        )

    async def hang_up(self) -> None:
        await self._send({"event": "stop", "streamSid": "MZ" + self._call, "stop": {"callSid": self._call}})
        self._tasks[1].cancel()
        await self._socket.close()

    async def _send(self, message: Mapping[str, Any]) -> None:
        await self._socket.send_str(json.dumps(message))

    async def _talk(self) -> None:
        loop = asyncio.get_running_loop()
        self.spoke_at = due = loop.time()
        sid, number = "MZ" + self._call, 0
        while not self._socket.closed:
            part = self._says[number * 160 : (number + 1) * 160]
            audio = part + bytes([g711.MU.silence]) * (160 - len(part))
            media = {"track": "inbound", "chunk": str(number + 1), "timestamp": str(5 + number * 20)}
            media["payload"] = base64.b64encode(audio).decode()
            with contextlib.suppress(ConnectionError):
                await self._send({"event": "media", "streamSid": sid, "media": media})
            number += 1
            due += 0.02
            await asyncio.sleep(max(0.0, due - loop.time()))

    async def _listen(self) -> None:
        loop = asyncio.get_running_loop()
        async for message in self._socket:
            if message.type != aiohttp.WSMsgType.TEXT:
                break
            body = json.loads(message.data)
            if body["event"] == "media":
                self.heard.add(loop.time(), g711.MU.decode(base64.b64decode(body["media"]["payload"])))
        self.close_reason = (self._socket.close_code, "")
        self.closed.set()


class Speaker(MediaStreamTrack):
    """A microphone that plays ``says`` (16 kHz), then silence, at its own 20 ms clock."""

    kind = "audio"

    def __init__(self, says: Pcm) -> None:
        super().__init__()
        self._says, self._number = says, 0
        self.spoke_at = 0.0

    async def recv(self) -> AudioFrame:
        if self.readyState != "live":
            raise MediaStreamError
        loop = asyncio.get_running_loop()
        if not self._number:
            self.spoke_at = loop.time()
        await asyncio.sleep(max(0.0, self.spoke_at + self._number * 0.02 - loop.time()))
        part = self._says[self._number * 320 : (self._number + 1) * 320]
        pcm = np.zeros((1, 320), np.int16)
        pcm[0, : len(part)] = part
        frame = AudioFrame.from_ndarray(pcm, format="s16", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = 16_000, self._number * 320, fractions.Fraction(1, 16_000)
        self._number += 1
        return frame


class BrowserClient:
    """WHIP by aiortc; ``forge`` lets a test lie in its offer."""

    def __init__(self, edge_url: str, token: str, says: Pcm) -> None:
        self._url, self._token = edge_url, token
        self.speaker = Speaker(says)
        self.heard = Heard(16_000)
        self.connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self.status, self.location, self.problem = 0, "", ""

    async def join(self, forge: Callable[[str], str] = str) -> "BrowserClient":
        self.connection.addTrack(self.speaker)
        self.connection.on("track", lambda track: setattr(self, "_task", asyncio.create_task(self._listen(track))))
        await self.connection.setLocalDescription(await self.connection.createOffer())
        offer = forge(self.connection.localDescription.sdp)
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/sdp"}
        async with (
            aiohttp.ClientSession() as http,
            http.post(f"{self._url}/whip", data=offer, headers=headers) as answer,
        ):
            self.status, text = answer.status, await answer.text()
            self.location = answer.headers.get("Location", "")
        if self.status == 201:
            await self.connection.setRemoteDescription(RTCSessionDescription(text, "answer"))
        else:
            self.problem = json.loads(text)["code"]
        return self

    async def connected(self, seconds: float = 10) -> None:
        async with asyncio.timeout(seconds):
            while self.connection.connectionState != "connected":
                await asyncio.sleep(0.02)

    async def delete(self) -> int:
        async with aiohttp.ClientSession() as http, http.delete(f"{self._url}{self.location}") as answer:
            return answer.status

    async def close(self) -> None:
        self.speaker.stop()
        await self.connection.close()
        task = getattr(self, "_task", None)
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _listen(self, track: MediaStreamTrack) -> None:
        loop, resampler = asyncio.get_running_loop(), AudioResampler("s16", "mono", 16_000)
        with contextlib.suppress(MediaStreamError):
            while True:
                frame = await track.recv()
                assert isinstance(frame, AudioFrame)
                for piece in resampler.resample(frame):
                    self.heard.add(loop.time(), piece.to_ndarray().reshape(-1).astype(np.int16))
