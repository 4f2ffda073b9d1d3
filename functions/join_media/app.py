"""SQS ``join`` -> the carrier is told to connect the caller's sound to the edge, or to dial the promised callback."""

from collections.abc import Callable

from hearthline.callflow.callback import CallBack
from hearthline.callflow.lead import lead_to_edge
from hearthline.callflow.unreached import not_reached
from hearthline.events.offer_accepted import OfferAccepted
from hearthline.events.word import Actor, Envelope, Word
from hearthline.floor.store import Floor
from hearthline.platform.consume import queue_reader
from hearthline.platform.effects import Effects, aws
from hearthline.platform.logging import logger
from hearthline.presence.flow import announce
from hearthline.telephony.carrier import CallGoneError, StillRingsError, carrier

effects: Callable[[], Effects] = aws
log = logger("join_media")


def join_one(envelope: Envelope, word: Word) -> None:
    floor = Floor(effects())
    contact = floor.contact(word.contact) if isinstance(word, OfferAccepted) else None
    if contact is None or contact.channel != "phone":
        log.info("nothing to tell the carrier", cause=envelope.id)
        return
    try:
        # Whoever is rung for this very offer is led to the edge by picking up, not by a second order.
        if contact.callback and (not contact.call_sid or contact.dialled_for == envelope.data["offer"]):
            CallBack(effects(), carrier(effects())).dial(contact, envelope)
        elif floor.carrier_told(contact.id, str(envelope.data["offer"])):
            carrier(effects()).tell(contact.call_sid, lead_to_edge(effects(), contact, contact.call_sid))
            log.info("carrier told to connect", contact=contact.id, edge=contact.edge)
    except StillRingsError:
        log.info("the phone still rings", contact=contact.id)
    except CallGoneError:
        who = Actor(kind="carrier", id=contact.call_sid)
        step = not_reached(effects(), contact, contact.call_sid, who) if contact.callback else None
        # Who called us has left; who was called back and did not hear us is called again.
        step = step or floor.end_contact(contact.id, by="caller", actor=who, cause=envelope.id)
        if step:
            announce(effects(), step.event, *step.people)
        log.info("the call is gone", contact=contact.id, changed=bool(step))


handler = queue_reader("join", join_one, lambda: effects(), log)
