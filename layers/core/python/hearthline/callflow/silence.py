"""Where sound is missing: of a caller who left without a word, of a contact that never joined, of an agent.

A browser caller whose page is gone is told by nobody, so he is looked for. No two clocks are compared, for machines
differ. Each look reads the mark that the page leaves when it asks where it stands; a page whose mark stays the same
look after look is closed.
"""

from typing import Final

from hearthline.events.agent_leg_lost import AgentLegLost
from hearthline.events.media_ended import MediaEnded
from hearthline.events.media_joined import MediaJoined
from hearthline.events.one_way_audio import OneWayAudio, OneWayAudioEnded
from hearthline.events.partner_leg_lost import PartnerLegLost
from hearthline.events.word import Envelope
from hearthline.floor.keeper import Step
from hearthline.floor.model import HEARD, QUEUE_PATIENCE_MS, ROUTABLE, TALK_LOOK_MS, Contact, Silence
from hearthline.floor.store import Floor
from hearthline.media.edge import Control, EdgeBusyError, edges
from hearthline.media.model import EdgeAddress, Unrecorded
from hearthline.platform.effects import Effects
from hearthline.platform.ledger import CLOCK
from hearthline.platform.logging import logger
from hearthline.presence.flow import hint
from hearthline.presence.store import Presence

log = logger("silence")
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
    """Nothing is wrong with this one: look again, and remember what was seen. False when it moved meanwhile."""
    later = QUEUE_PATIENCE_MS if contact.state in ROUTABLE or contact.state == "offered" else TALK_LOOK_MS
    return Floor(effects).look_later(contact, later, silence_of(effects, contact))


def sound_failed(effects: Effects, contact: Contact, cause: str = "") -> Step | None:
    """The sound of an accepted contact did not join in time. None when that was settled, or it joined after all.

    Whose page is gone has left; anybody else waits again at the head of the queue.
    """
    floor, found = Floor(effects), silence_of(effects, contact)
    if has_left(found):
        return floor.end_contact(contact.id, by="caller", actor=CLOCK, cause=cause)
    return floor.requeue(contact.id, "media_failed", cause=cause, silence=found)


def agent_lost(effects: Effects, contact: Contact | None, word: AgentLegLost, cause: str) -> Step | None:
    """A room has no agent any more. None when that was settled, the contact is elsewhere, or somebody is there again.

    The caller waits for another agent: on the phone in the carrier's queue, in a browser in the same room. A room that
    is no contact's is one where two agents talk apart: there it is the colleague who is lost.
    """
    floor = Floor(effects)
    if contact is None:
        about = floor.contact_of(word.contact)
        return floor.partner_lost(about, room=word.contact, cause=cause) if about else None
    there = _edge(effects, word.edge)
    # Who is still joining has a clock of his own. The news may be late: whoever has the contact by now may be heard.
    if (
        contact.edge != word.edge
        or contact.state not in HEARD
        or (there and Control(effects, there).hears(contact.id, "agent"))
        or floor.sits_apart(contact)
    ):
        return None
    step = floor.requeue(contact.id, "agent_lost", cause=cause)
    if step is not None and step.contact is not None and step.contact.state in ROUTABLE:
        stands_in_line(effects, contact)
    return step


def caller_left(floor: Floor, contact: Contact, envelope: Envelope, word: MediaEnded) -> Step | None:
    """A caller who left ends the contact; an edge that was told to close, or drains, does not.

    Who is called back leaves his page, which ends nothing: the phone is his place by then.
    """
    callers = {leg.by for leg in word.legs if leg.role == "caller"}
    if word.reason != "caller_left" or (contact.channel == "phone" and callers == {"page"}):
        return None
    return floor.end_contact(word.contact, by="caller", actor=envelope.actor, cause=envelope.id)


def partner_lost(effects: Effects, word: PartnerLegLost, cause: str) -> Step | None:
    """A conference has lost the colleague. None when he is off already, or heard again."""
    there = _edge(effects, word.edge)
    if there and Control(effects, there).hears(word.contact, "partner"):
        return None
    return Floor(effects).partner_lost(word.contact, partner=word.partner, cause=cause)


def met(effects: Effects, contact: Contact | None, word: MediaJoined, cause: str) -> Step | None:
    """Both sides are heard there. None when that was known, or the contact moved on. Raises EdgeBusyError."""
    if contact is not None:
        stays_unrecorded(effects, contact, word.edge)
    return Floor(effects).connected(word.contact, word.edge, cause=cause)


def stays_unrecorded(effects: Effects, contact: Contact, edge: str) -> None:
    """A contact that met at another edge is not recorded there either while its agent does not want it.

    A token of before the pause may have opened the room. Raises EdgeBusyError.
    """
    there = _edge(effects, edge)
    if there and contact.edge != edge and contact.unrecorded_until > effects.clock.now():
        Control(effects, there).record(contact.id, Unrecorded(contact.unrecorded_until, contact.version))


def tell_unheard(effects: Effects, envelope: Envelope, word: OneWayAudio | OneWayAudioEnded) -> None:
    """The screens of who talks there look at the line anew. Nothing is kept: the edge knows how it is by then."""
    contact = Floor(effects).contact(word.contact)
    people = (contact.agent, contact.partner) if contact and contact.edge == word.edge else ()
    for person in people:
        hint(effects, person, envelope)
    log.info("one-way audio", report=envelope.type, contact=word.contact, kind=word.kind)


def _edge(effects: Effects, name: str) -> EdgeAddress | None:
    return next((each for each in edges(effects) if each.name == name), None)


def stands_in_line(effects: Effects, contact: Contact) -> None:
    """``contact``, as it was, waits again: a phone in the carrier's queue, a page where it is, on hold no longer."""
    there = _edge(effects, contact.edge)
    if there is None:
        return
    try:
        if contact.channel == "phone":
            Control(effects, there).close(contact.id)
        elif contact.state == "held":
            Control(effects, there).hold(contact.id, held=False)
    except EdgeBusyError:  # the next accept leads the carrier away from there
        log.warning("edge did not answer", edge=contact.edge, contact=contact.id)
