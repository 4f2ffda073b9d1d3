"""SQS ``release`` -> a contact ended: its room closes, and its call if that still lives."""

from collections.abc import Callable

from hearthline.callflow.agent_phone import AgentPhone
from hearthline.events.contact_ended import ContactEnded
from hearthline.events.recording_due import RecordingDue
from hearthline.events.word import Envelope, Word
from hearthline.media.edge import Control, EdgeBusyError, edges, lives
from hearthline.media.flow import close_recordings, holds_room
from hearthline.media.model import EdgeAddress
from hearthline.platform.consume import queue_reader
from hearthline.platform.effects import Effects, aws
from hearthline.platform.logging import logger
from hearthline.telephony.carrier import CallGoneError, carrier

effects: Callable[[], Effects] = aws
log = logger("release_media")


def release_one(envelope: Envelope, word: Word) -> None:
    if isinstance(word, RecordingDue):
        close_recordings(effects(), word.contact, envelope.id, lambda edge: holds_room(effects(), edge, word.contact))
    if not isinstance(word, ContactEnded):
        return
    AgentPhone(effects(), lambda: carrier(effects())).hear(envelope, word)  # before his sound ends, and he is led back
    hung_up = hang_up(word.call_sid) if word.call_sid else False
    # All of them: after the death of an edge a contact met at another one.
    closed = [edge.name for edge in edges(effects()) if close_room(edge, word)]
    close_recordings(effects(), word.contact, envelope.id, closed.__contains__)
    log.info("contact released", contact=word.contact, call_ended=hung_up, rooms_closed=len(closed))


def close_room(edge: EdgeAddress, word: ContactEnded) -> bool:
    """Raises EdgeBusyError when the contact's own edge lives and did not do it; a dead one has no rooms."""
    try:
        Control(effects(), edge).close(word.contact)
    except EdgeBusyError:
        log.warning("edge did not answer", edge=edge.name, contact=word.contact)
        if edge.name == word.edge and lives(edge):
            raise
        return False
    return True


def hang_up(call_sid: str) -> bool:
    """Whether the call still lived."""
    try:
        carrier(effects()).complete(call_sid)
    except CallGoneError:
        return False
    return True


handler = queue_reader("release", release_one, lambda: effects(), log)
