"""SQS ``join`` -> the carrier connects a caller to the edge, dials a promised callback, rings the phone of an agent."""

from collections.abc import Callable

from hearthline.callflow.agent_phone import AgentPhone
from hearthline.callflow.callback import CallBack
from hearthline.callflow.lead import lead_to_edge
from hearthline.callflow.unreached import not_reached
from hearthline.events.offer_accepted import OfferAccepted
from hearthline.events.word import Actor, Envelope, Word
from hearthline.floor.keeper import Step
from hearthline.floor.model import Contact
from hearthline.floor.store import Floor
from hearthline.platform.consume import queue_reader
from hearthline.platform.effects import Effects, aws
from hearthline.platform.logging import logger
from hearthline.presence.flow import announce
from hearthline.telephony.carrier import CallGoneError, StillRingsError, carrier

effects: Callable[[], Effects] = aws
log = logger("join_media")


def join_one(envelope: Envelope, word: Word) -> None:
    contact = Floor(effects()).contact(word.contact) if isinstance(word, OfferAccepted) else None
    if contact is not None and contact.channel == "message":  # there is no sound to join
        tell(Floor(effects()).connected(contact.id, "", cause=envelope.id))
    elif contact is not None and contact.channel == "phone":
        join_phone(contact, envelope)
    else:
        log.info("nothing to tell the carrier", cause=envelope.id)
    AgentPhone(effects(), lambda: carrier(effects())).hear(envelope, word)


def join_phone(contact: Contact, accepted: Envelope) -> None:
    offer = str(accepted.data["offer"])
    try:
        # Whoever is rung for this very offer is led to the edge by picking up, not by a second order.
        if contact.callback and (not contact.call_sid or contact.dialled_for == offer):
            CallBack(effects(), carrier(effects())).dial(contact, accepted)
        elif Floor(effects()).carrier_told(contact.id, offer):
            carrier(effects()).tell(contact.call_sid, lead_to_edge(effects(), contact, contact.call_sid))
            log.info("carrier told to connect", contact=contact.id, edge=contact.edge)
    except StillRingsError:
        log.info("the phone still rings", contact=contact.id)
    except CallGoneError:
        who = Actor(kind="carrier", id=contact.call_sid)
        step = not_reached(effects(), contact, contact.call_sid, who) if contact.callback else None
        # Who called us has left; who was called back and did not hear us is called again.
        step = step or Floor(effects()).end_contact(contact.id, by="caller", actor=who, cause=accepted.id)
        tell(step)
        log.info("the call is gone", contact=contact.id, changed=bool(step))


def tell(step: Step | None) -> None:
    if step:
        announce(effects(), step.event, *step.people)


handler = queue_reader("join", join_one, lambda: effects(), log)
