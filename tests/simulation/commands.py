"""What people's pages ask of us: the same commands straight at the floor, which is quick, or through the real doors.

Each is one run of a function. It raises RefusedByUsError, or what the rooms raise, when the person must try again.
"""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final, Literal, Protocol

from chalicelib.doors import let_go
from chalicelib.spread import spread
from functions.agent_socket import app as agent_socket
from functions.api import app as api
from hearthline.callflow.enter import enter_queue
from hearthline.events.word import Actor
from hearthline.floor.errors import FloorError
from hearthline.floor.keeper import Step
from hearthline.floor.model import Contact, consult_room
from hearthline.floor.store import Floor
from hearthline.floor.transfers import wraps_up_alone
from hearthline.media.edge import Control, EdgeBusyError, edges, meeting_edge
from hearthline.media.model import Unrecorded
from hearthline.people.sessions import open_session
from hearthline.people.store import add_person
from hearthline.platform.effects import Effects
from hearthline.platform.seal import KeysBusyError, Place
from hearthline.platform.store import BusyError
from hearthline.presence.leaving import report_lost
from hearthline.presence.socket import PROTOCOL
from hearthline.presence.store import Presence
from tests.desk import Quick, request
from tests.simulation.loop import Loop, Task

PASSWORD: Final = "correct horse battery"  # pragma: allowlist secret
CALLER: Final = Actor(kind="caller")
MATTER: Final = ("billing", "billing")
"""What browser callers ask about, and the queue of it."""
Status = Literal["available", "not_ready", "offline"]
Lang = Literal["zh", "en"]


class RefusedByUsError(Exception):
    """The answer was an error, told by its code."""


TRY_LATER: Final = (BusyError, FloorError, EdgeBusyError, KeysBusyError, RefusedByUsError)


class Commands(Protocol):
    """``key`` is the same for every try of one wish."""

    def hire(self, agent: str) -> None: ...
    def connect(self, agent: str, screen: str) -> None: ...
    def close(self, agent: str, screen: str) -> None: ...
    def accept(self, agent: str, offer: str, contact: str, key: str) -> None: ...
    def decline(self, agent: str, offer: str, key: str) -> None: ...
    def status(self, agent: str, status: Status, reason: str, key: str) -> None: ...
    def on_contact(self, agent: str, contact: str, verb: str, key: str) -> None:
        """``verb``: hold, resume, hangup, wrap-up, leave, or consult/ with complete, conference or cancel."""
        ...

    def transfer(self, agent: str, contact: str, queue: str, wants: str, key: str) -> None: ...
    def consult(self, agent: str, contact: str, colleague: str, key: str) -> None: ...

    def write(self, contact: str, lang: Lang) -> None:
        """A message comes in: there is no door for them yet, so it is the floor's own step in either case."""
        ...

    def arrive(self, contact: str, lang: Lang, key: str) -> str:
        """A browser caller; the contact's id, which is ``contact`` where we choose it."""
        ...

    def door(self, contact: str) -> str:
        """The edge at which the caller's page joins, or joins again."""
        ...

    def asks(self, contact: str) -> None:
        """The page asks where its caller stands."""
        ...

    def leave(self, contact: str, key: str) -> None: ...

    def call_me_back(self, contact: str, number: str, key: str) -> None:
        """The page asks for a callback."""
        ...


def again_and_again(
    loop: Loop, act: Callable[[], Any], tries: int = 3, then: Callable[[], None] = lambda: None
) -> None:
    """A page's request; one without an answer is made again, and ``then`` is done when that does not help."""

    def guarded() -> bool:
        try:
            act()
        except TRY_LATER:
            return False
        return True

    def done(said: Any, alive: bool) -> None:
        if alive and said:
            return
        if tries:
            loop.after(1_500, lambda: again_and_again(loop, act, tries - 1, then))
        else:
            then()

    loop.start(Task("api", guarded, done, 0))


class AtTheFloor:
    """What the routes of the API do, without their border."""

    def __init__(self, effects: Effects) -> None:
        self._effects = effects
        self._floor = Floor(effects)

    def hire(self, agent: str) -> None:
        """Nobody signs in here."""

    def connect(self, agent: str, screen: str) -> None:
        Presence(self._effects).open(agent, screen)

    def close(self, agent: str, screen: str) -> None:
        if Presence(self._effects).close(screen) is not None:
            report_lost(self._effects, agent, screen)

    def accept(self, agent: str, offer: str, contact: str, key: str) -> None:
        known, asked = self._floor.contact(contact), self._floor.offer(offer)
        if known and known.channel == "message":
            self._tell(self._floor.accept(offer, agent, "", _me(agent)))
            return
        room = consult_room(known) if known and asked and asked.kind == "consult" else contact
        edge = meeting_edge(self._effects, room, known.edge if known else "")
        self._tell(self._floor.accept(offer, agent, edge.name, _me(agent)))

    def decline(self, agent: str, offer: str, key: str) -> None:
        self._tell(self._floor.lapse(offer, "declined", _me(agent)))

    def status(self, agent: str, status: Status, reason: str, key: str) -> None:
        if status == "available":
            Presence(self._effects).seen(agent)
        self._tell(self._floor.set_status(agent, status, reason, _me(agent)))

    def on_contact(self, agent: str, contact: str, verb: str, key: str) -> None:
        floor, me = self._floor, _me(agent)
        act: dict[str, Callable[[], Step | None]] = {
            "hold": lambda: floor.hold(contact, agent, me),
            "resume": lambda: floor.resume(contact, agent, me),
            "hangup": lambda: floor.hang_up(contact, agent, me),
            "consult/complete": lambda: floor.complete(contact, agent, me),
            "consult/conference": lambda: floor.conference(contact, agent, me),
            "consult/cancel": lambda: floor.cancel(contact, agent, me),
            "leave": lambda: floor.leave(contact, agent, me),
            "wrap-up": lambda: floor.end_wrapup(contact, agent, by="agent", actor=me, code="resolved", solved=True),
        }
        known = floor.agent(agent)
        if verb == "wrap-up" and known and wraps_up_alone(known):
            act[verb] = lambda: floor.end_own_wrapup(agent, contact, by="agent", actor=me, code="transferred")
        if verb.startswith("recording/"):
            self._record(agent, contact, verb)
            return
        self._tell(act[verb]())
        if verb == "consult/conference":
            self._tell(floor.resume(contact, agent, me))

    def _record(self, agent: str, contact: str, verb: str) -> None:
        """In the order in which the routes do it."""
        floor, me = self._floor, _me(agent)
        if verb == "recording/pause":
            known, until = floor.pause(contact, agent)
            self._order(known, Unrecorded(until, known.version + 1))
            self._tell(floor.paused(contact, agent, until, me))
            return
        self._tell(floor.record_again(contact, agent, me))
        after = floor.contact(contact)
        if after and not after.unrecorded_until:
            self._order(after, Unrecorded(0, after.version))

    def _order(self, contact: Contact, order: Unrecorded) -> None:
        edge = next((each for each in edges(self._effects) if each.name == contact.edge), None)
        if edge is None:
            raise EdgeBusyError(contact.edge)
        Control(self._effects, edge).record(contact.id, order)

    def transfer(self, agent: str, contact: str, queue: str, wants: str, key: str) -> None:
        before = self._floor.contact(contact)
        self._tell(self._floor.transfer(contact, agent, queue=queue, wants=wants, actor=_me(agent)))
        if before and before.channel == "phone":
            let_go(self._effects, before)

    def consult(self, agent: str, contact: str, colleague: str, key: str) -> None:
        self._tell(self._floor.consult(contact, agent, colleague, _me(agent)))

    def write(self, contact: str, lang: Lang) -> None:
        written(self._effects, contact, lang)

    def arrive(self, contact: str, lang: Lang, key: str) -> str:
        edge = meeting_edge(self._effects, contact)
        Presence(self._effects).seen(contact)
        self._tell(self._floor.arrive(contact, channel="browser", lang=lang, edge=edge.name, actor=CALLER))
        matter, queue = MATTER
        self._tell(enter_queue(self._effects, contact, matter=matter, queue=queue, lang=lang, actor=CALLER))
        return contact

    def door(self, contact: str) -> str:
        known = self._floor.contact(contact)
        edge = meeting_edge(self._effects, contact, known.edge if known else "")
        self._tell(self._floor.waits_at(contact, edge.name))
        return edge.name

    def asks(self, contact: str) -> None:
        Presence(self._effects).page_asked(contact)

    def leave(self, contact: str, key: str) -> None:
        self._tell(self._floor.end_contact(contact, by="caller", actor=CALLER))

    def call_me_back(self, contact: str, number: str, key: str) -> None:
        step = promised(self._effects, contact, number)
        self._tell(step)
        if step and step.contact:
            let_go(self._effects, step.contact)

    def _tell(self, step: Step | None) -> None:
        spread(self._effects, step)


class AtTheDoors:
    """The real API and the real socket, with sessions, tickets and idempotency keys."""

    def __init__(self, effects: Effects) -> None:
        self._effects = effects
        self._cookies: dict[str, str] = {}
        self._callers: dict[str, str] = {}

    def hire(self, agent: str) -> None:
        named = replace(self._effects, ids=_Named(agent))
        add_person(named, login=agent, password=PASSWORD, name="Agent", role="agent", hasher=Quick())
        self._cookies[agent] = f"__Host-session={open_session(self._effects, agent)}"

    def connect(self, agent: str, screen: str) -> None:
        ticket = self._ask(agent, "/api/me/socket-ticket", key=self._effects.ids.new())["ticket"]
        headers = {"Sec-WebSocket-Protocol": f"{PROTOCOL}, {ticket}"}
        if _socket("CONNECT", screen, headers)["statusCode"] != 200:
            raise RefusedByUsError("socket")

    def close(self, agent: str, screen: str) -> None:
        _socket("DISCONNECT", screen, {})

    def accept(self, agent: str, offer: str, contact: str, key: str) -> None:
        self._ask(agent, f"/api/offers/{offer}/accept", key=key)

    def decline(self, agent: str, offer: str, key: str) -> None:
        self._ask(agent, f"/api/offers/{offer}/decline", key=key)

    def status(self, agent: str, status: Status, reason: str, key: str) -> None:
        self._ask(agent, "/api/me/status", {"status": status, "reason": reason or None}, key=key)

    def on_contact(self, agent: str, contact: str, verb: str, key: str) -> None:
        body = {"code": "resolved"} if verb == "wrap-up" else None
        self._ask(agent, f"/api/contacts/{contact}/{verb}", body, key=key)

    def transfer(self, agent: str, contact: str, queue: str, wants: str, key: str) -> None:
        self._ask(agent, f"/api/contacts/{contact}/transfer", {"queue": queue, "agent": wants or None}, key=key)

    def consult(self, agent: str, contact: str, colleague: str, key: str) -> None:
        self._ask(agent, f"/api/contacts/{contact}/consult", {"agent": colleague}, key=key)

    def write(self, contact: str, lang: Lang) -> None:
        written(self._effects, contact, lang)

    def arrive(self, contact: str, lang: Lang, key: str) -> str:
        said = self._ask("", "/api/public/contacts", {"matter": MATTER[0], "lang": lang}, key=key)
        self._callers[said["contact"]] = said["key"]
        return str(said["contact"])

    def door(self, contact: str) -> str:
        path = f"/api/public/contacts/{contact}/media"
        said = self._ask("", path, key=self._effects.ids.new(), bearer=self._callers[contact])
        return str(said["whip"]).split("//")[1].split(".")[0]

    def asks(self, contact: str) -> None:
        self._ask("", f"/api/public/contacts/{contact}", bearer=self._callers[contact], method="GET")

    def leave(self, contact: str, key: str) -> None:
        if contact not in self._callers:  # who writes has no page
            spread(self._effects, Floor(self._effects).end_contact(contact, by="caller", actor=CALLER))
            return
        self._ask("", f"/api/public/contacts/{contact}/hangup", key=key, bearer=self._callers[contact])

    def call_me_back(self, contact: str, number: str, key: str) -> None:
        path = f"/api/public/contacts/{contact}/callback"
        self._ask("", path, {"number": number}, key=key, bearer=self._callers[contact])

    def _ask(
        self, agent: str, path: str, body: object = None, *, key: str = "", bearer: str = "", method: str = "POST"
    ) -> Any:
        headers = {"Idempotency-Key": key} if key else {}
        if agent:
            headers["Cookie"] = self._cookies[agent]
        if bearer:
            headers["Authorization"] = f"Bearer {bearer}"
        said = api.app(request(method, path, body, route=_route(path), headers=headers), None)
        answer = json.loads(said["body"]) if said["body"] else {}
        if said["statusCode"] >= 400:
            raise RefusedByUsError(answer["code"])
        return answer


class _Named:
    """The one id that a person is known by."""

    def __init__(self, name: str) -> None:
        self._name = name

    def new(self) -> str:
        return self._name


def written(effects: Effects, contact: str, lang: Lang) -> None:
    """Somebody writes: the contact arrives and takes its place."""
    spread(effects, Floor(effects).arrive(contact, channel="message", lang=lang, actor=CALLER))
    matter, queue = MATTER
    spread(effects, enter_queue(effects, contact, matter=matter, queue=queue, lang=lang, actor=CALLER))


def promised(effects: Effects, contact: str, number: str) -> Step | None:
    """As the route does it."""
    sealed = effects.seal_text(number, Place("floor", contact, "callback"))
    return Floor(effects).promise_callback(contact, number=sealed, actor=CALLER)


def _me(agent: str) -> Actor:
    return Actor(kind="agent", id=agent)


def _route(path: str) -> str:
    """The resource: the id in the path becomes a name."""
    parts = path.split("/")
    return "/".join("{id}" if len(part) == 36 else part for part in parts)


def _socket(kind: str, screen: str, headers: dict[str, str], body: str | None = None) -> dict[str, Any]:
    about = {"eventType": kind, "connectionId": screen, "routeKey": "$default"}
    return agent_socket.handler({"requestContext": about, "headers": headers, "body": body}, None)


def heartbeat(screen: str, version: int) -> None:
    """What an open page sends, through the real socket."""
    _socket("MESSAGE", screen, {}, json.dumps({"type": "heartbeat", "versions": {"agent": version}}))
