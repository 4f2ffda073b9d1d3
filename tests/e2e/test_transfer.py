"""A caller is given on: a word apart, a conference, a hand-over; at once, to a queue. Two agents in real browsers."""

import asyncio
import time
from collections.abc import AsyncIterator, Collection
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import expect

from local.callers.phone import Telephone
from local.callers.places import CLIPS, agent_voice, caller_wav
from local.callers.sound import Hearing
from local.carrier.audio import Samples, read_wav, speech_like
from tests.e2e.desk import Desk, desk, heard_so, sign_in
from tests.e2e.left import PATIENCE_SECONDS, Left

pytestmark = [pytest.mark.browser, pytest.mark.engine]
HEARD, NOT_HEARD = 0.25, 0.2  # one voice among two after two codecs: 0.37 to 0.7; by chance up to 0.13
STRETCH = 5.0  # seconds
COLLEAGUE_CLIP = CLIPS / "sense_and_sensibility_01_austen_64kb-0890.wav"


def colleague_voice() -> Samples:
    return read_wav(COLLEAGUE_CLIP) if COLLEAGUE_CLIP.exists() else speech_like(7.0, seed=33)


@dataclass
class Three:
    """A caller on the phone, the agent who answered, and a colleague."""

    agent: Desk
    colleague: Desk
    phone: Telephone
    sid: str
    answered: float

    async def ways(self, since: float) -> dict[str, Hearing]:
        """Who hears whom since then."""
        spoken, came = await self.phone.sound(self.sid, "spoken"), await self.phone.sound(self.sid, "heard")
        at_agent, at_colleague = await self.agent.heard(), await self.colleague.heard()
        return {
            "caller to agent": await self.agent.hears(spoken, self.answered, since, mixed=True),
            "caller to colleague": await self.colleague.hears(spoken, self.answered, since, mixed=True),
            "agent to caller": await self.agent.is_heard(came, self.answered, since, mixed=True),
            "colleague to caller": await self.colleague.is_heard(came, self.answered, since, mixed=True),
            "agent to colleague": await self.agent.is_heard(at_colleague.pcm, at_colleague.began, since, mixed=True),
            "colleague to agent": await self.colleague.is_heard(at_agent.pcm, at_agent.began, since, mixed=True),
        }

    async def only(self, heard: Collection[str]) -> None:
        """These ways carry sound, and no other does."""

        def fits(way: str, hearing: Hearing) -> bool:
            return hearing.correlation > HEARD if way in heard else hearing.correlation < NOT_HEARD

        print(f"heard: {sorted(heard)}")  # noqa: T201
        await heard_so(self.ways, fits, STRETCH)


APART = {"agent to colleague", "colleague to agent"}
WITH_AGENT = {"caller to agent", "agent to caller"}
WITH_COLLEAGUE = {"caller to colleague", "colleague to caller"}


@asynccontextmanager
async def three(world: dict[str, Any], folder: Path, number: str) -> AsyncIterator[Three]:
    """The caller talks to the agent; the colleague is free."""
    async with AsyncExitStack() as stack:
        phone = Telephone(world["carrier"])
        stack.push_async_callback(phone.close)
        agent = await stack.enter_async_context(desk(folder, agent_voice()))
        colleague = await stack.enter_async_context(desk(folder, colleague_voice(), width=1280, height=800))
        await sign_in(agent, world, "1006")
        script = {"wav": str(caller_wav()), "says": ["我家宽带断线了"], "answers_after": 1.0}
        sid = str((await phone.dial(number, world["number"], script, say_speed=6))["sid"])
        stack.push_async_callback(phone.hang_up, sid)
        await answer(agent)
        await expect(agent.page.get_by_role("button", name="转接")).to_be_enabled(timeout=15_000)
        await sign_in(colleague, world, "1003")
        yield Three(agent, colleague, phone, sid, (await phone.look(sid))["answered_at"] / 1000)
        for each in (agent, colleague):
            await go_home(each)
            assert each.left == []
            assert each.errors == []


async def answer(at: Desk) -> None:
    await at.page.locator(".incoming").get_by_role("button", name="接听").click(timeout=20_000)


async def go_home(at: Desk) -> None:
    await at.page.get_by_role("button", name="切换状态").click()
    await at.page.get_by_role("menuitem", name="下线").click()
    await expect(at.page.get_by_text("您已下线")).to_be_visible()


async def wrap_up(at: Desk, code: str) -> None:
    """The code is chosen, or is what the page thought likely; then the agent is free."""
    strip = at.page.locator(".wrap-up")
    await expect(strip).to_be_visible(timeout=10_000)
    await strip.get_by_text(code, exact=True).click()
    await strip.get_by_role("button", name="结束话后").click()
    await expect(at.page.get_by_text("准备好了，等待来电")).to_be_visible()


def test_a_colleague_is_asked_joins_the_caller_and_keeps_him(world: dict[str, Any], tmp_path: Path) -> None:
    async def whole() -> str:
        began = time.monotonic()
        async with three(world, tmp_path, "+8613812348011") as all_three:
            agent, colleague = all_three.agent.page, all_three.colleague.page
            await agent.keyboard.press("Alt+t")
            await agent.get_by_role("button", name="先咨询 陈雨桐").click()
            await expect(colleague.get_by_text("孙嘉禾 请求咨询").first).to_be_visible()
            await answer(all_three.colleague)
            await all_three.only(APART)
            await agent.screenshot(path=tmp_path / "apart.png")
            await agent.get_by_role("button", name="接成三方").click()
            await expect(colleague.get_by_text("客户由 孙嘉禾 负责，三方都能听到")).to_be_visible()
            await all_three.only(APART | WITH_AGENT | WITH_COLLEAGUE)
            await agent.get_by_role("button", name="转给 陈雨桐").click()
            await expect(agent.locator(".wrap-up")).to_contain_text("通话由他人继续")
            await expect(colleague.get_by_text("孙嘉禾 已把客户转给您")).to_be_visible()
            await all_three.only(WITH_COLLEAGUE)
            await colleague.screenshot(path=tmp_path / "given.png")
            await colleague.get_by_role("button", name="挂断").click()
            await wrap_up(all_three.colleague, "已解决")
            await wrap_up(all_three.agent, "转其他部门")
            await check_ticket(all_three.colleague, contact := left.contact_of(all_three.sid))
            print(f"{time.monotonic() - began:.0f} s")  # noqa: T201
            return contact

    left = Left(world)
    check_left(left, asyncio.run(whole()), ["attended"])


TICKETS = "async () => (await (await fetch('/api/tickets')).json()).tickets.map((each) => each.contact)"


async def check_ticket(at: Desk, contact: str) -> None:
    """The call's one ticket becomes this agent's."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while contact not in (found := await at.page.evaluate(TICKETS)):
            await asyncio.sleep(0.2)
    assert found.count(contact) == 1


def check_left(left: Left, contact: str, kinds: list[str]) -> None:
    """The ledger tells the way of the call: how it was given on, and that it ended once."""
    assert left.story(contact, "ContactEnded").count("ContactEnded") == 1
    events = [item["event"] for item in left.items("ledger", contact)]
    assert [each["data"]["kind"] for each in events if each["type"] == "ContactTransferred"] == kinds


def test_a_caller_is_passed_to_another_queue_and_after_a_word_apart_given_back(
    world: dict[str, Any], tmp_path: Path
) -> None:
    async def whole() -> str:
        async with three(world, tmp_path, "+8613812348012") as all_three:
            agent, colleague = all_three.agent.page, all_three.colleague.page
            await agent.keyboard.press("Alt+t")
            await expect(agent.get_by_role("button", name="转到队列 宽带")).to_be_visible()
            await agent.keyboard.type("账务")
            await expect(agent.get_by_role("button", name="转到队列 宽带")).to_have_count(0)
            await agent.keyboard.press("ArrowDown")
            await agent.keyboard.press("Enter")
            await expect(agent.locator(".wrap-up")).to_contain_text("通话由他人继续")
            await answer(all_three.colleague)
            await all_three.only(WITH_COLLEAGUE)
            await wrap_up(all_three.agent, "转其他部门")
            await colleague.get_by_role("button", name="转接").click()
            await colleague.get_by_role("button", name="先咨询 孙嘉禾").click()
            await answer(all_three.agent)
            await colleague.get_by_role("button", name="转给 孙嘉禾").click()
            # Nobody presses anything: the caller is taken back as soon as the sound is up.
            await expect(agent.get_by_role("button", name="保持")).to_be_enabled()
            await all_three.only(WITH_AGENT)
            await all_three.phone.hang_up(all_three.sid)
            await wrap_up(all_three.agent, "已解决")
            await wrap_up(all_three.colleague, "转其他部门")
            await check_ticket(all_three.agent, contact := left.contact_of(all_three.sid))
            return contact

    left = Left(world)
    check_left(left, asyncio.run(whole()), ["blind", "attended"])
