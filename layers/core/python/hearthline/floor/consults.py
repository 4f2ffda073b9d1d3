"""Asking a colleague: for a word apart from the caller, to come to the caller, or to take the contact over.

    ''  -consult->  asked  -accept->  talking  -conference->  conference
                      |                  |  \\                  /  |
               lapse, cancel      cancel, leave  \\-> complete <-/   cancel, leave

The contact belongs to one agent at every moment: to who asked, until ``complete`` gives it to the colleague in one
transaction. ``partner`` is beside him, and his state tells how far: his screen rings (``offered``), or he talks
(``on_contact``). Each change moves the contact, so that two of them never both succeed.

- The caller is on hold from the question on; only the agent who has the contact takes him back, by ``resume``, and not
  while the two talk apart. A consult that comes to nothing leaves him on hold.
- Who talked to the caller wraps up, whoever has the contact then. Who was only asked or consulted stands in line where
  he stood. An unanswered question costs what an unanswered contact costs: the colleague is not ready.
- Ends the caller the call, both come off in the transaction of the one exit.
- A lost socket changes nothing for who talks: he is offline afterwards. A colleague whose sound is lost is offline, and
  the consult is over, whether the two talk apart or with the caller. Is the sound of who has the contact lost, the
  colleague takes it over in a conference; else the caller goes back to the head of the queue, the colleague in line.
"""

from typing import Literal

from hearthline.events.conference_started import ConferenceStarted
from hearthline.events.consult_accepted import ConsultAccepted
from hearthline.events.consult_ended import ConsultEnded
from hearthline.events.consult_offered import ConsultOffered
from hearthline.events.contact_transferred import ContactTransferred
from hearthline.events.offer_lapsed import OfferLapsed
from hearthline.events.word import Actor
from hearthline.floor.errors import (
    IllegalMoveError,
    NotFreeError,
    OfferGoneError,
    SealedContactError,
    UnknownError,
)
from hearthline.floor.freeing import Freeing, slots_of
from hearthline.floor.items import call_put, slot_removes
from hearthline.floor.keeper import AnyMoved, Moved, Step, next_agent, next_contact, next_offer
from hearthline.floor.model import (
    HEARD,
    TOGETHER,
    Contact,
    Offer,
    agent_after_lapse,
    alone_again,
    consult_room,
    move_agent,
    move_contact,
)
from hearthline.platform.ledger import SYSTEM

Why = Literal["called_off", "left", "lost"]


class Consults(Freeing):
    def consult(self, contact_id: str, agent_id: str, partner_id: str, actor: Actor) -> Step | None:
        """The caller is held and the colleague's screen rings. None when that one is asked already.

        Raises UnknownError for another's contact or an unknown colleague, NotFreeError when he is not available,
        IllegalMoveError when nobody is talking or a colleague is drawn in already, SealedContactError.
        """

        def attempt() -> Step | None:
            contact, partner = self._mine(contact_id, agent_id), self._known_agent(partner_id)
            if contact.consult == "asked" and contact.partner == partner_id:
                return None
            if contact.sealed:
                raise SealedContactError(contact_id)
            if contact.consult or partner_id == agent_id or contact.channel == "message":
                raise IllegalMoveError("consult", contact.consult, "asked")
            if partner.state != "available" or partner.messages:
                raise NotFreeError(partner_id)
            now = self._now()
            ends = now + self._effects.settings.ring_seconds * 1000
            offer = Offer(self._effects.ids.new(), "open", contact_id, partner_id, now, ends, kind="consult")
            held = {} if contact.state == "held" else {"state": move_contact(contact, "held"), "held_at": now}
            asking = {"partner": partner_id, "consult": "asked", "consult_offer": offer.id, "consult_until": ends}
            rung = next_agent(
                partner, state=move_agent(partner, "offered"), since=now, offer=offer.id, contact=contact_id
            )
            made: Moved[Offer] = Moved(None, offer)
            moved: list[AnyMoved] = [next_contact(contact, **held, **asking), rung, made]
            word = ConsultOffered(
                contact=contact_id, offer=offer.id, agent=agent_id, partner=partner_id, expires_at=ends
            )
            return self._commit(word, moved, *slot_removes(partner), actor=actor)

        return self._again(attempt)

    def conference(self, contact_id: str, agent_id: str, actor: Actor) -> Step | None:
        """The colleague comes to the caller, who is still on hold. None when he is there.

        Raises UnknownError for another's contact, IllegalMoveError unless the two talk apart.
        """

        def attempt() -> Step | None:
            contact = self._mine(contact_id, agent_id)
            if contact.consult == "conference":
                return None
            if contact.consult != "talking":
                raise IllegalMoveError("consult", contact.consult, "conference")
            moved = next_contact(contact, consult="conference", consult_edge="")
            word = ConferenceStarted(contact=contact_id, agent=agent_id, partner=contact.partner)
            return self._commit(word, [moved], actor=actor)

        return self._again(attempt)

    def complete(self, contact_id: str, agent_id: str, actor: Actor) -> Step | None:
        """The colleague has the contact from now on; who gave it wraps up by himself. None when that was done.

        A caller on hold stays on hold: his new agent takes him back. Raises UnknownError for another's contact,
        IllegalMoveError unless the two talk.
        """

        def attempt() -> Step | None:
            if self._gave_it(contact_id, agent_id):
                return None
            contact = self._mine(contact_id, agent_id)
            if contact.consult not in TOGETHER:
                raise IllegalMoveError("consult", contact.consult, "complete")
            gave = self._wraps_up(self._known_agent(agent_id), alone=True)
            return self._hand_over(contact, "attended", gave, actor, "")

        return self._again(attempt)

    def cancel(self, contact_id: str, agent_id: str, actor: Actor) -> Step | None:
        """Who has the contact goes on alone, however far the colleague was drawn in. None when he is alone.

        Raises UnknownError for another's contact, IllegalMoveError when nobody talks there any more.
        """

        def attempt() -> Step | None:
            contact = self._mine(contact_id, agent_id)
            return self._without(contact, "called_off", actor) if contact.consult else None

        return self._again(attempt)

    def leave(self, contact_id: str, agent_id: str, actor: Actor) -> Step | None:
        """One of two goes. None when he is gone already.

        The colleague comes off; who has the contact may leave a conference only, and gives it to the colleague.
        Raises UnknownError for who is neither, IllegalMoveError where nobody would stay with the caller.
        """

        def attempt() -> Step | None:
            contact = self._known_contact(contact_id)
            if contact.partner == agent_id and contact.consult in TOGETHER:
                return self._without(contact, "left", actor)
            if self._gave_it(contact_id, agent_id):
                return None
            contact = self._mine(contact_id, agent_id)
            if contact.consult != "conference":
                raise IllegalMoveError("consult", contact.consult, "left")
            gave = self._wraps_up(self._known_agent(agent_id), alone=True)
            return self._hand_over(contact, "attended", gave, actor, "")

        return self._again(attempt)

    def partner_lost(self, contact_id: str, *, room: str = "", partner: str = "", cause: str = "") -> Step | None:
        """The sound of ``partner`` is gone from the conference, or that of whoever talks apart in ``room``.

        None when that is not where he is, or he is gone already.
        """

        def attempt() -> Step | None:
            contact = self.contact(contact_id)
            apart = contact is not None and contact.consult == "talking" and consult_room(contact) == room
            beside = contact is not None and contact.consult == "conference" and contact.partner == partner
            return self._without(contact, "lost", SYSTEM, cause) if contact and (apart or beside) else None

        return self._again(attempt)

    def _mine(self, contact_id: str, agent_id: str, states: frozenset[str] = HEARD) -> Contact:
        """Raises UnknownError for another's contact, IllegalMoveError for one that is in none of ``states``."""
        contact = self.contact(contact_id)
        if contact is None or contact.agent != agent_id:
            raise UnknownError("contact")
        if contact.state not in states:
            raise IllegalMoveError("contact", contact.state, " or ".join(sorted(states)))
        return contact

    def _gave_it(self, contact_id: str, agent_id: str) -> bool:
        """Whether this agent wraps up the contact while it is another's: what he asks for was done."""
        agent = self.agent(agent_id)
        return agent is not None and agent.contact == contact_id and agent.wrap_up_ends_at > 0

    def _hand_over(
        self,
        contact: Contact,
        kind: Literal["attended", "taken_over"],
        gave: AnyMoved,
        actor: Actor,
        cause: str,
    ) -> Step:
        """The contact goes to the colleague as it stands."""
        given = {
            "agent": contact.partner,
            "given_on": contact.given_on + (kind == "attended"),
            "given_by": contact.agent if contact.state == "held" else "",
        }
        moved = next_contact(contact, **alone_again() | given)
        return self._commit(given_word(contact, kind), [moved, gave], actor=actor, cause=cause)

    def _without(self, contact: Contact, why: Why, actor: Actor, cause: str = "") -> Step:
        if why == "lost":
            off: list[AnyMoved] = [self._off(self._known_agent(contact.partner), "offline", "agent_lost")]
        else:
            off = self._partner_off(contact)
        word = ConsultEnded.model_validate(
            {
                "contact": contact.id,
                "agent": contact.agent,
                "partner": contact.partner,
                "how_far": contact.consult,
                "why": why,
            }
        )
        moved: list[AnyMoved] = [next_contact(contact, **alone_again()), *off]
        return self._commit(word, moved, *slots_of(off), actor=actor, cause=cause)

    def _consult_accepted(self, offer: Offer, edge: str, actor: Actor) -> Step:
        """Raises OfferGoneError when nobody asks any more."""
        contact, partner = self._known_contact(offer.contact), self._known_agent(offer.agent)
        if contact.consult != "asked" or contact.consult_offer != offer.id:
            raise OfferGoneError(offer.id)
        now, room = self._now(), consult_room(contact)
        talks = next_contact(contact, consult="talking", consult_until=0, consult_edge=edge)
        busy = next_agent(partner, state=move_agent(partner, "on_contact"), since=now, offer="", reason="")
        word = ConsultAccepted(
            contact=contact.id, offer=offer.id, agent=contact.agent, partner=partner.id, room=room, edge=edge
        )
        moved: list[AnyMoved] = [talks, busy, next_offer(offer, "accepted")]
        return self._commit(word, moved, call_put(room, contact.id, now), actor=actor)

    def _consult_lapsed(
        self, offer: Offer, why: Literal["declined", "timed_out", "agent_gone"], actor: Actor, cause: str
    ) -> Step:
        contact, partner = self._known_contact(offer.contact), self._known_agent(offer.agent)
        state, reason = agent_after_lapse(partner, why)
        freed, alone = self._off(partner, state, reason), next_contact(contact, **alone_again())
        ended = next_offer(offer, "declined" if why == "declined" else "lapsed")
        word = OfferLapsed(contact=contact.id, offer=offer.id, agent=partner.id, why=why, kind="consult")
        return self._commit(word, [alone, freed, ended], actor=actor, cause=cause)


def given_word(
    contact: Contact, kind: Literal["blind", "attended", "taken_over"], queue: str = "", wants: str = ""
) -> ContactTransferred:
    """The news that ``contact``, as it was, is given on: to ``queue``, or to the colleague where none is named."""
    return ContactTransferred(
        contact=contact.id,
        agent=contact.agent,
        kind=kind,
        channel=contact.channel,
        before=contact.queue,
        queue=queue or contact.queue,
        wants=wants,
        to="" if kind == "blind" else contact.partner,
        again=contact.given_on > 0,
        matter=contact.matter,
        lang=contact.lang,
        queued_at=contact.queued_at,
    )
