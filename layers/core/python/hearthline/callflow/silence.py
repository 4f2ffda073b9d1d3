"""A contact without sound: whose page is gone has left; anybody else waits again at the head of the queue."""

from hearthline.floor.keeper import Step
from hearthline.floor.model import Contact
from hearthline.floor.store import Floor
from hearthline.platform.effects import Effects
from hearthline.platform.ledger import CLOCK
from hearthline.presence.store import Presence


def has_left(effects: Effects, contact: Contact) -> bool:
    """Whether a browser caller closed the page without a word, or never got to see it."""
    return contact.channel == "browser" and Presence(effects).page_gone(contact.id)


def sound_failed(effects: Effects, contact: Contact, cause: str = "") -> Step | None:
    """The sound of an accepted contact did not join in time. None when that was settled, or it joined after all."""
    floor = Floor(effects)
    if has_left(effects, contact):
        return floor.end_contact(contact.id, by="caller", actor=CLOCK, cause=cause)
    return floor.requeue(contact.id, "media_failed", cause=cause)
