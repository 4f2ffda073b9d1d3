"""What is recorded of a contact: its agent stops that while a card is read out."""

from chalice.app import Blueprint

from chalicelib.contacts import own_contact
from chalicelib.doors import control_of
from chalicelib.problems import ProblemError
from chalicelib.rules import AGENTS, Visit, on
from chalicelib.shapes import Snapshot
from chalicelib.snapshot import snapshot
from chalicelib.spread import spread
from hearthline.floor.store import Floor
from hearthline.media.model import Unrecorded

routes = Blueprint(__name__)


@on(routes, "POST", "/api/contacts/{id}/recording/pause", who=AGENTS, gives=Snapshot)
def pause_recording(visit: Visit, id: str) -> Snapshot:
    """Nothing that is said is recorded until it is resumed, for five minutes at most."""
    if own_contact(visit, id).sealed:  # nothing ever is
        raise ProblemError("contact_sealed")
    effects, floor, person = visit.effects, Floor(visit.effects), visit.person.id
    contact, until = floor.pause(id, person)
    # The edge first: the screen must never say that nothing is recorded while it still is.
    control_of(effects, contact).record(id, Unrecorded(until, contact.version + 1))
    spread(effects, floor.paused(id, person, until, visit.actor))
    return snapshot(effects, visit.person)


@on(routes, "POST", "/api/contacts/{id}/recording/resume", who=AGENTS, gives=Snapshot)
def resume_recording(visit: Visit, id: str) -> Snapshot:
    """All is recorded again."""
    own_contact(visit, id)
    effects, floor = visit.effects, Floor(visit.effects)
    # The floor first, for the same reason the other way round; asked again, the edge is told again.
    spread(effects, floor.record_again(id, visit.person.id, visit.actor))
    contact = own_contact(visit, id)
    if not contact.unrecorded_until:
        control_of(effects, contact).record(id, Unrecorded(0, contact.version))
    return snapshot(effects, visit.person)
