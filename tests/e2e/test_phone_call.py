"""A customer calls by phone, an agent answers in a real browser: both are heard; ticket, recording and ledger stay."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import expect

from local.callers.phone import Telephone
from local.callers.places import agent_voice, caller_wav
from local.callers.sound import Hearing
from tests.e2e.desk import Desk, desk, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.engine]
ENOUGH = 0.7
LONGEST_SILENCE_MS = 200


def report(who: str, hearing: Hearing) -> None:
    print(f"{who}: correlation {hearing.correlation}, delay {hearing.delay_ms} ms, silence {hearing.silence_ms} ms")  # noqa: T201


async def ring(world: dict[str, Any], phone: Telephone, number: str = "+8613812348001") -> str:
    script = {"wav": str(caller_wav()), "says": ["我家宽带断线了"], "answers_after": 1.0}
    call = await phone.dial(number, world["number"], script, say_speed=6)
    return str(call["sid"])


async def talk(at: Desk, seconds: float) -> None:
    await at.page.locator(".incoming").get_by_role("button", name="接听").click()
    await expect(at.page.get_by_role("button", name="挂断")).to_be_visible()
    await asyncio.sleep(seconds)


async def check_sound(at: Desk, phone: Telephone, sid: str) -> None:
    """After the call: what each side said is what the other side heard."""
    answered = (await phone.look(sid))["answered_at"] / 1000
    spoken, came = await phone.sound(sid, "spoken"), await phone.sound(sid, "heard")
    report("agent hears caller", heard := await at.hears(spoken, answered))
    report("caller hears agent", back := await at.is_heard(came, answered))
    assert min(heard.correlation, back.correlation) > ENOUGH
    assert max(heard.silence_ms, back.silence_ms) <= LONGEST_SILENCE_MS


@asynccontextmanager
async def telephone(world: dict[str, Any]) -> AsyncIterator[Telephone]:
    phone = Telephone(world["carrier"])
    try:
        yield phone
    finally:
        await phone.close()


def test_a_phone_call_is_answered_in_a_browser_and_both_hear_each_other(world: dict[str, Any], tmp_path: Path) -> None:
    async def whole() -> None:
        async with telephone(world) as phone, desk(tmp_path, agent_voice()) as at:
            await sign_in(at, world, "1001")
            began = time.monotonic()
            sid = await ring(world, phone)
            await talk(at, 10)
            print(f"talking {time.monotonic() - began:.1f} s after dialling")  # noqa: T201
            await at.page.screenshot(path=tmp_path / "on-call.png")
            await phone.hang_up(sid)
            await phone.look(sid, wait=10)
            await check_sound(at, phone, sid)
            assert at.left == []
            assert at.errors == []

    asyncio.run(whole())
