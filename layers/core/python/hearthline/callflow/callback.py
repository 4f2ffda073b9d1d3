"""Calling a customer back, exactly once for each time an agent took the callback.

The carrier has no order that may be repeated: so the intent is noted first, an order goes out only while the note is
fresh, and after an unclear answer the carrier is asked what it did before anything is dialled again.
"""

from contextlib import suppress
from typing import Final

from hearthline.callflow.lines import caller_id
from hearthline.callflow.unreached import not_reached
from hearthline.events.word import Actor, Envelope
from hearthline.floor.callbacks import DIAL_MS, Intent
from hearthline.floor.keeper import Step
from hearthline.floor.model import Contact
from hearthline.floor.store import Floor
from hearthline.platform.effects import Effects
from hearthline.platform.logging import logger
from hearthline.platform.seal import Place
from hearthline.presence.flow import announce
from hearthline.telephony.carrier import CallGoneError, Carrier, CarrierBusyError
from hearthline.telephony.twiml import Addresses

log = logger("join_media")
SEEN: Final = "dial#"


class CallBack:
    def __init__(self, effects: Effects, carrier: Carrier) -> None:
        self._effects = effects
        self._carrier = carrier
        self._floor = Floor(effects)

    def dial(self, contact: Contact, accepted: Envelope) -> None:
        """Raises CarrierBusyError when the carrier says nothing."""
        begun = self._effects.clock.now()
        intent = self._floor.intend_dial(contact.id, str(accepted.data["offer"]), _seen(accepted))
        if intent is None:
            log.info("nothing to dial", contact=contact.id)
            return
        if not intent.mine:  # another worker is at it, or died at it: look again when that is clear
            self._look_again(accepted, intent)
            return
        number = self._effects.open_text(contact.callback, Place("floor", contact.id, "callback"))
        ours = caller_id(self._effects, contact.line)
        sid, alive = self._placed_before(contact, number, ours, intent) if intent.before else ("", False)
        if not sid:
            if self._effects.clock.now() - begun >= DIAL_MS // 2:
                raise CarrierBusyError("too late to dial: somebody may have looked meanwhile")
            sid = self._order(contact, number, ours, accepted, intent)
            alive = True
        if sid:
            self._belongs(contact, sid, alive)

    def _belongs(self, contact: Contact, sid: str, alive: bool) -> None:
        if not alive:  # it rang in vain while nobody here knew of it, and the news of that was lost as well
            now = self._floor.contact(contact.id) or contact
            self._tell(not_reached(self._effects, now, sid, Actor(kind="carrier", id=sid)))
        elif self._floor.on_the_line(contact.id, sid) is None:
            # Over, or another call is its own: nobody would be there when this one is answered.
            self._let_go(sid)
        log.info("callback dialled", contact=contact.id)

    def _let_go(self, sid: str) -> None:
        with suppress(CallGoneError):
            self._carrier.complete(sid)

    def _look_again(self, accepted: Envelope, intent: Intent) -> None:
        """Come back when the order of this intent is out, or will never be; the message says which one was seen."""
        again = accepted.model_copy(update={"cause": f"{SEEN}{intent.at}"})
        self._effects.queue.send("join", again, -(-DIAL_MS // 1000))

    def _placed_before(self, contact: Contact, number: str, ours: str, intent: Intent) -> tuple[str, bool]:
        """The call whose answer was lost, and whether it is alive: nobody's yet, or alive and this contact's.

        A call that is over counts for the offer it was placed for, and no later one.
        """
        for sid, alive in self._carrier.dialled(number, caller_id=ours, since=intent.before):
            owner = self._floor.contact_of(sid)
            if (owner is None and (alive or intent.again)) or (alive and owner == contact.id):
                return sid, alive
        return "", False

    def _order(self, contact: Contact, number: str, ours: str, accepted: Envelope, intent: Intent) -> str:
        """The call that was placed; '' for a number that cannot be called, whose contact ends."""
        to = Addresses(self._effects.settings.public_url, contact.id)
        try:
            return self._carrier.dial(number, caller_id=ours, url=to.of("callback"), status_url=to.of("status"))
        except CarrierBusyError:
            self._look_again(accepted, intent)
            raise
        except CallGoneError:
            who, cause = Actor(kind="carrier"), accepted.id
            step = self._floor.end_contact(contact.id, by="system", actor=who, cause=cause, outcome="unreachable")
            self._tell(step)
            log.info("number cannot be called", contact=contact.id)
            return ""

    def _tell(self, step: Step | None) -> None:
        if step:
            announce(self._effects, step.event, *step.people)


def _seen(accepted: Envelope) -> int:
    """The intent that this message saw before; 0 for none."""
    return int(accepted.cause.removeprefix(SEEN)) if accepted.cause.startswith(SEEN) else 0
