"""The sound of a live contact as its edge measures it, for who speaks there and for who watches over the team."""

from typing import Any, Final, Literal

from chalice.app import Blueprint

from chalicelib.contacts import shared_contact
from chalicelib.problems import ProblemError
from chalicelib.rules import Visit, on
from chalicelib.shapes import Out
from hearthline.floor.model import Contact
from hearthline.floor.store import Floor
from hearthline.media.edge import Control, EdgeBusyError, edges

routes = Blueprint(__name__)
READERS: Final = frozenset({"agent", "supervisor", "manager"})


class LineLeg(Out):
    """Shares 0 to 1, times in ms, level in dB below overload; ``one_way`` says why this party is not heard."""

    role: Literal["caller", "agent", "partner"]
    by: Literal["page", "phone"]
    live: bool
    speaks: bool
    level_dbov: int
    loss: float
    heard_loss: float
    burst_ratio: float
    jitter_ms: float
    round_trip_ms: float | None
    delay_ms: float
    mos: float | None
    one_way: Literal["no_packets", "no_sound"] | None


class Line(Out):
    contact: str
    edge: str
    held: bool
    legs: list[LineLeg]


@on(routes, "GET", "/api/contacts/{id}/line", who=READERS, gives=Line)
def tell_line(visit: Visit, id: str) -> Line:
    """Who is in the room and how each is heard now; without legs where nobody has joined yet."""
    contact = seen_contact(visit, id)
    room = room_of(visit, contact)
    legs = [LineLeg(**{name: leg.get(name) for name in LineLeg.model_fields}) for leg in room.get("legs", [])]
    return Line(contact=contact.id, edge=contact.edge, held=bool(room.get("held")), legs=legs)


def seen_contact(visit: Visit, id: str) -> Contact:
    """An agent sees the own contact; who watches over the team sees any."""
    if visit.person.role == "agent":
        return shared_contact(visit, id)
    contact = Floor(visit.effects).contact(id)
    if contact is None:
        raise ProblemError("not_found")
    return contact


def room_of(visit: Visit, contact: Contact) -> dict[str, Any]:
    edge = next((each for each in edges(visit.effects) if each.name == contact.edge), None)
    if edge is None:
        return {}
    try:
        return Control(visit.effects, edge).room(contact.id) or {}
    except EdgeBusyError:
        raise ProblemError("edge_unreachable") from None
