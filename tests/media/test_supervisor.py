"""A supervisor's leg on a whole edge, with real Opus on every line. Figures are printed."""

import asyncio
import time
from typing import Any

import numpy as np
import pytest

from tests.media.clients import BrowserClient, CarrierClient, Heard
from tests.media.ogg import decoded
from tests.media.running import Pcm, Running, compare, speech
from tests.media.test_whole_call import ALIKE, control, phone, play

SAID = speech(4, 16_000, seed=5)
QUIET = np.zeros(0, np.int16)
ENDLESS = np.tile(SAID, 20)
INAUDIBLE_DB = -60.0
STRETCH, TRIES = 5.0, 6  # seconds, and how many of them: a machine that is busy with other things gets a few


async def joins(edge: Running, role: str, says: Pcm = QUIET, **claims: str) -> BrowserClient:
    client = BrowserClient(edge.url, edge.token(role, f"{role}-1", **claims), says)
    await client.join()
    assert client.status == 201, client.problem
    await client.connected()
    return client


def since(client: BrowserClient | CarrierClient, start: float, seconds: float) -> Pcm:
    """What was heard from ``start`` on; the pieces of before are another story."""
    later = Heard(client.heard.rate, [(at, pcm) for at, pcm in client.heard.pieces if at >= start])
    return later.on_clock(start, seconds)


async def hears(client: BrowserClient | CarrierClient) -> None:
    """What is said over and over is heard here, clearly, over some seconds on end."""
    said = SAID if client.heard.rate == 16_000 else SAID[::2]
    for _ in range(TRIES):
        start = asyncio.get_running_loop().time()
        await asyncio.sleep(STRETCH)
        found = compare(said, since(client, start, STRETCH), client.heard.rate)
        if found.correlation > ALIKE:
            return
    raise AssertionError(found)


def share_db(said: Pcm, heard: Pcm) -> float:
    """How loud ``said`` is in ``heard``, wherever it lies in it; 0 dB is as loud as it was said."""
    a, b = said.astype(np.float64), heard.astype(np.float64)
    size = 1 << (len(a) + len(b)).bit_length()
    products = np.fft.irfft(np.conj(np.fft.rfft(a, size)) * np.fft.rfft(b, size), size)
    return 20 * float(np.log10(max(1e-9, np.abs(products).max() / (a @ a))))


def energy_db(heard: Pcm) -> float:
    """Against what was said, whatever it is that is heard."""
    level = np.sqrt(np.mean(heard.astype(np.float64) ** 2)) if len(heard) else 0.0
    return 20 * float(np.log10(max(1e-9, level / np.sqrt(np.mean(SAID.astype(np.float64) ** 2)))))


def test_a_whisper_is_heard_by_the_agent_and_not_by_a_caller_in_the_browser() -> None:
    async def scene(edge: Running) -> None:
        agent = await joins(edge, "agent")
        caller = await joins(edge, "caller")  # who is never alone hears no waiting tone
        watcher = await joins(edge, "supervisor", ENDLESS, mode="whisper")
        await hears(agent)
        start = watcher.speaker.spoke_at
        at_caller = energy_db(since(caller, start, asyncio.get_running_loop().time() - start))
        print(f"\nall sound at the caller: {at_caller:.1f} dB")  # noqa: T201
        assert at_caller < INAUDIBLE_DB
        for client in (caller, agent, watcher):
            await client.close()

    play(scene)


def test_a_whisper_is_neither_on_a_telephone_line_nor_recorded_until_the_supervisor_barges_in() -> None:
    async def scene(edge: Running) -> None:
        async with phone(edge, QUIET) as line:
            agent = await joins(edge, "agent")
            watcher = await joins(edge, "supervisor", ENDLESS, mode="whisper")
            await hears(agent)
            start = watcher.speaker.spoke_at
            whispered = share_db(SAID[::2], since(line, start, asyncio.get_running_loop().time() - start))
            print(f"\nwhisper on the telephone: {whispered:.1f} dB")  # noqa: T201
            assert whispered < INAUDIBLE_DB
            change = {"leg": "supervisor-1", "mode": "barge"}
            status, told = await control(edge, "PUT", supervisor=change)
            assert status == 200
            (there,) = [leg for leg in told["legs"] if leg["role"] == "supervisor"]
            assert (there["live"], there["leg"], there["mode"]) == (True, "supervisor-1", "barge")
            assert "supervisor" not in edge.told("MediaJoined")[-1]["roles"]
            asked_at = time.time()
            await hears(line)
            for client in (agent, watcher):
                await client.close()
            await control(edge, "DELETE")
        check_recording(edge, await edge.wait_for("RecordingStored"), asked_at)

    play(scene)


def check_recording(edge: Running, stored: dict[str, Any], barged_at: float) -> None:
    """Nothing of the whisper on either side; from barging in on, the supervisor is on the side of the house."""
    rate, sound = 8_000, decoded(edge.opened_recording(), 8_000)
    cut = int((barged_at - stored["started_at"] / 1000) * rate)
    assert cut > 4 * rate
    whispered = [share_db(SAID[::2], sound[:cut, side]) for side in (0, 1)]
    print(f"whisper in the recording: {whispered}")  # noqa: T201
    assert max(whispered) < INAUDIBLE_DB
    assert share_db(SAID[::2], sound[cut:, 0]) < INAUDIBLE_DB
    assert compare(SAID[::2], sound[cut:, 1], rate).correlation > ALIKE


def test_who_listens_is_heard_by_nobody_until_the_functions_show_him_out() -> None:
    async def scene(edge: Running) -> None:
        async with phone(edge, QUIET) as line:
            agent = await joins(edge, "agent", ENDLESS)
            watcher = await joins(edge, "supervisor", ENDLESS, mode="listen")
            await hears(watcher)
            await hears(line)
            start = watcher.speaker.spoke_at
            assert energy_db(since(agent, start, asyncio.get_running_loop().time() - start)) < INAUDIBLE_DB
            status, told = await control(edge, "PUT", supervisor={"leg": "supervisor-1", "mode": None})
            assert (status, {leg["role"] for leg in told["legs"]}) == (200, {"agent", "caller"})
            for client in (agent, watcher):
                await client.close()

    play(scene)


def test_a_supervisor_opens_no_room_and_a_mode_that_does_not_exist_opens_nothing() -> None:
    async def scene(edge: Running) -> None:
        for mode, status, problem in (("listen", 404, "room_unknown"), ("shout", 401, "token_refused")):
            client = await BrowserClient(edge.url, edge.token("supervisor", "s1", mode=mode), QUIET).join()
            assert (client.status, client.problem) == (status, problem)
            await client.close()

    play(scene)


@pytest.mark.parametrize(
    "wish", [{"leg": "s1", "mode": "shout"}, {"leg": "s1"}, {"mode": "listen"}, {"leg": 7, "mode": "listen"}, "s1"]
)
def test_a_control_request_that_says_something_else_is_refused(wish: object) -> None:
    async def scene(edge: Running) -> None:
        async with phone(edge):
            await edge_has_a_room(edge)
            status, told = await control(edge, "PUT", supervisor=wish)
            assert (status, told["code"]) == (400, "bad_request")
            status, told = await control(edge, "PUT", supervisor={"leg": "nobody", "mode": "listen"})
            assert (status, told["code"]) == (404, "supervisor_unknown")

    play(scene)


async def edge_has_a_room(edge: Running) -> None:
    async with asyncio.timeout(10):
        while (await control(edge, "GET"))[0] != 200:
            await asyncio.sleep(0.02)
