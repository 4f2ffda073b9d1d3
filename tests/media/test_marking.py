"""Every packet of a call carries DSCP EF, both ways: read off the wire, not out of a setting."""

import asyncio
import os
import socket
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from media_edge.wire.udp import EXPEDITED_FORWARDING
from tests.media.running import running_edge
from tests.media.test_chromium import ANSWERED, page_at, site, write_microphone
from tests.media.test_whole_call import phone

IPV4, UDP = 0x0800, 17


@contextmanager
def captured(port: int) -> Iterator[dict[str, Counter[int]]]:
    """The traffic class of each datagram from and to ``port`` over loopback, as the kernel shows it to a capture."""
    seen: dict[str, Counter[int]] = {"down": Counter(), "up": Counter()}
    with socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(IPV4)) as wire:
        wire.bind(("lo", IPV4))
        wire.setblocking(False)

        def read() -> None:
            while True:
                try:
                    packet, (_, _, kind, *_) = wire.recvfrom(2048)
                except BlockingIOError:
                    return
                head = 4 * (packet[0] & 0x0F)
                source, target = (int.from_bytes(packet[head + n : head + n + 2], "big") for n in (0, 2))
                if packet[9] == UDP and kind != socket.PACKET_OUTGOING and port in (source, target):
                    seen["down" if source == port else "up"][packet[1]] += 1

        loop = asyncio.get_running_loop()
        loop.add_reader(wire, read)
        yield seen
        loop.remove_reader(wire)


@pytest.mark.browser
@pytest.mark.skipif(os.geteuid() != 0, reason="only root may capture packets")
def test_every_packet_of_a_call_is_marked_for_expedited_forwarding(tmp_path: Path) -> None:
    microphone = tmp_path / "microphone.wav"
    write_microphone(microphone, ANSWERED)

    async def whole() -> None:
        async with (
            site() as origin,
            running_edge(CONSOLE_ORIGIN=origin) as edge,
            page_at(origin, microphone) as page,
            phone(edge),
        ):
            with captured(edge.server.udp.port) as seen:
                await page.evaluate("([edge, token]) => join(edge, token)", [edge.url, edge.token("agent")])
                await asyncio.sleep(3)
            print({way: dict(count) for way, count in seen.items()})  # noqa: T201
            assert set(seen["down"]) == {EXPEDITED_FORWARDING}
            assert seen["down"][EXPEDITED_FORWARDING] > 100
            # The page asks for it once its media flows; checks before that leave as the browser likes.
            assert seen["up"][EXPEDITED_FORWARDING] > 100
            assert seen["up"][EXPEDITED_FORWARDING] > 0.9 * seen["up"].total()

    asyncio.run(whole())
