"""Messages that callers leave: begun instead of waiting, left, and ended by the one exit as every contact."""

from typing import Literal

from hearthline.events.voicemail_begun import VoicemailBegun
from hearthline.events.voicemail_left import VoicemailLeft
from hearthline.events.word import Actor, Envelope
from hearthline.floor.items import waiting_key
from hearthline.floor.keeper import Keeper, Step, next_contact
from hearthline.floor.model import Contact, move_contact
from hearthline.platform import ledger
from hearthline.platform.ledger import CLOCK
from hearthline.platform.store import Remove


class Voicemails(Keeper):
    def leave_queue_for_message(self, contact_id: str, actor: Actor) -> Step | None:
        """One who waits would rather speak a message, and gives up the place. None when nobody waits, or it rings."""

        def attempt() -> Step | None:
            contact = self._known_contact(contact_id)
            if contact.state != "queued":
                return None
            moved = next_contact(
                contact, state=move_contact(contact, "leaving_message"), message_begun_at=self._now(), not_before=0
            )
            return self._commit(begun_word(moved.after), [moved], Remove(waiting_key(contact)), actor=actor)

        return self._again(attempt)

    def message_instead(
        self, contact_id: str, *, matter: str, queue: str, lang: Literal["zh", "en"], actor: Actor
    ) -> Step | None:
        """Nobody is there to wait for: the caller goes straight on to the message. None when that is under way.

        Raises UnknownError for a contact that never arrived.
        """

        def attempt() -> Step | None:
            contact = self._known_contact(contact_id)
            if contact.state not in {"arrived", "identifying"}:
                return None
            moved = next_contact(
                contact,
                state=move_contact(contact, "leaving_message"),
                message_begun_at=self._now(),
                matter=matter,
                queue=queue,
                lang=lang,
            )
            return self._commit(begun_word(moved.after), [moved], actor=actor)

        return self._again(attempt)

    def message_left(self, contact_id: str, *, recording: str, length_ms: int, actor: Actor) -> Step | None:
        """The carrier holds a message. None when that was known, or the contact never began one.

        The news may come after the clock took the message for empty: then the contact stays abandoned for the numbers,
        and the message is fetched all the same.
        """

        def attempt() -> Step | None:
            contact = self.contact(contact_id)
            if contact is None or contact.message or not contact.message_begun_at:
                return None
            moved = next_contact(contact, message=recording, message_ms=length_ms)
            word = VoicemailLeft(
                contact=contact.id,
                queue=contact.queue,
                matter=contact.matter,
                lang=contact.lang,
                queued_at=contact.queued_at,
                recording=recording,
                length_ms=length_ms,
            )
            return self._commit(word, [moved], actor=actor)

        return self._again(attempt)

    def still_speaks(self, contact: Contact) -> Envelope:
        """What the reader of ``voicemail`` is asked to look at later; not in the ledger."""
        tenant = self._effects.settings.tenant
        return ledger.envelope(
            begun_word(contact), pk=contact.id, version=contact.version, tenant=tenant, at=self._now(), actor=CLOCK
        )


def begun_word(contact: Contact) -> VoicemailBegun:
    return VoicemailBegun(
        contact=contact.id,
        queue=contact.queue,
        matter=contact.matter,
        lang=contact.lang,
        queued_at=contact.queued_at,
        why="asked" if contact.queued_at else "closed",
    )
