"""The floor as functions use it: one object over contacts, offers, agents and what is due."""

from hearthline.floor.agents import Agents
from hearthline.floor.callbacks import Callbacks
from hearthline.floor.contacts import Contacts
from hearthline.floor.items import DUE, DUE_ALL, queue_pk, to_contact, to_slot
from hearthline.floor.model import ROUTABLE, Contact, Slot, Waiting
from hearthline.floor.offers import Offers

SLOT_PAGE, SLOT_PAGES, HEAD = 50, 4, 25
"""A decision reads at most so many free agents or waiting contacts, however many there are."""


class Floor(Contacts, Callbacks, Offers, Agents):
    """See the parents; every change returns a ``Step``, or None when there was nothing left to do."""

    def routable(self, contact_id: str) -> Contact | None:
        """The contact if it waits for an agent now."""
        contact = self.contact(contact_id)
        return contact if contact and contact.state in ROUTABLE else None

    def slots(self, queue: str) -> list[Slot]:
        """Available agents of a queue, best level and longest idle first; a bounded number of them."""
        found, more = list[Slot](), None
        for _ in range(SLOT_PAGES):
            page = self._store.page("floor", queue_pk(queue), limit=SLOT_PAGE, more=more)
            found += [to_slot(item) for item in page.items]
            more = page.more
            if more is None:
                break
        return found

    def waiting_for(self, agent_id: str) -> list[Waiting]:
        """Who could be next for a free agent: the head of each of his queues, most urgent and longest waiting first."""
        agent = self.agent(agent_id) if agent_id else None
        if agent is None or agent.state != "available":
            return []
        heads = [each for queue in agent.queues for each in self.first_waiting(queue, HEAD)]
        return sorted(heads, key=lambda each: (each.priority, each.queued_at, each.contact))

    def overdue(self, limit: int) -> list[Contact]:
        """Contacts that somebody should have looked at by now, longest overdue first."""
        page = self._store.page("floor", DUE_ALL, index=DUE, up_to=self._now(), limit=limit)
        return [to_contact(item) for item in page.items]
