"""What an agent's screen shows, read from the floor at this moment."""

from datetime import UTC, datetime, timedelta

from chalicelib.problems import ProblemError
from chalicelib.reasons import reasons
from chalicelib.shapes import Agent, AgentCall, AgentSound, Colleague, Consult, ContactView, Offer, Snapshot, Watcher
from hearthline.config.store import current
from hearthline.floor import model as floor_model
from hearthline.floor.phones import MAX_TURNS, seat_of
from hearthline.floor.store import Floor
from hearthline.floor.watching import Watch, is_told
from hearthline.people.model import Person
from hearthline.people.store import person_of
from hearthline.platform.effects import Effects
from hearthline.platform.seal import Place
from hearthline.telephony.address import by_of, mask_address
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
    before_him = contact is not None and (agent.id in {contact.agent, contact.partner} or agent.state == "wrap_up")
    view = contact_view(effects, agent, contact) if contact and before_him else None
    return Snapshot(
        now=effects.clock.now(),
        agent=_agent(effects, person, agent),
        offer=_offer(effects, agent, offer, contact, view) if offer and contact and view else None,
        contact=view if agent.state in {"on_contact", "wrap_up"} else None,
        consult=_consult(effects, agent, contact) if contact and agent.state == "on_contact" else None,
        phone=_phone(floor, agent, contact) if agent.phone and agent.state == "on_contact" else None,
        watchers=_watchers(effects, contact) if contact and view and agent.state == "on_contact" else [],
        waiting=sum(floor.waiting_in(queue) for queue in sorted(agent.queues)),
    )


def contact_view(effects: Effects, agent: floor_model.Agent, contact: floor_model.Contact) -> ContactView | None:
    """The contact as ``agent`` has it before him; None for one that nobody has."""
    alone = agent.state == "wrap_up" and agent.wrap_up_ends_at > 0
    # A conference that the caller ended leaves the colleague alone too, but nothing went on.
    given_on = alone and not 0 < contact.ended_at <= agent.since
    state = "wrap_up" if alone else contact.state
    if state not in {"offered", "connecting", "connected", "held", "wrap_up"}:
        return None
    ticket = ticket_of(effects, ticket_id(effects.settings.stack_id, contact.id))
    return ContactView(
        id=contact.id,
        state=state,
        channel=contact.channel,
        matter=contact.matter,
        queue=contact.queue,
        lang=contact.lang,
        caller=masked_caller(effects, contact),
        queued_at=contact.queued_at,
        connected_at=contact.connected_at or None,
        ended_at=(agent.since if alone else contact.ended_at) or None,
        ended_by=(_went_on(agent) if given_on else contact.ended_by) or None,
        given_by=name_of(effects, contact.given_by) if contact.given_by and contact.agent == agent.id else None,
        wrap_up_ends_at=(agent.wrap_up_ends_at if alone else contact.wrap_up_ends_at) or None,
        version=contact.version,
        ticket=ticket.id if ticket and ticket.owner == agent.id else None,
        edge=contact.edge or None,
        unrecorded_until=contact.unrecorded_until or None,
        sealed=contact.sealed,
    )


def _went_on(agent: floor_model.Agent) -> str:
    """How a contact left an agent when it did not end: he gave it on, or was only beside another."""
    return agent.reason or "given_on"


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
        sound=sound_of(effects, agent),
    )


def sound_of(effects: Effects, agent: floor_model.Agent) -> AgentSound:
    """By what he hears and speaks, as screens may show it."""
    address = effects.open_text(agent.phone, Place("floor", agent.id, "phone"))
    return AgentSound(by=by_of(address), shown=mask_address(address))


def _phone(floor: Floor, agent: floor_model.Agent, contact: floor_model.Contact | None) -> AgentCall | None:
    if contact is None or seat_of(agent.id, contact) is None:
        return None
    call = floor.call_of(agent.id)
    if call is None or call.contact != contact.id:
        return AgentCall(state="dialling", again=False)
    return AgentCall(state=call.state, again=call.state == "over" and call.turn < MAX_TURNS)


def name_of(effects: Effects, agent: str) -> str:
    """What colleagues call an agent."""
    person = person_of(effects, agent)
    return person.name if person else agent


class Names:
    """What colleagues call people, each looked up once for one answer."""

    def __init__(self, effects: Effects) -> None:
        self._effects = effects
        self._known: dict[str, str] = {}

    def of(self, person: str) -> str:
        if person not in self._known:
            self._known[person] = name_of(self._effects, person)
        return self._known[person]

    def colleague(self, person: str) -> Colleague:
        return Colleague(id=person, name=self.of(person))


def _consult(effects: Effects, agent: floor_model.Agent, contact: floor_model.Contact) -> Consult | None:
    if not contact.consult or agent.id not in {contact.agent, contact.partner}:
        return None
    mine = contact.agent == agent.id
    other = contact.partner if mine else contact.agent
    named = Colleague(id=other, name=name_of(effects, other))
    return Consult(state=contact.consult, mine=mine, other=named, until=contact.consult_until or None)


def _watchers(effects: Effects, contact: floor_model.Contact) -> list[Watcher]:
    """The supervisors of whom the agents of a contact are told."""
    found = Floor(effects).watchers(contact)
    notice = current(effects).monitoring_notice if found else ""
    return watchers_shown([each for each in found if is_told(notice, each.mode)], Names(effects))


def watchers_shown(watches: list[Watch], names: Names) -> list[Watcher]:
    """With their names."""
    return [
        Watcher(id=each.supervisor, name=names.of(each.supervisor), mode=each.mode) for each in watches if each.mode
    ]


def _offer(
    effects: Effects,
    agent: floor_model.Agent,
    offer: floor_model.Offer,
    contact: floor_model.Contact,
    view: ContactView,
) -> Offer:
    return Offer(
        id=offer.id,
        kind=offer.kind,
        asked_by=name_of(effects, contact.agent) if offer.kind == "consult" else None,
        opened_at=offer.opened_at,
        expires_at=offer.expires_at,
        why=reasons(agent, offer, contact),
        contact=view,
    )
