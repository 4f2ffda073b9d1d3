"""The floor as functions use it: one object over contacts, offers, agents and what is due."""

from hearthline.floor.agents import Agents
from hearthline.floor.contacts import Contacts
from hearthline.floor.items import DUE, DUE_ALL, queue_pk, to_contact, to_slot
from hearthline.floor.model import Contact, Slot
from hearthline.floor.offers import Offers


class Floor(Contacts, Offers, Agents):
    """See the parents; every change returns a ``Step``, or None when there was nothing left to do."""

    def slots(self, queue: str, *, limit: int, pages: int) -> list[Slot]:
        """Available agents of a queue, best level and longest idle first; at most ``limit * pages``."""
        found, more = list[Slot](), None
        for _ in range(pages):
            page = self._store.page("floor", queue_pk(queue), limit=limit, more=more)
            found += [to_slot(item) for item in page.items]
            more = page.more
            if more is None:
                break
        return found

    def overdue(self, limit: int) -> list[Contact]:
        """Contacts that somebody should have looked at by now, longest overdue first."""
        page = self._store.page("floor", DUE_ALL, index=DUE, up_to=self._now(), limit=limit)
        return [to_contact(item) for item in page.items]
