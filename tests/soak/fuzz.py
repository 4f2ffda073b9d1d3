"""A million damaged messages against a running edge, through every door it has: `make fuzz` (MESSAGES=n SEED=n).

    stun            checks with a good user name, damaged before or after they were signed
    junk            RTP and RTCP that no key of the edge opens, from the address of a live peer and from nowhere
    sealed          RTP, redundant frames, keys and RTCP reports, damaged and then sealed with a true key: so what is
                    behind SRTP reads them too, the parsers, the playout buffer, libopus
    dtls            records of a true handshake, damaged, before and after it has ended
    sdp             offers
    stream          the carrier's messages, and the frames around them

Beside it true calls go on. What must hold: the process lives, it answers, the true calls are all still there and hear
something, its memory is flat once it is warm, nothing was logged as an error. How many of its ticks were late is told.
"""

import asyncio
import base64
import contextlib
import json
import os
import secrets
import struct
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final
from urllib.parse import urlsplit

import aiohttp
from pylibsrtp import Error as SrtpError

from local.processes import free_port
from media_edge.entry.tokens import carrier_signature
from media_edge.wire import feedback, red, rtcp, rtp, stun
from tests.bench.cloud import Cloud, cloud
from tests.bench.loaded import LightPhone, pace, resident_mb, start_edge, until_up
from tests.bench.media_client import SSRC, LightBrowser
from tests.bench.speech import encoded
from tests.media.running import AUTH_TOKEN, make_token, media_key, speech
from tests.media.test_fuzz import MEDIA, mutated
from tests.media.test_sdp import OFFER

MESSAGES: Final = int(os.environ.get("MESSAGES", "1000000"))
SEED: Final = int(os.environ.get("SEED", "1"))
SHARES: Final = {"stun": 0.3, "junk": 0.2, "sealed": 0.35, "dtls": 0.1, "sdp": 0.02, "stream": 0.03}
TRUE_CALLS: Final = 3
TOGETHER: Final = 200  # datagrams sent before the edge is asked how many it has seen
PATIENCE_SECONDS: Final = 1.0  # for those that the kernel dropped
WARM: Final = 0.2  # of all messages: after so many the memory is looked at for the first time
MOST_GROWTH_MB: Final = 8.0  # up to 20,000 used tokens are remembered, and what the allocator keeps
RENEW: Final = 400  # damaged handshake records a peer gets before there is a new one
RED, KEYS, NUMBERED = 63, 101, 3


class Attacker(LightBrowser):
    """A browser that was let in and behaves as badly as a key allows."""

    extra_codecs = f" {RED} {KEYS}"
    extra_lines = (
        f"a=rtpmap:{RED} red/48000/2\r\na=fmtp:{RED} 111/111\r\na=rtpmap:{KEYS} telephone-event/48000\r\n"
        f"a=extmap:{NUMBERED} {feedback.URI}\r\n"
    )

    def raw(self, data: bytes) -> None:
        with contextlib.suppress(OSError):
            self._socket.sendto(data, self._edge)

    def sealed(self, plain: bytes, *, control: bool) -> bool:
        """Whether it was sent: libsrtp itself refuses what is too damaged to seal."""
        assert self._out is not None
        try:
            made = self._out.protect_rtcp(plain) if control else self._out.protect(plain)
        except (SrtpError, ValueError):
            return False
        self.raw(made)
        return True

    def signed_check(self, chance: Random) -> bytes:
        return stun.request(chance.randbytes(12), *self._check)

    def next_packet(self) -> tuple[int, bytes]:
        self._number += 1
        return self._number, self._packets[self._number % len(self._packets)]


@dataclass
class World:
    """The edge, its true calls, and what was sent."""

    http: aiohttp.ClientSession
    url: str
    stream: str
    key: Any
    packets: list[bytes]
    chance: Random
    sent: dict[str, int] = field(default_factory=lambda: dict.fromkeys(SHARES, 0))
    attacker: Attacker | None = None
    attackers: int = 0

    async def health(self) -> dict[str, Any]:
        async with self.http.get(f"{self.url}/health") as answer:
            told: dict[str, Any] = await answer.json()
            return told

    async def new_attacker(self) -> Attacker:
        if self.attacker is not None:
            self.attacker.close()
        self.attackers += 1
        self.attacker = Attacker(self.url, make_token(self.key, "attacked", "agent", "bad"), self.packets)
        await self.attacker.join(self.http)
        return self.attacker


async def main_part(aws: Cloud) -> dict[str, Any]:
    key, port = media_key(), free_port(0)
    stream, url = f"ws://127.0.0.1:{port}/stream", f"http://127.0.0.1:{port}"
    process = start_edge(port, stream, json.dumps(key.as_dict(private=False)), TRUE_CALLS + 5, aws)
    try:
        async with aiohttp.ClientSession() as http:
            await until_up(http, url)
            world = World(http, url, stream, key, encoded(speech(5, 16_000), 16_000), Random(SEED))
            listeners, phones = await true_calls(world)
            pacing = asyncio.create_task(pace(listeners))
            heard = [browser.received for browser in listeners]
            told = await attack(world, process.pid)
            await asyncio.sleep(1)
            health = await world.health()
            assert process.poll() is None, "the edge has died"
            assert health["rooms"] >= TRUE_CALLS, "a true call is gone"
            assert all(b.received > n for b, n in zip(listeners, heard, strict=True)), "a true call hears nothing"
            pacing.cancel()
            for phone in phones:
                await phone.__aexit__()
    finally:
        process.kill()
        process.wait()
    return told | {"messages": sum(world.sent.values()), "by_door": world.sent, "peers_used": world.attackers}


async def true_calls(world: World) -> tuple[list[LightBrowser], list[LightPhone]]:
    browsers, phones = [], []
    for n in range(TRUE_CALLS):
        call, contact = f"CA{n:032d}", f"true-{n}"
        phone = LightPhone(
            world.stream,
            carrier_signature(AUTH_TOKEN, world.stream),
            call,
            make_token(world.key, contact, "carrier", call),
            speech(600, 8_000),
        )
        phones.append(await phone.__aenter__())
        browser = LightBrowser(world.url, make_token(world.key, contact, "agent", f"p{n}"), world.packets)
        await browser.join(world.http)
        browsers.append(browser)
    return browsers, phones  # type: ignore[return-value]  # the base class names itself


async def attack(world: World, pid: int) -> dict[str, Any]:
    doors: dict[str, Callable[[World, int], Any]] = {
        "stun": by_datagram(stun_checks),
        "junk": by_datagram(junk),
        "sealed": by_datagram(sealed),
        "dtls": handshakes,
        "sdp": offers,
        "stream": streams,
    }
    before, begun, warm = await world.health(), time.monotonic(), 0.0
    for part in (WARM, 1 - WARM):
        for name, door in doors.items():
            await door(world, round(MESSAGES * SHARES[name] * part))
            print(f"  {name:8}{world.sent[name]:>9}  memory {resident_mb(pid):6.1f} MB", flush=True)
        warm = warm or resident_mb(pid)
    after, grown = await world.health(), resident_mb(pid) - warm
    assert grown <= MOST_GROWTH_MB, f"the edge grew by {grown:.1f} MB"
    ticks = after["ticks"] - before["ticks"]
    late = after["late_ticks"] - before["late_ticks"]
    return {
        "seconds": round(time.monotonic() - begun),
        "grown_mb": round(grown, 2),
        "ticks": ticks,
        "late_ticks": late,
        "on_time": round(1 - late / ticks, 5),
    }


def by_datagram(make: Callable[[World], Iterator[bool]]) -> Callable[[World, int], Any]:
    """Sends in handfuls and counts what the edge has seen, not what left here."""

    async def door(world: World, count: int) -> None:
        name, seen = make.__name__.split("_")[0], 0
        while seen < count:
            await world.new_attacker()
            sending, start = make(world), (await world.health())["datagrams"]
            while seen < count:
                at = (await world.health())["datagrams"]
                count_sent = sum(next(sending) for _ in range(TOGETHER))
                got = min(count_sent, await arrived(world, at + count_sent) - at)
                seen += got
                world.sent[name] += got
                if (await world.health())["datagrams"] - start > 20_000:
                    break

    return door


async def arrived(world: World, wanted: int) -> int:
    """True calls count as well: a handful of them among hundreds."""
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        seen: int = (await world.health())["datagrams"]
        if seen >= wanted or time.monotonic() > until:
            return seen
        await asyncio.sleep(0.005)


def stun_checks(world: World) -> Iterator[bool]:
    attacker, chance = world.attacker, world.chance
    assert attacker is not None
    while True:
        attacker.raw(mutated(attacker.signed_check(chance), chance))
        yield True


def junk(world: World) -> Iterator[bool]:
    attacker, chance = world.attacker, world.chance
    assert attacker is not None
    while True:
        number, payload = attacker.next_packet()
        packet = rtp.pack(111, False, number & 0xFFFF, number * rtp.FRAME, SSRC, payload)
        attacker.raw(mutated(packet + chance.randbytes(16), chance))
        yield True


def sealed(world: World) -> Iterator[bool]:
    attacker, chance = world.attacker, world.chance
    assert attacker is not None
    makers = (_frame, _redundant, _key, _report, _feedback)
    while True:
        kind = chance.randrange(len(makers))
        plain = makers[kind](attacker, chance)
        yield attacker.sealed(plain, control=kind >= 3)


def _packet(attacker: Attacker, kind: int, payload: bytes, chance: Random) -> bytes:
    number, _ = attacker.next_packet()
    extension = rtp.numbered(NUMBERED, number) if chance.random() < 0.5 else b""
    stamp = number * rtp.FRAME + chance.choice((0, 0, 0, chance.randrange(-5_000_000, 5_000_000)))
    packet = rtp.pack(kind, False, number & 0xFFFF, stamp & 0xFFFFFFFF, SSRC, payload, extension)
    head, rest = packet[:12], packet[12:]
    return (mutated(head, chance) if chance.random() < 0.1 else head) + rest


def _frame(attacker: Attacker, chance: Random) -> bytes:
    return _packet(attacker, 111, mutated(attacker.next_packet()[1], chance), chance)


def _redundant(attacker: Attacker, chance: Random) -> bytes:
    copies = [(distance * rtp.FRAME, attacker.next_packet()[1]) for distance in (5, 2)]
    return _packet(attacker, RED, mutated(red.pack(111, attacker.next_packet()[1], copies), chance), chance)


def _key(attacker: Attacker, chance: Random) -> bytes:
    return _packet(attacker, KEYS, mutated(struct.pack("!BBH", chance.randrange(16), 0x8A, 960), chance), chance)


def _report(attacker: Attacker, chance: Random) -> bytes:
    block = rtcp.ReportBlock(chance.getrandbits(32), 2, 3, 4, 5, 6, 7)
    return mutated(rtcp.pack_sender_report(SSRC, 2, 3, 4, 5, (block,)) + rtcp.pack_name(SSRC, "name"), chance)


def _feedback(attacker: Attacker, chance: Random) -> bytes:
    body = struct.pack("!IIHHI", SSRC, 1, chance.randrange(65536), chance.randrange(1, 60), 1) + chance.randbytes(12)
    return mutated(struct.pack("!BBH", 0x80 | feedback.FORMAT, feedback.TRANSPORT, len(body) // 4) + body, chance)


async def handshakes(world: World, count: int) -> None:
    """New peers all the time: one that has refused a handshake listens no more."""
    done = 0
    while done < count:
        attacker = await world.new_attacker()
        hello = bytes.fromhex("16fefd0000000000000000") + struct.pack("!H", 120) + world.chance.randbytes(120)
        at = (await world.health())["datagrams"]
        for _ in range(RENEW):
            attacker.raw(mutated(hello, world.chance))
        got = min(RENEW, await arrived(world, at + RENEW) - at)
        done += max(got, 1)
        world.sent["dtls"] += got


async def offers(world: World, count: int) -> None:
    for _ in range(count):
        token = make_token(world.key, "attacked", "agent", "bad")
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/sdp"}
        body = mutated(OFFER.encode(), world.chance)
        async with world.http.post(f"{world.url}/whip", data=body, headers=headers) as answer:
            text = await answer.text()
            assert answer.status in (201, 400, 409, 413), (answer.status, text)
        world.sent["sdp"] += 1


async def streams(world: World, count: int) -> None:
    """Each connection ends with its first bad message: that is what is expected of the edge."""
    place = urlsplit(world.stream)
    signature = carrier_signature(AUTH_TOKEN, world.stream)
    for _ in range(count):
        nonce = base64.b64encode(secrets.token_bytes(16)).decode()
        reader, writer = await asyncio.open_connection(place.hostname, place.port)
        writer.write(
            f"GET {place.path} HTTP/1.1\r\nHost: {place.netloc}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {nonce}\r\n"
            f"X-Twilio-Signature: {signature}\r\n\r\n".encode()
        )
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            await reader.readuntil(b"\r\n\r\n")
            writer.write(_frames(world.chance))
            await writer.drain()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(reader.read(200), 0.002)
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()
        world.sent["stream"] += 1


def _frames(chance: Random) -> bytes:
    """One masked text frame (RFC 6455 section 5); now and then the frame itself is damaged too."""
    text = mutated(MEDIA, chance)
    size = len(text)
    head = b"\x81" + (bytes([0x80 | size]) if size < 126 else struct.pack("!BH", 0x80 | 126, size)) + bytes(4)
    return mutated(head, chance) + text if chance.random() < 0.3 else head + text


def main() -> None:
    print(f"{MESSAGES} damaged messages, seed {SEED}; {TRUE_CALLS} true calls beside them")
    with cloud() as aws:
        told = asyncio.run(main_part(aws))
    print(f"the edge lives; late ticks {told['late_ticks']} of {told['ticks']}, memory +{told['grown_mb']} MB")
    print(json.dumps(told))


if __name__ == "__main__":
    main()
