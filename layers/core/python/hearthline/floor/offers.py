"""An offer: claimed for exactly one agent, then accepted, declined, lapsed or withdrawn, once."""

from typing import Any, Final, Literal

from hearthline.events.contact_offered import ContactOffered
from hearthline.events.offer_accepted import OfferAccepted
from hearthline.events.offer_lapsed import OfferLapsed
from hearthline.events.word import Actor
from hearthline.floor.consults import Consults
from hearthline.floor.errors import OfferGoneError
from hearthline.floor.freeing import slots_of
from hearthline.floor.items import slot_changes, slot_puts, trace_key, waiting_key, waiting_put
from hearthline.floor.keeper import AnyMoved, Moved, Step, next_agent, next_contact, next_offer
from hearthline.floor.model import (
    ROUTABLE,
    Agent,
    Contact,
    Offer,
    Slot,
    agent_after_lapse,
    has_room,
    move_agent,
    move_contact,
    waiting_state,
)
from hearthline.platform.ledger import SYSTEM
from hearthline.platform.store import Item, Put, RefusedError, Remove, Write

TRACE_KEPT_SECONDS: Final = 90 * 86_400
Lapse = Literal["declined", "timed_out", "agent_gone"]


class Offers(Consults):
    def claim(
        self,
        contact: Contact,
        slot: Slot,
        why: tuple[str, ...],
        trace: dict[str, Any] | None = None,
        cause: str = "",
        *,
        capacity: int = 0,
    ) -> Step | None:
        """Contact, agent, slots, place in the queue, offer and ledger move together, or nothing does.

        ``trace`` says how the choice was made and is kept with the offer; ``capacity`` is how many messages the agent
        may hold. A message rings beside those he has, and he stays available for more. None when ``contact`` or the
        agent of ``slot`` moved since they were read: somebody else was faster.
        """
        agent = self._known_agent(slot.agent)
        if contact.state not in ROUTABLE or agent.version != slot.agent_version or agent.state != "available":
            return None
        if not has_room(agent, contact, capacity):
            return None
        now = self._now()
        ends = now + self._effects.settings.ring_seconds * 1000
        offer = Offer(self._effects.ids.new(), "open", contact.id, agent.id, now, ends, why)
        made: Moved[Offer] = Moved(None, offer)
        word = ContactOffered(
            contact=contact.id, offer=offer.id, agent=agent.id, queue=contact.queue, expires_at=offer.expires_at
        )
        moved_contact = next_contact(contact, state=move_contact(contact, "offered"), offer=offer.id, agent=agent.id)
        if contact.channel == "message":
            moved_agent = next_agent(agent, messages=[*agent.messages, contact.id])
        else:
            moved_agent = next_agent(
                agent, state=move_agent(agent, "offered"), since=now, offer=offer.id, contact=contact.id
            )
        kept = {"trace": trace or {}, "contact": contact.id, "agent": agent.id, "at": now}
        expires = now // 1000 + TRACE_KEPT_SECONDS
        writes: list[Write] = [
            Remove(waiting_key(contact)),
            *slot_changes(agent, moved_agent.after),
            Put(trace_key(offer.id), {**kept, "expires": expires}),
        ]
        try:
            return self._commit(word, [moved_contact, moved_agent, made], *writes, actor=SYSTEM, cause=cause)
        except RefusedError:
            return None

    def lapse(self, offer_id: str, why: Lapse, actor: Actor = SYSTEM, cause: str = "") -> Step | None:
        """The ringing ends without an answer; the contact takes its old place. None when it was answered or over.

        The contact of a consult stays with the agent who asked.
        """

        def attempt() -> Step | None:
            offer = self.offer(offer_id)
            if offer is None or offer.state != "open":
                return None
            if offer.kind == "consult":
                return self._consult_lapsed(offer, why, actor, cause)
            contact, agent = self._known_contact(offer.contact), self._known_agent(offer.agent)
            state, reason = agent_after_lapse(agent, why)
            if contact.channel == "message":
                return self._message_lapsed(offer, contact, agent, why, actor, cause)
            waits = next_contact(contact, state=move_contact(contact, waiting_state(contact)), offer="", agent="")
            freed = next_agent(
                agent, state=move_agent(agent, state), reason=reason, since=self._now(), offer="", contact=""
            )
            ended = next_offer(offer, "declined" if why == "declined" else "lapsed")
            slots = slot_puts(freed.after) if state == "available" else []
            word = OfferLapsed(contact=contact.id, offer=offer.id, agent=agent.id, why=why)
            return self._commit(word, [waits, freed, ended], waiting_put(waits.after), *slots, actor=actor, cause=cause)

        return self._again(attempt)

    def accept(self, offer_id: str, agent_id: str, edge: str, actor: Actor) -> Step:
        """The agent takes it. Raises OfferGoneError when it was answered, lapsed, withdrawn or another's.

        An offer whose time is over but which nobody has lapsed yet may still be taken: the caller is there. At ``edge``
        the contact meets, or the two agents of a consult.
        """

        def attempt() -> Step:
            offer = self.offer(offer_id)
            if offer is None or offer.state != "open" or offer.agent != agent_id:
                raise OfferGoneError(offer_id)
            if offer.kind == "consult":
                return self._consult_accepted(offer, edge, actor)
            contact, agent = self._known_contact(offer.contact), self._known_agent(agent_id)
            now = self._now()
            taken = next_contact(
                contact,
                state=move_contact(contact, "connecting"),
                edge=edge,
                accepted_at=now,
                told="",
                by_phone=bool(agent.phone) and contact.channel != "message" and not contact.sealed,
            )
            busy: list[AnyMoved] = []
            if contact.channel != "message":
                busy = [next_agent(agent, state=move_agent(agent, "on_contact"), since=now, offer="", reason="")]
            word = OfferAccepted(
                contact=contact.id,
                offer=offer.id,
                agent=agent_id,
                channel=contact.channel,
                edge=taken.after.edge,
                by_phone=taken.after.by_phone,
            )
            return self._commit(word, [taken, *busy, next_offer(offer, "accepted")], actor=actor)

        return self._again(attempt)

    def _message_lapsed(
        self, offer: Offer, contact: Contact, agent: Agent, why: Lapse, actor: Actor, cause: str
    ) -> Step:
        """Whoever missed it is not ready, as for a call; what he holds beside it stays his."""
        state, reason = agent_after_lapse(agent, why)
        waits = next_contact(contact, state=move_contact(contact, "queued"), offer="", agent="")
        freed = self._puts_down(agent, contact.id, state if agent.state == "available" else None, reason)
        ended = next_offer(offer, "declined" if why == "declined" else "lapsed")
        word = OfferLapsed(contact=contact.id, offer=offer.id, agent=agent.id, why=why)
        more = [waiting_put(waits.after), *slots_of([freed])]
        return self._commit(word, [waits, freed, ended], *more, actor=actor, cause=cause)

    def trace(self, offer_id: str) -> Item | None:
        """How the agent of an offer was chosen: ``trace``, ``contact``, ``agent``, ``at``; None when it is not kept."""
        return self._store.get(trace_key(offer_id))
