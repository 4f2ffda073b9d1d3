"""Somebody at the API: the real Chalice app over memory effects, events of the gateway, a small real edge."""

import json
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

from chalicelib import session
from functions.api import app as api
from hearthline.callflow.publishing import publish
from hearthline.people.model import Person, Role
from hearthline.people.store import add_person
from hearthline.platform.effects import Effects
from local.seed import COMPANY
from tests.shift import Shift, bound, media_key, settings

PASSWORD = "correct horse battery"  # pragma: allowlist secret


LEG: Final = {
    "role": "agent",
    "live": True,
    "by": "page",
    "speaks": False,
    "level_dbov": -26,
    "packets": 50,
    "loss": 0.0,
    "heard_loss": 0.0,
    "burst_ratio": 1.0,
    "jitter_ms": 2.0,
    "round_trip_ms": 20.0,
    "delay_ms": 80.0,
    "concealed": 0,
    "mos": 4.3,
    "one_way": None,
}
"""One leg as an edge describes it."""


class EdgeHandler(BaseHTTPRequestHandler):
    """As much of a media edge as the API speaks to: its health, and orders to a room."""

    def do_GET(self) -> None:
        room = self.path.startswith("/rooms/")
        if room and self.path.rpartition("/")[2] in server_of(self).unknown:
            self._answer({"code": "room_unknown"}, 404)
            return
        self._answer(server_of(self).room if room else server_of(self).health)

    def do_PUT(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        contact, wish = self.path.rpartition("/")[2], body.get("supervisor")
        if "unrecorded" in body:
            order = body["unrecorded"]
            server_of(self).recording.append((contact, order["until"], order["version"]))
            self._answer(server_of(self).room)
            return
        if wish is None:
            server_of(self).orders.append((contact, body["held"]))
        else:
            server_of(self).supervised.append((contact, wish["leg"], wish["mode"]))
        self._answer({}, 200 if wish is None or wish["leg"] in server_of(self).seated else 404)

    def do_DELETE(self) -> None:
        server_of(self).closed.append(self.path.rpartition("/")[2])
        self._answer({})

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""

    def _answer(self, body: dict[str, object], status: int = 200) -> None:
        said = json.dumps(body).encode()
        self.send_response(500 if server_of(self).broken else status)
        self.send_header("content-length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)


class EdgeServer(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), EdgeHandler)
        self.orders: list[tuple[str, bool]] = []
        self.recording: list[tuple[str, int, int]] = []
        self.supervised: list[tuple[str, str, str | None]] = []
        self.seated: set[str] = set()
        """Supervisors whose sound is there."""
        self.closed: list[str] = []
        self.broken = False
        self.room: dict[str, object] = {"held": False, "recorded": True, "legs": [dict(LEG)]}  # as it describes each
        self.unknown: set[str] = set()
        """Contacts that have no room here."""
        self.health: dict[str, object] = {"name": "edge-a", "state": "up", "rooms": 1, "max_rooms": 60}


def server_of(handler: EdgeHandler) -> EdgeServer:
    assert isinstance(handler.server, EdgeServer)
    return handler.server


@contextmanager
def running_edge() -> Iterator[EdgeServer]:
    server = EdgeServer()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@dataclass
class Answer:
    status: int
    body: Any
    headers: dict[str, str]

    @property
    def code(self) -> str:
        return str(self.body["code"])


def request(
    method: str,
    path: str,
    body: object = None,
    *,
    route: str = "",
    headers: dict[str, str] | None = None,
    raw: str | None = None,
    query: dict[str, list[str]] | None = None,
    address: str = "198.51.100.7",
) -> dict[str, Any]:
    """A REST API event (payload v1). ``route`` is the resource path where it has parts."""
    resource = route or path
    names = [part[1:-1] for part in resource.split("/") if part.startswith("{")]
    values = [value for part, value in zip(resource.split("/"), path.split("/"), strict=True) if part.startswith("{")]
    sent = {"Content-Type": "application/json"} if body is not None or raw is not None else {}
    return {
        "resource": resource,
        "path": path,
        "httpMethod": method,
        "headers": {**sent, **(headers or {})},
        "multiValueHeaders": {},
        "queryStringParameters": {name: values[-1] for name, values in query.items()} if query else None,
        "multiValueQueryStringParameters": query,
        "pathParameters": dict(zip(names, values, strict=True)) or None,
        "stageVariables": None,
        "requestContext": {
            "resourcePath": resource,
            "httpMethod": method,
            "path": path,
            "identity": {"sourceIp": address},
        },
        "body": raw if raw is not None else (json.dumps(body) if body is not None else None),
        "isBase64Encoded": False,
    }


@dataclass
class Desk:
    """A company with its people. ``as_(name)`` speaks to the API in that person's session."""

    shift: Shift
    edge: EdgeServer
    people: dict[str, Person] = field(default_factory=dict)

    @property
    def effects(self) -> Effects:
        return self.shift.effects

    def hire(self, login: str, role: Role = "agent", *, queues: dict[str, int] | None = None) -> Person:
        person = add_person(
            self.effects, login=login, password=PASSWORD, name=f"{login.title()} Lin", role=role, hasher=Quick()
        )
        if role == "agent":
            self.shift.floor.enlist(person.id, queues=queues or {"broadband": 3}, skills={"zh": 5, "en": 2})
            self.shift.presence.open(person.id, f"screen-{person.id}")
        self.people[login] = person
        return person

    def send(self, event: dict[str, Any]) -> Answer:
        with bound(api, self.effects):
            said = api.app(event, None)
        body = json.loads(said["body"]) if said["body"] else None
        return Answer(said["statusCode"], body, said["headers"])

    def call(self, method: str, path: str, body: object = None, **more: Any) -> Answer:
        """A request with a fresh Idempotency-Key unless one is given."""
        headers = {"Idempotency-Key": str(uuid.uuid4()), **more.pop("headers", {})}
        return self.send(request(method, path, body, headers=headers, **more))

    def sign_in(self, login: str, password: str = PASSWORD, **more: Any) -> Answer:
        return self.call("POST", "/api/session", {"login": login, "password": password}, **more)

    def as_(self, login: str) -> "Seat":
        said = self.sign_in(login)
        assert said.status == 201, said
        return Seat(self, self.people[login], said.headers["Set-Cookie"].partition(";")[0])

    def ringing(self, login: str, contact: str = "", channel: str = "phone") -> str:
        """A call rings at this person; the offer's id."""
        seat, name = self.people[login], contact or str(uuid.uuid4())
        self.shift.floor.set_status(seat.id, "available")
        self.shift.presence.beat(f"screen-{seat.id}")
        self.shift.contact(name, channel=channel)
        self.shift.run()
        offer = self.shift.state_of(name).offer
        assert offer and self.shift.state_of(name).agent == seat.id
        return str(offer)


@dataclass
class Seat:
    """One person's browser."""

    desk: Desk
    person: Person
    cookie: str

    def call(self, method: str, path: str, body: object = None, **more: Any) -> Answer:
        headers = {"Cookie": self.cookie, **more.pop("headers", {})}
        return self.desk.call(method, path, body, headers=headers, **more)

    def on(self, kind: str, id: str, verb: str = "", body: object = None, method: str = "POST", **more: Any) -> Answer:
        """``/api/<kind>/<id>/<verb>``."""
        tail = f"/{verb}" if verb else ""
        return self.call(method, f"/api/{kind}/{id}{tail}", body, route=f"/api/{kind}/{{id}}{tail}", **more)

    def talking(self, channel: str = "phone") -> str:
        """This person talks to a caller; the contact's id."""
        contact = str(uuid.uuid4())
        offer = self.desk.ringing(self.desk.people[self.person.login].login, contact, channel)
        assert self.on("offers", offer, "accept").status == 200
        self.desk.shift.floor.connected(contact, "edge-a")
        return contact


class Quick:
    """A hash without its cost, for tests that are not about passwords."""

    def __init__(self) -> None:
        self.checked: list[str] = []

    def hash(self, password: str) -> str:
        return f"quick:{password}"

    def fits(self, kept: str, password: str) -> bool:
        self.checked.append(kept)
        return kept == f"quick:{password}"

    def outdated(self, kept: str) -> bool:
        return False


@contextmanager
def open_desk() -> Iterator[Desk]:
    """The seeded company and one edge; agents ana and bo, supervisor sue, administrator adam."""
    before, session.hasher = session.hasher, Quick()
    try:
        with running_edge() as edge:
            desk = _desk(edge)
            desk.hire("ana")
            desk.hire("bo")
            desk.hire("sue", "supervisor")
            desk.hire("adam", "admin")
            yield desk
    finally:
        session.hasher = before


def _desk(edge: EdgeServer) -> Desk:
    shift = Shift()
    host, port = edge.server_address[:2]
    url = f"http://{host!s}:{port}"
    edges = json.dumps([{"name": "edge-a", "url": url, "stream": "ws://edge/stream"}])
    shift.effects = replace(
        shift.effects, settings=settings(edges=edges, media_secret="media"), secret={"media": media_key()}.__getitem__
    )
    publish(shift.effects, COMPANY)
    return Desk(shift, edge)
