"""Whether a caller is still there, asked of whoever knows: the news of an end may be lost, as any message may.

A phone call is over when its end was told and not acted upon, or when the carrier says so. A browser caller is gone
when his page stays silent look after look and the edge does not hear him.
"""

from hearthline.callflow.silence import has_left, silence_of
from hearthline.floor.model import Contact
from hearthline.media.edge import Control, edges
from hearthline.platform.effects import Effects
from hearthline.telephony.answers import Answers
from hearthline.telephony.carrier import CarrierError, carrier


class Ends:
    """For one sweep: a carrier that does not answer is not asked again, and nobody is taken for gone."""

    def __init__(self, effects: Effects) -> None:
        self._effects = effects
        self._answers = True

    def was_told(self, contact: Contact) -> bool:
        """Whether the carrier told of the end, and the step that should have followed was lost."""
        return contact.call_sid != "" and Answers(self._effects).has_ended(contact.call_sid)

    def is_over(self, contact: Contact) -> bool:
        """For a contact that talks, or is in the menu."""
        if contact.channel == "browser":
            return has_left(silence_of(self._effects, contact)) and not self._is_heard(contact)
        return self.was_told(contact) or self._carrier_says_so(contact.call_sid)

    def _is_heard(self, contact: Contact) -> bool:
        there = next((each for each in edges(self._effects) if each.name == contact.edge), None)
        return there is not None and Control(self._effects, there).hears(contact.id, "caller")

    def _carrier_says_so(self, call_sid: str) -> bool:
        if not call_sid:  # the answer to the dialling of a callback was lost: the edge alone knows
            return False
        try:
            return self._answers and carrier(self._effects).is_over(call_sid)
        except CarrierError:
            self._answers = False
            return False
