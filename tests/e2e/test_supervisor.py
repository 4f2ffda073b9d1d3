"""A supervisor beside a call, in a real browser: listens unheard, whispers past the caller, barges in, leaves."""

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import expect

from local.callers.phone import Telephone
from local.callers.places import agent_voice, caller_wav
from local.callers.sound import Hearing
from tests.e2e.desk import Desk, desk, heard_so
from tests.e2e.desk import sign_in as take_calls
from tests.e2e.left import Left
from tests.e2e.test_transfer import HEARD, NOT_HEARD, STRETCH, answer, colleague_voice, go_home, three, wrap_up

pytestmark = [pytest.mark.browser, pytest.mark.engine]
TALK = {"caller to agent", "agent to caller"}
EARS = {"caller to supervisor", "agent to supervisor"}


@dataclass
class Watched:
    """A caller on the phone, the agent who answered, and a supervisor."""

    agent: Desk
    supervisor: Desk
    phone: Telephone
    sid: str
    answered: float

    async def ways(self, since: float) -> dict[str, Hearing]:
        """Who hears whom since then; a supervisor whose microphone never opened is not measured."""
        spoken, came = await self.phone.sound(self.sid, "spoken"), await self.phone.sound(self.sid, "heard")
        at_agent, at_supervisor = await self.agent.heard(), await self.supervisor.heard()
        ways = {
            "caller to agent": await self.agent.hears(spoken, self.answered, since, mixed=True),
            "caller to supervisor": await self.supervisor.hears(spoken, self.answered, since, mixed=True),
            "agent to caller": await self.agent.is_heard(came, self.answered, since, mixed=True),
            "agent to supervisor": await self.agent.is_heard(at_supervisor.pcm, at_supervisor.began, since, mixed=True),
        }
        if at_supervisor.spoke:
            ways["supervisor to caller"] = await self.supervisor.is_heard(came, self.answered, since, mixed=True)
            there = at_agent.pcm, at_agent.began
            ways["supervisor to agent"] = await self.supervisor.is_heard(*there, since, mixed=True)
        return ways

    async def only(self, heard: Collection[str]) -> None:
        """These ways carry sound, and no other does."""

        def fits(way: str, hearing: Hearing) -> bool:
            return hearing.correlation > HEARD if way in heard else hearing.correlation < NOT_HEARD

        print(f"heard: {sorted(heard)}")  # noqa: T201
        await heard_so(self.ways, fits, STRETCH)


@asynccontextmanager
async def watched(world: dict[str, Any], folder: Path, number: str) -> AsyncIterator[Watched]:
    """The caller talks to the agent; the supervisor sees the list of calls."""
    async with AsyncExitStack() as stack:
        phone = Telephone(world["carrier"])
        stack.push_async_callback(phone.close)
        agent = await stack.enter_async_context(desk(folder, agent_voice()))
        supervisor = await stack.enter_async_context(desk(folder, colleague_voice(), width=1280, height=800))
        await take_calls(agent, world, "1006")
        script = {"wav": str(caller_wav()), "says": ["我家宽带断线了"], "answers_after": 1.0}
        sid = str((await phone.dial(number, world["number"], script, say_speed=6))["sid"])
        stack.push_async_callback(phone.hang_up, sid)
        await answer(agent)
        await expect(agent.page.get_by_role("button", name="转接")).to_be_enabled(timeout=15_000)
        await sign_in(supervisor, world, "2001")
        await expect(supervisor.page.get_by_role("button", name="监听坐席 孙嘉禾")).to_be_visible()
        await supervisor.page.evaluate("() => (window.__heard.spoke = 0)")  # the check at the door had opened it
        yield Watched(agent, supervisor, phone, sid, (await phone.look(sid))["answered_at"] / 1000)
        for each in (agent, supervisor):
            assert each.left == []
            assert each.errors == []


async def sign_in(at: Desk, world: dict[str, Any], login: str) -> None:
    """Somebody who takes no calls."""
    password = next(user["password"] for user in world["users"] if user["login"] == login)
    await at.page.goto(world["public"])
    await at.page.get_by_label("工号").fill(login)
    await at.page.get_by_label("密码", exact=True).fill(password)
    await at.page.get_by_role("button", name="登录", exact=True).click()


def test_a_supervisor_listens_whispers_to_the_agent_alone_barges_in_and_leaves(
    world: dict[str, Any], tmp_path: Path
) -> None:
    async def whole() -> str:
        async with watched(world, tmp_path, "+8613812348021") as call:
            agent, supervisor = call.agent.page, call.supervisor.page
            await supervisor.get_by_role("button", name="监听坐席 孙嘉禾").click()
            await expect(agent.get_by_text("班长 何静 正在监听")).to_be_visible()
            await call.only(TALK | EARS)
            assert (await call.supervisor.heard()).spoke == 0  # nobody's microphone opens to listen
            await supervisor.get_by_role("button", name="耳语坐席 孙嘉禾").click()
            await expect(agent.get_by_text("班长 何静 正在对您耳语")).to_be_visible()
            await call.only(TALK | EARS | {"supervisor to agent"})
            await supervisor.screenshot(path=tmp_path / "whispers.png")
            await agent.screenshot(path=tmp_path / "whispered.png")
            await supervisor.get_by_text("强插", exact=True).first.click()
            await expect(agent.get_by_text("班长 何静 已强插")).to_be_visible()
            await call.only(TALK | EARS | {"supervisor to agent", "supervisor to caller"})
            await supervisor.get_by_role("button", name="退出").click()
            await expect(agent.get_by_text("班长 何静")).to_have_count(0)
            await call.only(TALK)
            await call.phone.hang_up(call.sid)
            await wrap_up(call.agent, "已解决")
            await expect(supervisor.get_by_text("现在没有通话")).to_be_visible(timeout=10_000)
            await go_home(call.agent)
            return left.contact_of(call.sid)

    left = Left(world)
    contact = asyncio.run(whole())
    assert left.story(contact, "ContactEnded").count("ContactEnded") == 1
    supervisor = next(user["id"] for user in world["users"] if user["login"] == "2001")
    acts = [item["event"] for item in left.items("ledger", f"V#{contact}#{supervisor}")]
    assert [(each["type"], each["data"]["mode"]) for each in acts] == [
        ("SupervisorJoined", "listen"),
        ("SupervisorModeChanged", "whisper"),
        ("SupervisorModeChanged", "barge"),
        ("SupervisorLeft", "barge"),
    ]


def test_a_supervisor_hears_on_after_an_attended_transfer_and_the_new_agent_is_told(
    world: dict[str, Any], tmp_path: Path
) -> None:
    async def whole() -> None:
        async with three(world, tmp_path, "+8613812348022") as call, desk(tmp_path, colleague_voice()) as supervisor:
            agent, colleague = call.agent.page, call.colleague.page
            await sign_in(supervisor, world, "2001")
            await supervisor.page.get_by_role("button", name="监听坐席 孙嘉禾").click()
            await expect(agent.get_by_text("班长 何静 正在监听")).to_be_visible()
            await agent.keyboard.press("Alt+t")
            await agent.get_by_role("button", name="先咨询 陈雨桐").click()
            await answer(call.colleague)
            await agent.get_by_role("button", name="转给 陈雨桐").click()
            await expect(colleague.get_by_text("孙嘉禾 已把客户转给您")).to_be_visible()
            await expect(colleague.get_by_text("班长 何静 正在监听")).to_be_visible()

            async def ways(since: float) -> dict[str, Hearing]:
                spoken = await call.phone.sound(call.sid, "spoken")
                return {"caller to supervisor": await supervisor.hears(spoken, call.answered, since, mixed=True)}

            await heard_so(ways, lambda _, hearing: hearing.correlation > HEARD, STRETCH)
            await call.phone.hang_up(call.sid)
            await expect(supervisor.page.get_by_text("通话已结束，您已退出")).to_be_visible(timeout=20_000)
            assert (supervisor.left, supervisor.errors) == ([], [])
            await wrap_up(call.colleague, "已解决")
            await wrap_up(call.agent, "转其他部门")

    asyncio.run(whole())
