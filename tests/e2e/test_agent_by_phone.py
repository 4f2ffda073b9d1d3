"""An agent without a headset: caller and agent, both by phone, hear each other; the ticket is filled on the screen."""

import asyncio
import time
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import expect

from local.callers.phone import Telephone
from local.callers.places import AGENT_CLIP, agent_voice
from local.callers.sound import Hearing, measure
from local.carrier.audio import wav_bytes
from tests.e2e.desk import SETTLE, Desk, desk, heard_so, later, settled, sign_in
from tests.e2e.left import Left
from tests.e2e.test_phone_call import check_left, fill_ticket, good, ring, telephone
from tests.e2e.test_transfer import HEARD, NOT_HEARD, STRETCH, colleague_voice

pytestmark = [pytest.mark.browser, pytest.mark.engine]
NUMBER, SIP = "+8613900001111", "sip:agent.lin@desk.example.com"


def voice(folder: Path) -> str:
    """The agent's own words at his phone."""
    if AGENT_CLIP.exists():
        return str(AGENT_CLIP)
    made = folder / "agent.wav"
    made.write_bytes(wav_bytes(agent_voice()))
    return str(made)


async def choose(at: Desk, world: dict[str, Any], address: str) -> None:
    """In the settings, then back to the work."""
    page = at.page
    await page.goto(world["public"] + "/settings")
    if not address:
        await page.get_by_label("浏览器耳机").check(force=True)
    else:
        await page.get_by_label("电话 / SIP 地址").check(force=True)
        await page.get_by_label("电话号码或 SIP 地址").fill(address)
        await page.get_by_role("button", name="保存").click()
    await expect(page.get_by_text("已保存")).to_be_visible(timeout=20_000)
    await page.goto(world["public"])


async def answer(at: Desk) -> None:
    await at.page.locator(".incoming").get_by_role("button", name="接听").click()
    await expect(at.page.get_by_role("button", name="挂断")).to_be_visible()


async def rung(phone: Telephone, address: str, count: int = 1) -> str:
    """The call to the agent's phone, once it was placed."""
    async with asyncio.timeout(20):
        while len(calls := await phone.calls_to(address)) < count:
            await asyncio.sleep(0.1)
    return str(calls[-1]["sid"])


async def check_both(phone: Telephone, caller: str, agent: str) -> None:
    """What each telephone says is what the other one hears."""
    began = {sid: (await phone.look(sid))["answered_at"] / 1000 for sid in (caller, agent)}

    async def hears(listener: str, speaker: str, since: float) -> Hearing:
        said, heard = await phone.sound(speaker, "spoken"), await phone.sound(listener, "heard")
        part, part_at = later(said, began[speaker], since + SETTLE)
        return measure(part, part_at, heard, began[listener])

    async def ways(since: float) -> tuple[Hearing, Hearing]:
        return await hears(agent, caller, since), await hears(caller, agent, since)

    await settled(ways, good)


@pytest.mark.parametrize(("login", "address"), [("1001", NUMBER), ("1004", SIP)])
def test_caller_and_agent_talk_by_phone_and_the_ticket_is_filled_on_the_screen(
    world: dict[str, Any], tmp_path: Path, login: str, address: str
) -> None:
    async def whole() -> str:
        async with telephone(world) as phone, desk(tmp_path, agent_voice()) as at:
            await phone.install(address, {"keys": ["1"], "answers_after": 0.5, "wav": voice(tmp_path)})
            await sign_in(at, world, login)
            await choose(at, world, address)
            sid = await ring(world, phone, "+8613812348011")
            await answer(at)
            began = time.monotonic()
            desk_sid = await rung(phone, address)
            await expect(at.page.get_by_text("声音在您的电话上")).to_be_visible(timeout=20_000)
            print(f"on the phone {time.monotonic() - began:.1f} s after accepting")  # noqa: T201
            await check_both(phone, sid, desk_sid)
            assert await at.page.locator("audio").count() == 0, "no sound of the page's own"
            await at.page.screenshot(path=tmp_path / "by-phone.png")
            await phone.hang_up(sid)
            for call in (sid, desk_sid):
                assert (await phone.look(call, wait=10))["ended"]
            assert len(await phone.calls_to(address)) == 1
            await expect(at.page.locator(".wrap-up")).to_be_visible()
            await fill_ticket(at)
            await choose(at, world, "")
            assert (at.left, at.errors) == ([], [])
            return sid

    check_left(world, asyncio.run(whole()))


def test_a_phone_that_is_put_down_is_rung_again_from_the_screen(world: dict[str, Any], tmp_path: Path) -> None:
    async def whole() -> str:
        async with telephone(world) as phone, desk(tmp_path, agent_voice()) as at:
            number = "+8613900002222"
            await phone.install(number, {"keys": ["1"], "answers_after": 0.5, "wav": voice(tmp_path)})
            await sign_in(at, world, "1002")
            await choose(at, world, number)
            sid = await ring(world, phone, "+8613812348012")
            await answer(at)
            first = await rung(phone, number)
            await expect(at.page.get_by_text("声音在您的电话上")).to_be_visible(timeout=20_000)
            await phone.hang_up(first)
            await at.page.get_by_role("button", name="再拨我的电话").click()
            again = await rung(phone, number, 2)
            await expect(at.page.get_by_text("声音在您的电话上")).to_be_visible(timeout=20_000)
            await check_both(phone, sid, again)
            await at.page.get_by_role("button", name="挂断").click()
            for call in (sid, again):
                assert (await phone.look(call, wait=10))["ended"]
            await expect(at.page.locator(".wrap-up")).to_be_visible()
            await choose(at, world, "")
            return sid

    sid = asyncio.run(whole())
    left = Left(world)
    assert left.story(left.contact_of(sid), "ContactEnded").count("OfferAccepted") == 1


def test_a_phone_nobody_answers_leaves_the_caller_first_in_line_and_says_why(
    world: dict[str, Any], tmp_path: Path
) -> None:
    async def whole() -> None:
        async with telephone(world) as phone, desk(tmp_path, agent_voice()) as at:
            number = "+8613900003333"
            await phone.install(number, {}, "busy")
            await sign_in(at, world, "1006")
            await choose(at, world, number)
            sid = await ring(world, phone, "+8613812348013")
            await at.page.locator(".incoming").get_by_role("button", name="接听").click()
            await expect(at.page.get_by_text("您的电话没有接通")).to_be_visible(timeout=20_000)
            assert not (await phone.look(sid))["ended"]
            await phone.hang_up(sid)
            await phone.look(sid, wait=10)
            await choose(at, world, "")

    asyncio.run(whole())


def test_the_phone_goes_along_to_a_word_with_a_colleague_into_a_conference_and_is_let_go(
    world: dict[str, Any], tmp_path: Path
) -> None:
    async def whole() -> str:
        async with (
            telephone(world) as phone,
            desk(tmp_path, agent_voice()) as at,
            desk(tmp_path, colleague_voice(), width=1280, height=800) as other,
        ):
            number = "+8613900004444"
            await phone.install(number, {"keys": ["1"], "answers_after": 0.5, "wav": voice(tmp_path)})
            await sign_in(at, world, "1006")
            await choose(at, world, number)
            sid = await ring(world, phone, "+8613812348014")
            await answer(at)
            desk_sid = await rung(phone, number)
            await expect(at.page.get_by_text("声音在您的电话上")).to_be_visible(timeout=20_000)
            await expect(at.page.get_by_role("button", name="转接")).to_be_enabled(timeout=15_000)
            await sign_in(other, world, "1003")
            began = {call: (await phone.look(call))["answered_at"] / 1000 for call in (sid, desk_sid)}

            async def ways(since: float) -> dict[str, Hearing]:
                sound = {(call, side): await phone.sound(call, side) for call in began for side in ("spoken", "heard")}
                return {
                    "agent to colleague": await other.hears(
                        sound[desk_sid, "spoken"], began[desk_sid], since, mixed=True
                    ),
                    "colleague to agent": await other.is_heard(
                        sound[desk_sid, "heard"], began[desk_sid], since, mixed=True
                    ),
                    "caller to colleague": await other.hears(sound[sid, "spoken"], began[sid], since, mixed=True),
                    "colleague to caller": await other.is_heard(sound[sid, "heard"], began[sid], since, mixed=True),
                }

            async def only(*heard: str) -> None:
                def fits(way: str, hearing: Hearing) -> bool:
                    return hearing.correlation > HEARD if way in heard else hearing.correlation < NOT_HEARD

                await heard_so(ways, fits, STRETCH)

            apart, with_caller = (
                ("agent to colleague", "colleague to agent"),
                (
                    "caller to colleague",
                    "colleague to caller",
                ),
            )
            await at.page.keyboard.press("Alt+t")
            await at.page.get_by_role("button", name="先咨询 陈雨桐").click()
            await other.page.locator(".incoming").get_by_role("button", name="接听").click(timeout=20_000)
            await only(*apart)
            await at.page.get_by_role("button", name="接成三方").click()
            await only(*apart, *with_caller)
            await at.page.get_by_role("button", name="转给 陈雨桐").click()
            await expect(at.page.locator(".wrap-up")).to_be_visible()
            assert (await phone.look(desk_sid, wait=10))["ended"]
            await only(*with_caller)
            assert len(await phone.calls_to(number)) == 1
            await phone.hang_up(sid)
            await phone.look(sid, wait=10)
            await choose(at, world, "")
            return sid

    sid = asyncio.run(whole())
    left = Left(world)
    assert "ContactTransferred" in left.story(left.contact_of(sid), "ContactEnded")
