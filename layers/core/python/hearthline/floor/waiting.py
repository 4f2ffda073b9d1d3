"""Who waits: the places of a queue, where one stands, when somebody looks again."""

from typing import Final

from hearthline.events.contact_queued import ContactQueued
from hearthline.events.word import Envelope
from hearthline.floor.items import contact_key, queue_pk, to_waiting, waiting_pk
from hearthline.floor.keeper import Keeper
from hearthline.floor.model import Contact, Standing, Waiting
from hearthline.platform import ledger
from hearthline.platform.store import Change, Is, RefusedError

STANDING_PAGE: Final = 200
"""A caller further back than this hears `more than 200`."""


class WaitingPlaces(Keeper):
    def standing(self, contact_id: str) -> Standing:
        """Raises UnknownError. Position 1 is next; a contact that rings or talks stands at 1."""
        contact = self._known_contact(contact_id)
        waiting = self.first_waiting(contact.queue, STANDING_PAGE) if contact.queue else []
        ahead = next((n for n, each in enumerate(waiting) if each.contact == contact_id), 0)
        free = self._store.page("floor", queue_pk(contact.queue), limit=STANDING_PAGE).items if contact.queue else []
        return Standing(ahead + 1, len(waiting), len(free))

    def first_waiting(self, queue: str, limit: int) -> list[Waiting]:
        """Who is next in ``queue``, most urgent first."""
        return [to_waiting(item) for item in self._store.page("floor", waiting_pk(queue), limit=limit).items]

    def waiting_in(self, queue: str) -> int:
        """How many wait, up to ``STANDING_PAGE``."""
        return len(self.first_waiting(queue, STANDING_PAGE))

    def still_waits(self, contact: Contact) -> Envelope:
        """What routing is asked about one who waits, in case the news of a free agent was lost; not in the ledger."""
        tenant = self._effects.settings.tenant
        word = queued_word(contact, "swept")
        return ledger.envelope(
            word, pk=contact.id, version=contact.version, tenant=tenant, at=self._now(), actor=ledger.CLOCK
        )

    def look_later(self, contact: Contact, later_ms: int) -> bool:
        """Nothing is wrong with ``contact``: look again after ``later_ms``. False when it moved meanwhile."""
        change = Change(
            contact_key(contact.id), set={"due_at": self._now() + later_ms}, when=(Is("version", contact.version),)
        )
        try:
            self._store.write(change)
        except RefusedError:
            return False
        return True


def queued_word(contact: Contact, why: str) -> ContactQueued:
    """The news that ``contact`` waits; ``why`` as the word has it."""
    names = ("channel", "queue", "matter", "lang", "queued_at")
    return ContactQueued.model_validate(
        {"contact": contact.id, "why": why} | {name: getattr(contact, name) for name in names}
    )
