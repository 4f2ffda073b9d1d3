"""Answering or declining what rings."""

from chalice.app import Blueprint

from chalicelib.problems import ProblemError
from chalicelib.rules import AGENTS, Visit, on
from chalicelib.shapes import Snapshot
from chalicelib.snapshot import snapshot
from chalicelib.spread import spread
from hearthline.floor.errors import OfferGoneError
from hearthline.floor.model import Offer, consult_room
from hearthline.floor.store import Floor
from hearthline.media.edge import nearest_edge
from hearthline.presence.store import Presence

routes = Blueprint(__name__)


def own_offer(visit: Visit, id: str) -> Offer:
    """Another's offer is not there."""
    offer = Floor(visit.effects).offer(id)
    if offer is None or offer.agent != visit.person.id:
        raise ProblemError("not_found")
    return offer


def _meeting(visit: Visit, offer: Offer) -> str:
    """The edge where caller and agent meet, or the two agents of a consult; '' for a message. Raises EdgeBusyError."""
    contact = Floor(visit.effects).contact(offer.contact)
    if contact and contact.channel == "message":
        return ""
    room = consult_room(contact) if contact and offer.kind == "consult" else offer.contact
    near = Presence(visit.effects).round_trips(visit.person.id)
    return nearest_edge(visit.effects, room, contact.edge if contact else "", near).name


@on(routes, "POST", "/api/offers/{id}/accept", who=AGENTS, gives=Snapshot)
def accept_offer(visit: Visit, id: str) -> Snapshot:
    """The agent takes the contact, or the question of a colleague; sound is joined at once."""
    effects, offer = visit.effects, own_offer(visit, id)
    edge = _meeting(visit, offer)
    try:
        spread(effects, Floor(effects).accept(id, visit.person.id, edge, visit.actor))
    except OfferGoneError:
        if own_offer(visit, id).state != "accepted":
            raise
    return snapshot(effects, visit.person)


@on(routes, "POST", "/api/offers/{id}/decline", who=AGENTS, gives=Snapshot)
def decline_offer(visit: Visit, id: str) -> Snapshot:
    """The contact rings at somebody else, or the colleague is told; the agent is set to not ready."""
    own_offer(visit, id)
    step = Floor(visit.effects).lapse(id, "declined", visit.actor)
    if step is None and own_offer(visit, id).state != "declined":
        raise ProblemError("offer_gone")
    spread(visit.effects, step)
    return snapshot(visit.effects, visit.person)
