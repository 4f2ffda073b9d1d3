"""A laptop that sleeps and a tab that is frozen: whoever wakes takes the next call, and is told where he stands."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import expect

from local.callers.places import agent_voice
from tests.e2e.desk import Desk, desk, sign_in
from tests.e2e.test_agents_day import ends, goes_on
from tests.e2e.test_phone_call import ring, talk, telephone

pytestmark = [pytest.mark.browser, pytest.mark.engine]
ASLEEP_SECONDS = float(os.environ.get("ASLEEP", "20"))
"""Longer than three heartbeats: by then the agent counts as gone."""
AWAKE_SECONDS = 20.0
SETTLED_LOOKS = 12  # of a quarter of a second


async def processes(at: Desk) -> list[int]:
    """Of the whole browser: a laptop that sleeps stops them all."""
    browser = at.context.browser
    assert browser is not None
    told: Any = await (await browser.new_browser_cdp_session()).send("SystemInfo.getProcessInfo")
    return [int(each["id"]) for each in told["processInfo"]]


@asynccontextmanager
async def asleep(at: Desk) -> AsyncIterator[None]:
    pids = await processes(at)
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)


@asynccontextmanager
async def frozen(at: Desk) -> AsyncIterator[None]:
    """As the browser does with a tab that nobody looks at."""
    session = await at.context.new_cdp_session(at.page)
    await session.send("Page.setWebLifecycleState", {"state": "frozen"})
    try:
        yield
    finally:
        await session.send("Page.setWebLifecycleState", {"state": "active"})


async def ready_again(at: Desk) -> None:
    """The page says that its agent counts as gone, and one click puts him back; or he never did.

    What it shows in its first moments is from before it slept.
    """
    start, ready = at.page.get_by_role("button", name="开始接听"), at.page.get_by_text("空闲").first
    settled, until = 0, time.monotonic() + AWAKE_SECONDS
    while settled < SETTLED_LOOKS:
        assert time.monotonic() < until, "never ready again"
        settled = settled + 1 if await ready.is_visible() else 0
        if await start.is_visible():
            await start.click()
        await asyncio.sleep(0.25)


@pytest.mark.parametrize(("state", "login"), [("asleep", "1001"), ("frozen", "1002")])
def test_who_was_away_between_two_calls_answers_the_next(
    world: dict[str, Any], tmp_path: Path, state: str, login: str
) -> None:
    async def whole() -> tuple[float, float]:
        async with telephone(world) as phone, desk(tmp_path, agent_voice()) as at:
            await sign_in(at, world, login)
            await expect(at.page.get_by_text("空闲").first).to_be_visible()
            async with asleep(at) if state == "asleep" else frozen(at):
                await asyncio.sleep(ASLEEP_SECONDS)
            woke = time.monotonic()
            await ready_again(at)
            ready = time.monotonic()
            sid = await ring(world, phone, "+8613812348105")
            await talk(at, 3)
            talking = time.monotonic()
            await goes_on(at, phone, sid)
            assert at.errors == []
            await ends(at, phone, sid)
            return ready - woke, talking - woke

    ready, talking = asyncio.run(whole())
    print(f"{state}: ready {ready:.1f} s after waking, talking after {talking:.1f} s")  # noqa: T201
