"""One end of a call at a peer: plain RTP, speech encoded once, everything that comes back is kept as it came."""

import asyncio
import contextlib
import socket
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

import numpy as np

from media_edge.sound import g711, opus
from media_edge.wire import rtp
from tests.bench import speech
from tests.media.running import Pcm

OPUS, PCMU = 111, 0
STEP: Final = {OPUS: 960, PCMU: 160}  # clock ticks of 20 ms
RATES: Final = {"phone": 8_000, "wide": 16_000}
KEPT = 200  # packets that are kept to be heard, 4 s


class Party(Protocol):
    """What the pacing and the judging need of any end."""

    received: int
    kept: list[bytes]
    """Payloads, the last ones."""
    codec: int
    said: Pcm
    """At the rate of the call, from what it sends."""

    def send(self) -> None: ...
    def close(self) -> None: ...


@dataclass(frozen=True)
class Bridge:
    """A running peer: its process, and calls of two ends each."""

    pid: int
    calls: Sequence[tuple[Party, Party]]


Bridging = Callable[[str, int, Path], AbstractAsyncContextManager[Bridge]]
"""``kind`` (phone or wide), calls, a folder for what it writes."""


class Line:
    """Plain RTP. ``aim`` it once the peer has said where."""

    def __init__(self, codec: int, kind: str, number: int, port: int = 0) -> None:
        self.codec, self.received, self.kept = codec, 0, list[bytes]()
        self.said = np.roll(speech.natural(RATES[kind]), -number * speech.APART * RATES[kind] // 50)
        self._packets = packets(codec, kind, number)
        self._number, self._ssrc, self._to = 0, 1000 + number, ("127.0.0.1", 0)
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        self._socket.bind(("127.0.0.1", port))
        self.port: int = self._socket.getsockname()[1]
        asyncio.get_running_loop().add_reader(self._socket, self._read)

    def aim(self, port: int) -> None:
        self._to = ("127.0.0.1", port)

    def send(self) -> None:
        n, self._number = self._number, self._number + 1
        payload = self._packets[n % len(self._packets)]
        data = rtp.pack(self.codec, n == 0, n & 0xFFFF, n * STEP[self.codec], self._ssrc, payload)
        with contextlib.suppress(BlockingIOError, ConnectionRefusedError):
            self._socket.sendto(data, self._to)

    def close(self) -> None:
        asyncio.get_running_loop().remove_reader(self._socket)
        self._socket.close()

    def _read(self) -> None:
        for _ in range(16):
            try:
                data = self._socket.recv(2048)
            except (BlockingIOError, ConnectionRefusedError):
                return
            if not rtp.is_rtcp(data):
                self.received += 1
                keep(self.kept, rtp.parse(data).payload)


def packets(codec: int, kind: str, number: int) -> list[bytes]:
    """What party ``number`` sends: the same speech for all, each at another place of it."""
    shift = number * speech.APART
    made = _encoded(codec, kind)
    shift %= len(made)
    return made[shift:] + made[:shift]


def _encoded(codec: int, kind: str) -> list[bytes]:
    key = (codec, kind)
    if key not in _MADE:
        said = speech.natural(RATES[kind])
        _MADE[key] = speech.encoded(said, RATES[kind]) if codec == OPUS else speech.mu_law(said)
    return _MADE[key]


_MADE: dict[tuple[int, str], list[bytes]] = {}


def keep(kept: list[bytes], payload: bytes) -> None:
    kept.append(payload)
    if len(kept) > KEPT:
        del kept[0]


def decoded(party: Party, rate: int) -> Pcm:
    """What the party heard last, at ``rate``; a packet of another length than 20 ms ends the judging with an error."""
    if party.codec == PCMU:
        return np.concatenate([g711.MU.decode(payload) for payload in party.kept])
    decoder = opus.Decoder(opus.library(), rate)
    return np.concatenate([decoder.decode(payload) for payload in party.kept])


def free_udp_ports(count: int) -> list[int]:
    """Ports nobody has now, all different."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]


async def pace(parties: Sequence[Party]) -> None:
    """Each sends once every 20 ms, until cancelled."""
    loop = asyncio.get_running_loop()
    due = loop.time()
    while True:
        for party in parties:
            party.send()
        due += 0.02
        await asyncio.sleep(max(0.0, due - loop.time()))


async def ended(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.kill()
    await process.wait()
