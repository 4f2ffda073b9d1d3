"""What the network does to a leg: packets lost, an address that changes in mid-call."""

import asyncio
import contextlib
import socket

import aiohttp
import numpy as np
import pytest

from media_edge.sound import opus
from tests.bench.media_client import LightBrowser
from tests.media.running import Pcm, Running, compare, speech
from tests.media.test_whole_call import ALIKE, control, phone, play

SAID = speech(5, 8_000, seed=21)


def packets(said: Pcm) -> list[bytes]:
    encoder = opus.Encoder(opus.library(), 8_000, bitrate=24_000, complexity=5)
    encoder.expect_loss(20)
    return [encoder.encode(said[at : at + 160]) for at in range(0, len(said), 160)]


async def speak(browser: LightBrowser, count: int, lost: frozenset[int] = frozenset()) -> None:
    loop = asyncio.get_running_loop()
    due = loop.time()
    for number in range(count):
        browser.send(lost=number % 10 in lost)
        due += 0.02
        await asyncio.sleep(max(0.0, due - loop.time()))


def test_a_tenth_of_the_packets_lost_is_told_and_the_sound_stays_whole() -> None:
    async def scene(edge: Running) -> None:
        async with phone(edge, np.zeros(8_000, np.int16)) as line, aiohttp.ClientSession() as http:
            agent = LightBrowser(edge.url, edge.token("agent"), packets(SAID))
            await agent.join(http)
            line.heard.pieces.clear()
            await speak(agent, 250, lost=frozenset({5}))
            await asyncio.sleep(0.5)
            match = compare(SAID, line.heard.sound(), 8_000)
            print(f"\n10 % lost: {match}")  # noqa: T201
            assert match.correlation > ALIKE
            assert await control(edge, "DELETE") == (204, None)
            agent.close()
        ended = await edge.wait_for("MediaEnded")
        (leg,) = [leg for leg in ended["legs"] if leg["role"] == "agent"]
        assert leg["lost_ppm"] == pytest.approx(100_000, abs=10_000)

    play(scene)


def test_a_browser_whose_address_changes_is_followed_by_its_next_packet() -> None:
    async def scene(edge: Running) -> None:
        async with phone(edge, speech(20, 8_000)), aiohttp.ClientSession() as http:
            agent = LightBrowser(edge.url, edge.token("agent"), packets(SAID))
            await agent.join(http)
            await speak(agent, 75)  # the edge has looked at its sources once
            agent.move()
            agent.received = 0
            await speak(agent, 25)
            assert agent.received > 10
            assert edge.server.edge.health()["legs"] == 2
            agent.close()

    play(scene)


def drained(link: socket.socket) -> int:
    """Media packets that have come since the last look."""
    count = 0
    with contextlib.suppress(BlockingIOError):
        while True:
            count += link.recv(2048)[0] >= 128
    return count


def test_a_browser_that_falls_silent_hears_over_its_other_link_until_it_speaks_again() -> None:
    async def scene(edge: Running) -> None:
        async with phone(edge, speech(20, 8_000)), aiohttp.ClientSession() as http:
            agent = LightBrowser(edge.url, edge.token("agent"), packets(SAID))
            await agent.join(http)
            reserve = agent.reserve()
            await speak(agent, 75)
            drained(reserve)
            await speak(agent, 25)
            while_heard = drained(reserve)
            async with asyncio.timeout(10):
                while (came := drained(reserve)) < 5:
                    await asyncio.sleep(0.1)
            assert while_heard < came  # a machine that stands still may look like silence for a moment
            agent.move(reserve)
            agent.received = 0
            await speak(agent, 25)
            assert agent.received > 10
            agent.close()

    play(scene)


def test_a_stranger_who_sends_with_a_known_source_moves_nothing() -> None:
    async def scene(edge: Running) -> None:
        async with phone(edge, speech(20, 8_000)), aiohttp.ClientSession() as http:
            agent = LightBrowser(edge.url, edge.token("agent"), packets(SAID))
            await agent.join(http)
            await speak(agent, 75)
            stranger = LightBrowser(edge.url, "", packets(SAID))
            for number in range(200):
                stranger.forge(agent, number + 500)
            agent.received = 0
            await speak(agent, 25)
            assert agent.received > 10
            assert stranger.received == 0
            agent.close()
            stranger.close()

    play(scene)


def test_in_silence_a_browser_still_hears_that_the_path_lives() -> None:
    async def scene(edge: Running) -> None:
        async with phone(edge, np.zeros(160, np.int16)), aiohttp.ClientSession() as http:
            await control(edge, "PUT", held=True)  # the agent hears nobody
            agent = LightBrowser(edge.url, edge.token("agent"), packets(SAID))
            await agent.join(http)
            await speak(agent, 50)
            agent.received = 0
            await speak(agent, 100)
            assert agent.received >= 15
            agent.close()

    play(scene)
