"""A real browser restarts ICE in mid-call. Figures are printed."""

import asyncio
from pathlib import Path

import numpy as np
import pytest
from playwright.async_api import Page

from tests.media.clients import CarrierClient
from tests.media.running import Running, running_edge
from tests.media.test_chromium import ANSWERED, CALL, SAID, page_at, site, write_microphone

pytestmark = pytest.mark.browser


async def received(page: Page) -> int:
    return int((await page.evaluate("() => figures()"))["received"])


async def restart_in_mid_call(edge: Running, page: Page) -> None:
    joined = await page.evaluate("([edge, token]) => join(edge, token)", [edge.url, edge.token("agent")])
    for _ in range(3):
        restarted = await page.evaluate("(session) => restart(session)", edge.url + joined["location"])
        assert restarted["status"] == 200
        assert restarted["tag"]
        async with asyncio.timeout(10):
            while await page.evaluate("() => way()") != restarted["ufrag"]:
                await asyncio.sleep(0.05)
            before = await received(page)
            while await received(page) < before + 25:
                await asyncio.sleep(0.05)
    figures = await page.evaluate("() => figures()")
    print(f"\nafter three restarts: {figures}")  # noqa: T201
    assert figures["lost"] == 0
    assert edge.server.edge.health()["legs"] == 2


def test_chromium_restarts_ice_three_times_and_loses_no_packet(tmp_path: Path) -> None:
    microphone = tmp_path / "microphone.wav"
    write_microphone(microphone, ANSWERED)

    async def whole() -> None:
        async with (
            site() as origin,
            running_edge(CONSOLE_ORIGIN=origin) as edge,
            page_at(origin, microphone) as page,
            CarrierClient(edge.server.stream_url, edge.signature, CALL, edge.token("carrier", CALL), np.tile(SAID, 3)),
        ):
            await restart_in_mid_call(edge, page)

    asyncio.run(whole())
