"""An edge that is full or drains says so in a word that leads on, and keeps the calls it has, as they were."""

import asyncio
import uuid
from typing import Any

import aiohttp
import pytest

from media_edge.entry import errors
from tests.bench.media_client import LightBrowser
from tests.media.running import Running, running_edge, speech
from tests.media.test_network import SAID, packets, speak
from tests.media.test_whole_call import phone


async def offered(
    edge: Running, http: aiohttp.ClientSession, contact: str, role: str = "agent"
) -> tuple[int, dict[str, Any], str]:
    """A browser's try to open a room for this contact: status, body, when to ask again."""
    browser = LightBrowser(edge.url, "", packets(SAID))
    headers = {"Authorization": f"Bearer {edge.token(role, sub=contact)}", "Content-Type": "application/sdp"}
    async with http.post(f"{edge.url}/whip", data=browser.offer(), headers=headers) as answer:
        browser.close()
        told = await answer.json() if answer.status != 201 else {}
        return answer.status, told, answer.headers.get("Retry-After", "")


@pytest.mark.parametrize("drains", [False, True])
def test_who_is_too_many_is_sent_on_at_once_and_who_is_there_hears_no_difference(drains: bool) -> None:
    async def scene() -> None:
        async with (
            running_edge(EDGE_MAX_ROOMS=1) as full,
            running_edge() as free,
            aiohttp.ClientSession() as http,
            phone(full, speech(20, 8_000)),
        ):
            there = LightBrowser(full.url, full.token("agent"), packets(SAID))
            await there.join(http)
            await speak(there, 25)
            full.server.retire(drains)
            other = str(uuid.uuid4())
            status, told, again = await offered(full, http, other)
            assert (status, told["code"], again) == (503, "draining" if drains else "edge_full", "0")
            assert set(told["message"]) == {"zh", "en"}
            assert (await offered(free, http, other))[0] == 201  # with a token for that one
            assert (await offered(full, http, full.contact, "partner"))[0] == 201  # the room that is there
            there.received = 0
            await speak(there, 50)
            assert there.received > 40
            assert full.server.edge.health()["rooms"] == 1
            there.close()

    asyncio.run(scene())


def test_an_edge_that_was_retired_and_is_wanted_again_takes_rooms() -> None:
    async def scene() -> None:
        async with running_edge() as edge, aiohttp.ClientSession() as http:
            await edge.wait_for("EdgeSeen")
            edge.server.retire(True)
            assert (await offered(edge, http, str(uuid.uuid4())))[0] == 503
            assert edge.server.edge.health()["state"] == "draining"
            edge.server.retire(False)
            assert (await offered(edge, http, str(uuid.uuid4())))[0] == 201
            await asyncio.sleep(0.1)
            assert [word["state"] for word in edge.told("EdgeSeen")] == ["up", "draining", "up"]

    asyncio.run(scene())


def test_every_refusal_that_leads_on_has_a_sentence_in_both_languages() -> None:
    assert {"edge_full", "draining"} <= set(errors.MESSAGES)
