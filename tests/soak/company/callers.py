"""The callers: by phone, as the simulated carrier lets them, and by pages of a browser. No verdict is theirs."""

import asyncio
import time
import uuid
from dataclasses import dataclass, field
from typing import Any, Final

import aiohttp
import numpy as np

from local.agents.leg import AgentLeg, LegError
from local.callers.phone import Telephone
from tests.soak.company.judge import Line
from tests.soak.company.plan import MATTERS, SAY_SPEED, WEBHOOK_FAULTS, Wanted
from tests.soak.company.tally import Tally

LOOK_SECONDS: Final = 60.0
LONGEST_SECONDS: Final = 1500.0
"""Of one caller; nobody is waited for any longer, and the verdict says what became of him."""
ASKS_EVERY: Final = 1.5
AGAIN_SECONDS: Final = 1.0
CREATE_TRIES: Final = 40
COMMAND_TRIES: Final = 25
"""A repeated request is told to wait while its first holder may still be at work."""
TROUBLE: Final = (aiohttp.ClientError, TimeoutError, LegError)
WANT_CALLS: Final = frozenset({"callback", "page_callback"})
CALLER_ENDS: Final = frozenset({"hung up by caller"})
BROKEN: Final = frozenset({"application error", "simulator fault", "not simulated"})


@dataclass
class Callers:
    """All of them. ``lines`` and ``pages`` grow: what the carrier told of each call, the contact of each page."""

    phone: Telephone
    public: str
    number: str
    carrier: str
    tally: Tally
    lines: dict[str, Line] = field(default_factory=dict)
    pages: list[str] = field(default_factory=list)

    async def call(self, wanted: Wanted) -> None:
        """One caller, to the end."""
        self.tally.placed += 1
        self.tally.ways[wanted.way] += 1
        try:
            async with asyncio.timeout(LONGEST_SECONDS):
                if wanted.way in WANT_CALLS:
                    await self._set_phone(wanted)
                await (self._browse(wanted) if wanted.in_a_browser else self._ring(wanted))
        except (*TROUBLE, RuntimeError) as error:
            self.tally.trouble[f"caller: {type(error).__name__}"] += 1
        self.tally.done += 1

    async def _ring(self, wanted: Wanted) -> None:
        call = await self.phone.dial(wanted.number, self.number, wanted.script(), WEBHOOK_FAULTS, SAY_SPEED)
        sid = str(call["sid"])
        self.lines[sid] = Line(sid, outbound=False, ended="still on the line")
        while not call["ended"]:
            call = await self.phone.look(sid, wait=LOOK_SECONDS)
        self.lines[sid] = line_of(call)

    async def _set_phone(self, wanted: Wanted) -> None:
        """How this telephone behaves when it is called back."""
        behaviour = {"rings_for": wanted.rings_for, "script": wanted.script()}
        async with (
            aiohttp.ClientSession() as http,
            http.put(f"{self.carrier}/sim/phones/{wanted.number}", json=behaviour) as answer,
        ):
            answer.raise_for_status()

    async def _browse(self, wanted: Wanted) -> None:
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=30)) as http:
            page = Page(http, self.public, wanted)
            await page.open()
            self.pages.append(page.contact)
            try:
                await page.stay()
            finally:
                await page.leg.drop()

    async def watch_the_carrier(self) -> None:
        """Notes calls that were dialled by us; each is read once more when it is over."""
        async with aiohttp.ClientSession() as http, http.get(f"{self.carrier}/sim/calls") as answer:
            calls = (await answer.json())["calls"]
        for call in calls:
            known = self.lines.get(call["sid"])
            if call["direction"] == "outbound-api" and (known is None or known.ended == "still on the line"):
                self.lines[call["sid"]] = line_of(await self.phone.look(call["sid"]))


def line_of(call: dict[str, Any]) -> Line:
    """A call as its story tells it."""
    outbound = call["direction"] != "inbound"
    if not call["ended"]:
        return Line(call["sid"], outbound, "still on the line")
    story = call["story"]
    ended = next((str(line.get("why", "")) for line in reversed(story) if line["what"] == "ended"), "no end")
    broken = next((line for line in story if line["what"] in BROKEN), None)
    if broken and ended not in CALLER_ENDS:
        ended = f"{broken['what']} {broken.get('error', broken.get('why', ''))}"
    recorded = sum(float(line["seconds"]) for line in story if line["what"] == "recorded")
    return Line(call["sid"], outbound, "caller" if ended in CALLER_ENDS else ended, recorded)


class Page:
    """A caller's page: takes a place, joins the edge at once, asks where it stands, leaves or just closes."""

    def __init__(self, http: aiohttp.ClientSession, public: str, wanted: Wanted) -> None:
        self._http = http
        self._api = f"{public}/api/public/contacts"
        self._wanted = wanted
        self._key = ""
        self.contact = ""
        self.leg = silent_leg()

    async def open(self) -> None:
        """Raises TimeoutError, RuntimeError when no place was given."""
        wanted = self._wanted
        body = {"matter": MATTERS[wanted.key], "lang": wanted.lang}
        made = await self._ask("POST", self._api, body, CREATE_TRIES)
        if "contact" not in made:
            raise RuntimeError("a page was refused")
        self.contact, self._key = str(made["contact"]), str(made["key"])
        await self._join(str(made["whip"]), str(made["token"]))

    async def stay(self) -> None:
        """Until the talk is over, or out of patience, or nobody has to stay."""
        wanted, talking_since, asked_for_call = self._wanted, 0.0, False
        while True:
            state = str((await self._ask("GET", f"{self._api}/{self.contact}"))["state"])
            if state in {"ended", "callback_promised"}:
                return None
            if state == "connected":
                talking_since = talking_since or time.monotonic()
                if time.monotonic() - talking_since >= wanted.talk:
                    return await self._leave()
            elif state == "queued" and wanted.way == "page_callback" and not asked_for_call:
                asked_for_call = True
                await self._ask("POST", f"{self._api}/{self.contact}/callback", {"number": wanted.number})
            elif wanted.way == "page_vanishes":
                return None
            await asyncio.sleep(ASKS_EVERY)

    async def _leave(self) -> None:
        await self._ask("POST", f"{self._api}/{self.contact}/hangup", {})

    async def _join(self, whip: str, token: str) -> None:
        try:
            await self.leg.join(whip, token)
        except TROUBLE:
            await self.leg.drop()
            self.leg = silent_leg()
            door = await self._ask("POST", f"{self._api}/{self.contact}/media", {})
            await self.leg.join(str(door["whip"]), str(door["token"]))

    async def _ask(
        self, method: str, url: str, body: dict[str, Any] | None = None, tries: int = COMMAND_TRIES
    ) -> dict[str, Any]:
        """The answer; what failed on the way, or came too often, is asked again under the same key. What is refused
        for good is answered with ``{"state": "ended"}``. Raises TimeoutError.
        """
        headers = {"Authorization": f"Bearer {self._key}"} if self._key else {}
        if method != "GET":
            headers["Idempotency-Key"] = str(uuid.uuid4())
        for _ in range(tries):
            try:
                async with self._http.request(method, url, json=body, headers=headers) as answer:
                    said: dict[str, Any] = await answer.json(content_type=None) if answer.status < 500 else {}
                    if answer.status < 400:
                        return said
                    if answer.status < 500 and said.get("code") not in {"too_often", "in_progress"}:
                        return {"state": "ended"}
            except (aiohttp.ClientError, TimeoutError, ValueError):
                pass
            await asyncio.sleep(AGAIN_SECONDS)
        raise TimeoutError(f"{method} was not answered")


def silent_leg() -> AgentLeg:
    """A leg for signalling's sake: it sends silence and decodes nothing."""
    return AgentLeg(np.zeros(160, np.int16), light=True)
