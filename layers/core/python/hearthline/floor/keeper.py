"""Reading the floor and changing it.

Each change is one transaction over what moves, the places in queues and the ledger. Every item carries ``version`` (an
offer its state) and is replaced only if that has not moved since it was read. Who is too late reads again and decides
again, a bounded number of times.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final, Generic, TypeVar

from hearthline.events.word import Actor, Envelope, Word
from hearthline.floor.errors import IllegalMoveError, UnknownError
from hearthline.floor.items import (
    agent_key,
    contact_key,
    due_pk,
    offer_key,
    to_agent,
    to_contact,
    to_item,
    to_offer,
)
from hearthline.floor.model import SWEEP_GRACE_MS, Agent, Contact, Offer, OfferState, due_at, move_offer
from hearthline.platform import ledger
from hearthline.platform.effects import Effects
from hearthline.platform.store import Absent, BusyError, Is, Key, Put, RefusedError, Write

ATTEMPTS: Final = 6
"""How often a change is decided anew after losing a race; more means the item is hotter than designed."""

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Step:
    """One change of the floor: the event that stands in the ledger, and what the items are now.

    ``people`` are the agents whose screens show something else now, in order of their ids.
    """

    event: Envelope
    contact: Contact | None = None
    agent: Agent | None = None
    people: tuple[str, ...] = ()


Thing = TypeVar("Thing", Contact, Agent, Offer, covariant=True)


@dataclass(frozen=True, slots=True)
class Moved(Generic[Thing]):
    """An item before (None: it is new) and after a change."""

    before: Thing | None
    after: Thing


AnyMoved = Moved[Contact] | Moved[Agent] | Moved[Offer]


class Keeper:
    def __init__(self, effects: Effects) -> None:
        self._effects = effects
        self._store = effects.store

    def contact(self, contact_id: str) -> Contact | None:
        item = self._store.get(contact_key(contact_id))
        return to_contact(item) if item else None

    def agent(self, agent_id: str) -> Agent | None:
        item = self._store.get(agent_key(agent_id))
        return to_agent(item) if item else None

    def offer(self, offer_id: str) -> Offer | None:
        item = self._store.get(offer_key(offer_id))
        return to_offer(item) if item else None

    def _known_contact(self, contact_id: str) -> Contact:
        contact = self.contact(contact_id)
        if contact is None:
            raise UnknownError("contact")
        return contact

    def _known_agent(self, agent_id: str) -> Agent:
        agent = self.agent(agent_id)
        if agent is None:
            raise UnknownError("agent")
        return agent

    def _known_offer(self, offer_id: str) -> Offer:
        offer = self.offer(offer_id)
        if offer is None:
            raise UnknownError("offer")
        return offer

    def _now(self) -> int:
        return self._effects.clock.now()

    def _today(self) -> str:
        """The company's date, by which an agent's calls are counted."""
        offset = timedelta(minutes=self._effects.settings.utc_offset_minutes)
        return (datetime.fromtimestamp(self._now() / 1000, UTC) + offset).date().isoformat()

    def _again(self, attempt: Callable[[], Result]) -> Result:
        """Read, decide, write; who lost the race does so again. Raises BusyError when that does not end.

        Items are read one after the other, so that another change may fall between two reads: a move that the model
        does not have is judged on a second reading.
        """
        illegal: IllegalMoveError | None = None
        for _ in range(ATTEMPTS):
            try:
                return attempt()
            except RefusedError:
                continue
            except IllegalMoveError as error:
                if illegal:
                    raise
                illegal = error
        raise BusyError("contended")

    def _commit(self, word: Word, moved: Sequence[AnyMoved], *more: Write, actor: Actor, cause: str = "") -> Step:
        """Write all of it or nothing; raises RefusedError when an item moved since it was read."""
        contact = next((each.after for each in moved if isinstance(each.after, Contact)), None)
        agent = next((each.after for each in moved if isinstance(each.after, Agent)), None)
        subject = contact or agent
        if subject is None:
            raise ValueError("a change of the floor moves a contact or an agent")
        event = ledger.envelope(
            word,
            pk=subject.id,
            version=subject.version,
            tenant=self._effects.settings.tenant,
            at=self._now(),
            actor=actor,
            cause=cause,
        )
        self._store.write(*(self._put(each) for each in moved), *more, ledger.entry(event))
        return Step(event, contact, agent, _people(moved))

    def _put(self, moved: AnyMoved) -> Put:
        before, after = moved.before, moved.after
        if before is None:
            return Put(_key(after), self._item(after), when=(Absent(),))
        if isinstance(before, Offer):
            return Put(_key(after), self._item(after), when=(Is("state", before.state),))
        return Put(_key(after), self._item(after), when=(Is("version", before.version),))

    def _item(self, thing: Contact | Agent | Offer) -> dict[str, object]:
        item = to_item(thing)
        if isinstance(thing, Contact):
            due = due_at(thing, self._now(), self._effects.settings.join_seconds * 1000)
            if due is not None:
                item |= {"due": due_pk(thing.id), "due_at": due}
        elif isinstance(thing, Agent) and thing.wrap_up_ends_at:
            item |= {"due": due_pk(thing.id), "due_at": thing.wrap_up_ends_at + SWEEP_GRACE_MS}
        return item


def _key(thing: Contact | Agent | Offer) -> Key:
    if isinstance(thing, Contact):
        return contact_key(thing.id)
    return agent_key(thing.id) if isinstance(thing, Agent) else offer_key(thing.id)


def _people(moved: Sequence[AnyMoved]) -> tuple[str, ...]:
    things = [each.after for each in moved]
    agents = {thing.id for thing in things if isinstance(thing, Agent)}
    for thing in things:
        if isinstance(thing, Contact):
            agents |= {thing.agent, thing.partner}
    return tuple(sorted(agents - {""}))


def next_contact(contact: Contact, **changes: object) -> Moved[Contact]:
    """``contact`` with ``changes`` and the next version."""
    return Moved(contact, replace(contact, version=contact.version + 1, **changes))  # type: ignore[arg-type]  # fields by name


def next_agent(agent: Agent, **changes: object) -> Moved[Agent]:
    """``agent`` with ``changes`` and the next version."""
    return Moved(agent, replace(agent, version=agent.version + 1, **changes))  # type: ignore[arg-type]  # fields by name


def next_offer(offer: Offer, state: OfferState) -> Moved[Offer]:
    """``offer`` in its last state."""
    return Moved(offer, replace(offer, state=move_offer(offer, state)))
