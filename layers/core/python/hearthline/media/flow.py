"""The end of a contact's recordings, whatever became of the edges that made them."""

from collections.abc import Callable
from typing import Final

from hearthline.events.recording_due import RecordingDue
from hearthline.events.word import Envelope
from hearthline.media.edge import Control, EdgeBusyError, edges
from hearthline.media.store import cut_recording, open_recordings
from hearthline.platform.effects import Effects
from hearthline.platform.ledger import SYSTEM
from hearthline.platform.logging import logger

log = logger("media")
OVERDUE_SECONDS: Final = 150
"""Longer than an edge tries to deliver what it recorded; what comes later is believed all the same."""


def close_recordings(effects: Effects, contact: str, cause: str, will_tell: Callable[[str], bool]) -> None:
    """Of an ended contact: what nobody will tell of is closed with what is there, the rest is looked at again later.

    ``will_tell`` says it of an edge by name. Raises ObjectsBusyError, QueueBusyError.
    """
    later = False
    for item in open_recordings(effects, contact):
        if will_tell(item["edge"]):
            later = True
            continue
        cut_recording(effects, contact, item, cause)
        log.warning("recording cut", contact=contact, edge=item["edge"])
    if later:
        look_later(effects, contact, cause)


def look_later(effects: Effects, contact: str, cause: str) -> None:
    """Raises QueueBusyError."""
    word, now, tenant = RecordingDue(contact=contact), effects.clock.now(), effects.settings.tenant
    again = Envelope.around(word, id=f"{contact}#due", tenant=tenant, at=now, actor=SYSTEM, cause=cause)
    effects.queue.send("release", again, OVERDUE_SECONDS)


def holds_room(effects: Effects, edge: str, contact: str) -> bool:
    """Whether the sound still goes on there; an edge that began anew under the same name knows nothing of it."""
    known = next((each for each in edges(effects) if each.name == edge), None)
    try:
        return known is not None and Control(effects, known).room(contact) is not None
    except EdgeBusyError:
        return False
