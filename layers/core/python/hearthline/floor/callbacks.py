"""Calls back and calls that are led on: promised, told to the carrier once, given their new call."""

from dataclasses import dataclass
from typing import Final

from hearthline.events.callback_promised import CallbackPromised
from hearthline.events.word import Actor
from hearthline.floor.freeing import Freeing, slots_of
from hearthline.floor.items import call_key, call_put, contact_key, waiting_put
from hearthline.floor.keeper import Step, next_contact
from hearthline.floor.model import OVER, ROUTABLE, Contact
from hearthline.floor.waiting import queued_word
from hearthline.platform.store import Change, Is, Lacks, RefusedError

DIAL_MS: Final = 8_000
"""An order to dial is out by then, or is not sent any more; the carrier answers or gives up within it."""
DIAL_AGAIN_MS: Final = 600_000
"""Who did not pick up is not called again sooner."""
MAX_DIALS: Final = 3
NOT_HEARD: Final = frozenset({"connecting", "callback_promised", "queued"})


@dataclass(frozen=True, slots=True)
class Intent:
    """A customer is about to be dialled, from ``at`` (ms) on. ``before`` is an earlier intent, 0 for none.

    ``mine``: whether this worker may dial; else another one is at it. ``again``: the earlier intent was for the same
    offer.
    """

    at: int
    before: int
    mine: bool
    again: bool


class Callbacks(Freeing):
    def promise_callback(self, contact_id: str, *, number: str, actor: Actor) -> Step | None:
        """The caller hangs up and keeps the place; ``number`` is sealed for ``Place(floor, contact, callback)``.

        None when nobody waits, or one was promised. Who writes keeps writing: his place and his agent are a message's.
        """

        def attempt() -> Step | None:
            contact = self._known_contact(contact_id)
            if contact.callback or contact.channel == "message" or contact.state not in {"queued", "offered"}:
                return None
            state = "callback_promised" if contact.state == "queued" else contact.state
            moved = next_contact(contact, state=state, callback=number, call_sid="", channel="phone", sealed=False)
            word = CallbackPromised(contact=contact.id, queue=contact.queue, queued_at=contact.queued_at, number=number)
            return self._commit(word, [moved], actor=actor)

        return self._again(attempt)

    def carrier_told(self, contact_id: str, offer_id: str) -> bool:
        """Note that the carrier was told to connect for this offer; False when it was told before, or moved on."""
        try:
            self._store.write(
                Change(
                    contact_key(contact_id),
                    set={"told": offer_id},
                    add={"version": 1},
                    when=(Is("offer", offer_id), Is("state", "connecting"), Lacks("told")),
                )
            )
        except RefusedError:
            return False
        return True

    def intend_dial(self, contact_id: str, offer_id: str, seen: int = 0) -> Intent | None:
        """Note, before the order goes out, that the customer is about to be dialled for this offer.

        Somebody else's intent is taken over only by who saw it (``seen``, its ``at``) and came back when an order was
        out or never would be: no two clocks are compared. None when the contact does not connect for this offer any
        more, or the customer is on the line.
        """

        def attempt() -> Intent | None:
            contact = self._known_contact(contact_id)
            if contact.state != "connecting" or contact.offer != offer_id or contact.call_sid:
                return None
            before, again = contact.dialled_at, contact.dialled_for == offer_id
            if again and seen != before:
                return Intent(before, before, mine=False, again=True)
            at = max(self._now(), before + 1)
            dials = contact.dials + (not again)
            self._store.write(self._put(next_contact(contact, dialled_for=offer_id, dialled_at=at, dials=dials)))
            return Intent(at, before, mine=True, again=again)

        return self._again(attempt)

    def on_the_line(self, contact_id: str, call_sid: str) -> Contact | None:
        """A call that was dialled for this contact belongs to it now; the contact, or None when it has another one.

        The answer of this call leads to the agent who waits: the carrier, which redirects no ringing call, is told
        nothing for this offer.
        """

        def attempt() -> Contact | None:
            contact = self._known_contact(contact_id)
            if contact.call_sid or not contact.callback or contact.state in OVER:
                return contact if contact.call_sid == call_sid else None
            told = contact.offer if contact.state == "connecting" else contact.told
            found = next_contact(contact, call_sid=call_sid, not_before=0, told=told)
            places = [waiting_put(found.after)] if contact.state in ROUTABLE else []
            self._store.write(self._put(found), *places, call_put(call_sid, contact_id, self._now()))
            return found.after

        return self._again(attempt)

    def rings_for(self, contact: Contact, call_sid: str) -> bool:
        """Whether this call may be the one by which the contact's customer is dialled now: not an earlier one."""
        if contact.state not in NOT_HEARD or not contact.callback:
            return False
        return contact.call_sid == call_sid or (not contact.call_sid and self._store.get(call_key(call_sid)) is None)

    def not_reached(self, contact_id: str, call_sid: str, actor: Actor) -> Step | None:
        """Nobody picked up: the contact keeps its place and is tried again later. None when that is not its call.

        Who was dialled ``MAX_DIALS`` times must be ended as unreachable instead: see ``spent``.
        """

        def attempt() -> Step | None:
            contact = self._known_contact(contact_id)
            if not self.rings_for(contact, call_sid):
                return None
            later = self._now() + DIAL_AGAIN_MS
            state = "callback_promised" if contact.state == "connecting" else contact.state
            moved = next_contact(
                contact, state=state, call_sid="", offer="", agent="", edge="", told="", not_before=later
            )
            freed = [self._in_line(self._known_agent(contact.agent))] if contact.state == "connecting" else []
            slots = slots_of(freed)
            # Known from now on as a call in vain: the next try must not take it for its own.
            over = call_put(call_sid, contact.id, self._now())
            word = queued_word(moved.after, "not_reached", freed=freed[0].after.id if slots else "", off=contact.agent)
            return self._commit(word, [moved, *freed], waiting_put(moved.after), over, *slots, actor=actor)

        return self._again(attempt)

    def spent(self, contact: Contact) -> bool:
        """Whether a callback was dialled as often as it may be."""
        return contact.dials >= MAX_DIALS
