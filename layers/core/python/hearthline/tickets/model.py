"""A ticket's states, moves and fields, as data. Pure; times are ms since the epoch."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal, get_args

TicketState = Literal["draft", "submitted", "unattended"]
Move = Literal["take", "submit"]
What = Literal["opened", "unattended", "message", "taken", "edited", "submitted"]

MOVES: Final[dict[TicketState, dict[Move, TicketState]]] = {
    # Nobody was on the contact; an agent who gets it after all takes the ticket.
    "unattended": {"take": "draft"},
    # A contact that returns to the queue brings its draft to the next agent.
    "draft": {"take": "draft", "submit": "submitted"},
    "submitted": {},
}
STATES: Final[tuple[TicketState, ...]] = get_args(TicketState)
MAX_HISTORY: Final = 100


class TicketError(Exception):
    """Root of what a ticket refuses.

    |- IllegalMoveError    the state has no such move: nothing to retry
    |- StaleVersionError   somebody changed it: read again, decide again
    |- FieldInvalidError   ``field`` has a value the schema refuses, or is not known
    |- FieldsMissingError  ``fields`` must be filled first
    """


class IllegalMoveError(TicketError):
    pass


class StaleVersionError(TicketError):
    pass


class FieldInvalidError(TicketError):
    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


class FieldsMissingError(TicketError):
    def __init__(self, fields: list[str]) -> None:
        super().__init__(", ".join(fields))
        self.fields = fields


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a ticket's history; ``what`` is a stable word."""

    at: int
    what: What


@dataclass(frozen=True, slots=True)
class Ticket:
    """``owner`` is empty where nobody was on the contact; ``taken_at`` when the owner got the contact.

    ``taken_version`` is the contact's version then: machines' clocks differ, versions do not. ``message_ms`` is how
    long the caller spoke a message, ``left_at`` when; ``inbox`` the queue whose agents see it until one takes it.
    """

    id: str
    contact: str
    state: TicketState
    matter: str
    owner: str
    version: int
    opened_at: int
    updated_at: int
    taken_at: int = 0
    taken_version: int = 0
    inbox: str = ""
    left_at: int = 0
    message_ms: int = 0
    fields: Mapping[str, Any] = field(default_factory=dict)
    history: tuple[Line, ...] = ()


def ticket_id(stack: str, contact: str) -> str:
    """The one ticket of a contact has one id, whoever opens it and however often."""
    return str(uuid.uuid5(uuid.UUID(stack), contact))


def opened(id: str, contact: str, matter: str, owner: str, now: int, taken_at: int, taken_version: int = 0) -> Ticket:
    """A new ticket: a draft of its owner, or unattended without one."""
    state: TicketState = "draft" if owner else "unattended"
    line = Line(now, "opened" if owner else "unattended")
    return Ticket(id, contact, state, matter, owner, 1, now, now, taken_at, taken_version, history=(line,))


def moved(ticket: Ticket, move: Move, now: int, **changes: Any) -> Ticket:
    """The ticket after ``move``. Raises IllegalMoveError."""
    after = MOVES[ticket.state].get(move)
    if after is None:
        raise IllegalMoveError(f"a ticket that is {ticket.state} has no move {move}")
    return changed(ticket, "taken" if move == "take" else "submitted", now, state=after, inbox="", **changes)


def with_message(ticket: Ticket, queue: str, left_at: int, message_ms: int, now: int) -> Ticket | None:
    """A message belongs to it; None when that is known. Who has the ticket already needs no inbox to find it."""
    if ticket.message_ms:
        return None
    inbox = "" if ticket.owner else queue
    return changed(ticket, "message", now, inbox=inbox, left_at=left_at, message_ms=message_ms)


def changed(ticket: Ticket, what: What, now: int, **changes: Any) -> Ticket:
    """The next version, with a line of history."""
    history = (*ticket.history, Line(now, what))[-MAX_HISTORY:]
    return replace(ticket, version=ticket.version + 1, updated_at=now, history=history, **changes)


def with_fields(ticket: Ticket, given: Mapping[str, Any], now: int) -> Ticket:
    """``given`` over the ticket's fields; None empties one. Raises IllegalMoveError once submitted."""
    if "submit" not in MOVES[ticket.state]:
        raise IllegalMoveError(f"a ticket that is {ticket.state} is not edited")
    both = {**ticket.fields, **given}
    return changed(ticket, "edited", now, fields={name: value for name, value in both.items() if value is not None})


def missing(schema: Mapping[str, Any], fields: Mapping[str, Any]) -> list[str]:
    """Required fields of ``schema`` that are absent or blank, in the schema's order."""
    return [name for name in schema["required"] if str(fields.get(name, "")).strip() == ""]
