"""What a monitoring system reads: the text format, true figures, nothing of anybody."""

import asyncio
import re

import aiohttp

from media_edge.entry.metrics import CONTENT_TYPE
from media_edge.rooms.measured import Histogram, Measured
from tests.media.running import Running, running_edge
from tests.media.test_whole_call import CALL, agent, control, phone

SAMPLE = re.compile(r'^[a-z_]+(?:\{[a-z]+="[^"]*"(?:,[a-z]+="[^"]*")*\})? [0-9.e+-]+$')


async def scraped(edge: Running) -> tuple[str, str]:
    url = f"http://127.0.0.1:{edge.server.metrics_port}/metrics"
    async with aiohttp.ClientSession() as http, http.get(url) as answer:
        return await answer.text(), answer.headers["Content-Type"]


def value(text: str, name: str) -> float:
    return float(re.search(rf"^{re.escape(name)} (\S+)$", text, re.MULTILINE)[1])  # type: ignore[index]  # None fails too


def test_a_live_call_shows_in_the_metrics_and_in_the_room_without_a_word_of_who() -> None:
    async def scene() -> None:
        async with running_edge(EDGE_METRICS_PORT=0) as edge, phone(edge):
            client = await agent(edge)
            async with asyncio.timeout(20):
                while value((await scraped(edge))[0], "hearthline_edge_leg_mos_count") < 4:
                    await asyncio.sleep(0.2)
            text, kind = await scraped(edge)
            _, room = await control(edge, "GET")
            await client.close()
        assert kind == CONTENT_TYPE
        assert all(SAMPLE.match(line) for line in text.splitlines() if not line.startswith("#"))
        assert value(text, "hearthline_edge_rooms") == 1
        assert value(text, 'hearthline_edge_legs{by="phone"}') == 1
        assert value(text, "hearthline_edge_packets_received_total") > 50
        assert value(text, 'hearthline_edge_reports_total{word="MediaJoined"}') == 1
        assert not [name for name in (edge.contact, CALL, "p1") if name in text]
        for leg in room["legs"]:
            assert (leg["one_way"], leg["live"]) == (None, True)
            assert 3 < leg["mos"] <= 4.5
            assert -40 < leg["level_dbov"] < 0

    asyncio.run(scene())


def test_metrics_are_not_at_the_port_that_strangers_reach() -> None:
    async def scene() -> None:
        async with running_edge() as edge, aiohttp.ClientSession() as http, http.get(f"{edge.url}/metrics") as answer:
            assert answer.status == 404
            assert edge.server.metrics_port == 0

    asyncio.run(scene())


def test_buckets_count_what_is_at_most_their_bound() -> None:
    histogram = Histogram((1.0, 2.0))
    for each in (0.5, 1.0, 1.5, 9.0):
        histogram.observe(each)
    assert histogram.cumulative() == [(1.0, 2), (2.0, 3)]
    assert (histogram.count, histogram.sum) == (4, 12.0)
    assert Measured().mos.cumulative()[-1][1] == 0
