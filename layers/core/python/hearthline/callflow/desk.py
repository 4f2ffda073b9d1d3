"""What each post of the carrier about the phone of an agent does, and what that phone hears next."""

from typing import Final

from hearthline.callflow.phone_lost import phone_over, tell_screens
from hearthline.floor.model import Contact
from hearthline.floor.phones import AgentCall, seat_of
from hearthline.floor.store import Floor
from hearthline.platform.effects import Effects
from hearthline.telephony import twiml, words
from hearthline.telephony.model import GONE
from hearthline.telephony.twilio import Post

TAKE_KEY: Final = "1"
MAX_LEADS: Final = 20
"""So often one call is led to a room: edges that die, colleagues who are asked."""


class DeskCall:
    """One post about a call to the phone of the agent who took ``offer``; each method answers with TwiML."""

    def __init__(self, effects: Effects, post: Post, contact: str, offer: str, turn: int) -> None:
        self._effects = effects
        self._post = post
        self._floor = Floor(effects)
        self._contact = contact
        self._offer = offer
        self._turn = turn

    def step(self, name: str) -> str:
        """``answered``, ``take`` (a key was pressed), ``left-<n>`` (its sound ended, in whatever way) or ``status``."""
        if name == "status":
            return self._status()
        call, contact = self._mine(), self._floor.contact(self._contact)
        if call is None or contact is None or seat_of(call.agent, contact) is None:
            gone = words.CALL_GONE
            return twiml.hang_up() if name.startswith("left") else twiml.goodbye(*_lang(contact), text=gone)
        if name == "answered" or (name == "take" and self._post.get("Digits") != TAKE_KEY):
            return self._ask(call, contact)
        return self._lead(call, contact)

    def _status(self) -> str:
        """News of the call; only its end matters."""
        agent = self._agent()
        if agent and self._post.get("CallStatus") in GONE:
            phone_over(self._effects, agent, self._offer, self._turn, self._post.call_sid)
        return twiml.EMPTY

    def _agent(self) -> str:
        """The agent of the offer, if it was about this contact."""
        offer = self._floor.offer(self._offer)
        return offer.agent if offer and offer.contact == self._contact else ""

    def _mine(self) -> AgentCall | None:
        """The agent's present call, if it is this one; it may be answered before the answer to the order came."""
        agent = self._agent()
        return self._floor.call_rings(agent, self._offer, self._turn, self._post.call_sid) if agent else None

    def _ask(self, call: AgentCall, contact: Contact) -> str:
        moved = self._floor.call_moves(call.agent, call.call_sid, "asked")
        if moved:
            tell_screens(self._effects, moved)
        to = twiml.Addresses(self._effects.settings.public_url, self._contact)
        return twiml.ask_to_take(contact.lang, to.of("desk", "take", self._offer, self._turn))

    def _lead(self, call: AgentCall, contact: Contact) -> str:
        # Imported here: few posts come so far, and start-up is paid by everybody.
        from hearthline.callflow.lead import lead_phone
        from hearthline.media.edge import EdgeBusyError

        seat = seat_of(call.agent, contact)
        if seat is None or call.leads >= MAX_LEADS:
            return twiml.hang_up()
        try:
            answer = lead_phone(self._effects, call, seat, contact)
        except EdgeBusyError:
            return twiml.hang_up()
        moved = self._floor.call_moves(call.agent, call.call_sid, "led", seat)
        if moved is None:
            return twiml.hang_up()
        tell_screens(self._effects, moved)
        return answer


def _lang(contact: Contact | None) -> list[str]:
    return [contact.lang] if contact else []
