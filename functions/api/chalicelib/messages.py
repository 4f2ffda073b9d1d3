"""Messages that callers left: who serves the queue sees them; who takes one hears it, and has its ticket."""

import base64
from typing import Final

from chalice.app import Blueprint

from chalicelib.problems import ProblemError
from chalicelib.rules import AGENTS, Visit, on
from chalicelib.ticket_shapes import Message, MessageList, MessageSound, Ticket
from chalicelib.tickets import own_ticket, shown
from hearthline.floor.store import Floor
from hearthline.media.store import message_of
from hearthline.platform.logging import logger
from hearthline.tickets import model
from hearthline.tickets.store import Waiting, messages_in, take_ticket, ticket_of

routes = Blueprint(__name__)
log = logger("messages")
MOST: Final = 200
"""So many are listed, the oldest first: whoever looks takes the first one."""


@on(routes, "GET", "/api/messages", who=AGENTS, gives=MessageList)
def list_messages(visit: Visit) -> MessageList:
    """What waits in the queues that the agent serves, oldest first."""
    agent = Floor(visit.effects).agent(visit.person.id)
    found = [each for queue in sorted(agent.queues if agent else ()) for each in messages_in(visit.effects, queue)]
    return MessageList(
        messages=[_told(each) for each in sorted(found, key=lambda each: (each.left_at, each.ticket))[:MOST]]
    )


@on(routes, "POST", "/api/messages/{id}/take", who=AGENTS, gives=Ticket)
def take_message(visit: Visit, id: str) -> Ticket:
    """The message's ticket is the agent's draft from now on; of two who take it one is told so."""
    effects, person = visit.effects, visit.person.id
    ticket = ticket_of(effects, id)
    if ticket is None or not ticket.message_ms:
        raise ProblemError("not_found")
    if ticket.owner == person:
        return shown(ticket)  # asked twice
    agent, contact = Floor(effects).agent(person), Floor(effects).contact(ticket.contact)
    if agent is None or contact is None or contact.queue not in agent.queues:
        raise ProblemError("not_found")
    if not ticket.inbox:
        raise ProblemError("message_taken")
    try:
        taken = take_ticket(effects, ticket, person, effects.clock.now(), contact.version, visit.actor, "")
    except model.StaleVersionError as error:
        raise ProblemError("message_taken") from error
    return shown(taken)


@on(routes, "GET", "/api/messages/{id}/sound", who=AGENTS, gives=MessageSound)
def hear_message(visit: Visit, id: str) -> MessageSound:
    """The sound, for who has the ticket."""
    ticket = own_ticket(visit, id)
    if not ticket.message_ms:
        raise ProblemError("not_found")
    wav = message_of(visit.effects, ticket.contact)
    if wav is None:
        raise ProblemError("sound_not_ready")
    log.info("message heard", ticket=ticket.id, contact=ticket.contact, agent=visit.person.id)
    return MessageSound(wav=base64.b64encode(wav).decode())


def _told(waiting: Waiting) -> Message:
    return Message(
        id=waiting.ticket,
        contact=waiting.contact,
        queue=waiting.queue,
        matter=waiting.matter,
        left_at=waiting.left_at,
        length_ms=waiting.length_ms,
    )
