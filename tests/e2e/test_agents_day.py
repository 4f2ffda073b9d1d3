"""What agents do to their browsers in the middle of a call, and between two: nobody loses a customer by it."""

import asyncio
import os
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.async_api import expect

from local.callers.phone import Telephone
from local.callers.places import agent_voice
from local.carrier.audio import RATE
from tests.e2e.desk import HEAR, Desk, desk, sign_in
from tests.e2e.test_phone_call import ring, talk, telephone
from tests.e2e.test_transfer import go_home, wrap_up

pytestmark = [pytest.mark.browser, pytest.mark.engine]
RELOADS = int(os.environ.get("RELOADS", "2"))
LOUD = 300
BACK_SECONDS = 15.0


async def sound_back(at: Desk, since: float) -> float:
    """Seconds from ``since`` (the wall clock) until the page hears somebody again."""
    until = time.monotonic() + BACK_SECONDS
    while time.monotonic() < until:
        heard = await at.heard()
        loud = np.flatnonzero(np.abs(heard.pcm.astype(int)) > LOUD)
        if len(loud):
            return float(heard.began + loud[0] / RATE - since)
        await asyncio.sleep(0.1)
    raise AssertionError("nothing was heard again")


async def ends(at: Desk, phone: Telephone, sid: str) -> None:
    """The agent is done and goes home: the next test finds nobody who is still busy."""
    await phone.hang_up(sid)
    await expect(at.page.locator(".wrap-up")).to_be_visible()
    await wrap_up(at, "已解决")
    await go_home(at)


async def goes_on(at: Desk, phone: Telephone, sid: str) -> None:
    """The same contact, on both ends."""
    await expect(at.page.get_by_role("button", name="挂断")).to_be_visible()
    assert not (await phone.look(sid))["ended"]


def test_an_agent_who_loads_his_page_anew_in_mid_call_has_his_caller_back(
    world: dict[str, Any], tmp_path: Path
) -> None:
    async def whole() -> list[float]:
        async with telephone(world) as phone, desk(tmp_path, agent_voice()) as at:
            await sign_in(at, world, "1001")
            sid, took = await ring(world, phone), list[float]()
            await talk(at, 3)
            for _ in range(RELOADS):
                began = time.time()
                await at.page.reload()
                took.append(await sound_back(at, began))
                await goes_on(at, phone, sid)
                await asyncio.sleep(1)
            assert at.left == []
            assert at.errors == []
            await ends(at, phone, sid)
            return took

    took = asyncio.run(whole())
    print("sound back after", ", ".join(f"{each:.2f} s" for each in took))  # noqa: T201


def test_a_second_tab_takes_no_sound_from_the_first(world: dict[str, Any], tmp_path: Path) -> None:
    async def whole() -> None:
        async with telephone(world) as phone, desk(tmp_path, agent_voice()) as at:
            await sign_in(at, world, "1002")
            sid = await ring(world, phone, "+8613812348102")
            await talk(at, 3)
            second = await at.context.new_page()
            await second.goto(world["public"])
            await expect(second.get_by_role("button", name="挂断")).to_be_visible()
            await asyncio.sleep(3)
            answered = (await phone.look(sid))["answered_at"] / 1000
            since = time.time()
            await asyncio.sleep(4)
            pages = [at, Desk(second, at.context, at.voice)]
            spoken = await phone.sound(sid, "spoken")
            heard = [await each.hears(spoken, answered, since) for each in pages]
            print(*heard, sep="\n")  # noqa: T201
            assert max(each.loudness for each in heard) > 0.8
            await goes_on(at, phone, sid)
            await ends(at, phone, sid)

    asyncio.run(whole())


def test_an_agent_whose_browser_closes_in_mid_call_takes_the_caller_back_in_a_new_one(
    world: dict[str, Any], tmp_path: Path
) -> None:
    async def whole() -> float:
        async with telephone(world) as phone, desk(tmp_path, agent_voice()) as at:
            await sign_in(at, world, "1004")
            sid = await ring(world, phone, "+8613812348103")
            await talk(at, 3)
            await at.page.close()
            await asyncio.sleep(2)
            at.page = await at.context.new_page()
            began = time.time()
            await at.page.goto(world["public"])
            took = await sound_back(at, began)
            await goes_on(at, phone, sid)
            await ends(at, phone, sid)
            return took

    print(f"sound back {asyncio.run(whole()):.2f} s after the new page")  # noqa: T201


def test_a_microphone_that_is_unplugged_and_plugged_again_is_taken_again(world: dict[str, Any], tmp_path: Path) -> None:
    assert HEAR.exists()

    async def whole() -> None:
        async with telephone(world) as phone, desk(tmp_path, agent_voice()) as at:
            await sign_in(at, world, "1006")
            sid = await ring(world, phone, "+8613812348104")
            await talk(at, 3)
            before = len(await phone.sound(sid, "heard"))
            await at.page.evaluate("() => window.__unplug()")
            await asyncio.sleep(2)
            quiet = (await phone.sound(sid, "heard"))[before + RATE :]
            await at.page.evaluate("() => window.__plug()")
            began, loud = time.time(), False
            while time.time() < began + BACK_SECONDS and not loud:
                await asyncio.sleep(0.3)
                late = (await phone.sound(sid, "heard"))[-RATE // 2 :]
                loud = int(np.abs(late.astype(int)).max(initial=0)) > 1_000
            print(f"heard again {time.time() - began:.1f} s after it was plugged")  # noqa: T201
            assert int(np.abs(quiet.astype(int)).max(initial=0)) < 1_000
            assert loud
            await goes_on(at, phone, sid)
            await ends(at, phone, sid)

    asyncio.run(whole())
