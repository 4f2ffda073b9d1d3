"""The life of a contact: arrival, queue, sound, hold, and the one exit."""

from collections.abc import Sequence
from typing import Final, Literal

from hearthline.events.contact_arrived import ContactArrived
from hearthline.events.contact_connected import ContactConnected
from hearthline.events.contact_ended import ContactEnded, Outcome
from hearthline.events.contact_held import ContactHeld
from hearthline.events.contact_resumed import ContactResumed
from hearthline.events.media_moved import MediaMoved
from hearthline.events.word import Actor
from hearthline.floor.consults import Consults
from hearthline.floor.errors import IllegalMoveError
from hearthline.floor.freeing import slots_of
from hearthline.floor.items import (
    call_key,
    call_put,
    customer_key,
    customer_put,
    waiting_key,
    waiting_put,
)
from hearthline.floor.keeper import AnyMoved, Moved, Step, next_contact, next_offer
from hearthline.floor.model import (
    APART,
    DEFAULT_AGEING_MS,
    DEFAULT_PRIORITY,
    HEARD,
    OVER,
    RETURNED_PRIORITY,
    ROUTABLE,
    TALKING,
    AgentState,
    Channel,
    Contact,
    Silence,
    alone_again,
    move_contact,
    outcome_of,
    state_after_end,
    unheld,
    waiting_state,
)
from hearthline.floor.order import rank_of
from hearthline.floor.waiting import STANDING_PAGE, WaitingPlaces, queued_word
from hearthline.platform.ledger import SYSTEM
from hearthline.platform.store import RefusedError, Remove, Write

NEVER_LOOKED: Final = Silence()
WAITS: Final = frozenset({"arrived", "queued", "offered"})
"""A contact that no agent has taken."""
Return = Literal["offer_lapsed", "media_failed", "phone_unanswered", "agent_lost", "swept"]
ASIDE: Final[dict[str, AgentState]] = {"agent_lost": "offline"}


class Contacts(WaitingPlaces, Consults):
    def arrive(
        self,
        contact_id: str,
        *,
        channel: Channel,
        lang: Literal["zh", "en"] = "zh",
        call_sid: str = "",
        caller: str = "",
        customer: str = "",
        line: str = "",
        edge: str = "",
        sealed: bool = False,
        actor: Actor,
    ) -> Step | None:
        """A new contact; None when it is already here.

        ``caller`` is sealed for ``Place(floor, contact, caller)``; ``customer`` is the blind index of the number;
        ``line`` is the number of ours that was called;
        ``edge`` is where a browser caller waits; ``sealed``: his page seals its sound end to end.
        """
        now = self._now()
        contact = Contact(
            contact_id,
            "arrived",
            1,
            channel,
            lang,
            arrived_at=now,
            call_sid=call_sid,
            caller=caller,
            customer=customer,
            line=line,
            edge=edge,
            sealed=sealed,
        )
        word = ContactArrived(
            contact=contact_id, channel=channel, lang=lang, call_sid=call_sid, caller=caller, sealed=sealed
        )
        more = [call_put(call_sid, contact_id, self._now())] if call_sid else []
        try:
            return self._commit(word, [Moved(None, contact)], *more, actor=actor)
        except RefusedError:
            return None

    def enqueue(
        self,
        contact_id: str,
        *,
        matter: str,
        queue: str,
        lang: Literal["zh", "en"],
        actor: Actor,
        cause: str = "",
        priority: int = DEFAULT_PRIORITY,
        ageing_ms: int = DEFAULT_AGEING_MS,
        not_before: int = 0,
    ) -> Step | None:
        """The matter is known: the contact takes its place in ``queue``. None when it already waits or is over.

        ``priority`` 1 is the most urgent, 9 the least; each step is worth ``ageing_ms`` of waiting. Nobody rings for
        it ``not_before`` that moment (ms): who came while the queue was closed.
        """

        def attempt() -> Step | None:
            contact = self._known_contact(contact_id)
            if contact.state not in {"arrived", "identifying"}:
                return None
            now = self._now()
            moved = next_contact(
                contact,
                state=move_contact(contact, "queued"),
                matter=matter,
                queue=queue,
                lang=lang,
                queued_at=now,
                priority=priority,
                rank=rank_of(now, priority, ageing_ms),
                not_before=not_before,
                last_agent=self._last_agent(contact.customer),
                position_at_entry=len(self.first_waiting(queue, lang, STANDING_PAGE)) + 1,
            )
            return self._queued(moved, "matter_known", [], actor, cause)

        return self._again(attempt)

    def overflow(self, contact_id: str, queue: str, cause: str = "") -> Step | None:
        """One who waits goes on to another queue, once, with the wait kept. None when done before, or nobody waits."""

        def attempt() -> Step | None:
            contact = self.contact(contact_id)
            if contact is None or contact.state not in ROUTABLE or contact.came_from:
                return None
            moved = next_contact(contact, queue=queue, came_from=contact.queue)
            word = queued_word(moved.after, "overflowed", before=contact.queue)
            leaves, comes = Remove(waiting_key(contact)), waiting_put(moved.after)
            return self._commit(word, [moved], leaves, comes, actor=SYSTEM, cause=cause)

        return self._again(attempt)

    def connected(self, contact_id: str, edge: str, cause: str = "") -> Step | None:
        """Both sides are heard at ``edge``. None when that was known or the contact moved on.

        A contact whose edge died goes on at the edge where both sides met again.
        """

        def attempt() -> Step | None:
            contact = self.contact(contact_id)
            if contact is not None and contact.state in {"connected", "held"} and contact.edge != edge:
                return self._moved_to(contact, edge, cause)
            if contact is None or contact.state != "connecting" or contact.edge != edge:
                return None
            moved = next_contact(contact, state=move_contact(contact, "connected"), connected_at=self._now())
            word = ContactConnected(
                contact=contact.id, agent=contact.agent, edge=edge, queue=contact.queue, matter=contact.matter
            )
            return self._commit(word, [moved], actor=SYSTEM, cause=cause)

        step = self._again(attempt)
        if step and step.contact and step.event.type == ContactConnected.__name__:
            self.note_wait(step.contact)
        return step

    def waits_at(self, contact_id: str, edge: str) -> Step | None:
        """A browser caller waits at ``edge`` now: there the contact will meet. None when it does or waits no more."""

        def attempt() -> Step | None:
            contact = self.contact(contact_id)
            waits = contact is not None and contact.channel == "browser" and contact.state in WAITS
            return self._moved_to(contact, edge, "") if contact and waits and contact.edge != edge else None

        return self._again(attempt)

    def led_on(self, contact_id: str, before: str, edge: str) -> Step | None:
        """Nobody found room at ``before``, so they meet at ``edge``. None when another led it on, or they have met."""

        def attempt() -> Step | None:
            contact = self.contact(contact_id)
            if contact is None or contact.state != "connecting" or contact.edge != before:
                return None
            return self._moved_to(contact, edge, "")

        return self._again(attempt)

    def hold(self, contact_id: str, agent_id: str, actor: Actor) -> Step | None:
        """None when it is already held. Raises UnknownError for another's contact, IllegalMoveError if not talking."""

        def attempt() -> Step | None:
            contact = self._mine(contact_id, agent_id, TALKING)
            if contact.state == "held":
                return None
            if contact.channel == "message":
                raise IllegalMoveError("message", contact.state, "held")
            moved = next_contact(contact, state=move_contact(contact, "held"), held_at=self._now())
            return self._commit(ContactHeld(contact=contact.id, agent=agent_id), [moved], actor=actor)

        return self._again(attempt)

    def resume(self, contact_id: str, agent_id: str, actor: Actor) -> Step | None:
        """None when it is not held. Raises as ``hold``, IllegalMoveError while a colleague is asked or consulted."""

        def attempt() -> Step | None:
            contact = self._mine(contact_id, agent_id, TALKING)
            if contact.state != "held":
                return None
            if contact.consult in APART:
                raise IllegalMoveError("consult", contact.consult, "connected")
            moved = next_contact(contact, state=move_contact(contact, "connected"), **unheld(contact, self._now()))
            return self._commit(ContactResumed(contact=contact.id, agent=agent_id), [moved], actor=actor)

        return self._again(attempt)

    def requeue(self, contact_id: str, why: Return, cause: str = "", *, silence: Silence = NEVER_LOOKED) -> Step | None:
        """Back to the head of the queue with the wait kept; the agent is set aside. None when it is not talking.

        A colleague in conference takes over a contact whose agent was lost. See ``consults`` for the others. Who holds
        messages only loses this one.
        """

        def attempt() -> Step | None:
            contact = self.contact(contact_id)
            if contact is None or contact.state not in TALKING:
                return None
            return self._thrown_back(contact, why, silence, cause)

        return self._again(attempt)

    def hang_up(self, contact_id: str, agent_id: str, actor: Actor) -> Step | None:
        """By its agent. None when it is over, or another's.

        Before both were heard nobody is cut off and no promise broken: the caller goes back to the head of the queue.
        """

        def attempt() -> Step | None:
            contact = self.contact(contact_id)
            if contact is None or contact.agent != agent_id or contact.state in OVER:
                return None
            if contact.state == "connecting":
                return self._thrown_back(contact, "media_failed", NEVER_LOOKED, "")
            return self._end(contact, "agent", outcome_of(contact), actor, "")

        return self._again(attempt)

    def end_contact(
        self,
        contact_id: str,
        *,
        by: Literal["caller", "agent", "system"],
        actor: Actor,
        cause: str = "",
        outcome: Literal["failed", "unreachable"] | None = None,
        seen: int = 0,
    ) -> Step | None:
        """The only exit. None when the contact is over, or was promised a callback and only its first call ended.

        Once both were heard it is the call back that ended, also where the carrier's answer to the dialling was lost.
        ``seen`` is the version somebody judged by: None when it moved on since; 0 for whatever it is now.
        """

        def attempt() -> Step | None:
            contact = self.contact(contact_id)
            if contact is None or contact.state in OVER or seen not in {0, contact.version}:
                return None
            if by == "caller" and contact.callback and not contact.call_sid and contact.state not in HEARD:
                return None
            return self._end(contact, by, outcome or outcome_of(contact), actor, cause)

        return self._again(attempt)

    def contact_of(self, call_sid: str) -> str | None:
        item = self._store.get(call_key(call_sid))
        return str(item["contact"]) if item else None

    def _last_agent(self, customer: str) -> str:
        item = self._store.get(customer_key(customer)) if customer else None
        return str(item["agent"]) if item else ""

    def _moved_to(self, contact: Contact, edge: str, cause: str) -> Step:
        word = MediaMoved(contact=contact.id, agent=contact.agent, before=contact.edge, edge=edge)
        return self._commit(word, [next_contact(contact, edge=edge)], actor=SYSTEM, cause=cause)

    def _thrown_back(self, contact: Contact, why: Return, silence: Silence, cause: str) -> Step:
        agent, state = self._known_agent(contact.agent), ASIDE.get(why, "not_ready")
        written = contact.channel == "message"
        aside = self._puts_down(agent, contact.id) if written else self._off(agent, state, why)
        if why == "agent_lost" and contact.consult == "conference":
            return self._hand_over(contact, "taken_over", aside, SYSTEM, cause)
        moved = next_contact(
            contact,
            state=move_contact(contact, waiting_state(contact)),
            priority=RETURNED_PRIORITY,
            offer="",
            agent="",
            edge=contact.edge if contact.channel == "browser" else "",  # the page stays where it is
            told="",
            page_seen=silence.mark,
            page_silent=silence.looks,
            **unheld(contact, self._now()),
            **alone_again(),
        )
        return self._queued(moved, why, [aside, *self._partner_off(contact)], SYSTEM, cause)

    def _queued(self, moved: Moved[Contact], why: str, others: Sequence[AnyMoved], actor: Actor, cause: str) -> Step:
        contact = moved.after
        slots = slots_of(others)
        freed = next((each.after.id for each in others if each.after.state == "available"), "")
        word = queued_word(contact, why, freed=freed, off=moved.before.agent if moved.before else "")
        return self._commit(word, [moved, *others], waiting_put(contact), *slots, actor=actor, cause=cause)

    def _end(self, contact: Contact, by: str, outcome: Outcome, actor: Actor, cause: str) -> Step:
        moved = self._ended(contact, by, outcome)
        changes: list[AnyMoved] = [moved]
        more: list[Write] = []
        if contact.state in ROUTABLE:
            more.append(Remove(waiting_key(contact)))
        if contact.agent:
            changes += self._agent_after(contact, talked=moved.after.state == "wrap_up")
            changes += self._partner_off(contact)
            more += slots_of(changes)
        if contact.customer and moved.after.state == "wrap_up":
            more.append(customer_put(contact.customer, contact.agent, moved.after.ended_at))
        if contact.state == "offered":
            changes.append(next_offer(self._known_offer(contact.offer), "withdrawn"))
        word = ContactEnded.model_validate(
            {
                "contact": contact.id,
                "channel": contact.channel,
                "outcome": outcome,
                "by": by,
                "agent": contact.agent,
                "edge": contact.edge,
                "queue": contact.queue,
                "matter": contact.matter,
                "call_sid": contact.call_sid,
                "partner": contact.partner,
            }
        )
        return self._commit(word, changes, *more, actor=actor, cause=cause)

    def _agent_after(self, contact: Contact, *, talked: bool) -> list[AnyMoved]:
        """A message stays in its agent's hands until it is filed."""
        agent = self._known_agent(contact.agent)
        if contact.channel == "message":
            return [] if talked else [self._puts_down(agent, contact.id)]
        return [self._wraps_up(agent, alone=False) if talked else self._in_line(agent)]

    def _ended(self, contact: Contact, by: str, outcome: Outcome) -> Moved[Contact]:
        now, state = self._now(), state_after_end(contact)
        return next_contact(
            contact,
            state=move_contact(contact, state),
            ended_at=now,
            ended_by=by,
            outcome=outcome,
            wrap_up_ends_at=now + self._wrap_up_ms() if state == "wrap_up" else 0,
            **unheld(contact, now),
            **alone_again(),
        )
