"""The workspace's socket: who comes in, what a heartbeat says, what happens when it closes."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from functions.agent_socket import app as agent_socket
from hearthline.people.store import disable, revoke_sessions
from hearthline.presence.model import TICKET_SECONDS
from tests.desk import Desk, Seat, open_desk
from tests.shift import bound


@pytest.fixture
def desk() -> Iterator[Desk]:
    with open_desk() as opened:
        agent_socket.pace = type(agent_socket.pace)()
        yield opened


@pytest.fixture
def ana(desk: Desk) -> Seat:
    return desk.as_("ana")


def event(kind: str, connection: str = "c1", *, body: str | None = None, **headers: str) -> dict[str, Any]:
    about = {"eventType": kind, "connectionId": connection, "routeKey": "$default"}
    return {"requestContext": about, "headers": headers, "body": body}


def send(desk: Desk, sent: dict[str, Any]) -> dict[str, Any]:
    with bound(agent_socket, desk.effects):
        return agent_socket.handler(sent, None)


def connect(desk: Desk, ticket: str, connection: str = "c1", **headers: str) -> dict[str, Any]:
    offered = {"Sec-WebSocket-Protocol": f"hearthline, {ticket}", **headers}
    return send(desk, event("CONNECT", connection, **offered))


def ticket_of(seat: Seat) -> str:
    return str(seat.call("POST", "/api/me/socket-ticket").body["ticket"])


def beat(desk: Desk, agent: int, contact: int = 0, connection: str = "c1") -> str:
    body = json.dumps({"type": "heartbeat", "versions": {"agent": agent, "contact": contact}})
    return str(json.loads(send(desk, event("MESSAGE", connection, body=body))["body"])["type"])


def test_the_ticket_comes_over_rest_and_opens_the_socket_once(desk: Desk, ana: Seat) -> None:
    given = ana.call("POST", "/api/me/socket-ticket").body
    assert given["url"] == "wss://cc.example/socket"
    assert given["ticket"] not in given["url"]
    assert 0 < given["expires_at"] - desk.effects.clock.now() <= 60_000
    first = connect(desk, given["ticket"])
    assert first == {"statusCode": 200, "headers": {"Sec-WebSocket-Protocol": "hearthline"}}
    assert connect(desk, given["ticket"], "c2")["statusCode"] == 401
    assert "c1" in desk.shift.presence.connections(ana.person.id)


def test_a_ticket_is_over_after_a_minute(desk: Desk, ana: Seat) -> None:
    ticket = ticket_of(ana)
    desk.shift.later(TICKET_SECONDS + 1)
    assert connect(desk, ticket)["statusCode"] == 401


@pytest.mark.parametrize("offered", ["", "hearthline", "hearthline, x", "other, " + "x" * 43, "hearthline, a, b"])
def test_without_a_ticket_nobody_comes_in(desk: Desk, offered: str) -> None:
    headers = {"Sec-WebSocket-Protocol": offered} if offered else {}
    assert send(desk, event("CONNECT", **headers))["statusCode"] == 401


def test_a_page_of_another_origin_does_not_come_in_and_does_not_spend_the_ticket(desk: Desk, ana: Seat) -> None:
    ticket = ticket_of(ana)
    assert connect(desk, ticket, Origin="https://evil.example")["statusCode"] == 401
    assert connect(desk, ticket, Origin="https://cc.example")["statusCode"] == 200


def test_the_ticket_stands_hashed_in_the_table(desk: Desk, ana: Seat) -> None:
    assert ticket_of(ana) not in repr(desk.shift.store.everything())


def test_a_heartbeat_tells_whether_the_screen_is_behind(desk: Desk, ana: Seat) -> None:
    connect(desk, ticket_of(ana))
    version = ana.call("GET", "/api/me/floor").body["agent"]["version"]
    assert beat(desk, version) == "ok"
    desk.shift.later(5)
    ana.call("POST", "/api/me/status", {"status": "not_ready", "reason": "break"})
    assert beat(desk, version) == "behind"
    desk.shift.later(5)
    assert beat(desk, version + 1) == "ok"


def test_a_heartbeat_knows_the_contact_too(desk: Desk, ana: Seat) -> None:
    connect(desk, ticket_of(ana))
    ana.talking()
    shown = ana.call("GET", "/api/me/floor").body
    assert beat(desk, shown["agent"]["version"], shown["contact"]["version"]) == "ok"
    desk.shift.later(5)
    assert beat(desk, shown["agent"]["version"], shown["contact"]["version"] - 1) == "behind"


def test_heartbeats_keep_the_agent_reachable(desk: Desk, ana: Seat) -> None:
    connect(desk, ticket_of(ana))
    for _ in range(5):
        desk.shift.later(5)
        beat(desk, 1)
    assert desk.shift.presence.connections(ana.person.id) == ["c1"]


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        "null",
        "[]",
        '{"type":"heartbeat"}',
        '{"type":"heartbeat","versions":{"agent":-1}}',
        '{"type":"heartbeat","versions":{"agent":1,"contact":0},"person":"bo"}',
        '{"type":"subscribe","topic":"everything"}',
        '{"type":"heartbeat","versions":{"agent":"1"}}',
        "x" * 1_000_000,
        "[" * 1_000,
    ],
)
def test_any_other_message_is_refused(desk: Desk, ana: Seat, body: str) -> None:
    connect(desk, ticket_of(ana))
    said = send(desk, event("MESSAGE", body=body))
    assert json.loads(said["body"]) == {"type": "refused"}


def test_a_flood_of_messages_does_not_reach_the_store(desk: Desk, ana: Seat) -> None:
    connect(desk, ticket_of(ana))
    assert [beat(desk, 1) for _ in range(1_000)].count("refused") == 999


def test_a_connection_nobody_opened_is_refused(desk: Desk) -> None:
    assert beat(desk, 1, connection="stranger") == "signed_out"


def log_out(desk: Desk, ana: Seat) -> None:
    ana.call("DELETE", "/api/session")


def leave_the_company(desk: Desk, ana: Seat) -> None:
    disable(desk.effects, ana.person.id)


def lose_all_sessions(desk: Desk, ana: Seat) -> None:
    revoke_sessions(desk.effects, ana.person.id)


@pytest.mark.parametrize("end", [log_out, leave_the_company, lose_all_sessions])
def test_a_socket_does_not_outlive_its_session_by_more_than_a_heartbeat(
    desk: Desk, ana: Seat, end: Callable[[Desk, Seat], None]
) -> None:
    connect(desk, ticket_of(ana))
    desk.shift.presence.close(f"screen-{ana.person.id}")
    end(desk, ana)
    assert beat(desk, 1) == "signed_out"
    assert not desk.shift.presence.is_there(ana.person.id)
    assert [each.queue for each in desk.shift.queue.sent] == ["gone"]


def test_the_other_browser_of_the_same_person_stays(desk: Desk, ana: Seat) -> None:
    other = desk.as_("ana")
    connect(desk, ticket_of(ana), "c1")
    connect(desk, ticket_of(other), "c2")
    ana.call("DELETE", "/api/session")
    assert (beat(desk, 1, connection="c1"), beat(desk, 1, connection="c2")) == ("signed_out", "ok")


def test_a_closed_socket_asks_somebody_to_look_again_a_moment_later(desk: Desk, ana: Seat) -> None:
    connect(desk, ticket_of(ana))
    send(desk, event("DISCONNECT"))
    sent = [each for each in desk.shift.queue.sent if each.queue == "gone"]
    assert [(json.loads(each.body)["type"], each.delay) for each in sent] == [("ConnectionLost", 15)]
    send(desk, event("DISCONNECT"))
    assert len([each for each in desk.shift.queue.sent if each.queue == "gone"]) == 1
