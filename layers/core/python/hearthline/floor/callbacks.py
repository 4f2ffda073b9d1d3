"""Calls back and calls that are led on: promised, told to the carrier once, given their new call."""

from hearthline.events.callback_promised import CallbackPromised
from hearthline.events.word import Actor
from hearthline.floor.errors import UnknownError
from hearthline.floor.items import call_put, contact_key
from hearthline.floor.keeper import Keeper, Step, next_contact
from hearthline.platform.store import Change, Is, Lacks, RefusedError


class Callbacks(Keeper):
    def promise_callback(self, contact_id: str, *, number: str, actor: Actor) -> Step | None:
        """The caller hangs up and keeps the place; ``number`` is sealed for ``Place(floor, contact, callback)``."""

        def attempt() -> Step | None:
            contact = self._known_contact(contact_id)
            if contact.callback or contact.state not in {"queued", "offered"}:
                return None
            state = "callback_promised" if contact.state == "queued" else contact.state
            moved = next_contact(contact, state=state, callback=number, call_sid="", channel="phone")
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

    def redialled(self, contact_id: str, call_sid: str) -> None:
        """A callback gained its call. Raises UnknownError when the contact no longer connects."""
        try:
            self._store.write(
                Change(
                    contact_key(contact_id),
                    set={"call_sid": call_sid},
                    add={"version": 1},
                    when=(Is("state", "connecting"),),
                ),
                call_put(call_sid, contact_id, self._now()),
            )
        except RefusedError as error:
            raise UnknownError("contact") from error
