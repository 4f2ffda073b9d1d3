"""A contact goes on to a queue or a colleague; a colleague is asked for a word, or into the conversation."""

from typing import Final

from chalice.app import Blueprint

from chalicelib.contacts import own_contact, shared_contact
from chalicelib.doors import consult_door, heard_again, hold_at_edge, let_go
from chalicelib.problems import ProblemError
from chalicelib.rules import AGENTS, Visit, on
from chalicelib.shapes import MediaDoor, Question, Snapshot, Transfer
from chalicelib.snapshot import name_of, snapshot
from chalicelib.spread import spread
from chalicelib.transfer_shapes import TargetAgent, TargetQueue, Targets
from hearthline.config.model import Queue
from hearthline.config.store import current
from hearthline.floor.errors import FloorError
from hearthline.floor.keeper import Step
from hearthline.floor.model import HEARD, LANGUAGES, Contact, Slot
from hearthline.floor.store import Floor
from hearthline.presence.store import Presence
from hearthline.telephony.model import expected_wait

routes = Blueprint(__name__)
AGENTS_SHOWN: Final = 40
"""The longest idle of those who are free; each costs a read and a name to be unsealed."""


@on(routes, "GET", "/api/contacts/{id}/targets", who=AGENTS, gives=Targets)
def tell_targets(visit: Visit, id: str) -> Targets:
    """Where the contact may go on to now: queues with their counts, and colleagues who are free."""
    contact, queues = own_contact(visit, id), current(visit.effects).queues
    free = {queue.id: _free(visit, queue.id) for queue in queues}
    return Targets(
        queues=[_queue(visit, contact, queue, len(free[queue.id])) for queue in queues],
        agents=_agents(visit, contact, free),
    )


@on(routes, "POST", "/api/contacts/{id}/transfer", who=AGENTS, takes=Transfer, gives=Snapshot)
def transfer_contact(visit: Visit, id: str) -> Snapshot:
    """Blind: to the head of a queue, or first at one agent; who gave it on wraps up."""
    effects, given = visit.effects, visit.body
    contact, floor = own_contact(visit, id), Floor(visit.effects)
    named = floor.agent(given.agent) if given.agent else None
    queue = given.queue or (_queue_of(contact, named.queues) if named else contact.queue)
    if current(effects).queue(queue) is None:
        raise ProblemError("field_invalid", field="queue")
    if given.agent and (named is None or queue not in named.queues or named.id == visit.person.id):
        raise ProblemError("field_invalid", field="agent")
    spread(effects, floor.transfer(id, visit.person.id, queue=queue, wants=given.agent or "", actor=visit.actor))
    if contact.channel == "phone":  # the carrier leads the caller back in line; a page stays where it is
        let_go(effects, contact)
    elif contact.state == "held":
        heard_again(effects, contact)
    return snapshot(effects, visit.person)


@on(routes, "POST", "/api/contacts/{id}/consult", who=AGENTS, takes=Question, gives=Snapshot)
def ask_colleague(visit: Visit, id: str) -> Snapshot:
    """The caller is put on hold and the colleague's screen rings; the contact stays this agent's."""
    effects, contact, floor = visit.effects, own_contact(visit, id), Floor(visit.effects)
    asked = visit.body.agent
    if floor.agent(asked) is None or asked == visit.person.id:
        raise ProblemError("field_invalid", field="agent")
    if contact.state not in HEARD or (contact.consult and contact.partner != asked):
        raise ProblemError("not_now")
    if contact.sealed:
        raise ProblemError("contact_sealed")
    if not contact.consult and not Presence(effects).is_there(asked):
        raise ProblemError("agent_not_free")
    hold_at_edge(effects, contact, held=True)
    try:
        step = floor.consult(id, visit.person.id, asked, visit.actor)
    except FloorError:
        if contact.state == "connected":  # nobody rings: the caller is heard again
            hold_at_edge(effects, contact, held=False)
        raise
    return _after(visit, step)


@on(routes, "POST", "/api/contacts/{id}/consult/media", who=AGENTS, gives=MediaDoor, replay=False)
def open_consult_media(visit: Visit, id: str) -> MediaDoor:
    """Where and with which one-use token either agent joins the word of the two."""
    contact = shared_contact(visit, id)
    if contact.consult != "talking":
        raise ProblemError("contact_not_yours")
    return consult_door(visit.effects, contact, visit.person.id)


@on(routes, "POST", "/api/contacts/{id}/consult/complete", who=AGENTS, gives=Snapshot)
def complete_transfer(visit: Visit, id: str) -> Snapshot:
    """Attended: the colleague has the contact from now on; this agent wraps up."""
    return _after(visit, Floor(visit.effects).complete(id, visit.person.id, visit.actor))


@on(routes, "POST", "/api/contacts/{id}/consult/conference", who=AGENTS, gives=Snapshot)
def begin_conference(visit: Visit, id: str) -> Snapshot:
    """The colleague comes to the caller, who is taken back from hold; the contact stays this agent's."""
    effects, contact, floor = visit.effects, own_contact(visit, id), Floor(visit.effects)
    spread(effects, floor.conference(id, visit.person.id, visit.actor))
    # An edge that does not answer leaves the caller on hold, as the screen says; `resume` takes him back then.
    hold_at_edge(effects, contact, held=False)
    return _after(visit, floor.resume(id, visit.person.id, visit.actor))


@on(routes, "POST", "/api/contacts/{id}/consult/cancel", who=AGENTS, gives=Snapshot)
def cancel_consult(visit: Visit, id: str) -> Snapshot:
    """The colleague is let go, however far he was drawn in; a caller on hold stays there until he is taken back."""
    return _after(visit, Floor(visit.effects).cancel(id, visit.person.id, visit.actor))


@on(routes, "POST", "/api/contacts/{id}/leave", who=AGENTS, gives=Snapshot)
def leave_contact(visit: Visit, id: str) -> Snapshot:
    """Out of a conference, or of a consult one was asked to; the other agent has the contact."""
    return _after(visit, Floor(visit.effects).leave(id, visit.person.id, visit.actor))


def _free(visit: Visit, queue: str) -> dict[str, Slot]:
    """Who is free in a queue, of each language and partition the longest idle."""
    pages = [next(iter(Floor(visit.effects).slot_pages(queue, lang)), []) for lang in LANGUAGES]
    return {slot.agent: slot for page in pages for slot in page}


def _queue(visit: Visit, contact: Contact, queue: Queue, free: int) -> TargetQueue:
    floor = Floor(visit.effects)
    waiting = floor.waiting_in(queue.id)
    wait = expected_wait(waiting + 1, free, floor.place_ms(queue.id, contact.lang))
    return TargetQueue(id=queue.id, zh=queue.zh, en=queue.en, waiting=waiting, free=free, wait_seconds=wait)


def _agents(visit: Visit, contact: Contact, free: dict[str, dict[str, Slot]]) -> list[TargetAgent]:
    slots = {agent: slot for found in free.values() for agent, slot in found.items() if agent != visit.person.id}
    longest = sorted(slots.values(), key=lambda slot: (slot.idle_since, slot.agent))[:AGENTS_SHOWN]
    presence = Presence(visit.effects)
    return [
        TargetAgent(
            id=slot.agent,
            name=name_of(visit.effects, slot.agent),
            idle_since=slot.idle_since,
            queue=_queue_of(
                contact, {queue: found[slot.agent].level for queue, found in free.items() if slot.agent in found}
            ),
        )
        for slot in longest
        if presence.is_there(slot.agent)
    ]


def _queue_of(contact: Contact, levels: dict[str, int]) -> str:
    """Where an agent is asked for: the contact's queue where he answers that, else the one he knows best."""
    if contact.queue in levels or not levels:
        return contact.queue
    return max(sorted(levels), key=lambda queue: levels[queue])


def _after(visit: Visit, step: Step | None) -> Snapshot:
    spread(visit.effects, step)
    return snapshot(visit.effects, visit.person)
