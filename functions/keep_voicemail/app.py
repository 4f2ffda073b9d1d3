"""SQS ``voicemail`` -> a message is fetched from the carrier and kept sealed; who left none has left."""

from collections.abc import Callable

from hearthline.callflow.message import keep_message
from hearthline.events.voicemail_begun import VoicemailBegun
from hearthline.events.voicemail_left import VoicemailLeft
from hearthline.events.word import Envelope, Word
from hearthline.floor.model import MESSAGE_PATIENCE_MS
from hearthline.floor.store import Floor
from hearthline.platform.consume import queue_reader
from hearthline.platform.effects import Effects, aws
from hearthline.platform.ledger import CLOCK
from hearthline.platform.logging import logger
from hearthline.presence.flow import announce
from hearthline.telephony.carrier import carrier

effects: Callable[[], Effects] = aws
log = logger("keep_voicemail")


def expect_message(envelope: Envelope, word: VoicemailBegun) -> None:
    """Once a message should be there, the contact ends with what it has."""
    floor = Floor(effects())
    contact = floor.contact(word.contact)
    if contact is None or contact.state != "leaving_message":
        log.info("message told or contact over", contact=word.contact)
        return
    early_ms = contact.message_begun_at + MESSAGE_PATIENCE_MS - effects().clock.now()
    if early_ms > 0:
        effects().queue.send("voicemail", envelope, -(-early_ms // 1000))
        log.info("the caller still has time", contact=word.contact)
        return
    step = floor.end_contact(word.contact, by="caller", actor=CLOCK, cause=envelope.id)
    if step:
        announce(effects(), step.event)
    log.info("no news of a message", contact=word.contact, changed=bool(step))


def voicemail_one(envelope: Envelope, word: Word) -> None:
    if isinstance(word, VoicemailBegun):
        return expect_message(envelope, word)
    if isinstance(word, VoicemailLeft):
        kept = keep_message(effects(), carrier(effects()), envelope, word)
        log.info("message kept", contact=word.contact, changed=kept)
    return None


handler = queue_reader("voicemail", voicemail_one, lambda: effects(), log)
