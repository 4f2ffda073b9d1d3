"""IPv4 and IPv6: an edge with an address of each, and browsers that have one, the other, or change between them."""

import asyncio
import re
from typing import Any

import aiohttp
import pytest
from pydantic import ValidationError

from media_edge.settings import Settings
from media_edge.wire.sdp import candidates
from tests.bench.media_client import LightBrowser
from tests.media.running import running_edge, speech
from tests.media.test_network import SAID, packets, speak
from tests.media.test_whole_call import phone

BOTH: dict[str, Any] = {"EDGE_HOST": "127.0.0.1,::1", "EDGE_PUBLIC_IP": "127.0.0.1", "EDGE_PUBLIC_IP6": "::1"}


class SixBrowser(LightBrowser):
    here = "::1"


def test_the_answer_has_a_candidate_of_each_family_and_ipv6_comes_first() -> None:
    first, second = candidates(("192.0.2.7", "2001:db8::7"), 3478)
    assert first == "a=candidate:1 1 udp 2130706431 2001:db8::7 3478 typ host"
    assert second == "a=candidate:2 1 udp 2130706175 192.0.2.7 3478 typ host"


@pytest.mark.parametrize("kind", [LightBrowser, SixBrowser])
def test_a_browser_of_either_family_hears_the_caller_and_restarts(kind: type[LightBrowser]) -> None:
    async def scene() -> None:
        async with (
            running_edge(**BOTH) as edge,
            phone(edge, speech(20, 8_000)) as line,
            aiohttp.ClientSession() as http,
        ):
            url = edge.url.replace("127.0.0.1", f"[{kind.here}]") if ":" in kind.here else edge.url
            agent = kind(url, edge.token("agent"), packets(SAID))
            await agent.join(http)
            line.heard.pieces.clear()
            await speak(agent, 50)
            assert agent.received > 40
            assert len(line.heard.pieces) > 40
            await agent.restart(http)
            agent.check()
            agent.received = 0
            await speak(agent, 50)
            assert agent.received > 40
            agent.close()

    asyncio.run(scene())


def test_a_browser_that_changes_from_one_family_to_the_other_is_followed() -> None:
    async def scene() -> None:
        async with (
            running_edge(**BOTH) as edge,
            phone(edge, speech(20, 8_000)),
            aiohttp.ClientSession() as http,
        ):
            agent = LightBrowser(edge.url, edge.token("agent"), packets(SAID))
            await agent.join(http)
            await speak(agent, 75)
            agent.move_to("::1")
            agent.received = 0
            await speak(agent, 50)
            assert agent.received > 40
            agent.close()

    asyncio.run(scene())


def test_a_restart_is_answered_with_candidates_of_both_families() -> None:
    async def scene() -> None:
        async with running_edge(**BOTH) as edge, aiohttp.ClientSession() as http:
            agent = LightBrowser(edge.url, edge.token("agent"), packets(SAID))
            await agent.join(http)
            _, text, _ = await agent.patch(
                http, agent.fragment().replace("a=ice-ufrag:", "a=ice-ufrag:x"), If_Match="*"
            )
            assert re.findall(r"a=candidate:\d 1 udp \d+ (\S+)", text) == ["::1", "127.0.0.1"]
            agent.close()

    asyncio.run(scene())


def test_two_addresses_of_one_family_are_refused() -> None:
    with pytest.raises(ValidationError, match="one family"):
        Settings.model_validate({"EDGE_NAME": "e", "EDGE_HOST": "127.0.0.1,127.0.0.2"})
