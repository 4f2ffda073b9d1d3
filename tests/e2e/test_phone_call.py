"""A customer calls by phone, an agent answers in a real browser: both are heard; ticket, recording and ledger stay."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.async_api import expect

from local.callers.phone import Telephone
from local.callers.places import agent_voice, caller_wav
from local.callers.sound import Hearing
from tests.e2e.desk import Desk, desk, settled, sign_in
from tests.e2e.left import Left

pytestmark = [pytest.mark.browser, pytest.mark.engine]
ENOUGH, ENOUGH_LOUDNESS = 0.65, 0.8
LONGEST_SILENCE_MS = 200


def good(hearing: Hearing) -> bool:
    enough = hearing.correlation > ENOUGH and hearing.loudness > ENOUGH_LOUDNESS
    return enough and hearing.silence_ms <= LONGEST_SILENCE_MS


async def ring(world: dict[str, Any], phone: Telephone, number: str = "+8613812348001") -> str:
    script = {"wav": str(caller_wav()), "says": ["我家宽带断线了"], "answers_after": 1.0}
    call = await phone.dial(number, world["number"], script, say_speed=6)
    return str(call["sid"])


async def talk(at: Desk, seconds: float) -> None:
    await at.page.locator(".incoming").get_by_role("button", name="接听").click()
    await expect(at.page.get_by_role("button", name="挂断")).to_be_visible()
    await asyncio.sleep(seconds)


async def check_sound(at: Desk, phone: Telephone, sid: str) -> None:
    """What each side says is what the other side hears."""
    answered = (await phone.look(sid))["answered_at"] / 1000

    async def sound(since: float) -> tuple[Hearing, Hearing]:
        spoken, came = await phone.sound(sid, "spoken"), await phone.sound(sid, "heard")
        return await at.hears(spoken, answered, since), await at.is_heard(came, answered, since)

    await settled(sound, good)


@asynccontextmanager
async def telephone(world: dict[str, Any]) -> AsyncIterator[Telephone]:
    phone = Telephone(world["carrier"])
    try:
        yield phone
    finally:
        await phone.close()


STORY = ["ContactArrived", "ContactQueued", "ContactOffered", "OfferAccepted", "ContactConnected"]


def check_left(world: dict[str, Any], sid: str) -> None:
    """One ticket, one recording as long as its room, every step in the ledger."""
    left = Left(world)
    contact = left.contact_of(sid)
    told = left.story(contact, "ContactEnded")
    assert told[: len(STORY) + 1] == [*STORY, "ContactEnded"]
    (ended,) = left.wait_for("ledger", f"M#{contact}", 1)
    record, rate, frames = left.recording(contact)
    edge = ended["event"]["data"]
    room = (edge["ended_at"] - edge["started_at"]) / 1000
    print(f"recording {len(frames) / rate:.2f} s of a room of {room:.2f} s")  # noqa: T201
    assert frames.shape[1] == 2
    assert abs(len(frames) / rate - record["length_ms"] / 1000) < 0.01
    assert abs(len(frames) / rate - room) <= 0.01 * room + 0.05
    assert min(np.abs(frames.astype(int)).max(axis=0)) > 1_000, "one side is silent in the recording"
    tickets = [each for each in left.story(contact, "ContactEnded") if each == "TicketOpened"]
    assert len(tickets) <= 1


async def fill_ticket(at: Desk) -> None:
    """Fill what is missing and submit; the ticket cannot be left half filled."""
    page = at.page
    await page.get_by_label("问题描述").fill("昨晚八点半断线，光猫红灯闪烁")
    await page.get_by_label("装机地址").fill("示例路 12 号")
    await page.get_by_text("红灯闪烁", exact=True).first.click()
    await page.get_by_label("处理结果").select_option("resolved")
    submit = page.get_by_role("button", name="提交工单")
    await expect(submit).to_be_enabled()
    await submit.click()
    await expect(page.get_by_text("已提交").first).to_be_visible()


def test_a_phone_call_is_answered_in_a_browser_and_both_hear_each_other(world: dict[str, Any], tmp_path: Path) -> None:
    async def whole() -> str:
        async with telephone(world) as phone, desk(tmp_path, agent_voice()) as at:
            await sign_in(at, world, "1001")
            began = time.monotonic()
            sid = await ring(world, phone)
            await talk(at, 2)
            print(f"talking {time.monotonic() - began:.1f} s after dialling")  # noqa: T201
            await check_sound(at, phone, sid)
            await at.page.screenshot(path=tmp_path / "on-call.png")
            await phone.hang_up(sid)
            await phone.look(sid, wait=10)
            await expect(at.page.locator(".wrap-up")).to_be_visible()
            await fill_ticket(at)
            await at.page.screenshot(path=tmp_path / "wrap-up.png")
            assert at.left == []
            assert at.errors == []
            return sid

    check_left(world, asyncio.run(whole()))


def test_an_agent_who_hangs_up_ends_the_callers_line_too(world: dict[str, Any], tmp_path: Path) -> None:
    async def whole() -> str:
        async with telephone(world) as phone, desk(tmp_path, agent_voice()) as at:
            await sign_in(at, world, "1002")
            sid = await ring(world, phone, "+8613812348002")
            await talk(at, 4)
            await at.page.get_by_role("button", name="挂断").click()
            call = await phone.look(sid, wait=10)
            assert call["ended"], call["story"][-5:]
            await expect(at.page.locator(".wrap-up")).to_be_visible()
            assert at.left == []
            return sid

    sid = asyncio.run(whole())
    left = Left(world)
    ended = left.story(left.contact_of(sid), "ContactEnded")
    assert ended[: len(STORY) + 1] == [*STORY, "ContactEnded"]
