"""A browser caller whose page is gone: nobody tells of it, so it is looked for.

No two clocks are compared, for machines differ. Each look reads the mark that the page leaves when it asks where it
stands; a page whose mark stays the same look after look is closed.
"""

from typing import Final

from hearthline.floor.keeper import Step
from hearthline.floor.model import QUEUE_PATIENCE_MS, Contact, Silence
from hearthline.floor.store import Floor
from hearthline.platform.effects import Effects
from hearthline.platform.ledger import CLOCK
from hearthline.presence.store import Presence

SILENT_LOOKS: Final = 2
"""So many looks that found the same mark as the one before: the sweep's, a minute apart, or after a failed join."""


def silence_of(effects: Effects, contact: Contact) -> Silence:
    """What this look finds, beside what the looks before found."""
    mark = Presence(effects).page_mark(contact.id) if contact.channel == "browser" else 0
    same = mark != 0 and mark == contact.page_seen
    return Silence(mark, contact.page_silent + 1 if same else 0)


def has_left(found: Silence) -> bool:
    """Whether the caller closed the page without a word, or never got to see it."""
    return found.looks >= SILENT_LOOKS


def look_later(effects: Effects, contact: Contact) -> bool:
    """Nothing is wrong with one who waits: look again, and remember what was seen. False when it moved meanwhile."""
    return Floor(effects).look_later(contact, QUEUE_PATIENCE_MS, silence_of(effects, contact))


def sound_failed(effects: Effects, contact: Contact, cause: str = "") -> Step | None:
    """The sound of an accepted contact did not join in time. None when that was settled, or it joined after all."""
    floor, found = Floor(effects), silence_of(effects, contact)
    if has_left(found):
        return floor.end_contact(contact.id, by="caller", actor=CLOCK, cause=cause)
    return floor.requeue(contact.id, "media_failed", cause=cause, silence=found)
