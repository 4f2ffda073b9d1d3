"""One agent and one caller in memory, moving the way the real floor moves them."""

import asyncio
import uuid
from typing import Any

from dev import company
from dev.company import Json, now_ms

RING_MS = 15_000
WRAP_UP_MS = 60_000


class Floor:
    """The agent's side: the snapshot and what changes it."""

    def __init__(self) -> None:
        self.news = asyncio.Event()
        self.agent: Json = {
            "id": "agent-1001",
            "login": "1001",
            "name": "林悦",
            "state": "not_ready",
            "reason": "break",
            "since": now_ms(),
            "version": 1,
            "queues": ["broadband", "billing"],
            "calls_today": 32,
            "sound": {"by": "headset", "shown": ""},
        }
        self.offer: Json | None = None
        self.contact: Json | None = None
        self.consult: Json | None = None
        self.waiting = 3
        self.tickets = {ticket["id"]: ticket for ticket in company.tickets()}
        self.messages = {ticket["id"]: ticket for ticket in company.message_tickets()}

    def snapshot(self) -> Json:
        if self.offer and self.offer["expires_at"] < now_ms():
            self.offer = None
            self.move("not_ready", "missed")
        if self.contact and self.contact["state"] == "wrap_up" and self.contact["wrap_up_ends_at"] < now_ms():
            self.contact = None
            self.move("available")
        return {
            "now": now_ms(),
            "agent": self.agent,
            "offer": self.offer,
            "contact": self.contact,
            "consult": self.consult,
            "phone": None,
            "watchers": [],
            "waiting": self.waiting,
        }

    def move(self, state: str, reason: str | None = None) -> None:
        self.agent |= {"state": state, "reason": reason, "since": now_ms(), "version": self.agent["version"] + 1}
        self.news.set()

    def ring(self, wish: Json) -> None:
        lasts = int(wish.get("ring_ms", RING_MS))
        contact = {
            "id": str(uuid.uuid4()),
            "state": "offered",
            "channel": wish.get("channel", "phone"),
            "matter": wish.get("matter", "outage"),
            "queue": "broadband",
            "lang": wish.get("lang", "zh"),
            "caller": wish.get("caller", "136****0918"),
            "queued_at": now_ms() - int(wish.get("waited_ms", 38_000)) - (207_000 if wish.get("asked_by") else 0),
            "connected_at": now_ms() - 207_000 if wish.get("asked_by") else None,
            "ended_at": None,
            "ended_by": None,
            "given_by": None,
            "wrap_up_ends_at": None,
            "version": 3,
            "ticket": None,
            "edge": None,
            "unrecorded_until": None,
            "sealed": False,
        }
        asked_by = wish.get("asked_by")
        why = [{"zh": "空闲最久", "en": "Idle longest"}, {"zh": "技能匹配", "en": "Skills match"}]
        self.offer = {
            "id": str(uuid.uuid4()),
            "kind": "consult" if asked_by else "contact",
            "asked_by": asked_by,
            "opened_at": now_ms(),
            "expires_at": now_ms() + lasts,
            "why": why,
            "contact": contact,
        }
        self.move("offered")

    def accept(self) -> None:
        if self.offer is None:
            raise LookupError("offer_gone")
        if self.offer["asked_by"]:
            self.contact = {**self.offer["contact"], "state": "held", "version": 5, "edge": "edge-a"}
            self.consult = self._beside("talking", "agent-1002", self.offer["asked_by"], mine=False)
        else:
            ticket = company.new_ticket(self.offer["contact"]["matter"], {})
            self.tickets[ticket["id"]] = ticket
            self.contact = {**self.offer["contact"], "state": "connecting", "ticket": ticket["id"], "version": 5}
        self.offer = None
        self.move("on_contact")

    def ask(self, agent: str) -> None:
        """The colleague rings; how it goes on is set from outside."""
        name = next(each["name"] for each in company.targets()["agents"] if each["id"] == agent)
        self.consult = self._beside("asked", agent, name, mine=True, until=now_ms() + RING_MS)
        self.change(state="held")

    def _beside(self, state: str, agent: str, name: str, *, mine: bool, until: int | None = None) -> Json:
        return {"state": state, "mine": mine, "other": {"id": agent, "name": name}, "until": until}

    def beside(self, state: str | None) -> None:
        """The colleague's part moves on; None when it is over."""
        if self.consult is None:
            raise LookupError("not_now")
        self.consult = {**self.consult, "state": state, "until": None} if state else None
        self.change(**({"state": "connected"} if state == "conference" else {}))

    def give(self) -> None:
        """The call is somebody else's; what is left is the wrap-up."""
        self.consult = None
        self.end("given_on")

    def change(self, **facts: Any) -> None:
        if self.contact is None:
            raise LookupError("contact_not_yours")
        self.contact |= {**facts, "version": self.contact["version"] + 1}
        self.news.set()

    def end(self, by: str) -> None:
        at = now_ms()
        self.consult = None
        self.change(state="wrap_up", ended_at=at, ended_by=by, wrap_up_ends_at=at + WRAP_UP_MS)
        self.agent["calls_today"] += 1
        self.move("wrap_up")

    def patch(self, ticket: Json, version: int, fields: Json) -> Json:
        if version != ticket["version"]:
            raise LookupError("stale_version")
        ticket["fields"] |= fields
        at = now_ms()
        ticket |= {"version": version + 1, "updated_at": at, "missing": company.missing(ticket["fields"])}
        ticket["history"].append({"at": at, "what": "saved"})
        return ticket


class Caller:
    """The caller's page: one contact whose state is set from outside."""

    def __init__(self) -> None:
        self.state: Json = {}
        self.began = now_ms()

    def begin(self, matter: str) -> None:
        self.began = now_ms()
        self.state = {"state": "queued", "position": 7, "position_at_entry": 7, "wait_seconds": 300, "matter": matter}

    def view(self) -> Json:
        return {**self.state, "waited_ms": self.state.get("waited_ms", now_ms() - self.began)}
