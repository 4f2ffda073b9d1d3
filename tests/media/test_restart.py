"""A browser that plans to change its link: ICE restarts, the conversation does not."""

import asyncio
from typing import Any

import aiohttp
import pytest

from media_edge.wire import fragment
from media_edge.wire.sdp import SdpError
from tests.bench.media_client import LightBrowser
from tests.media.running import ORIGIN, Running, speech
from tests.media.test_network import SAID, packets, speak
from tests.media.test_whole_call import phone, play

PAIR = "a=ice-ufrag:abcd\r\na=ice-pwd:0123456789abcdef012345\r\n"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "no_ice"),
        ("a=ice-ufrag:abcd\r\n", "no_ice"),
        (PAIR + "a=ice-ufrag:efgh\r\n", "no_ice"),
        (PAIR.replace("abcd", "ab\tcd"), "no_ice"),
        ("no description", "sdp_malformed"),
        (PAIR + "a=candidate:" + "1" * 3000, "sdp_malformed"),
        (PAIR + "a=x\r\n" * 300, "sdp_malformed"),
    ],
)
def test_a_fragment_without_one_pair_of_credentials_is_refused(text: str, code: str) -> None:
    with pytest.raises(SdpError) as refused:
        fragment.parse(text)
    assert refused.value.code == code


def test_a_fragment_may_say_the_same_credentials_in_each_section() -> None:
    assert fragment.parse(PAIR + "m=audio 9 RTP/AVP 0\r\na=mid:0\r\n" + PAIR).ufrag == "abcd"


async def on_a_call(edge: Running, http: aiohttp.ClientSession) -> LightBrowser:
    agent = LightBrowser(edge.url, edge.token("agent"), packets(SAID))
    await agent.join(http)
    await speak(agent, 25)
    return agent


def test_after_a_restart_the_sound_goes_on_over_another_link_with_the_same_keys() -> None:
    async def scene(edge: Running) -> None:
        async with phone(edge, speech(20, 8_000)), aiohttp.ClientSession() as http:
            agent = await on_a_call(edge, http)
            for _ in range(3):
                former = agent.tag
                await agent.restart(http)
                assert agent.tag != former
                agent.received = 0
                await speak(agent, 25)
                assert agent.received > 10  # on the old link, until a check comes over the new one
                agent.move()
                agent.check()
                agent.received = 0
                async with asyncio.timeout(10):
                    while agent.received < 5:
                        await asyncio.sleep(0.05)
            health = edge.server.edge.health()
            assert (health["legs"], len(edge.told("MediaJoined"))) == (2, 1)
            agent.close()

    play(scene)


def test_a_restart_whose_answer_was_lost_is_asked_for_again_and_answered_alike() -> None:
    async def scene(edge: Running) -> None:
        async with phone(edge, speech(20, 8_000)), aiohttp.ClientSession() as http:
            agent = await on_a_call(edge, http)
            first = await agent.patch(http, PAIR, If_Match="*")
            assert first[0] == 200
            assert await agent.patch(http, PAIR, If_Match="*") == first
            agent.received = agent.answered = 0
            agent.check()  # consent, with the former credentials
            await speak(agent, 25)
            assert agent.received > 10
            assert agent.answered == 1
            agent.close()

    play(scene)


def test_a_trickled_candidate_changes_nothing_and_is_taken() -> None:
    async def scene(edge: Running) -> None:
        async with phone(edge, speech(20, 8_000)), aiohttp.ClientSession() as http:
            agent = await on_a_call(edge, http)
            candidate = agent.fragment() + "a=candidate:1 1 udp 1 192.0.2.1 9 typ host\r\n"
            assert await agent.patch(http, candidate, If_Match=agent.tag) == (204, "", "")
            await speak(agent, 25)
            agent.close()

    play(scene)


def test_a_fragment_for_another_ice_session_or_for_none_is_refused_and_the_call_goes_on() -> None:
    async def scene(edge: Running) -> None:
        async with phone(edge, speech(20, 8_000)), aiohttp.ClientSession() as http:
            agent = await on_a_call(edge, http)
            asked: list[tuple[str, dict[str, Any], int, str]] = [
                (agent.fragment(), {}, 428, "if_match_missing"),
                (agent.fragment(), {"If_Match": '"another"'}, 412, "ice_changed"),
                (PAIR, {"If_Match": agent.tag}, 412, "ice_changed"),
                ("nonsense", {"If_Match": "*"}, 400, "sdp_malformed"),
                (PAIR, {"If_Match": "*", "Content_Type": "application/sdp"}, 415, "not_sdpfrag"),
            ]
            for text, headers, status, code in asked:
                answered, body, _ = await agent.patch(http, text, **headers)
                assert (answered, code in body) == (status, True), body
            agent.received = 0
            await speak(agent, 25)
            assert agent.received > 10
            await http.delete(agent.session)
            assert (await agent.patch(http, PAIR, If_Match="*"))[0] == 404
            agent.close()

    play(scene)


def test_the_console_s_page_may_restart_across_origins() -> None:
    async def scene(edge: Running) -> None:
        async with aiohttp.ClientSession() as http:
            answer = await http.options(f"{edge.url}/whip/x", headers={"Origin": ORIGIN})
            assert "PATCH" in answer.headers["Access-Control-Allow-Methods"]
            assert "If-Match" in answer.headers["Access-Control-Allow-Headers"]
            assert "ETag" in answer.headers["Access-Control-Expose-Headers"]

    play(scene)
