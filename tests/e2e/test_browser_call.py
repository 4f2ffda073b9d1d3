"""The same call without a phone: a customer's page and an agent's page, two real browsers."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import expect

from local.callers.places import agent_voice, caller_wav
from local.callers.sound import Hearing
from local.carrier.audio import read_wav
from tests.e2e.desk import Desk, desk, settled, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.engine]
ENOUGH, ENOUGH_LOUDNESS = 0.4, 0.8  # two speech codecs lie between the browsers
LONGEST_SILENCE_MS = 200


def good(hearing: Hearing) -> bool:
    enough = hearing.correlation > ENOUGH and hearing.loudness > ENOUGH_LOUDNESS
    return enough and hearing.silence_ms <= LONGEST_SILENCE_MS


async def check_sound(customer: Desk, agent: Desk) -> None:
    async def sound(since: float) -> tuple[Hearing, Hearing]:
        at_customer, at_agent = await customer.heard(), await agent.heard()
        return (
            await agent.is_heard(at_customer.pcm, at_customer.began, since),
            await customer.is_heard(at_agent.pcm, at_agent.began, since),
        )

    await settled(sound, good)


def test_a_customer_calls_from_a_web_page_and_both_hear_each_other(world: dict[str, Any], tmp_path: Path) -> None:
    async def whole() -> None:
        async with (
            desk(tmp_path, agent_voice()) as agent,
            desk(tmp_path, read_wav(caller_wav()), width=390, height=844) as customer,
        ):
            await sign_in(agent, world, "1004")
            await customer.page.goto(world["public"] + "/call")
            await customer.page.get_by_role("radio", name="宽带断线").check()
            await customer.page.get_by_role("button", name="免费网络通话").click()
            await agent.page.locator(".incoming").get_by_role("button", name="接听").click()
            await expect(customer.page.get_by_text("通话中").first).to_be_visible(timeout=15_000)
            await check_sound(customer, agent)
            await customer.page.screenshot(path=tmp_path / "customer.png")
            await customer.page.get_by_role("button", name="挂断").click()
            await expect(agent.page.locator(".wrap-up")).to_be_visible(timeout=10_000)
            assert customer.left == agent.left == []
            assert customer.errors == agent.errors == []

    asyncio.run(whole())
