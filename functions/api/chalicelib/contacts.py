"""The contact an agent is on: sound, hold, hang-up, wrap-up."""

from chalice.app import Blueprint

from chalicelib.doors import agent_door, hold_at_edge
from chalicelib.problems import ProblemError
from chalicelib.rules import AGENTS, Visit, on
from chalicelib.shapes import MediaDoor, Snapshot, WrapUp
from chalicelib.snapshot import snapshot
from chalicelib.spread import spread
from hearthline.config.store import current
from hearthline.floor.model import APART, HEARD, TALKING, TOGETHER, Contact
from hearthline.floor.store import Floor
from hearthline.floor.transfers import wraps_up_alone

routes = Blueprint(__name__)


def own_contact(visit: Visit, id: str) -> Contact:
    """A contact of another agent, or one that only rings, is not there."""
    contact = Floor(visit.effects).contact(id)
    if contact is None or contact.agent != visit.person.id or contact.state == "offered":
        raise ProblemError("not_found")
    return contact


def shared_contact(visit: Visit, id: str) -> Contact:
    """As ``own_contact``; the colleague who answered sees it too."""
    contact = Floor(visit.effects).contact(id)
    if contact and contact.partner == visit.person.id and contact.consult in TOGETHER:
        return contact
    return own_contact(visit, id)


@on(routes, "POST", "/api/contacts/{id}/media", who=AGENTS, gives=MediaDoor, replay=False)
def open_media(visit: Visit, id: str) -> MediaDoor:
    """Where and with which one-use token the agent's browser joins the sound."""
    contact = shared_contact(visit, id)
    apart = contact.agent != visit.person.id and contact.consult != "conference"
    if contact.state not in TALKING or apart:
        raise ProblemError("contact_not_yours")
    return agent_door(visit.effects, contact, visit.person.id)


@on(routes, "POST", "/api/contacts/{id}/hold", who=AGENTS, gives=Snapshot)
def hold_contact(visit: Visit, id: str) -> Snapshot:
    """The customer hears the hold tone; the agent is not heard."""
    return _hold(visit, id, held=True)


@on(routes, "POST", "/api/contacts/{id}/resume", who=AGENTS, gives=Snapshot)
def resume_contact(visit: Visit, id: str) -> Snapshot:
    """The customer is taken back from hold."""
    return _hold(visit, id, held=False)


@on(routes, "POST", "/api/contacts/{id}/hangup", who=AGENTS, gives=Snapshot)
def hang_up(visit: Visit, id: str) -> Snapshot:
    """The contact ends and the agent wraps up; before both were heard the caller goes back to the head of the queue."""
    own_contact(visit, id)
    spread(visit.effects, Floor(visit.effects).hang_up(id, visit.person.id, visit.actor))
    return snapshot(visit.effects, visit.person)


@on(routes, "POST", "/api/contacts/{id}/wrap-up", who=AGENTS, takes=WrapUp, gives=Snapshot)
def end_wrap_up(visit: Visit, id: str) -> Snapshot:
    """The after-call work is done; the agent is free."""
    effects, agent = visit.effects, Floor(visit.effects).agent(visit.person.id)
    alone = agent is not None and agent.contact == id and wraps_up_alone(agent)
    contact = None if alone else own_contact(visit, id)
    code = next((each for each in current(effects).wrap_up_codes if each.id == visit.body.code), None)
    if code is None:
        raise ProblemError("field_invalid", field="code")
    if contact is not None and contact.state not in {"wrap_up", "closed"}:
        raise ProblemError("not_now")
    floor, person = Floor(effects), visit.person.id
    if contact is None:
        step = floor.end_own_wrapup(person, id, by="agent", actor=visit.actor, code=code.id)
    else:
        step = floor.end_wrapup(id, person, by="agent", actor=visit.actor, code=code.id, solved=code.solved)
    spread(effects, step)
    return snapshot(effects, visit.person)


def _hold(visit: Visit, id: str, *, held: bool) -> Snapshot:
    effects, contact, floor = visit.effects, own_contact(visit, id), Floor(visit.effects)
    if contact.state not in HEARD or contact.consult in APART:
        raise ProblemError("not_now")
    # The edge first: the screen must never say `on hold` while the customer still listens.
    hold_at_edge(effects, contact, held=held)
    step = (floor.hold if held else floor.resume)(id, visit.person.id, visit.actor)
    spread(effects, step)
    return snapshot(effects, visit.person)
