"""What an agent's screen shows, read from the floor at this moment."""

from datetime import UTC, datetime, timedelta

from chalicelib.problems import ProblemError
from chalicelib.reasons import reasons
from chalicelib.shapes import Agent, ContactView, Offer, Snapshot
from hearthline.floor import model as floor_model
from hearthline.floor.store import Floor
from hearthline.people.model import Person
from hearthline.platform.effects import Effects
from hearthline.platform.seal import Place
from hearthline.telephony.model import mask_number
from hearthline.tickets.model import ticket_id
from hearthline.tickets.store import ticket_of


def snapshot(effects: Effects, person: Person) -> Snapshot:
    """Raises ProblemError(not_enlisted) for somebody who takes no contacts."""
    floor = Floor(effects)
    agent = floor.agent(person.id)
    if agent is None:
        raise ProblemError("not_enlisted")
    contact = floor.contact(agent.contact) if agent.contact else None
    offer = floor.offer(agent.offer) if agent.offer and agent.state == "offered" else None
    view = contact_view(effects, contact) if contact and contact.agent == agent.id else None
    return Snapshot(
        now=effects.clock.now(),
        agent=_agent(effects, person, agent),
        offer=_offer(agent, offer, contact, view) if offer and contact and view else None,
        contact=view if agent.state in {"on_contact", "wrap_up"} else None,
        waiting=sum(floor.waiting_in(queue) for queue in sorted(agent.queues)),
    )


def contact_view(effects: Effects, contact: floor_model.Contact) -> ContactView | None:
    """None for a contact that no agent has before him."""
    if contact.state not in {"offered", "connecting", "connected", "held", "wrap_up"}:
        return None
    ticket = ticket_of(effects, ticket_id(effects.settings.stack_id, contact.id))
    return ContactView(
        id=contact.id,
        state=contact.state,
        channel=contact.channel,
        matter=contact.matter,
        queue=contact.queue,
        lang=contact.lang,
        caller=masked_caller(effects, contact),
        queued_at=contact.queued_at,
        connected_at=contact.connected_at or None,
        ended_at=contact.ended_at or None,
        ended_by=contact.ended_by or None,
        wrap_up_ends_at=contact.wrap_up_ends_at or None,
        version=contact.version,
        ticket=ticket.id if ticket else None,
        edge=contact.edge or None,
    )


def masked_caller(effects: Effects, contact: floor_model.Contact) -> str:
    """The number as people may see it: the one that will be dialled back, else the one that called."""
    if contact.callback:
        return mask_number(effects.open_text(contact.callback, Place("floor", contact.id, "callback")))
    return mask_number(effects.open_text(contact.caller, Place("floor", contact.id, "caller")))


def _agent(effects: Effects, person: Person, agent: floor_model.Agent) -> Agent:
    offset = timedelta(minutes=effects.settings.utc_offset_minutes)
    today = (datetime.fromtimestamp(effects.clock.now() / 1000, UTC) + offset).date().isoformat()
    return Agent(
        id=agent.id,
        login=person.login,
        name=person.name,
        state=agent.state,
        reason=agent.reason or None,
        since=agent.since,
        version=agent.version,
        queues=sorted(agent.queues),
        calls_today=agent.handled if agent.handled_day == today else 0,
    )


def _offer(
    agent: floor_model.Agent, offer: floor_model.Offer, contact: floor_model.Contact, view: ContactView
) -> Offer:
    return Offer(
        id=offer.id,
        opened_at=offer.opened_at,
        expires_at=offer.expires_at,
        why=reasons(agent, offer, contact),
        contact=view,
    )
