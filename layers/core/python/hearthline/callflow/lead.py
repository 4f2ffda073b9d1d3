"""Leading a caller's sound to the edge where the contact meets."""

from hearthline.floor.model import Contact
from hearthline.media.edge import meeting_edge
from hearthline.media.model import Unrecorded
from hearthline.media.tokens import media_token
from hearthline.platform.effects import Effects
from hearthline.telephony.twiml import Addresses, connect
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
