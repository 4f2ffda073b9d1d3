"""Whether a contact is recorded: while a card is read out nothing is, for five minutes at most."""

from typing import Final

from hearthline.events.recording_paused import RecordingPaused
from hearthline.events.recording_resumed import RecordingResumed
from hearthline.events.word import Actor
from hearthline.floor.consults import Consults
from hearthline.floor.errors import IllegalMoveError
from hearthline.floor.keeper import Step, next_contact
from hearthline.floor.model import APART, Contact
from hearthline.platform.ledger import SYSTEM

PAUSE_MS: Final = 5 * 60_000
"""After that the edge records again by itself: who forgot to go on must not lose the rest of the call."""


class Recorded(Consults):
    """The pause is the contact's: whoever takes it over finds it and may end it."""

    def pause(self, contact_id: str, agent_id: str) -> tuple[Contact, int]:
        """The contact as its agent may pause it now, and until when (ms); nothing is written.

        Raises UnknownError for another's contact, IllegalMoveError for one on which nobody is heard.
        """
        contact, now = self._mine(contact_id, agent_id), self._now()
        if contact.consult in APART:
            raise IllegalMoveError("consult", contact.consult, "unrecorded")
        paused = contact.unrecorded_until > now
        return contact, contact.unrecorded_until if paused else now + PAUSE_MS

    def paused(self, contact_id: str, agent_id: str, until: int, actor: Actor) -> Step | None:
        """Its edge has stopped recording ``until`` then. None where that was known. Raises as ``pause``."""

        def attempt() -> Step | None:
            contact, _ = self.pause(contact_id, agent_id)
            if contact.unrecorded_until == until:
                return None
            word = RecordingPaused(contact=contact.id, agent=agent_id, until=until)
            return self._commit(word, [next_contact(contact, unrecorded_until=until)], actor=actor)

        return self._again(attempt)

    def record_again(self, contact_id: str, agent_id: str, actor: Actor) -> Step | None:
        """By its agent, before the edge is told. None where it is recorded. Raises UnknownError, IllegalMoveError."""

        def attempt() -> Step | None:
            contact = self._mine(contact_id, agent_id)
            if not contact.unrecorded_until:
                return None
            word = RecordingResumed(contact=contact.id, agent=agent_id, by="agent")
            return self._commit(word, [next_contact(contact, unrecorded_until=0)], actor=actor)

        return self._again(attempt)

    def pause_over(self, contact_id: str, edge: str, cause: str) -> Step | None:
        """Its edge records again by itself. None where the contact is elsewhere, or another pause is under way."""

        def attempt() -> Step | None:
            contact = self.contact(contact_id)
            if contact is None or contact.edge != edge or not 0 < contact.unrecorded_until <= self._now():
                return None
            word = RecordingResumed(contact=contact.id, agent=contact.agent, by="system")
            return self._commit(word, [next_contact(contact, unrecorded_until=0)], actor=SYSTEM, cause=cause)

        return self._again(attempt)
