"""A call sealed end to end, in two real browsers: both hear each other, both show one number, nobody else is let in."""

import asyncio
import re
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from itertools import groupby
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from playwright.async_api import Page, expect

from local.callers.places import agent_voice, caller_wav
from local.callers.sound import Hearing
from local.carrier.audio import RATE, read_wav
from tests.e2e.desk import Desk, desk, heard_so, sign_in
from tests.e2e.left import Left
from tests.e2e.test_browser_call import check_sound
from tests.e2e.test_transfer import NOT_HEARD, STRETCH, answer, colleague_voice, go_home, wrap_up
from tests.media.goertzel import keys_in

pytestmark = [pytest.mark.browser, pytest.mark.engine]
QUEUE, MATTER, AGENT, COLLEAGUE = "billing", "账单与费用", "1004", "1006"
AGREED_MS = 15_000
NUMBER = re.compile(r"\d\d \d\d \d\d")
PRESSED = "159"
OFF = ("不录音", "不转写", "班长不能监听", "不做质检")


@asynccontextmanager
async def session(world: dict[str, Any], login: str) -> AsyncIterator[aiohttp.ClientSession]:
    """Somebody at the API, without a page."""
    password = next(user["password"] for user in world["users"] if user["login"] == login)
    origin = {"Origin": world["public"]}
    async with aiohttp.ClientSession(world["public"], headers=origin, cookie_jar=aiohttp.DummyCookieJar()) as http:
        key = {"Idempotency-Key": str(uuid.uuid4())}
        async with http.post("/api/session", json={"login": login, "password": password}, headers=key) as said:
            assert said.status == 201, await said.text()
            http.headers["Cookie"] = said.headers["Set-Cookie"].partition(";")[0]
        yield http


async def post(http: aiohttp.ClientSession, path: str, body: dict[str, Any]) -> tuple[int, Any]:
    async with http.post(path, json=body, headers={"Idempotency-Key": str(uuid.uuid4())}) as said:
        return said.status, await said.json()


async def set_class(world: dict[str, Any], *, sealed: bool) -> None:
    """An administrator says whether calls from a page to the queue are sealed."""
    async with session(world, "9001") as http:
        async with http.get("/api/admin/config") as said:
            found = await said.json()
        config = found["config"]
        queues = [each | {"sealed": sealed} if each["id"] == QUEUE else each for each in config["queues"]]
        body = {"version": found["publication"]["version"], "config": config | {"queues": queues}}
        status, said_body = await post(http, "/api/admin/config", body)
        assert status in {200, 201}, said_body


@asynccontextmanager
async def sealed_queue(world: dict[str, Any]) -> AsyncIterator[None]:
    await set_class(world, sealed=True)
    try:
        yield
    finally:
        await set_class(world, sealed=False)


async def number_on(page: Page) -> str:
    """The six digits, as soon as the keys are agreed."""
    sealed = page.locator('.seal[data-phase="sealed"]')
    await expect(sealed).to_be_visible(timeout=AGREED_MS)
    found = NUMBER.search(await sealed.inner_text())
    assert found
    return found.group()


async def same_number(one: Page, other: Page) -> str:
    """On both screens; they may change at different moments."""
    ends = time.monotonic() + AGREED_MS / 1000
    while True:
        numbers = await number_on(one), await number_on(other)
        if numbers[0] == numbers[1]:
            return numbers[0]
        assert time.monotonic() < ends, numbers
        await asyncio.sleep(0.2)


async def call(world: dict[str, Any], customer: Desk, agent: Desk) -> str:
    """The customer calls about the matter and the agent answers; the contact's id."""
    await customer.page.goto(world["public"] + "/call")
    await customer.page.get_by_role("radio", name=MATTER).check()
    await expect(customer.page.get_by_text("只有您和客服能听到")).to_be_visible()
    async with customer.page.expect_response("**/api/public/contacts") as made:
        await customer.page.get_by_role("button", name="免费网络通话").click()
    contact = str((await (await made.value).json())["contact"])
    await agent.page.locator(".incoming").get_by_role("button", name="接听").click()
    await expect(customer.page.get_by_text("通话中").first).to_be_visible(timeout=15_000)
    return contact


async def end(customer: Desk, agent: Desk) -> None:
    """The customer hangs up; the agent wraps up and goes home."""
    await customer.page.get_by_role("button", name="挂断").click()
    await wrap_up(agent, "已解决")
    await go_home(agent)


async def check_screens(customer: Desk, agent: Desk) -> None:
    for at in (customer, agent):
        text = await at.page.locator(".seal").inner_text()
        assert all(word in text for word in OFF), text
    await expect(customer.page.get_by_text("通话会录音")).to_have_count(0)
    await expect(agent.page.get_by_role("button", name="会议")).to_be_disabled()


def test_a_sealed_call_is_heard_by_its_two_parties_and_by_nobody_else(world: dict[str, Any], tmp_path: Path) -> None:
    async def whole() -> None:
        async with (
            sealed_queue(world),
            desk(tmp_path, agent_voice()) as agent,
            desk(tmp_path, read_wav(caller_wav()), width=390, height=844) as customer,
        ):
            await sign_in(agent, world, AGENT)
            contact = await call(world, customer, agent)
            began = time.monotonic()
            number = await same_number(customer.page, agent.page)
            print(f"\nboth show {number}, {time.monotonic() - began:.1f} s after the call was on")  # noqa: T201
            await check_screens(customer, agent)
            await check_sound(customer, agent)
            await customer.page.screenshot(path=tmp_path / "customer.png")
            await agent.page.screenshot(path=tmp_path / "agent.png")
            await nobody_listens(world, contact)
            await check_keys(customer, agent)
            await end(customer, agent)
            check_left(world, contact)
            assert customer.errors == agent.errors == []
            assert customer.left == agent.left == []

    asyncio.run(whole())


async def check_keys(customer: Desk, agent: Desk) -> None:
    """Keys of a sealed call are sound, sealed as the voice is."""
    await customer.page.get_by_role("button", name="静音").click()
    await asyncio.sleep(1)
    skipped = len((await agent.heard()).pcm)
    await customer.page.get_by_role("button", name="拨号盘").click()
    for digit in PRESSED:
        await customer.page.get_by_role("button", name=f"按键 {digit}").click()
    await asyncio.sleep(3)
    # A frame that came late may part a key in two.
    found = "".join(key for key, _ in groupby(keys_in((await agent.heard()).pcm[skipped:], RATE)))
    print(f"pressed {PRESSED}, heard {found}")  # noqa: T201
    assert found == PRESSED


async def nobody_listens(world: dict[str, Any], contact: str) -> None:
    async with session(world, "2001") as supervisor:
        async with supervisor.get("/api/team/calls") as said:
            (listed,) = [each for each in (await said.json())["calls"] if each["contact"] == contact]
        assert listed["sealed"] is True
        for mode in ("listen", "whisper", "barge"):
            status, said_body = await post(supervisor, f"/api/team/calls/{contact}/watch", {"mode": mode})
            assert (status, said_body["code"]) == (409, "contact_sealed")


def check_left(world: dict[str, Any], contact: str) -> None:
    """The record of the room says why there is no recording, and there is none."""
    (room,) = Left(world).wait_for("recordings", f"M#{contact}", 1)
    assert (room["no_recording"], {leg["role"] for leg in room["legs"]}) == ("e2ee", {"caller", "agent"})
    assert Left(world).items("recordings", f"C#{contact}") == []


def test_an_agent_who_reloads_agrees_on_new_keys_and_is_heard_again(world: dict[str, Any], tmp_path: Path) -> None:
    async def whole() -> None:
        async with (
            sealed_queue(world),
            desk(tmp_path, agent_voice()) as agent,
            desk(tmp_path, read_wav(caller_wav()), width=390, height=844) as customer,
        ):
            await sign_in(agent, world, AGENT)
            await call(world, customer, agent)
            before = await same_number(customer.page, agent.page)
            for page in (agent.page, customer.page):
                began = time.monotonic()
                await page.reload()
                await asyncio.sleep(2)  # the other page still shows the number of before
                now = await same_number(customer.page, agent.page)
                print(f"\n{before} became {now} in {time.monotonic() - began:.1f} s")  # noqa: T201
                assert now != before
                before = now
            await check_sound(customer, agent)
            await end(customer, agent)

    asyncio.run(whole())


def test_hold_is_silent_both_ways_and_a_sealed_call_given_on_is_sealed_anew(
    world: dict[str, Any], tmp_path: Path
) -> None:
    async def whole() -> None:
        async with (
            sealed_queue(world),
            desk(tmp_path, agent_voice()) as agent,
            desk(tmp_path, colleague_voice(), width=1280, height=800) as colleague,
            desk(tmp_path, read_wav(caller_wav()), width=390, height=844) as customer,
        ):
            await sign_in(agent, world, AGENT)
            await call(world, customer, agent)
            before = await same_number(customer.page, agent.page)
            await sign_in(colleague, world, COLLEAGUE)
            await agent.page.get_by_role("button", name="保持").click()
            await heard_so(held(customer, agent), lambda _, hearing: hearing.correlation < NOT_HEARD, STRETCH)
            await agent.page.get_by_role("button", name="恢复").click()
            await agent.page.get_by_role("button", name="转接").click()
            await expect(agent.page.get_by_role("button", name="先咨询 孙嘉禾")).to_have_count(0)
            await agent.page.get_by_role("button", name="直接转 孙嘉禾").click()
            await answer(colleague)
            number = await same_number(customer.page, colleague.page)
            print(f"\n{before} became {number}")  # noqa: T201
            assert number != before
            await check_sound(customer, colleague)
            await wrap_up(agent, "转其他部门")
            await go_home(agent)
            await end(customer, colleague)

    asyncio.run(whole())


def held(customer: Desk, agent: Desk) -> Callable[[float], Awaitable[dict[str, Hearing]]]:
    async def ways(since: float) -> dict[str, Hearing]:
        at_customer, at_agent = await customer.heard(), await agent.heard()
        return {
            "agent to caller": await agent.is_heard(at_customer.pcm, at_customer.began, since, mixed=True),
            "caller to agent": await customer.is_heard(at_agent.pcm, at_agent.began, since, mixed=True),
        }

    return ways
