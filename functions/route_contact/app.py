"""SQS ``route`` -> those who wait ring at those who are free, each at exactly one. Nobody free is an answer."""

from collections.abc import Callable

from hearthline.callflow.ring import Ringing
from hearthline.events.contact_queued import ContactQueued
from hearthline.events.contact_transferred import ContactTransferred
from hearthline.events.offer_lapsed import OfferLapsed
from hearthline.events.word import Envelope, Word
from hearthline.platform.consume import queue_reader
from hearthline.platform.effects import Effects, aws
from hearthline.platform.logging import logger

effects: Callable[[], Effects] = aws
log = logger("route_contact")


def route_one(envelope: Envelope, word: Word) -> None:
    ringing = Ringing(effects(), envelope.id)
    if isinstance(word, ContactQueued | ContactTransferred | OfferLapsed):
        rang = ringing.for_contact(word.contact)
        if isinstance(word, ContactQueued) and word.freed:
            ringing.for_agent(word.freed)
        log.info("looked for an agent", contact=word.contact, rang=rang)
        return
    for agent in {str(envelope.data.get(who, "")): who for who in ("agent", "partner")}:
        if agent:
            rung = ringing.for_agent(agent)
            log.info("looked for work", agent=agent, rang=bool(rung))


handler = queue_reader("route", route_one, lambda: effects(), log)
