"""aiortc: a bridge in a process of its own; browsers over ICE, DTLS and SRTP, phones over a WebSocket."""

import asyncio
import base64
import contextlib
import json
import os
import secrets
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import numpy as np
from OpenSSL import SSL
from pylibsrtp import Policy, Session

from local.processes import free_port
from media_edge.wire import dtls, rtp, stun
from tests.bench import speech
from tests.bench.media_client import KEY, PROFILE, SALT, LightBrowser
from tests.bench.peers.party import OPUS, PCMU, RATES, Bridge, Party, ended, keep, packets

NAME = "aiortc"
_OPUS = "Opus 48 kHz stereo, 96 kbit/s, complexity 10, no FEC"
CARRIES = {"phone": f"SRTP, ICE and WebSocket, {_OPUS}", "wide": f"SRTP, ICE, {_OPUS}"}
START_SECONDS = 10.0


@asynccontextmanager
async def bridge(kind: str, calls: int, folder: Path) -> AsyncIterator[Bridge]:
    async with server(folder) as (pid, url), aiohttp.ClientSession() as http:
        made = list[tuple[Party, Party]]()
        for n in range(calls):
            if kind == "phone":
                first: Phone | Browser = Phone(f"{url}/stream", f"room-{n}", 2 * n)
            else:
                first = Browser(url, f"room-{n}", kind, 2 * n)
            second = Browser(url, f"room-{n}", kind, 2 * n + 1)
            await first.join(http)
            await second.join(http)
            made.append((first, second))
        yield Bridge(pid, made)


@asynccontextmanager
async def server(folder: Path) -> AsyncIterator[tuple[int, str]]:
    """Its pid and address, once it answers."""
    port = free_port(0)
    environment = {"PATH": os.environ.get("PATH", ""), "PYTHONPATH": os.pathsep.join(each or "." for each in sys.path)}
    with (folder / "aiortc.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.bench.peers.aiortc_server", str(port), env=environment, stdout=log, stderr=log
        )
    try:
        url = f"http://127.0.0.1:{port}"
        async with asyncio.timeout(START_SECONDS), aiohttp.ClientSession() as http:
            while True:
                with contextlib.suppress(aiohttp.ClientConnectionError):
                    async with http.get(f"{url}/health") as answer:
                        assert answer.status == 200
                        break
                await asyncio.sleep(0.1)
        yield process.pid, url
    finally:
        await ended(process)


class Browser(LightBrowser):
    """A light browser that answers the checks of a full ICE agent, and keeps what it hears."""

    setup = "active"  # aiortc would be the client of DTLS otherwise
    codec = OPUS

    def __init__(self, url: str, token: str, kind: str, number: int) -> None:
        super().__init__(url, token, packets(OPUS, kind, number))
        self.said = np.roll(speech.natural(RATES[kind]), -number * speech.APART * RATES[kind] // 50)
        self.kept: list[bytes] = []
        self._in: Session | None = None
        port = self._socket.getsockname()[1]
        self.extra_lines = f"a=candidate:1 1 udp 2130706431 127.0.0.1 {port} typ host\r\na=sendrecv\r\n"

    def _read(self) -> None:
        for _ in range(16):
            try:
                data = self._socket.recv(2048)
            except BlockingIOError:
                return
            if data[0] < 128:
                self._control(data)
            elif self._in is not None and not rtp.is_rtcp(data):
                self.received += 1
                keep(self.kept, rtp.parse(self._in.unprotect(data)).payload)

    def _control(self, data: bytes) -> None:
        if stun.looks_like_stun(data):
            with contextlib.suppress(stun.StunError):
                asked = stun.parse_request(data)
                self._socket.sendto(stun.success(asked.transaction, self._edge, self._password), self._edge)
        super()._control(data)
        if self._out is not None and self._in is None:
            with contextlib.suppress(SSL.Error):
                exported = self._tls.export_keying_material(dtls.EXPORTER, 2 * (KEY + SALT))
                theirs = exported[KEY : 2 * KEY] + exported[2 * KEY + SALT :]
                self._in = Session(Policy(theirs, Policy.SSRC_ANY_INBOUND, srtp_profile=PROFILE))


class Phone:
    """A carrier's stream that is paced from outside."""

    codec = PCMU

    def __init__(self, url: str, token: str, number: int) -> None:
        self._url, self._token = url, token
        self._packets = [base64.b64encode(each).decode() for each in packets(PCMU, "phone", number)]
        self.said = np.roll(speech.natural(8_000), -number * speech.APART * 160)
        self.received, self.kept = 0, list[bytes]()
        self._number, self._sid = 0, "MZ" + secrets.token_hex(16)
        self._sending = set[asyncio.Task[None]]()

    async def join(self, http: aiohttp.ClientSession) -> None:
        self._socket = await http.ws_connect(self._url, compress=0)
        start = {"streamSid": self._sid, "customParameters": {"token": self._token}}
        await self._socket.send_str(json.dumps({"event": "start", "streamSid": self._sid, "start": start}))
        self._listening = asyncio.create_task(self._listen())

    def send(self) -> None:
        n, self._number = self._number, self._number + 1
        media = {"chunk": str(n + 1), "timestamp": str(n * 20), "payload": self._packets[n % len(self._packets)]}
        text = json.dumps({"event": "media", "streamSid": self._sid, "media": media})
        task = asyncio.create_task(self._say(text))
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)

    async def _say(self, text: str) -> None:
        with contextlib.suppress(ConnectionError):
            await self._socket.send_str(text)

    def close(self) -> None:
        self._listening.cancel()

    async def _listen(self) -> None:
        async for message in self._socket:
            body: dict[str, Any] = json.loads(message.data)
            self.received += 1
            keep(self.kept, base64.b64decode(body["media"]["payload"]))
