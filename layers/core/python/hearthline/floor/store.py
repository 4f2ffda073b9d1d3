"""The floor as functions use it: one object over contacts, offers, agents and what is due."""

from hearthline.floor.agents import Agents
from hearthline.floor.callbacks import Callbacks
from hearthline.floor.contacts import Contacts
from hearthline.floor.items import DUE, DUE_PKS, to_agent, to_contact
from hearthline.floor.model import ROUTABLE, Agent, Contact
from hearthline.floor.offers import Offers
from hearthline.floor.phones import Phones
from hearthline.floor.recorded import Recorded
from hearthline.floor.transfers import Transfers
from hearthline.floor.voicemail import Voicemails
from hearthline.floor.watching import Watching


class Floor(Contacts, Callbacks, Voicemails, Transfers, Offers, Agents, Watching, Recorded, Phones):
    """See the parents; every change returns a ``Step``, or None when there was nothing left to do."""

    def routable(self, contact_id: str) -> Contact | None:
        """The contact if it waits for an agent now."""
        contact = self.contact(contact_id)
        return contact if contact and contact.state in ROUTABLE else None

    def overdue(self, limit: int) -> list[Contact | Agent]:
        """Contacts, and agents in a wrap-up of their own, that somebody should look at; longest overdue first."""
        pages = [self._store.page("floor", pk, index=DUE, up_to=self._now(), limit=limit) for pk in DUE_PKS]
        first = sorted((item for page in pages for item in page.items), key=lambda item: (item["due_at"], item["pk"]))
        return [to_agent(item) if item["pk"].startswith("A#") else to_contact(item) for item in first[:limit]]
