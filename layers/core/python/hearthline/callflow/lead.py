"""Leading the sides of a contact, a caller's call or that of an agent's phone, to the edge where they meet."""

from hearthline.floor.model import Contact
from hearthline.floor.phones import AgentCall, Seat
from hearthline.floor.store import Floor
from hearthline.media.edge import meeting_edge
from hearthline.media.model import RECORDED, EdgeAddress, Phone, Unrecorded
from hearthline.media.tokens import media_token
from hearthline.platform.effects import Effects
from hearthline.presence.flow import announce
from hearthline.telephony.twiml import Addresses, connect, lead_agent
from hearthline.telephony.words import Text


def meeting_place(effects: Effects, contact: Contact) -> EdgeAddress:
    """The edge where everybody of a contact meets now. Raises EdgeBusyError when none takes it.

    An edge that was chosen may have filled up or died before anybody came. Then whoever comes first leads the contact
    on, and the others find that written: an edge that has room again a moment later must not part them.
    """
    edge = meeting_edge(effects, contact.id, contact.edge)
    if contact.state != "connecting" or edge.name == contact.edge:
        return edge
    floor = Floor(effects)
    step = floor.led_on(contact.id, contact.edge, edge.name)
    if step is not None:
        announce(effects, step.event, *step.people)
        return edge
    now = floor.contact(contact.id)
    return meeting_edge(effects, contact.id, now.edge if now else edge.name)


def lead_to_edge(effects: Effects, contact: Contact, call_sid: str, attempt: int = 1, first: Text | None = None) -> str:
    """The document that joins the call to its edge, with a fresh token. Raises EdgeBusyError when none takes it."""
    edge = meeting_place(effects, contact)
    token = media_token(
        effects,
        edge=edge.name,
        contact=contact.id,
        role="carrier",
        leg=call_sid,
        unrecorded=Unrecorded(contact.unrecorded_until, contact.version),
    )
    to = Addresses(effects.settings.public_url, contact.id)
    return connect(to, contact.lang, edge.stream, token, attempt, first)


def lead_phone(effects: Effects, call: AgentCall, seat: Seat, contact: Contact) -> str:
    """The document that joins an agent's phone to the room he belongs in. Raises EdgeBusyError when no edge lives."""
    in_room = seat.room == contact.id  # where two talk apart nothing of the contact is said
    edge = meeting_place(effects, contact) if in_room else meeting_edge(effects, seat.room, seat.edge)
    token = media_token(
        effects,
        edge=edge.name,
        contact=seat.room,
        role="carrier",
        leg=call.call_sid,
        unrecorded=Unrecorded(contact.unrecorded_until, contact.version) if in_room else RECORDED,
        phone=Phone(seat.part, call.agent),
    )
    to = Addresses(effects.settings.public_url, call.contact)
    # A name of its own each time: the same post twice gets the same answer, and a token works once.
    return lead_agent(edge.stream, token, to.of("desk", f"left-{call.leads + 1}", call.offer, call.turn))
