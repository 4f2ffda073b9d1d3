"""WebSocket of the workspace: $connect with a one-use ticket (in a header, so that no log holds it), heartbeats."""

from collections.abc import Callable
from typing import Any

from hearthline.floor.store import Floor
from hearthline.people.sessions import still_open
from hearthline.platform.effects import Effects, aws
from hearthline.platform.logging import logger, with_request
from hearthline.presence.leaving import report_lost
from hearthline.presence.socket import PROTOCOL, REFUSED, SIGNED_OUT, Pace, answer, from_here, read_heartbeat, ticket_in
from hearthline.presence.store import Presence

effects: Callable[[], Effects] = aws
log = logger("agent_socket")
pace = Pace()


def connect(here: Effects, connection: str, event: dict[str, Any]) -> dict[str, Any]:
    headers = event.get("headers") or {}
    ticket = ticket_in(headers) if from_here(headers, here.settings.public_url) else ""
    spent = Presence(here).spend_ticket(ticket) if ticket else None
    log.info("socket asked", admitted=spent is not None)
    if spent is None:
        return {"statusCode": 401}
    Presence(here).open(spent[0], connection, spent[1])
    return {"statusCode": 200, "headers": {"Sec-WebSocket-Protocol": PROTOCOL}}


def disconnect(here: Effects, connection: str, event: dict[str, Any]) -> dict[str, Any]:
    person = Presence(here).close(connection)
    log.info("socket closed", person=person or "")
    if person is not None:
        report_lost(here, person, connection)
    return {"statusCode": 200}


def message(here: Effects, connection: str, event: dict[str, Any]) -> dict[str, Any]:
    beat = read_heartbeat(str(event.get("body") or ""))
    if beat is None or not pace.allows(connection, here.clock.now()):
        log.warning("message refused", readable=beat is not None)
        return {"statusCode": 400, "body": REFUSED}
    session = Presence(here).session_of(connection)
    if session is None or not still_open(here, session):
        return disconnect(here, connection, event) | {"body": SIGNED_OUT}
    agent = Floor(here).agent(Presence(here).beat(connection) or "")
    contact = Floor(here).contact(agent.contact) if agent and agent.contact else None
    log.info("heartbeat", agent=agent.id if agent else "")
    return {"statusCode": 200, "body": answer(beat, agent.version if agent else 0, contact.version if contact else 0)}


ROUTES = {"CONNECT": connect, "DISCONNECT": disconnect, "MESSAGE": message}


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    with_request(log, context)
    about = event["requestContext"]
    return ROUTES[about["eventType"]](effects(), about["connectionId"], event)
