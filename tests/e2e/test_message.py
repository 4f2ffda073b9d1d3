"""A caller speaks a message instead of waiting; an agent takes it in a real browser and hears what was said."""

import asyncio
import base64
import io
import time
import wave
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.async_api import expect

from local.callers.phone import Telephone
from local.callers.places import agent_voice, caller_wav
from tests.e2e.desk import Desk, desk, sign_in
from tests.e2e.left import Left

pytestmark = [pytest.mark.browser, pytest.mark.engine]
SPOKEN_SECONDS = 4.0
PATIENCE_SECONDS = 40.0
BILLING, SPEAK = "2", "2"
LOUD = 1_000
HEAR = """async (ticket) => {
  const said = await fetch(`/api/messages/${ticket}/sound`);
  return [said.status, said.headers.get("cache-control"), (await said.json()).wav];
}"""


async def told(phone: Telephone, sid: str, what: str) -> None:
    """Wait until the carrier's story of the call has come to this."""
    ends = time.monotonic() + PATIENCE_SECONDS
    while not any(each["what"] == what for each in (await phone.look(sid))["story"]):
        assert time.monotonic() < ends, (await phone.look(sid))["story"][-5:]
        await asyncio.sleep(0.2)


async def leave_message(world: dict[str, Any]) -> str:
    """Somebody calls about a bill, would rather speak than wait, speaks, and hangs up; the call."""
    phone = Telephone(world["carrier"])
    steps = [{"until": "asked", "keys": BILLING}, {"until": "asked", "wait": 0.5, "keys": SPEAK}]
    try:
        call = await phone.dial("+8613812348009", world["number"], {"steps": steps}, say_speed=6)
        sid = str(call["sid"])
        await told(phone, sid, "recording")
        await phone.speak(sid, str(caller_wav()))
        await asyncio.sleep(SPOKEN_SECONDS)
        await phone.hang_up(sid)
        await phone.look(sid, wait=10)
        return sid
    finally:
        await phone.close()


def frames(wav: bytes) -> NDArray[np.int16]:
    with wave.open(io.BytesIO(wav)) as file:
        assert (file.getnchannels(), file.getframerate()) == (1, 8_000)
        return np.frombuffer(file.readframes(file.getnframes()), np.int16)


async def take_and_play(at: Desk) -> str:
    """The agent takes the message and plays it until some of it was heard; the ticket."""
    page = at.page
    await page.get_by_role("link", name="留言").click()
    async with page.expect_response("**/api/messages/*/take") as taken:
        await page.get_by_role("button", name="接手").click(timeout=PATIENCE_SECONDS * 1000)
    ticket = str((await (await taken.value).json())["id"])
    await page.get_by_role("button", name="播放", exact=True).click(timeout=PATIENCE_SECONDS * 1000)
    await expect(page.get_by_role("button", name="暂停", exact=True)).to_be_visible()
    await page.wait_for_function("() => document.querySelector('.player audio').currentTime > 1")
    await page.get_by_role("button", name="暂停", exact=True).click()
    await page.get_by_role("link", name="留言").click()
    await expect(page.get_by_text("没有待处理的留言")).to_be_visible()
    return ticket


def test_a_message_spoken_at_the_phone_is_taken_and_heard_in_a_browser(world: dict[str, Any], tmp_path: Path) -> None:
    async def whole() -> tuple[str, list[Any]]:
        sid = await leave_message(world)
        Left(world).recording(Left(world).contact_of(sid))  # it was fetched, and lies sealed in the bucket
        async with desk(tmp_path, agent_voice()) as at:
            await sign_in(at, world, "1003")
            ticket = await take_and_play(at)
            await at.page.screenshot(path=tmp_path / "message.png")
            said = await at.page.evaluate(HEAR, ticket)
            assert at.left == []
            assert at.errors == []
            return sid, said

    sid, (status, caching, sound) = asyncio.run(whole())
    assert (status, caching) == (200, "no-store")
    left = Left(world)
    _, rate, kept = left.recording(left.contact_of(sid))
    heard = frames(base64.b64decode(sound))
    assert np.array_equal(heard, kept[:, 0])
    assert np.abs(heard.astype(int)).max() > LOUD
    assert len(heard) / rate >= SPOKEN_SECONDS - 1
