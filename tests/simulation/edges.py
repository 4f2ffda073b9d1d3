"""Media edges as the control plane sees them: rooms with legs, orders over HTTP, reports over a queue."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final, Literal

from hearthline.events.agent_leg_lost import AgentLegLost
from hearthline.events.media_ended import MediaEnded
from hearthline.events.media_joined import MediaJoined
from hearthline.events.partner_leg_lost import PartnerLegLost
from hearthline.events.recording_pause_over import RecordingPauseOver
from hearthline.events.word import Actor, Envelope, Word
from hearthline.media.edge import EdgeBusyError
from hearthline.media.model import choose_edge
from tests.simulation.faults import Faults
from tests.simulation.loop import Loop

NAMES: Final = ("edge-a", "edge-b")
GONE_MS: Final = 30_000
CALLER_GONE_MS: Final = 5_000


@dataclass
class Room:
    """``legs``: role -> whose it is, and what is called when its sound ends there."""

    legs: dict[str, tuple[str, Callable[[], None]]] = field(default_factory=dict)
    began: int = 0
    joined: bool = False
    agent_left: int = 0
    caller_left: int = 0
    callers: list[Literal["page", "phone"]] = field(default_factory=list)
    partner_left: int = 0
    unrecorded_until: int = 0
    order: int = 0  # the last one about the recording


class Edges:
    def __init__(self, loop: Loop, faults: Faults, report: Callable[[str], None]) -> None:
        self._loop = loop
        self._faults = faults
        self._report = report
        self._rooms: dict[str, dict[str, Room]] = {name: {} for name in NAMES}
        self._down_until = dict.fromkeys(NAMES, 0)
        self._reports = 0
        self.unrecorded: Callable[[str], tuple[int, int]] = lambda contact: (0, 0)
        """What a token that is made now says of a contact's recording: until when not, and which order that was."""

    @property
    def now(self) -> int:
        return self._loop.now

    def listed(self) -> str:
        """For the settings."""
        return json.dumps([{"name": n, "url": f"https://{n}.sim", "stream": f"wss://{n}.sim/stream"} for n in NAMES])

    def up(self, name: str) -> bool:
        return self._loop.now >= self._down_until[name]

    def meeting(self, contact: str, known: str) -> str:
        """Where a page that asks now is sent to; '' when no edge lives."""
        return choose_edge(contact, [name for name in NAMES if self.up(name)], known) or ""

    def ask(self, method: str, url: str, body: bytes | None = None, token: str = "") -> tuple[int, bytes]:
        """What the edge answers to the control plane; in place of HTTP."""
        self._loop.pause("edge.ask")
        name = url.split("//")[1].split(".")[0]
        if not self.up(name) or self._faults.strikes("F5"):
            raise EdgeBusyError("the edge does not answer")
        if url.endswith("/health"):
            return 200, b'{"state": "up"}'
        contact = url.rsplit("/", 1)[1]
        room = self._rooms[name].get(contact)
        if method == "DELETE":
            if room is not None:
                self._close(name, contact, "closed")
            return (204 if room else 404), b""
        if method == "PUT" and room is not None and "unrecorded" in (wish := json.loads(body or b"{}")):
            self._pause(name, contact, wish["unrecorded"]["until"], wish["unrecorded"]["version"])
        legs = [{"role": role, "live": True} for role in room.legs] if room else []
        return (200 if room else 404), json.dumps({"legs": legs}).encode()

    def join(
        self,
        name: str,
        contact: str,
        role: str,
        ended: Callable[[], None],
        who: str = "",
        by: Literal["page", "phone"] = "page",
    ) -> bool:
        """A leg joins a room, in place of another of its role; ``ended`` is called when the edge lets go of it.

        False when the edge is down.
        """
        if not self.up(name):
            return False
        room = self._rooms[name].setdefault(contact, Room(began=self._loop.now))
        room.legs[role] = (who, ended)
        until, order = self.unrecorded(contact)
        if until > self._loop.now:
            self._pause(name, contact, until, order)
        if role == "caller":
            room.callers.append(by)
        room.agent_left = 0 if role == "agent" else room.agent_left
        if {"agent", "caller"} <= set(room.legs) and not room.joined:
            room.joined = True
            self._tell(MediaJoined(contact=contact, edge=name, roles=("agent", "caller")), name)
        return True

    def is_joined(self, contact: str, role: str, who: str) -> bool:
        """Whether this person's leg is in a room, at whatever edge lives."""
        rooms = [self._rooms[name].get(contact) for name in NAMES if self.up(name)]
        return any(room is not None and role in room.legs and room.legs[role][0] == who for room in rooms)

    def has(self, name: str, contact: str, role: str) -> bool:
        room = self._rooms.get(name, {}).get(contact)
        return room is not None and role in room.legs

    def occupied(self) -> list[str]:
        """Contacts in whose rooms somebody still is."""
        return sorted(contact for rooms in self._rooms.values() for contact, room in rooms.items() if room.legs)

    def recorded(self, contact: str) -> list[str]:
        """Edges at which caller and agent are heard and recorded."""
        rooms = [(name, self._rooms[name].get(contact)) for name in NAMES if self.up(name)]
        met = [(name, room) for name, room in rooms if room is not None and {"caller", "agent"} <= set(room.legs)]
        return [name for name, room in met if room.unrecorded_until <= self._loop.now]

    def _pause(self, name: str, contact: str, until: int, order: int) -> None:
        """As the edge itself: an order that was overtaken changes nothing, and at its end it records again."""
        room = self._rooms[name][contact]
        if order < room.order:
            return
        room.unrecorded_until, room.order = until, order
        if until > self._loop.now:
            self._loop.after(until - self._loop.now, partial(self._pause_over, name, contact, until), idle=True)

    def _pause_over(self, name: str, contact: str, until: int) -> None:
        room = self._rooms[name].get(contact)
        if room is not None and room.unrecorded_until == until:
            room.unrecorded_until = 0
            self._tell(RecordingPauseOver(contact=contact, edge=name), name)

    def leave(self, contact: str, role: str, who: str = "") -> None:
        """A side hangs up or its network is gone, wherever it is; another's leg of the same role stays."""
        for name, rooms in self._rooms.items():
            room = rooms.get(contact)
            if room is None or role not in room.legs or room.legs[role][0] != who:
                continue
            del room.legs[role]
            if role == "caller":
                room.caller_left = self._loop.now
                self._loop.after(CALLER_GONE_MS, partial(self._caller_gone, name, contact))
            elif role == "agent":
                room.joined, room.agent_left = False, self._loop.now
                self._loop.after(GONE_MS, partial(self._agent_gone, name, contact))
            elif role == "partner":
                room.partner_left = self._loop.now
                self._loop.after(GONE_MS, partial(self._partner_gone, name, contact, who))

    def restart(self, name: str, seconds: int) -> None:
        """Every room is gone without a word; callers and agents notice."""
        self._faults.note("F21", name)
        self._down_until[name] = self._loop.now + seconds * 1000
        rooms, self._rooms[name] = self._rooms[name], {}
        for room in rooms.values():
            for _, ended in list(room.legs.values()):
                self._loop.after(self._loop.chance.randrange(100, 3_000), ended)

    def _agent_gone(self, name: str, contact: str) -> None:
        room = self._rooms[name].get(contact)
        if room and room.agent_left and self._loop.now - room.agent_left >= GONE_MS and "caller" in room.legs:
            self._tell(AgentLegLost(contact=contact, edge=name), name)

    def _caller_gone(self, name: str, contact: str) -> None:
        room = self._rooms[name].get(contact)
        if room and "caller" not in room.legs and self._loop.now - room.caller_left >= CALLER_GONE_MS:
            self._close(name, contact, "caller_left")

    def _partner_gone(self, name: str, contact: str, who: str) -> None:
        room = self._rooms[name].get(contact)
        if room is None or "partner" in room.legs or self._loop.now - room.partner_left < GONE_MS:
            return
        if who not in {sitting for sitting, _ in room.legs.values()}:
            self._tell(PartnerLegLost(contact=contact, edge=name, partner=who), name)

    def _close(self, name: str, contact: str, reason: str) -> None:
        room = self._rooms[name].pop(contact)
        word = MediaEnded.model_validate(
            {
                "contact": contact,
                "edge": name,
                "reason": reason,
                "started_at": room.began,
                "ended_at": self._loop.now,
                "legs": [_heard(by) for by in room.callers],
            }
        )
        self._tell(word, name)
        for _, ended in list(room.legs.values()):
            self._loop.after(self._loop.chance.randrange(10, 200), ended)

    def _tell(self, word: Word, name: str) -> None:
        self._reports += 1
        event = Envelope.around(
            word,
            id=f"{name}#{self._reports}",
            tenant="demo",
            at=self._loop.now,
            actor=Actor(kind="edge", id=name),
        )
        self._report(json.dumps(event.plain()))


def _heard(by: str) -> dict[str, Any]:
    return {"role": "caller", "by": by, "lost_ppm": 0, "jitter_us": 0, "packets": 0}
