"""WebSocket of the workspace: $connect with a one-use ticket, a heartbeat every 5 s, $disconnect.

The ticket comes in Sec-WebSocket-Protocol, never in an address, so that no log of addresses holds one.
"""

from collections.abc import Callable
from typing import Any

from hearthline.floor.store import Floor
from hearthline.platform.effects import Effects, aws
from hearthline.platform.logging import logger, with_request
from hearthline.presence.leaving import report_lost
from hearthline.presence.socket import PROTOCOL, Pace, answer, from_here, read_heartbeat, ticket_in
from hearthline.presence.store import Presence

effects: Callable[[], Effects] = aws
log = logger("agent_socket")
pace = Pace()


def connect(here: Effects, connection: str, event: dict[str, Any]) -> dict[str, Any]:
    headers = event.get("headers") or {}
    ticket = ticket_in(headers) if from_here(headers, here.settings.public_url) else ""
    person = Presence(here).spend_ticket(ticket) if ticket else None
    log.info("socket asked", admitted=person is not None, person=person or "")
    if person is None:
        return {"statusCode": 401}
    Presence(here).open(person, connection)
    return {"statusCode": 200, "headers": {"Sec-WebSocket-Protocol": PROTOCOL}}


def disconnect(here: Effects, connection: str, event: dict[str, Any]) -> dict[str, Any]:
    person = Presence(here).close(connection)
    log.info("socket closed", person=person or "")
    if person is not None:
        report_lost(here, person, connection)
    return {"statusCode": 200}


def message(here: Effects, connection: str, event: dict[str, Any]) -> dict[str, Any]:
    beat = read_heartbeat(str(event.get("body") or ""))
    welcome = beat is not None and pace.allows(connection, here.clock.now())
    person = Presence(here).beat(connection) if welcome else None
    if beat is None or person is None:
        log.warning("message refused", readable=beat is not None, welcome=welcome)
        return {"statusCode": 400, "body": '{"type":"refused"}'}
    agent = Floor(here).agent(person)
    contact = Floor(here).contact(agent.contact) if agent and agent.contact else None
    log.info("heartbeat", person=person)
    body = answer(beat, agent.version if agent else 0, contact.version if contact else 0)
    return {"statusCode": 200, "body": body}


ROUTES = {"CONNECT": connect, "DISCONNECT": disconnect, "MESSAGE": message}


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    with_request(log, context)
    about = event["requestContext"]
    return ROUTES[about["eventType"]](effects(), about["connectionId"], event)
