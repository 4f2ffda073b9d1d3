"""While a card is read out nothing is recorded: by order, for a time, and whichever edge the contact goes to."""

import asyncio
import time

import aiohttp
import numpy as np

from media_edge.kept.recording import Gap
from media_edge.rooms.happenings import PauseOver
from media_edge.rooms.session import Room
from tests.bench.media_client import LightBrowser
from tests.media.ogg import decoded
from tests.media.running import Running, speech
from tests.media.test_network import SAID, packets
from tests.media.test_room import Hours, Party
from tests.media.test_whole_call import phone, play


def on_a_call() -> tuple[Hours, Room]:
    hours = Hours()
    hours.room.join(Party("caller", "caller", says=speech(400, 16_000)))
    hours.room.join(Party("agent", "agent"))
    hours.run(1)
    return hours, hours.room


def test_nothing_said_in_a_pause_is_kept_and_the_gap_says_when() -> None:
    hours, room = on_a_call()
    room.pause_recording(hours.now, hours.now + 60, 1)
    hours.run(2)
    room.pause_recording(hours.now, 0, 2)
    hours.run(1)
    sound = np.concatenate([piece.sound for piece in room.recorder.finish()])
    assert sound[:50].any()
    assert not sound[50:150].any()
    assert sound[150:].any()
    assert room.recorder.gaps == (Gap(1_000, 3_000, "paused"),)


def test_a_pause_that_nobody_ends_ends_by_itself_and_is_told_once() -> None:
    hours, room = on_a_call()
    room.pause_recording(hours.now, hours.now + 3, 1)
    assert not any(isinstance(item, PauseOver) for item in hours.run(2.9))
    assert room.recorder.paused
    assert sum(isinstance(item, PauseOver) for item in hours.run(5)) == 1
    assert not room.recorder.paused


def test_no_order_stops_a_recording_for_more_than_five_minutes() -> None:
    hours, room = on_a_call()
    room.pause_recording(hours.now, hours.now + 86_400, 1)
    hours.run(299)
    assert room.recorder.paused
    hours.run(2)
    assert not room.recorder.paused


def test_an_order_that_was_overtaken_changes_nothing() -> None:
    hours, room = on_a_call()
    room.pause_recording(hours.now, hours.now + 60, 7)
    room.pause_recording(hours.now, 0, 6)
    assert room.recorder.paused
    room.pause_recording(hours.now, 0, 8)
    room.pause_recording(hours.now, hours.now + 60, 7)
    assert not room.recorder.paused


def test_an_edge_pauses_by_order_and_the_caller_is_heard_all_the_same() -> None:
    async def scene(edge: Running) -> None:
        async with phone(edge, speech(20, 8_000)), aiohttp.ClientSession() as http:
            await asyncio.sleep(0.5)
            assert await order(edge, http, until=now_ms() + 60_000, version=3) == (200, False)
            await asyncio.sleep(1)
            assert await order(edge, http, until=0, version=4) == (200, True)
            await asyncio.sleep(0.5)
            async with http.put(
                f"{edge.url}/rooms/{edge.contact}",
                json={"unrecorded": {"until": "soon", "version": 1}},
                headers=bearer(edge),
            ) as said:
                assert said.status == 400
        stored = await edge.wait_for("RecordingStored")
        (gap,) = stored["gaps"]
        assert gap["reason"] == "paused"
        assert 900 < gap["to_ms"] - gap["from_ms"] < 1_300
        sound = decoded(edge.opened_recording(), 8_000)
        inside = sound[8 * gap["from_ms"] + 200 : 8 * gap["to_ms"] - 200]
        assert not np.abs(inside).max() > 3
        assert np.abs(sound).max() > 1_000

    play(scene)


def test_a_contact_that_moves_to_another_edge_is_not_recorded_there_either() -> None:
    async def scene(edge: Running) -> None:
        pause = {"until": now_ms() + 60_000, "version": 3}
        async with phone(edge, speech(20, 8_000), unrecorded=pause):
            await asyncio.sleep(1)
            async with aiohttp.ClientSession() as http:
                assert await order(edge, http, until=0, version=2) == (200, False)  # an order of before the pause
        stored = await edge.wait_for("RecordingStored")
        assert [gap["reason"] for gap in stored["gaps"]] == ["paused"]
        assert not np.abs(decoded(edge.opened_recording(), 8_000)).max() > 3

    play(scene)


def test_a_room_that_was_there_before_the_pause_hears_of_it_from_the_agents_token() -> None:
    async def scene(edge: Running) -> None:
        async with phone(edge, speech(20, 8_000)), aiohttp.ClientSession() as http:
            await asyncio.sleep(0.3)
            pause = {"until": now_ms() + 60_000, "version": 3}
            browser = LightBrowser(edge.url, edge.token("agent", unrecorded=pause), packets(SAID))
            await browser.join(http)
            async with http.get(f"{edge.url}/rooms/{edge.contact}", headers=bearer(edge)) as said:
                assert (await said.json())["recorded"] is False
            browser.close()

    play(scene)


def bearer(edge: Running) -> dict[str, str]:
    return {"Authorization": f"Bearer {edge.token('control', 'control')}"}


async def order(edge: Running, http: aiohttp.ClientSession, *, until: int, version: int) -> tuple[int, bool]:
    body = {"unrecorded": {"until": until, "version": version}}
    async with http.put(f"{edge.url}/rooms/{edge.contact}", json=body, headers=bearer(edge)) as said:
        return said.status, (await said.json())["recorded"]


def now_ms() -> int:
    return int(time.time() * 1000)
