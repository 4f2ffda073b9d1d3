"""The phone of an agent without a headset: dialled exactly once a turn, led where his contact is, hung up when it left.

Every message only says that something may have moved; what is done follows from what the floor says now. So each may
come twice, or late.
"""

from collections.abc import Callable
from contextlib import suppress
from typing import Final

from hearthline.callflow.lead import lead_phone
from hearthline.callflow.lines import caller_id
from hearthline.callflow.phone_lost import phone_lost, phone_over, tell_screens, tell_step
from hearthline.events.agent_phone import AgentPhoneDue
from hearthline.events.consult_accepted import ConsultAccepted
from hearthline.events.offer_accepted import OfferAccepted
from hearthline.events.word import Envelope, Word
from hearthline.floor.callbacks import DIAL_MS
from hearthline.floor.model import Contact
from hearthline.floor.phones import AgentCall, CallIntent, Seat, seat_of
from hearthline.floor.store import Floor
from hearthline.platform.effects import Effects
from hearthline.platform.logging import logger
from hearthline.platform.seal import Place
from hearthline.telephony.carrier import CallGoneError, Carrier, CarrierBusyError, StillRingsError
from hearthline.telephony.twiml import Addresses

log = logger("join_media")
RING_SECONDS: Final = 20
"""An agent who just accepted on his screen is beside his phone."""
PEOPLE: Final = ("agent", "partner", "to", "off")
"""Fields of a word that name agents whose sound may belong elsewhere now."""


class AgentPhone:
    """``carrier`` opens the carrier's client: most agents have a headset, and need none."""

    def __init__(self, effects: Effects, carrier: Callable[[], Carrier]) -> None:
        self._effects = effects
        self._carrier = carrier
        self._floor = Floor(effects)

    def hear(self, news: Envelope, word: Word) -> None:
        """Whatever moved a contact. Raises CarrierBusyError, EdgeBusyError: try again."""
        match word:
            case AgentPhoneDue(do="look"):
                tell_step(self._effects, phone_lost(self._effects, word, news.id))
            case AgentPhoneDue():
                self._dial(word)
            case OfferAccepted():
                if word.by_phone:
                    self._dial(AgentPhoneDue(contact=word.contact, agent=word.agent, offer=word.offer))
            case ConsultAccepted():
                self.follow(word.agent)
                self._dial(AgentPhoneDue(contact=word.contact, agent=word.partner, offer=word.offer))
            case _:
                for person in sorted({str(getattr(word, name, "")) for name in PEOPLE} - {""}):
                    self.follow(person)

    def follow(self, agent: str) -> None:
        """His phone goes where his contact is, or rings and talks no more. Raises CarrierBusyError, EdgeBusyError."""
        call = self._floor.call_of(agent)
        if call is None or call.state == "over" or not call.call_sid:
            return
        contact = self._floor.contact(call.contact)
        seat = seat_of(agent, contact)
        if seat is None or contact is None:
            self._hang_up(call)
        elif call.state == "led" and (call.room, call.part) != (seat.room, seat.part):
            self._lead(call, seat, contact)

    def _hang_up(self, call: AgentCall) -> None:
        with suppress(CallGoneError):
            self._carrier().complete(call.call_sid)
        self._floor.call_moves(call.agent, call.call_sid, "over")
        log.info("agent's phone let go", agent=call.agent, contact=call.contact)

    def _lead(self, call: AgentCall, seat: Seat, contact: Contact) -> None:
        """Told first and noted afterwards: told twice, it joins twice."""
        with suppress(CallGoneError, StillRingsError):  # the news of its end is on its way
            self._carrier().tell(call.call_sid, lead_phone(self._effects, call, seat, contact))
            self._floor.call_moves(call.agent, call.call_sid, "led", seat)
            log.info("agent's phone led on", agent=call.agent, contact=call.contact)

    def _dial(self, due: AgentPhoneDue) -> None:
        begun = self._effects.clock.now()
        intent = self._floor.intend_call(due)
        if intent is None:
            return
        if not intent.mine:  # another worker is at it, or died at it: look again when that is clear
            self._look_again(due, intent)
            return
        sid, alive = self._placed_before(due, intent) if intent.before else ("", False)
        if not sid:
            if self._effects.clock.now() - begun >= DIAL_MS // 2:
                raise CarrierBusyError("too late to dial: somebody may have looked meanwhile")
            sid, alive = self._order(due, intent), True
        if sid and alive:
            self._is_his(due, sid)
        else:  # a number that cannot be called, or a call that ended and nobody heard of it
            phone_over(self._effects, due.agent, due.offer, due.turn, sid or f"none-{due.offer}-{due.turn}")
        log.info("agent's phone dialled", agent=due.agent, contact=due.contact)

    def _is_his(self, due: AgentPhoneDue, sid: str) -> None:
        call = self._floor.call_rings(due.agent, due.offer, due.turn, sid)
        if call is None:  # over, or another call is his: nobody would wait when this one is answered
            with suppress(CallGoneError):
                self._carrier().complete(sid)
            return
        tell_screens(self._effects, call)
        self.follow(due.agent)  # whoever let him go meanwhile knew of no call

    def _look_again(self, due: AgentPhoneDue, intent: CallIntent) -> None:
        """Come back when the order of this intent is out, or will never be; the message says which one was seen."""
        again = due.model_copy(update={"seen": intent.at})
        self._effects.queue.send("join", self._floor.phone_news(again), -(-DIAL_MS // 1000))

    def _placed_before(self, due: AgentPhoneDue, intent: CallIntent) -> tuple[str, bool]:
        """The call whose answer was lost, nobody's yet, and whether it is alive."""
        number, ours = self._numbers(due)
        for sid, alive in self._carrier().dialled(number, caller_id=ours, since=intent.before):
            if not self._floor.is_somebodys(sid) and self._floor.contact_of(sid) is None:
                return sid, alive
        return "", False

    def _order(self, due: AgentPhoneDue, intent: CallIntent) -> str:
        """The call that was placed; '' for a number that cannot be called."""
        to = Addresses(self._effects.settings.public_url, due.contact)
        url, status = (to.of(*step, due.offer, due.turn) for step in (("desk", "answered"), ("desk-status",)))
        number, ours = self._numbers(due)
        try:
            return self._carrier().dial(number, caller_id=ours, url=url, status_url=status, ring_seconds=RING_SECONDS)
        except CarrierBusyError:
            self._look_again(due, intent)
            raise
        except CallGoneError:
            log.info("agent's phone cannot be called", agent=due.agent, contact=due.contact)
            return ""

    def _numbers(self, due: AgentPhoneDue) -> tuple[str, str]:
        """The agent's, and the one of ours that he sees."""
        agent, contact = self._floor.agent(due.agent), self._floor.contact(due.contact)
        sealed = agent.phone if agent else ""
        number = self._effects.open_text(sealed, Place("floor", due.agent, "phone"))
        return number, caller_id(self._effects, contact.line if contact else "")
