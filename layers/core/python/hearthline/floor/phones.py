"""Agents by phone: how each hears and speaks, and the call by which he does.

    dialling -> ringing -> asked (to press a key) -> led (into a room, and on to others) -> over

An agent has one such call at most. It is dialled once a turn: a turn is what he took (an offer), and each time he asks
to be rung anew for it. The intent is noted before the order goes out, as for callbacks (ADR 15).
"""

from dataclasses import asdict, dataclass, replace
from typing import Any, Final, Literal

from hearthline.events.agent_phone import AgentPhoneDue, AgentPhoneMoved, AgentPhoneSet, PhoneState
from hearthline.events.word import Actor, Envelope
from hearthline.floor.errors import BusyAgentError, IllegalMoveError, UnknownError
from hearthline.floor.freeing import slots_of
from hearthline.floor.items import CALL_KEPT_SECONDS, TABLE
from hearthline.floor.keeper import Keeper, Step, next_agent
from hearthline.floor.model import TALKING, TOGETHER, Agent, Contact, consult_room
from hearthline.platform import ledger
from hearthline.platform.store import Absent, Is, Item, Key, Put

ORDER: Final = ("dialling", "ringing", "asked", "led", "over")
MAX_TURNS: Final = 9
"""So often one agent is rung for one contact."""
Part = Literal["caller", "agent", "partner"]


@dataclass(frozen=True, slots=True)
class Seat:
    """Where an agent's sound belongs: a room, his part in it, its edge."""

    room: str
    part: Part
    edge: str


@dataclass(frozen=True, slots=True)
class AgentCall:
    """The call to an agent's phone, for ``offer`` of ``contact``, dialled since ``at`` (ms); ``room`` is where it was
    led last, as ``part``.
    """

    agent: str
    contact: str
    offer: str
    turn: int
    at: int
    state: PhoneState = "dialling"
    call_sid: str = ""
    room: str = ""
    part: str = ""
    leads: int = 0
    """How often it was led to a room: names each time apart."""
    version: int = 1


@dataclass(frozen=True, slots=True)
class CallIntent:
    """As ``callbacks.Intent``: a phone is about to be dialled from ``at`` on; ``before`` is an earlier intent."""

    at: int
    before: int
    mine: bool


def seat_of(agent: str, contact: Contact | None) -> Seat | None:
    """Where this agent's sound belongs now; None where it is not wanted (any more).

    Nor for a call that is sealed end to end: only his page can seal, and takes the sound of that one.
    """
    if contact is None or contact.state not in TALKING or contact.channel == "message" or contact.sealed:
        return None
    mine, beside = contact.agent == agent, contact.partner == agent and contact.consult in TOGETHER
    if contact.consult == "talking" and (mine or beside):
        return Seat(consult_room(contact), "caller" if mine else "agent", contact.consult_edge)
    if mine or beside:
        return Seat(contact.id, "agent" if mine else "partner", contact.edge)
    return None


class Phones(Keeper):
    def set_phone(self, agent_id: str, phone: str, by: Literal["headset", "phone", "sip"], actor: Actor) -> Step:
        """``phone`` is sealed for ``Place(floor, agent, phone)``, '' for the headset.

        Raises UnknownError, BusyAgentError while a contact rings or is on: its sound is on its way.
        """

        def attempt() -> Step:
            agent = self._known_agent(agent_id)
            if agent.state in {"offered", "on_contact"}:
                raise BusyAgentError(agent_id)
            moved = next_agent(agent, phone=phone)
            return self._commit(AgentPhoneSet(agent=agent_id, by=by), [moved], *slots_of([moved]), actor=actor)

        return self._again(attempt)

    def call_of(self, agent_id: str) -> AgentCall | None:
        """The last call to an agent's phone."""
        item = self._store.get(_call_key(agent_id))
        return _to_call(item) if item else None

    def intend_call(self, due: AgentPhoneDue) -> CallIntent | None:
        """Note, before the order goes out, that an agent is about to be dialled.

        Somebody else's intent is taken over only by who saw it, see ``intend_dial``. None when he was dialled for this
        turn, or his sound is not wanted any more.
        """

        def attempt() -> CallIntent | None:
            contact, agent, known = self.contact(due.contact), self.agent(due.agent), self.call_of(due.agent)
            if agent is None or not agent.phone or not _wanted(due, agent, contact, known):
                return None
            again = known is not None and (known.offer, known.turn) == (due.offer, due.turn)
            if again and known and due.seen != known.at:
                return CallIntent(known.at, known.at, mine=False)
            before = known.at if again and known else 0
            at, version = max(self._now(), before + 1), known.version + 1 if known else 1
            fresh = AgentCall(due.agent, due.contact, due.offer, due.turn, at, version=version)
            self._store.write(self._call_put(fresh, known))
            return CallIntent(at, before, mine=True)

        return self._again(attempt)

    def call_rings(self, agent_id: str, offer: str, turn: int, call_sid: str) -> AgentCall | None:
        """A call that was dialled for this turn is the agent's now; None when the turn is over or has another call."""

        def attempt() -> AgentCall | None:
            known = self.call_of(agent_id)
            if known is None or (known.offer, known.turn) != (offer, turn) or known.state == "over":
                return None
            if known.call_sid:
                return known if known.call_sid == call_sid else None
            after = replace(known, state="ringing", call_sid=call_sid, version=known.version + 1)
            self._store.write(self._call_put(after, known), self._owner_put(call_sid, agent_id))
            return after

        return self._again(attempt)

    def call_moves(self, agent_id: str, call_sid: str, state: PhoneState, seat: Seat | None = None) -> AgentCall | None:
        """The agent's call is so far now, or was led to another room. None when it is another call, or further on."""

        def attempt() -> AgentCall | None:
            known = self.call_of(agent_id)
            if known is None or known.call_sid != call_sid or ORDER.index(known.state) > ORDER.index(state):
                return None
            after = replace(known, state=state, version=known.version + 1)
            if seat:
                after = replace(after, room=seat.room, part=seat.part, leads=known.leads + 1)
            self._store.write(self._call_put(after, known))
            return after

        return self._again(attempt)

    def sits_apart(self, contact: Contact) -> bool:
        """Whether the contact's agent was led away from it, to talk apart with a colleague."""
        call = self.call_of(contact.agent) if contact.consult == "talking" else None
        return call is not None and call.state == "led" and call.room == consult_room(contact)

    def phone_news(self, word: AgentPhoneDue | AgentPhoneMoved) -> Envelope:
        """To the reader of ``join``, or to a screen; not in the ledger."""
        tenant = self._effects.settings.tenant
        return ledger.envelope(word, pk=word.agent, version=0, tenant=tenant, at=self._now(), actor=ledger.SYSTEM)

    def is_somebodys(self, call_sid: str) -> bool:
        """Whether a call was noted as one to an agent's phone."""
        return self._store.get(_owner_key(call_sid)) is not None

    def ring_again(self, agent_id: str, contact_id: str) -> AgentPhoneDue:
        """What to ask for so that the agent's phone rings anew for the contact he is on.

        Raises UnknownError for who is not on it, IllegalMoveError for who hears by a headset, and while his phone lives
        or was rung often enough.
        """
        agent, contact, known = self._known_agent(agent_id), self._known_contact(contact_id), self.call_of(agent_id)
        if seat_of(agent_id, contact) is None:
            raise UnknownError("contact")
        if not agent.phone:
            raise IllegalMoveError("phone", "headset", "dialling")
        if known is None or known.contact != contact_id:
            offer = contact.offer if contact.agent == agent_id else contact.consult_offer
            return AgentPhoneDue(contact=contact_id, agent=agent_id, offer=offer)
        if known.state != "over" or known.turn >= MAX_TURNS:
            raise IllegalMoveError("phone", known.state, "dialling")
        return AgentPhoneDue(contact=contact_id, agent=agent_id, offer=known.offer, turn=known.turn + 1)

    def _call_put(self, after: AgentCall, before: AgentCall | None) -> Put:
        item = {**asdict(after), "expires": self._now() // 1000 + CALL_KEPT_SECONDS}
        return Put(_call_key(after.agent), item, when=(Is("version", before.version) if before else Absent(),))

    def _owner_put(self, call_sid: str, agent: str) -> Put:
        return Put(_owner_key(call_sid), {"agent": agent, "expires": self._now() // 1000 + CALL_KEPT_SECONDS})


def _wanted(due: AgentPhoneDue, agent: Agent, contact: Contact | None, known: AgentCall | None) -> bool:
    """Whether this turn is still to be dialled."""
    if contact is None or seat_of(agent.id, contact) is None:
        return False
    if known is None or known.offer != due.offer:
        offers = {contact.offer if contact.agent == agent.id else "", contact.consult_offer}
        return due.turn == 1 and due.offer in offers
    if known.turn == due.turn:
        return known.state == "dialling"
    return known.turn + 1 == due.turn and known.state == "over"


def _call_key(agent: str) -> Key:
    return Key(TABLE, f"A#{agent}", "phone")


def _owner_key(call_sid: str) -> Key:
    return Key(TABLE, f"D#{call_sid}", "agent")


def _to_call(item: Item) -> AgentCall:
    named: dict[str, Any] = {name: item[name] for name in AgentCall.__dataclass_fields__ if name in item}
    return AgentCall(**named)
