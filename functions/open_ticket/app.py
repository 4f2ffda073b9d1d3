"""SQS ``ticket`` -> each contact leaves exactly one ticket. Twice, late or out of order changes nothing."""

from collections.abc import Callable

from hearthline.events.word import Envelope, Word
from hearthline.platform.consume import queue_reader
from hearthline.platform.effects import Effects, aws
from hearthline.platform.logging import logger
from hearthline.presence.flow import tell
from hearthline.tickets.flow import follow
from hearthline.tickets.model import StaleVersionError

effects: Callable[[], Effects] = aws
log = logger("open_ticket")


def open_one(envelope: Envelope, word: Word) -> None:
    try:
        ticket = follow(effects(), envelope, word)
    except StaleVersionError:  # its agent wrote at this moment: look again
        ticket = follow(effects(), envelope, word)
    if ticket is None:
        log.info("ticket stands", event=envelope.id)
        return
    tell(effects(), ticket.owner, envelope)
    log.info("ticket moved", event=envelope.id, ticket=ticket.id, state=ticket.state, version=ticket.version)


handler = queue_reader("ticket", open_one, lambda: effects(), log)
