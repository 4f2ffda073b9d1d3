"""SQS ``route`` -> those who wait ring at those who are free, each at exactly one. Nobody free is an answer."""

from collections.abc import Callable

from hearthline.callflow.ring import Ringing
from hearthline.events.contact_ended import ContactEnded
from hearthline.events.contact_queued import ContactQueued
from hearthline.events.contact_transferred import ContactTransferred
from hearthline.events.offer_lapsed import OfferLapsed
from hearthline.events.word import Envelope, Word
from hearthline.floor.store import Floor
from hearthline.platform.consume import queue_reader
from hearthline.platform.effects import Effects, aws
from hearthline.platform.logging import logger

effects: Callable[[], Effects] = aws
log = logger("route_contact")


def route_one(envelope: Envelope, word: Word) -> None:
    ringing = Ringing(effects(), envelope.id)
    if isinstance(word, ContactQueued | ContactTransferred | OfferLapsed):
        rang = ringing.for_contact(word.contact)
        log.info("looked for an agent", contact=word.contact, rang=rang)
    for agent in freed_by(envelope, word):
        rung = ringing.for_agent(agent)
        log.info("looked for work", agent=agent, rang=bool(rung))
    left = left_by(word)
    if left:
        rung = ringing.for_queue(*left)
        log.info("a call left the queue", queue=left[0], rang=bool(rung))


def freed_by(envelope: Envelope, word: Word) -> list[str]:
    """Who may have time now."""
    if isinstance(word, ContactQueued):
        return [word.freed] if word.freed else []
    if isinstance(word, ContactTransferred | OfferLapsed):
        return []
    named = [str(envelope.data.get(who, "")) for who in ("agent", "partner")]
    return [agent for agent in named if agent]


def left_by(word: Word) -> tuple[str, str] | None:
    """Queue and language of a call that waits there no longer."""
    if isinstance(word, ContactQueued) and word.before:
        return word.before, word.lang
    if isinstance(word, ContactEnded) and word.outcome == "abandoned" and word.channel != "message":
        gone = Floor(effects()).contact(word.contact)
        return (gone.queue, gone.lang) if gone else None
    return None


handler = queue_reader("route", route_one, lambda: effects(), log)
