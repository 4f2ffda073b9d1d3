"""A simulated agent: signs in, keeps the socket alive, takes what rings, talks, leaves a ticket."""

import asyncio
import json
import random
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

import aiohttp

from local.agents.leg import AgentLeg, LegError
from local.agents.workspace import RefusedError, Workspace
from local.carrier.audio import Samples

HEARTBEAT: Final = 5.0  # s
JOIN_TRIES: Final = 3
AGAIN_AFTER: Final = 1.0  # s until a button that did not work is pressed again
GIVES_ON_AFTER: Final = 1.5  # s of talking
TALKING: Final = frozenset({"connecting", "connected", "held"})
Wanted = Callable[[Mapping[str, Any]], bool]


@dataclass(frozen=True)
class Habits:
    """How an agent behaves. Times are seconds; shares, of offers or of contacts, are from 0 to 1."""

    answers_after: float = 0.5
    hangs_up_after: float | None = None  # of talking; None leaves that to the caller
    light: bool = False  # a leg without sound
    fills_tickets: bool = True
    wraps_up_for: float = 0.0
    declines: float = 0.0
    misses: float = 0.0  # rings in vain
    gives_on: float = 0.0  # after GIVES_ON_AFTER, blind, to another queue
    goes_on_break: float = 0.0  # from the wrap-up
    back_after: float = 1.0  # from a break, or a missed call: nobody goes for a coffee

    def __post_init__(self) -> None:
        if self.declines + self.misses > 1:
            raise ValueError("more offers than there are")


@dataclass
class Talk:
    """One contact this agent had: its id, its leg and what became of it."""

    contact: str
    caller: str
    leg: AgentLeg
    accepted: float
    joined: asyncio.Event = field(default_factory=asyncio.Event)
    connected: asyncio.Event = field(default_factory=asyncio.Event)
    over: asyncio.Event = field(default_factory=asyncio.Event)
    ticket: str = ""


class Agent:
    """One person at a desk. ``start`` signs in, ``stop`` leaves; between, offers are taken as they come."""

    def __init__(
        self,
        origin: str,
        user: Mapping[str, str],
        voice: Samples,
        habits: Habits | None = None,
        tell: Callable[..., None] | None = None,
        chance: random.Random | None = None,
    ) -> None:
        self.login = user["login"]
        self._password = user["password"]
        self.desk = Workspace(origin)
        self._voice = voice
        self._habits = habits or Habits()
        self._tell = tell or (lambda what, **facts: None)
        self._chance = chance or random.Random()  # noqa: S311 - what people do
        self.snapshot: dict[str, Any] = {}
        self._configuration: dict[str, Any] = {}
        self.talks: list[Talk] = []
        self.offers: list[str] = []
        self.faults: list[str] = []
        self.arrived: asyncio.Queue[Talk] = asyncio.Queue()
        self._changed = asyncio.Event()
        self._fresh = False  # the snapshot is the answer to a command
        self._tasks: set[asyncio.Task[None]] = set()
        self._socket: aiohttp.ClientWebSocketResponse | None = None

    async def sign_in(self) -> dict[str, Any]:
        """Open a session and look; ``RefusedError`` when refused."""
        await self.desk.sign_in(self.login, self._password)
        self.snapshot = await self.desk.snapshot()
        return self.snapshot

    async def start(self) -> None:
        """Open the socket and say: available."""
        self._socket = await self.desk.socket()
        for part in (self._hear_news(), self._beat(), self._work()):
            self._do(part)
        self._shows(await self.desk.set_status("available"))
        self._tell("agent available", agent=self.login)

    async def reload(self) -> None:
        """The page is loaded anew: sound, socket and all it knew are gone, then it looks again."""
        await self._forget()
        for talk in self.talks:
            await talk.leg.drop()
        self.talks.clear()
        self.offers.clear()
        if self._socket:
            await self._socket.close()
        for part in (self._hear_news(), self._beat(), self._work()):
            self._do(part)
        self._tell("agent reloaded the page", agent=self.login)
        self._look()

    async def vanish(self) -> None:
        """The browser dies without a word."""
        await self._forget()
        for talk in self.talks:
            await talk.leg.drop()
        await self.desk.close()

    async def _forget(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def stop(self) -> None:
        """Leave: end the leg, say offline, sign out."""
        await self._forget()
        with suppress(RefusedError, aiohttp.ClientError, TimeoutError):
            await self.desk.set_status("offline")
        for talk in self.talks:
            await talk.leg.leave()
        if self._socket:
            await self._socket.close()
        await self.desk.close()

    def _shows(self, snapshot: dict[str, Any]) -> None:
        """What a command answered is what the screen shows."""
        self.snapshot, self._fresh = snapshot, True
        self._changed.set()

    def _look(self) -> None:
        """Read anew."""
        self._fresh = False
        self._changed.set()

    def _do(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _hear_news(self) -> None:
        while True:
            if self._socket is None or self._socket.closed:
                await asyncio.sleep(1)
                with suppress(RefusedError, aiohttp.ClientError, TimeoutError):
                    self._socket = await self.desk.socket()
                    self._look()
                continue
            async for message in self._socket:
                if message.type is aiohttp.WSMsgType.TEXT and self._is_news(message.data):
                    self._look()

    def _is_news(self, text: str) -> bool:
        try:
            said = json.loads(text)
            return said.get("type") == "behind" or (said.get("type") == "news" and not self._known(said))
        except (ValueError, AttributeError):
            self.faults.append("a message of the socket that is no JSON object")
            return False

    def _known(self, news: Mapping[str, Any]) -> bool:
        """Whether the screen shows that contact at least as it was then: most news is of what was just done here."""
        contact = self.snapshot.get("contact") or {}
        if not contact or "version" not in news:  # what no ledger keeps, such as a report of an edge, has none
            return False
        return bool(contact["id"] == news.get("contact") and contact["version"] >= news["version"])

    async def _beat(self) -> None:
        while True:
            agent, contact = self.snapshot.get("agent") or {}, self.snapshot.get("contact") or {}
            versions = {"agent": agent.get("version", 0), "contact": contact.get("version", 0)}
            with suppress(aiohttp.ClientError, ConnectionError):
                if self._socket is not None and not self._socket.closed:
                    await self._socket.send_json({"type": "heartbeat", "versions": versions})
            await asyncio.sleep(HEARTBEAT)

    async def _work(self) -> None:
        """Look whenever something changed, and act on what is seen."""
        while True:
            await self._changed.wait()
            self._changed.clear()
            try:
                if not self._fresh:
                    self.snapshot = await self.desk.snapshot()
                self._fresh = False
                await self._act()
            except (RefusedError, aiohttp.ClientError, TimeoutError) as error:
                self.faults.append(f"snapshot: {error or type(error).__name__}")
                await asyncio.sleep(1)
                self._changed.set()

    async def _act(self) -> None:
        offer, contact = self.snapshot.get("offer"), self.snapshot.get("contact")
        if offer and offer["id"] not in self.offers:
            self.offers.append(offer["id"])
            self._do(self._take(offer))
        talk = self.talks[-1] if self.talks else None
        if contact and contact["state"] in TALKING and (talk is None or talk.contact != contact["id"]):
            talk = Talk(
                contact["id"], contact.get("caller", ""), AgentLeg(self._voice, self._habits.light), time.time()
            )
            self.talks.append(talk)
            self._do(self._talk(talk))
        if talk and contact and contact["state"] == "connected" and talk.contact == contact["id"]:
            talk.connected.set()
        if talk and not talk.over.is_set() and (not contact or contact["state"] not in TALKING):
            talk.over.set()
            talk.connected.set()  # nobody has to wait for that any more
            self._do(self._wrap_up(talk, contact))
        if not offer and not contact and self.snapshot["agent"]["state"] in ("not_ready", "offline"):
            # A call was missed, the connection was thought lost, or the break is over.
            await asyncio.sleep(self._habits.back_after)
            self._shows(await self.desk.set_status("available"))
            self._tell("agent available again", agent=self.login)

    async def _take(self, offer: Mapping[str, Any]) -> None:
        self._tell("rang agent", agent=self.login, offer=offer["id"])
        await asyncio.sleep(self._habits.answers_after)
        draw = self._chance.random() - self._habits.misses
        if draw < 0:
            self._tell("agent lets it ring", agent=self.login)
            return
        try:
            if draw < self._habits.declines:
                self._shows(await self.desk.decline(offer["id"]))
                self._tell("agent declined", agent=self.login)
            else:
                self._shows(await self.desk.accept(offer["id"]))
                self._tell("agent accepted", agent=self.login)
        except (RefusedError, aiohttp.ClientError, TimeoutError) as error:
            self.faults.append(f"answer: {error or type(error).__name__}")
            await asyncio.sleep(AGAIN_AFTER)
            self.offers.remove(offer["id"])  # it rings on, unless somebody else was quicker
        self._changed.set()

    async def _talk(self, talk: Talk) -> None:
        self.arrived.put_nowait(talk)
        for _ in range(JOIN_TRIES):
            if await self._join(talk):
                break
            await asyncio.sleep(1)
            if talk.over.is_set():
                return
            talk.leg = AgentLeg(self._voice, self._habits.light)
        if talk.joined.is_set() and self._chance.random() < self._habits.gives_on:
            await asyncio.sleep(GIVES_ON_AFTER)
            await self._give_on(talk)
        elif talk.joined.is_set() and self._habits.hangs_up_after is not None:
            await talk.connected.wait()  # a customer who is called back may still be looking for the phone
            await asyncio.sleep(self._habits.hangs_up_after)
            if not talk.over.is_set():
                await self.hang_up(talk)

    async def _join(self, talk: Talk) -> bool:
        try:
            place = await self.desk.media(talk.contact)
            await talk.leg.join(place["whip"], place["token"])
        except (RefusedError, LegError, aiohttp.ClientError, TimeoutError) as error:
            self.faults.append(f"media: {error}")
            self._tell("agent could not join", agent=self.login, why=str(error))
            await talk.leg.leave()
            return False
        talk.joined.set()
        self._tell("agent joined the media", agent=self.login, edge=place.get("edge"))
        return True

    async def _give_on(self, talk: Talk) -> None:
        """To the head of any other queue."""
        here = (self.snapshot.get("contact") or {}).get("queue")
        try:
            queues = [queue["id"] for queue in (await self._configured())["queues"] if queue["id"] != here]
            to = {"queue": self._chance.choice(queues)}
            self._shows(await self.desk.on_contact(talk.contact, "transfer", to))
            self._tell("agent gave the contact on", agent=self.login, **to)
        except (RefusedError, aiohttp.ClientError, TimeoutError) as error:  # the caller may have left first
            self.faults.append(f"transfer: {error or type(error).__name__}")
        self._changed.set()

    async def hang_up(self, talk: Talk) -> None:
        """End the contact."""
        with suppress(RefusedError, aiohttp.ClientError, TimeoutError):
            self._shows(await self.desk.on_contact(talk.contact, "hangup"))
        self._changed.set()

    async def hold(self, talk: Talk, held: bool) -> None:
        """Put the caller on hold, or come back."""
        self._shows(await self.desk.on_contact(talk.contact, "hold" if held else "resume"))

    async def _wrap_up(self, talk: Talk, contact: Mapping[str, Any] | None) -> None:
        await talk.leg.leave()
        self._tell("agent in wrap-up", agent=self.login)
        if self._habits.fills_tickets:
            talk.ticket = await self.leave_ticket(talk.contact)
        if contact:
            await asyncio.sleep(self._habits.wraps_up_for)
            with suppress(RefusedError, aiohttp.ClientError, TimeoutError):
                if self._chance.random() < self._habits.goes_on_break:
                    self._shows(await self.desk.set_status("not_ready", "break"))
                code = (await self._configured())["wrap_up_codes"][0]["id"]
                self._shows(await self.desk.on_contact(talk.contact, "wrap-up", {"code": code}))
        self._changed.set()

    async def _configured(self) -> dict[str, Any]:
        self._configuration = self._configuration or await self.desk.configuration()
        return self._configuration

    async def leave_ticket(self, contact: str, seconds: float = 15) -> str:
        """Fill and submit the ticket of a contact as soon as it is there; its id, or "" when none came."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            with suppress(RefusedError):
                for ticket in await self.desk.tickets():
                    if ticket["contact"] == contact:
                        await self._fill(ticket)
                        return str(ticket["id"])
            await asyncio.sleep(0.5)
        return ""

    async def _fill(self, ticket: Mapping[str, Any]) -> None:
        if ticket["state"] != "draft":
            return
        form = (await self._configured())["ticket_schema"]
        values = {name: _example(form["properties"][name]) for name in ticket["missing"]}
        try:
            changes = {"version": ticket["version"], "fields": {**ticket["fields"], **values}}
            kept = await self.desk.request("PATCH", f"/tickets/{ticket['id']}", changes)
            await self.desk.request("POST", f"/tickets/{ticket['id']}/submit", {"version": kept["version"]})
            self._tell("ticket submitted", ticket=ticket["id"])
        except RefusedError as error:
            self.faults.append(f"ticket: {error}")


def _example(schema: Mapping[str, Any]) -> Any:
    """A value that fits a field of the ticket's form."""
    if schema.get("enum"):
        return schema["enum"][0]
    if schema.get("oneOf"):
        return schema["oneOf"][0]["const"]
    kind = schema.get("type", "string")
    if kind in ("integer", "number"):
        return schema.get("minimum", 1)
    if kind == "boolean":
        return True
    return "由模拟坐席填写"[: schema.get("maxLength")] if kind == "string" else [] if kind == "array" else {}
