"""An agent by phone: two calls of the carrier in one room, heard by each other and not by themselves."""

import asyncio

import numpy as np

from tests.media.clients import CarrierClient
from tests.media.ogg import decoded
from tests.media.running import Match, Pcm, Running, compare, speech
from tests.media.test_whole_call import ALIKE, SAID, control, phone, play

AGENT_CALL = "CA" + "8" * 32
ANSWERED = speech(4, 8_000, seed=2)
UNLIKE = 0.5  # unrelated speech stays below


def agent_phone(edge: Running, says: Pcm = ANSWERED, person: str = "ana", call: str = AGENT_CALL) -> CarrierClient:
    token = edge.token("carrier", call, plays="agent", person=person)
    return CarrierClient(edge.server.stream_url, edge.signature, call, token, says)


def hears(listener: CarrierClient, speaker: CarrierClient, said: Pcm) -> Match:
    return compare(said, listener.heard.on_clock(speaker.spoke_at, 7), 8_000)


def loud(pcm: Pcm) -> float:
    return float(np.sqrt(np.mean(pcm.astype(float) ** 2))) if len(pcm) else 0.0


def test_caller_and_agent_both_by_phone_hear_each_other_and_nobody_himself() -> None:
    async def scene(edge: Running) -> None:
        async with phone(edge) as line, agent_phone(edge) as desk:
            await asyncio.sleep(5)
            down, up = hears(desk, line, SAID), hears(line, desk, ANSWERED)
            own = [hears(desk, desk, ANSWERED).correlation, hears(line, line, SAID).correlation]
            print(f"\nagent hears caller: {down}\ncaller hears agent: {up}\nhimself: {own}")  # noqa: T201
            assert min(down.correlation, up.correlation) > ALIKE
            assert max(own) < UNLIKE
            joined = {"contact": edge.contact, "edge": "edge-1", "roles": ["agent", "caller"]}
            assert edge.told("MediaJoined") == [joined]
            _, room = await control(edge, "GET")
            assert {(leg["role"], leg["by"]) for leg in room["legs"]} == {("agent", "phone"), ("caller", "phone")}
            assert (await control(edge, "DELETE"))[0] == 204
            await asyncio.gather(*(asyncio.wait_for(one.closed.wait(), 5) for one in (line, desk)))
        ended, _ = await edge.wait_for("MediaEnded"), await edge.wait_for("RecordingStored")
        assert {(leg["role"], leg["by"]) for leg in ended["legs"]} == {("agent", "phone"), ("caller", "phone")}
        sound = decoded(edge.opened_recording(), 8_000)
        left, right = compare(SAID, sound[:, 0], 8_000), compare(ANSWERED, sound[:, 1], 8_000)
        print(f"recording: caller {left}, agent {right}")  # noqa: T201
        assert min(left.correlation, right.correlation) > ALIKE
        assert compare(ANSWERED, sound[:, 0], 8_000).correlation < UNLIKE

    play(scene)


def test_on_hold_the_agents_phone_hears_nothing_of_the_caller() -> None:
    async def scene(edge: Running) -> None:
        async with phone(edge, speech(30, 8_000)), agent_phone(edge, speech(30, 8_000)) as desk:
            await edge.wait_for("MediaJoined")
            await control(edge, "PUT", held=True)
            await asyncio.sleep(0.5)
            desk.heard.pieces.clear()
            await asyncio.sleep(1.5)
            assert 0 < loud(desk.heard.sound()) < 40, "comfort noise, so that the line does not sound dead"
            await control(edge, "PUT", held=False)
            await asyncio.sleep(0.5)
            desk.heard.pieces.clear()
            await asyncio.sleep(1)
            assert loud(desk.heard.sound()) > 500

    play(scene)


def test_a_phone_that_is_dialled_again_takes_the_place_of_the_one_before() -> None:
    async def scene(edge: Running) -> None:
        async with phone(edge) as line, agent_phone(edge) as first:
            await edge.wait_for("MediaJoined")
            async with agent_phone(edge, call="CA" + "9" * 32) as second:
                await asyncio.wait_for(first.closed.wait(), 5)
                await asyncio.sleep(4)
                assert hears(line, second, ANSWERED).correlation > ALIKE
                _, room = await control(edge, "GET")
                assert [leg["role"] for leg in room["legs"]].count("agent") == 1

    play(scene)
