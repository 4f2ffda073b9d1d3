"""Leading a caller's sound, or that of an agent's phone, to the edge where the contact meets."""

from hearthline.floor.model import Contact
from hearthline.floor.phones import AgentCall, Seat
from hearthline.media.edge import meeting_edge
from hearthline.media.model import RECORDED, Phone, Unrecorded
from hearthline.media.tokens import media_token
from hearthline.platform.effects import Effects
from hearthline.telephony.twiml import Addresses, connect, lead_agent
from hearthline.telephony.words import Text


def lead_to_edge(effects: Effects, contact: Contact, call_sid: str, attempt: int = 1, first: Text | None = None) -> str:
    """The document that joins the call to its edge, with a fresh token. Raises EdgeBusyError when none lives."""
    edge = meeting_edge(effects, contact.id, contact.edge)
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
    edge = meeting_edge(effects, seat.room, seat.edge)
    token = media_token(
        effects,
        edge=edge.name,
        contact=seat.room,
        role="carrier",
        leg=call.call_sid,
        # Where two talk apart nothing of the contact is said.
        unrecorded=Unrecorded(contact.unrecorded_until, contact.version) if seat.room == contact.id else RECORDED,
        phone=Phone(seat.part, call.agent),
    )
    to = Addresses(effects.settings.public_url, call.contact)
    # A name of its own each time: the same post twice gets the same answer, and a token works once.
    return lead_agent(edge.stream, token, to.of("desk", f"left-{call.leads + 1}", call.offer, call.turn))
