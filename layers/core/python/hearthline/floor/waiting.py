"""Who waits: the places of a queue, where one stands, when somebody looks again."""

from collections.abc import Iterator, Sequence
from typing import Final

from hearthline.events.contact_queued import ContactQueued
from hearthline.events.word import Envelope
from hearthline.floor.items import (
    TABLE,
    contact_key,
    pace_key,
    queue_pks,
    to_slot,
    to_waiting,
    waiting_pks,
    waiting_put,
)
from hearthline.floor.keeper import Keeper
from hearthline.floor.model import LANGUAGES, RETURNED_PRIORITY, Contact, Silence, Slot, Standing, Waiting
from hearthline.floor.pace import FADES_MS, PRIOR_MS, Wait, place_ms, with_wait
from hearthline.platform import ledger
from hearthline.platform.store import Absent, BusyError, Change, Is, Item, Put, RefusedError

STANDING_PAGE: Final = 100
"""For each partition of a queue: a caller further back than that hears `more than 100`."""
COUNTED: Final = 25
"""For each partition: a count on a screen goes no further, it is read often."""
WAITING_PAGE, WAITING_PAGES = 25, 4
SLOT_PAGE, SLOT_PAGES = 25, 4
"""A decision reads at most so many of those who wait and of those who are free, however many there are."""


class WaitingPlaces(Keeper):
    def standing(self, contact_id: str) -> Standing:
        """Raises UnknownError. Position 1 is next; a contact that rings or talks stands at 1.

        Counted are those who wait for the same language: the others wait for other agents.
        """
        contact = self._known_contact(contact_id)
        if not contact.queue:
            return Standing(1, 0, 0, PRIOR_MS)
        waiting = self.first_waiting(contact.queue, contact.lang, STANDING_PAGE)
        ahead = next((n for n, each in enumerate(waiting) if each.contact == contact_id), 0)
        free = self.free_in(contact.queue, contact.lang)
        return Standing(ahead + 1, len(waiting), free, self.place_ms(contact.queue, contact.lang))

    def first_waiting(self, queue: str, lang: str, limit: int) -> list[Waiting]:
        """Who is next in ``queue``, most urgent first; ``limit`` holds for each partition."""
        pages = [self._store.page(TABLE, pk, limit=limit) for pk in waiting_pks(queue, lang)]
        return sorted((to_waiting(item) for page in pages for item in page.items), key=lambda each: each.place)

    def waiting_pages(self, queue: str, lang: str) -> Iterator[list[Waiting]]:
        """Those who wait, most urgent first, page after page up to a bound."""
        for items in self._pages(waiting_pks(queue, lang), WAITING_PAGE, WAITING_PAGES):
            yield sorted((to_waiting(item) for item in items), key=lambda each: each.place)

    def slot_pages(self, queue: str, lang: str) -> Iterator[list[Slot]]:
        """Available agents of a queue who speak a language, longest idle first, page after page up to a bound."""
        for items in self._pages(queue_pks(queue, lang), SLOT_PAGE, SLOT_PAGES):
            yield sorted((to_slot(item) for item in items), key=lambda each: (each.idle_since, each.agent))

    def waiting_in(self, queue: str) -> int:
        """How many wait, up to ``COUNTED`` in each partition."""
        return sum(len(self.first_waiting(queue, lang, COUNTED)) for lang in LANGUAGES)

    def free_in(self, queue: str, lang: str) -> int:
        """How many are free, up to ``COUNTED`` in each partition."""
        return sum(len(self._store.page(TABLE, pk, limit=COUNTED).items) for pk in queue_pks(queue, lang))

    def place_ms(self, queue: str, lang: str) -> int:
        """What one place in the queue takes these days."""
        recent, _ = self._waits(queue, lang)
        return place_ms(recent, self._now())

    def note_wait(self, contact: Contact) -> None:
        """Learn from a contact that was just answered, as well as that goes: a lost race or an outage loses one wait.

        Not learned from: who rang at a free agent at once (that is no wait in line), who was thrown back (he went
        before the others), callbacks (their wait may span a night), and who writes (nobody tells them a wait).
        """
        waited, written = contact.accepted_at - contact.queued_at, contact.channel == "message"
        at_once = self._effects.settings.ring_seconds * 1000
        if (
            not contact.queued_at
            or waited <= at_once
            or contact.priority == RETURNED_PRIORITY
            or contact.callback
            or written
        ):
            return
        try:
            self._learn(contact.queue, contact.lang, Wait(contact.accepted_at, contact.position_at_entry, waited))
        except (RefusedError, BusyError):
            return

    def _learn(self, queue: str, lang: str, wait: Wait) -> None:
        recent, version = self._waits(queue, lang)
        kept = [[each.at, each.places, each.waited_ms] for each in with_wait(recent, wait)]
        condition = Is("version", version) if version else Absent()
        item: Item = {"recent": kept, "version": version + 1, "expires": (self._now() + FADES_MS) // 1000}
        self._store.write(Put(pace_key(queue, lang), item, when=(condition,)))

    def _waits(self, queue: str, lang: str) -> tuple[list[Wait], int]:
        """The last waits and their version, 0 for none."""
        item = self._store.get(pace_key(queue, lang))
        return ([Wait(*each) for each in item["recent"]], item["version"]) if item else ([], 0)

    def _pages(self, pks: Sequence[str], limit: int, rounds: int) -> Iterator[list[Item]]:
        """Round by round one page of each partition, until all are read or the bound is reached."""
        left: dict[str, Item | None] = dict.fromkeys(pks)
        for _ in range(rounds):
            found = {pk: self._store.page(TABLE, pk, limit=limit, more=more) for pk, more in left.items()}
            yield [item for page in found.values() for item in page.items]
            left = {pk: page.more for pk, page in found.items() if page.more is not None}
            if not left:
                return

    def still_waits(self, contact: Contact) -> Envelope:
        """What routing is asked about one who waits, in case the news of a free agent was lost; not in the ledger."""
        tenant = self._effects.settings.tenant
        word = queued_word(contact, "swept")
        return ledger.envelope(
            word, pk=contact.id, version=contact.version, tenant=tenant, at=self._now(), actor=ledger.CLOCK
        )

    def look_later(self, contact: Contact, later_ms: int, silence: Silence) -> bool:
        """Nothing is wrong with ``contact``: look again after ``later_ms``. False when it moved meanwhile."""
        seen = {"page_seen": silence.mark, "page_silent": silence.looks}
        change = Change(
            contact_key(contact.id),
            set={"due_at": self._now() + later_ms, **seen},
            when=(Is("version", contact.version),),
        )
        try:
            self._store.write(change)
        except RefusedError:
            return False
        return True


def queued_word(contact: Contact, why: str, before: str = "", freed: str = "", off: str = "") -> ContactQueued:
    """The news that ``contact`` waits; ``why`` and what follows as the word has them."""
    names = ("channel", "queue", "matter", "lang", "queued_at")
    return ContactQueued.model_validate(
        {"contact": contact.id, "why": why, "before": before, "freed": freed, "off": off}
        | {name: getattr(contact, name) for name in names}
    )


def place_of(contact: Contact) -> Waiting:
    """The place of a contact that waits, as it stands in its queue."""
    put = waiting_put(contact)
    return to_waiting({**put.item, "sk": put.key.sk})
