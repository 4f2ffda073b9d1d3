"""A whole edge on loopback: a carrier's stream and a browser (aiortc) talk to each other. Figures are printed."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import aiohttp
import numpy as np
import pytest

from tests.media.clients import BrowserClient, CarrierClient
from tests.media.ogg import decoded
from tests.media.running import AUTH_TOKEN, Match, Pcm, Running, compare, running_edge, speech

CALL = "CA" + "7" * 32
SAID = speech(4, 8_000, seed=1)
ANSWERED = speech(4, 16_000, seed=2)
ALIKE = 0.7  # of waveforms after mu-law and Opus at 8 kHz; unrelated sound stays below 0.5

Scene = Callable[[Running], Coroutine[Any, Any, None]]


def play(scene: Scene, **settings: Any) -> None:
    async def whole() -> None:
        async with running_edge(**settings) as edge:
            await scene(edge)

    asyncio.run(whole())


def phone(edge: Running, says: Pcm = SAID, **claims: Any) -> CarrierClient:
    token = edge.token(**{"role": "carrier", "leg": CALL} | claims)
    return CarrierClient(edge.server.stream_url, edge.signature, CALL, token, says)


async def agent(edge: Running, says: Pcm = ANSWERED) -> BrowserClient:
    client = BrowserClient(edge.url, edge.token("agent"), says)
    await client.join()
    assert client.status == 201
    await client.connected()
    return client


async def control(edge: Running, method: str, **body: Any) -> tuple[int, Any]:
    headers = {"Authorization": f"Bearer {edge.token('control', 'floor')}"}
    async with (
        aiohttp.ClientSession() as http,
        http.request(method, f"{edge.url}/rooms/{edge.contact}", headers=headers, json=body or None) as answer,
    ):
        return answer.status, await answer.json() if answer.content_type == "application/json" else None


def agent_hears(client: BrowserClient, line: CarrierClient, said: Pcm = SAID, seconds: float = 7) -> Match:
    return compare(np.repeat(said, 2), client.heard.on_clock(line.spoke_at, seconds), 16_000)


def caller_hears(client: BrowserClient, line: CarrierClient, seconds: float = 7) -> Match:
    return compare(ANSWERED[::2], line.heard.on_clock(client.speaker.spoke_at, seconds), 8_000)


def test_caller_and_agent_hear_each_other_and_the_recording_is_whole() -> None:
    async def scene(edge: Running) -> None:
        async with phone(edge) as line:
            client = await agent(edge)
            await asyncio.sleep(5)
            down, up = agent_hears(client, line), caller_hears(client, line)
            print(f"\nagent hears caller: {down}\ncaller hears agent: {up}")  # noqa: T201
            assert down.correlation > ALIKE
            assert up.correlation > ALIKE
            assert edge.told("MediaJoined") == [
                {"contact": edge.contact, "edge": "edge-1", "roles": ["agent", "caller"]}
            ]
            await client.close()
            assert (await control(edge, "DELETE"))[0] == 204
            await asyncio.wait_for(line.closed.wait(), 5)
        ended, stored = await edge.wait_for("MediaEnded"), await edge.wait_for("RecordingStored")
        check_recording(edge, ended, stored)
        assert {turn["role"] for turn in edge.told("SpeechHeard")} == {"caller", "agent"}

    play(scene)


def check_recording(edge: Running, ended: dict[str, Any], stored: dict[str, Any]) -> None:
    rate, sound = 8_000, decoded(edge.opened_recording(), 8_000)
    count = len(sound)
    lasted = (ended["ended_at"] - stored["started_at"]) / 1000
    left, right = compare(SAID, sound[:, 0], rate), compare(ANSWERED[::2], sound[:, 1], rate)
    crossed = compare(SAID, sound[:, 1], rate).correlation
    print(f"recording {count / rate:.2f} s of {lasted:.2f} s; left {left}, right {right}, crossed {crossed:.2f}")  # noqa: T201
    assert count / rate == pytest.approx(lasted, rel=0.01)
    assert stored["length_ms"] / 1000 == pytest.approx(count / rate, abs=0.005)
    assert (stored["format"], stored["missing"], stored["parts"]) == ("ogg", 0, len(edge.outlet.stored))
    assert left.correlation > 0.9
    assert right.correlation > ALIKE
    assert crossed < 0.5
    assert ended["reason"] == "closed"
    assert {leg["role"]: leg["lost_ppm"] for leg in ended["legs"]} == {"agent": 0, "caller": 0}


def test_two_browsers_talk_wide_band() -> None:
    async def scene(edge: Running) -> None:
        said = speech(4, 16_000, seed=5)
        caller = BrowserClient(edge.url, edge.token("caller", "visitor"), said)
        await caller.join()
        await caller.connected()
        client = await agent(edge)
        await asyncio.sleep(5)
        down = compare(said, client.heard.on_clock(caller.speaker.spoke_at, 7), 16_000)
        up = compare(ANSWERED, caller.heard.on_clock(client.speaker.spoke_at, 7), 16_000)
        print(f"\nagent hears caller: {down}\ncaller hears agent: {up}")  # noqa: T201
        # The agent joined while the caller was already speaking: the first part is not heard.
        assert down.correlation > ALIKE - 0.1
        assert up.correlation > ALIKE
        await caller.close()
        await client.close()

    play(scene)


def test_a_held_call_is_silent_for_the_agent_and_a_tone_for_the_caller() -> None:
    async def scene(edge: Running) -> None:
        async with phone(edge, speech(30, 8_000)) as line:
            client = await agent(edge, speech(30, 16_000))
            status, state = await control(edge, "PUT", held=True)
            assert (status, state["held"]) == (200, True)
            await asyncio.sleep(0.5)
            for heard in (line.heard, client.heard):
                heard.pieces.clear()
            await asyncio.sleep(3)
            tone, rest = line.heard.sound().astype(float), client.heard.sound().astype(float)
            assert 50 < np.sqrt(np.mean(tone**2)) < 1300
            assert np.sqrt(np.mean(rest**2)) < 10 if len(rest) else True
            assert (await control(edge, "PUT", held=False))[1]["held"] is False
            await asyncio.sleep(0.5)
            client.heard.pieces.clear()
            await asyncio.sleep(1)
            assert np.sqrt(np.mean(client.heard.sound().astype(float) ** 2)) > 500
            await client.close()

    play(scene)


def test_an_agent_who_joins_again_takes_the_place_of_the_older_leg() -> None:
    async def scene(edge: Running) -> None:
        async with phone(edge, speech(20, 8_000, seed=3)) as line:
            first = await agent(edge)
            await asyncio.sleep(1)
            second = await agent(edge)
            await asyncio.sleep(0.3)
            first.heard.pieces.clear()
            line.heard.pieces.clear()
            await asyncio.sleep(4.5)
            assert len(first.heard.sound()) < 16_000 // 2
            assert len(second.heard.sound()) > 4 * 16_000
            up = compare(ANSWERED[8_000:][::2], line.heard.sound(), 8_000)
            assert up.correlation > ALIKE
            assert edge.server.edge.health()["legs"] == 2
            await first.close()
            await second.close()

    play(scene)


def test_a_caller_who_hangs_up_ends_the_room() -> None:
    async def scene(edge: Running) -> None:
        async with phone(edge) as line:
            client = await agent(edge)
            await asyncio.sleep(0.5)
            await line.hang_up()
            ended = await edge.wait_for("MediaEnded")
            assert ended["reason"] == "caller_left"
            async with asyncio.timeout(10):
                while client.connection.connectionState == "connected":
                    await asyncio.sleep(0.05)
            await client.close()
        assert edge.server.edge.health()["rooms"] == 0

    play(scene)


def test_an_agent_who_leaves_ends_his_leg_and_the_caller_hears_the_waiting_tone() -> None:
    async def scene(edge: Running) -> None:
        async with phone(edge, np.zeros(8_000, np.int16)) as line:
            client = await agent(edge)
            await asyncio.sleep(0.3)
            assert await client.delete() == 200
            assert await client.delete() == 404
            line.heard.pieces.clear()
            await asyncio.sleep(2)
            assert np.sqrt(np.mean(line.heard.sound().astype(float) ** 2)) > 50
            assert edge.server.edge.health()["legs"] == 1
            await client.close()

    play(scene)


def test_a_draining_edge_takes_no_new_room_and_ends_with_its_last_call() -> None:
    async def scene(edge: Running) -> None:
        async with phone(edge) as line:
            client = await agent(edge)
            draining = asyncio.create_task(edge.server.drain())
            await asyncio.sleep(0.1)
            stranger = BrowserClient(edge.url, edge.token("agent", sub="another"), ANSWERED)
            await stranger.join()
            assert (stranger.status, stranger.problem) == (503, "draining")
            await stranger.close()
            line.heard.pieces.clear()
            await asyncio.sleep(1)
            assert len(line.heard.sound()) > 7_000
            assert edge.server.edge.health()["state"] == "draining"
            await client.close()
            await control(edge, "DELETE")
            await asyncio.wait_for(draining, 30)
        assert edge.told("RecordingStored")
        assert edge.told("MediaEnded")[0]["reason"] == "closed"

    play(scene)


def test_a_drain_has_an_end_and_the_recording_is_kept() -> None:
    async def scene(edge: Running) -> None:
        async with phone(edge) as line:
            await asyncio.sleep(1)
            await asyncio.wait_for(edge.server.drain(), 30)
            await asyncio.wait_for(line.closed.wait(), 5)
        assert edge.told("MediaEnded")[0]["reason"] == "drained"
        assert edge.told("RecordingStored")[0]["length_ms"] > 800

    play(scene, EDGE_DRAIN_SECONDS=0.5)


def test_the_secret_of_the_carrier_is_nowhere_to_be_read() -> None:
    async def scene(edge: Running) -> None:
        async with aiohttp.ClientSession() as http, http.get(f"{edge.url}/health") as answer:
            assert AUTH_TOKEN not in await answer.text()
        assert AUTH_TOKEN not in repr(edge.server._settings)

    play(scene)
