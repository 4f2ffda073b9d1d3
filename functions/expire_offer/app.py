"""SQS delay ``expire`` -> an offer nobody answered lapses; an accepted contact without sound returns to the queue."""

from collections.abc import Callable

from hearthline.callflow.silence import sound_failed
from hearthline.events.consult_offered import ConsultOffered
from hearthline.events.contact_offered import ContactOffered
from hearthline.events.offer_accepted import OfferAccepted
from hearthline.events.word import Envelope, Word
from hearthline.floor.keeper import Step
from hearthline.floor.model import join_window_ms
from hearthline.floor.store import Floor
from hearthline.platform.consume import queue_reader
from hearthline.platform.effects import Effects, aws
from hearthline.platform.logging import logger
from hearthline.presence.flow import announce

effects: Callable[[], Effects] = aws
log = logger("expire_offer")


def later(envelope: Envelope, ends: int) -> bool:
    """Whether it is too early to judge; then the message comes again when it is time."""
    early_ms = ends - effects().clock.now()
    if early_ms > 0:
        effects().queue.send("expire", envelope, -(-early_ms // 1000))
    return early_ms > 0


def expire_ring(envelope: Envelope, word: ContactOffered | ConsultOffered) -> Step | None:
    offer = Floor(effects()).offer(word.offer)
    if offer is None or offer.state != "open" or later(envelope, offer.expires_at):
        log.info("offer stands or is answered", offer=word.offer)
        return None
    step = Floor(effects()).lapse(word.offer, "timed_out", cause=envelope.id)
    log.info("offer lapsed", offer=word.offer, agent=offer.agent, changed=bool(step))
    return step


def expire_join(envelope: Envelope, word: OfferAccepted) -> Step | None:
    contact = Floor(effects()).contact(word.contact)
    if contact is None or contact.state != "connecting" or contact.offer != word.offer:
        log.info("sound joined or contact moved on", contact=word.contact)
        return None
    if later(envelope, contact.accepted_at + join_window_ms(contact, effects().settings.join_seconds * 1000)):
        return None
    step = sound_failed(effects(), contact, envelope.id)
    log.warning("sound did not join", contact=word.contact, changed=bool(step))
    return step


def expire_one(envelope: Envelope, word: Word) -> None:
    step = expire_join(envelope, word) if isinstance(word, OfferAccepted) else None
    if isinstance(word, ContactOffered | ConsultOffered):
        step = expire_ring(envelope, word)
    if step:
        announce(effects(), step.event, *step.people)


handler = queue_reader("expire", expire_one, lambda: effects(), log)
