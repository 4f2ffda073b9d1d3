"""Where sound is missing: of a caller who left without a word, of a contact that never joined, of an agent."""

from hearthline.floor.keeper import Step
from hearthline.floor.model import ROUTABLE, Contact
from hearthline.floor.store import Floor
from hearthline.media.edge import Control, EdgeBusyError, edges
from hearthline.platform.effects import Effects
from hearthline.platform.ledger import CLOCK
from hearthline.platform.logging import logger
from hearthline.presence.store import Presence

log = logger("silence")


def has_left(effects: Effects, contact: Contact) -> bool:
    """Whether a browser caller closed the page without a word, or never got to see it."""
    return contact.channel == "browser" and Presence(effects).page_gone(contact.id)


def sound_failed(effects: Effects, contact: Contact, cause: str = "") -> Step | None:
    """The sound of an accepted contact did not join in time. None when that was settled, or it joined after all.

    Whose page is gone has left; anybody else waits again at the head of the queue.
    """
    floor = Floor(effects)
    if has_left(effects, contact):
        return floor.end_contact(contact.id, by="caller", actor=CLOCK, cause=cause)
    return floor.requeue(contact.id, "media_failed", cause=cause)


def agent_lost(effects: Effects, contact: Contact | None, room: str, edge: str, cause: str) -> Step | None:
    """``room`` at ``edge`` has no agent any more. None when that was settled, or the contact is elsewhere.

    The caller waits for another agent: on the phone in the carrier's queue, in a browser in the same room. A room that
    is no contact's is one where two agents talk apart: there it is the colleague who is lost.
    """
    floor = Floor(effects)
    if contact is None:
        about = floor.contact_of(room)
        return floor.partner_lost(about, room, cause) if about else None
    if contact.edge != edge:
        return None
    step = floor.requeue(contact.id, "agent_lost", cause=cause)
    waits = step is not None and step.contact is not None and step.contact.state in ROUTABLE
    there = next((each for each in edges(effects) if each.name == edge), None)
    if waits and there and contact.channel == "phone":
        try:
            Control(effects, there).close(contact.id)
        except EdgeBusyError:  # the next accept leads the carrier away from there
            log.warning("edge did not answer", edge=edge, contact=contact.id)
    return step
