"""A customer who was promised a callback did not pick up."""

from hearthline.events.word import Actor
from hearthline.floor.keeper import Step
from hearthline.floor.model import Contact
from hearthline.floor.store import Floor
from hearthline.platform.effects import Effects


def not_reached(effects: Effects, contact: Contact, call_sid: str, actor: Actor) -> Step | None:
    """Later again, or never more. None when that is not the contact's present call, or was noted before."""
    floor = Floor(effects)
    if not floor.rings_for(contact, call_sid):
        return None
    if floor.spent(contact):
        return floor.end_contact(contact.id, by="system", actor=actor, outcome="unreachable")
    return floor.not_reached(contact.id, call_sid, actor)
