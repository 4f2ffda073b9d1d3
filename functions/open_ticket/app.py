"""SQS ``ticket`` -> each contact leaves exactly one ticket. Twice, late or out of order changes nothing."""

from collections.abc import Callable

from hearthline.events.contact_connected import ContactConnected
from hearthline.events.contact_transferred import ContactTransferred
from hearthline.events.word import Envelope, Word
from hearthline.floor.store import Floor
from hearthline.platform.consume import queue_reader
from hearthline.platform.effects import Effects, aws
from hearthline.platform.logging import logger
from hearthline.presence.flow import tell
from hearthline.tickets.flow import follow
from hearthline.tickets.model import StaleVersionError

effects: Callable[[], Effects] = aws
log = logger("open_ticket")


def open_one(envelope: Envelope, word: Word) -> None:
    if is_past(word):
        log.info("somebody else has the contact by now", event=envelope.id)
        return
    try:
        ticket = follow(effects(), envelope, word)
    except StaleVersionError:  # its agent wrote at this moment: look again
        ticket = follow(effects(), envelope, word)
    if ticket is None:
        log.info("ticket stands", event=envelope.id)
        return
    tell(effects(), ticket.owner, envelope)
    log.info("ticket moved", event=envelope.id, ticket=ticket.id, state=ticket.state, version=ticket.version)


def is_past(word: Word) -> bool:
    """Late news of an agent after whom another came: the ticket is, or will be, with that one.

    Versions alone do not tell: a contact that came back to its first agent left no mark on a ticket that was his.
    """
    if not isinstance(word, ContactConnected | ContactTransferred):
        return False
    contact = Floor(effects()).contact(word.contact)
    owner = word.agent if isinstance(word, ContactConnected) else word.to
    return contact is not None and contact.agent not in {"", owner}


handler = queue_reader("ticket", open_one, lambda: effects(), log)
