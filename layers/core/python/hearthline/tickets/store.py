"""Tickets in table ``tickets``: ``T#<ticket>``; each change and its word in the ledger are one transaction.

A ticket has a partition of its own in the ledger (pk = ticket, sk = its version): a contact's versions are the floor's.
"""

import json
from dataclasses import asdict, dataclass
from typing import Any, Final

from hearthline.events.ticket_moved import TicketMoved
from hearthline.events.ticket_opened import TicketOpened
from hearthline.events.word import Actor, Word
from hearthline.platform import ledger
from hearthline.platform.effects import Effects
from hearthline.platform.seal import Place
from hearthline.platform.store import Absent, Index, Is, Item, Key, Put, RefusedError
from hearthline.tickets.fields import check_fields, schema_for
from hearthline.tickets.model import (
    FieldsMissingError,
    Line,
    StaleVersionError,
    Ticket,
    missing,
    moved,
    opened,
    ticket_id,
    with_fields,
    with_message,
)

TABLE: Final = "tickets"
OWNER: Final = Index("owner", "owner", "updated_at")
INBOX: Final = Index("inbox", "inbox", "left_at")
"""Tickets of messages that nobody took yet, by queue."""
LIST_PAGE: Final = 100


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message in the inbox of its queue: left at and length in ms."""

    ticket: str
    contact: str
    matter: str
    queue: str
    left_at: int
    length_ms: int


def ticket_of(effects: Effects, id: str) -> Ticket | None:
    item = effects.store.get(_key(id))
    return _read(effects, id, item) if item else None


def owned_by(effects: Effects, owner: str, state: str = "") -> list[Ticket]:
    """The owner's last tickets, newest change first, at most ``LIST_PAGE`` read; perhaps a moment old."""
    page = effects.store.page(TABLE, owner, index=OWNER, limit=LIST_PAGE, newest_first=True)
    found = [_read(effects, item["pk"].partition("#")[2], item) for item in page.items]
    return [ticket for ticket in found if state in {"", ticket.state}]


def messages_in(effects: Effects, queue: str) -> list[Waiting]:
    """Messages that wait in a queue, oldest first, at most ``LIST_PAGE``; perhaps a moment old. Nothing is unsealed."""
    page = effects.store.page(TABLE, queue, index=INBOX, limit=LIST_PAGE)
    return [
        Waiting(
            item["pk"].partition("#")[2], item["contact"], item["matter"], queue, item["left_at"], item["message_ms"]
        )
        for item in page.items
    ]


def note_message(
    effects: Effects, ticket: Ticket, queue: str, left_at: int, message_ms: int, actor: Actor, cause: str
) -> Ticket | None:
    """A message was left. None when that is known. Raises StaleVersionError."""
    after = with_message(ticket, queue, left_at, message_ms, effects.clock.now())
    return _move(effects, ticket, after, actor, cause) if after else None


def open_ticket(
    effects: Effects,
    *,
    contact: str,
    matter: str,
    owner: str,
    taken_at: int,
    taken_version: int,
    actor: Actor,
    cause: str,
) -> Ticket | None:
    """The one ticket of ``contact``. None when it exists, however often and late one asks."""
    id = ticket_id(effects.settings.stack_id, contact)
    ticket = opened(id, contact, matter, owner, effects.clock.now(), taken_at, taken_version)
    word = TicketOpened(ticket=id, contact=contact, matter=matter, owner=owner)
    try:
        return _commit(effects, None, ticket, word, actor, cause)
    except RefusedError:
        return None


def take_ticket(
    effects: Effects, ticket: Ticket, owner: str, taken_at: int, taken_version: int, actor: Actor, cause: str
) -> Ticket:
    """The contact came to another agent, and its ticket with it.

    Raises IllegalMoveError, StaleVersionError.
    """
    after = moved(ticket, "take", effects.clock.now(), owner=owner, taken_at=taken_at, taken_version=taken_version)
    return _move(effects, ticket, after, actor, cause)


def edit_ticket(effects: Effects, ticket: Ticket, version: int, given: dict[str, Any], actor: Actor) -> Ticket:
    """Fields as given. Raises FieldInvalidError, IllegalMoveError, StaleVersionError."""
    if ticket.version != version:
        raise StaleVersionError
    after = with_fields(ticket, given, effects.clock.now())
    check_fields(ticket.matter, {name: value for name, value in given.items() if value is not None})
    return _move(effects, ticket, after, actor, "")


def submit_ticket(effects: Effects, ticket: Ticket, version: int, actor: Actor) -> Ticket:
    """Raises FieldsMissingError, IllegalMoveError, StaleVersionError."""
    if ticket.version != version:
        raise StaleVersionError
    after = moved(ticket, "submit", effects.clock.now())
    absent = missing(schema_for(ticket.matter), ticket.fields)
    if absent:
        raise FieldsMissingError(absent)
    return _move(effects, ticket, after, actor, "")


def _move(effects: Effects, before: Ticket, after: Ticket, actor: Actor, cause: str) -> Ticket:
    word = TicketMoved(ticket=after.id, contact=after.contact, before=before.state, after=after.state)
    try:
        return _commit(effects, before, after, word, actor, cause)
    except RefusedError as error:
        raise StaleVersionError from error


def _commit(effects: Effects, before: Ticket | None, after: Ticket, word: Word, actor: Actor, cause: str) -> Ticket:
    tenant, now = effects.settings.tenant, effects.clock.now()
    event = ledger.envelope(word, pk=after.id, version=after.version, tenant=tenant, at=now, actor=actor, cause=cause)
    expected = Is("version", before.version) if before else Absent()
    effects.store.write(Put(_key(after.id), _item(effects, after), when=(expected,)), ledger.entry(event))
    return after


def _key(id: str) -> Key:
    return Key(TABLE, f"T#{id}")


def _place(id: str) -> Place:
    return Place(TABLE, f"T#{id}", "fields")


def _item(effects: Effects, ticket: Ticket) -> Item:
    item = asdict(ticket)
    del item["id"]
    # What agents write about customers is personal as a whole: one seal over all fields.
    item["fields"] = effects.seal_text(json.dumps(dict(ticket.fields), ensure_ascii=False), _place(ticket.id))
    if not ticket.owner:
        del item["owner"]  # an index takes no empty key
    if not ticket.inbox:
        del item["inbox"]
    return item


def _read(effects: Effects, id: str, item: Item) -> Ticket:
    return Ticket(
        id=id,
        contact=item["contact"],
        state=item["state"],
        matter=item["matter"],
        owner=item.get("owner", ""),
        version=item["version"],
        opened_at=item["opened_at"],
        updated_at=item["updated_at"],
        taken_at=item["taken_at"],
        taken_version=item.get("taken_version", 0),
        inbox=item.get("inbox", ""),
        left_at=item.get("left_at", 0),
        message_ms=item.get("message_ms", 0),
        fields=json.loads(effects.open_text(item["fields"], _place(id))),
        history=tuple(Line(line["at"], line["what"]) for line in item["history"]),
    )
