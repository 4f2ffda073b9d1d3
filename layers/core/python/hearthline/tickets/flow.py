"""From events of the call to the one ticket of the contact, whatever comes twice, late or in another order."""

from hearthline.events.contact_connected import ContactConnected
from hearthline.events.contact_ended import ContactEnded
from hearthline.events.contact_transferred import ContactTransferred
from hearthline.events.voicemail_left import VoicemailLeft
from hearthline.events.word import Envelope, Word
from hearthline.platform.effects import Effects
from hearthline.tickets.model import MOVES, Ticket, ticket_id
from hearthline.tickets.store import note_message, open_ticket, take_ticket, ticket_of


def follow(effects: Effects, event: Envelope, word: Word) -> Ticket | None:
    """The ticket opened or handed on because of ``event``; None when nothing was left to do.

    Raises BusyError or StaleVersionError when another delivery may do better.
    """
    if isinstance(word, ContactConnected):
        return _ensure(effects, event, word.contact, word.matter, word.agent)
    if isinstance(word, ContactTransferred):  # where it only waits for somebody, the ticket waits with it
        return _ensure(effects, event, word.contact, word.matter, word.to) if word.to else None
    if isinstance(word, ContactEnded):
        # Who is set aside because of an error of ours has no claim: the contact was not ended with them.
        owner = word.agent if word.outcome == "answered" else ""
        return _ensure(effects, event, word.contact, word.matter, owner)
    if isinstance(word, VoicemailLeft):
        return _with_message(effects, event, word)
    return None


def _with_message(effects: Effects, event: Envelope, word: VoicemailLeft) -> Ticket | None:
    """A message reaches people by its ticket; the contact's end may come before or after."""
    made = _ensure(effects, event, word.contact, word.matter, "")
    known = made or ticket_of(effects, ticket_id(effects.settings.stack_id, word.contact))
    if known is None:
        return None
    noted = note_message(effects, known, word.queue, event.at, word.length_ms, event.actor, event.id)
    return noted or made


def _ensure(effects: Effects, event: Envelope, contact: str, matter: str, owner: str) -> Ticket | None:
    known = ticket_of(effects, ticket_id(effects.settings.stack_id, contact))
    if known is None:
        made = open_ticket(
            effects,
            contact=contact,
            matter=matter,
            owner=owner,
            taken_at=event.at if owner else 0,
            taken_version=_version(event) if owner else 0,
            actor=event.actor,
            cause=event.id,
        )
        if made is not None:
            return made
        known = ticket_of(effects, ticket_id(effects.settings.stack_id, contact))
    if known is None or not owner or known.owner == owner or "take" not in MOVES[known.state]:
        return None
    if _is_older(event, known):
        return None  # delivered late: the contact has moved on since
    return take_ticket(effects, known, owner, event.at, _version(event), event.actor, event.id)


def _is_older(event: Envelope, known: Ticket) -> bool:
    """Whether the ticket's owner got it by a later event than this one."""
    if known.taken_version:
        return _version(event) <= known.taken_version
    return event.at <= known.taken_at  # taken by code that did not note the version


def _version(event: Envelope) -> int:
    return int(event.id.rpartition("#")[2])
