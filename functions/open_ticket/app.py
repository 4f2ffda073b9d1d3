"""SQS ``ticket`` -> each contact leaves exactly one ticket. Twice, late or out of order changes nothing."""

from typing import Any

from hearthline.events.word import Envelope, Word
from hearthline.platform.consume import consume
from hearthline.platform.effects import aws
from hearthline.platform.logging import logger, with_request
from hearthline.presence.flow import tell
from hearthline.tickets.flow import follow
from hearthline.tickets.model import StaleVersionError

effects = aws
log = logger("open_ticket")


def handler(event: dict[str, Any], context: Any) -> dict[str, list[dict[str, str]]]:
    with_request(log, context)
    here = effects()

    def act(envelope: Envelope, word: Word) -> None:
        try:
            ticket = follow(here, envelope, word)
        except StaleVersionError:
            ticket = follow(here, envelope, word)
        if ticket is None:
            log.info("ticket stands", event=envelope.id)
            return
        log.info("ticket moved", event=envelope.id, ticket=ticket.id, state=ticket.state, version=ticket.version)
        tell(here, ticket.owner, envelope)

    return consume(event, act, name="ticket", queue=here.queue, log=log)
