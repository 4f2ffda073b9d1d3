"""Connections, heartbeats and one-use socket tickets, in the table ``connections``. No ledger, no versions."""

import secrets
from collections.abc import Mapping
from typing import Final

from hearthline.platform.effects import Effects
from hearthline.platform.store import Absent, Change, Is, Key, Put, RefusedError, Remove
from hearthline.presence.model import (
    CONNECTION_KEPT_SECONDS,
    MARKED_EVERY_MS,
    MAX_CONNECTIONS,
    TICKET_SECONDS,
    is_live,
    ticket_pk,
)

TABLE: Final = "connections"
SEEN: Final = "@asked"
"""Stands among a person's connections; no connection id begins like this."""


def _of_person(person: str, connection: str) -> Key:
    return Key(TABLE, f"P#{person}", connection)


def _reverse(connection: str) -> Key:
    return Key(TABLE, f"X#{connection}")


class Presence:
    def __init__(self, effects: Effects) -> None:
        self._effects = effects
        self._store = effects.store

    def issue_ticket(self, person: str, session: str) -> tuple[str, int]:
        """A one-use ticket for a socket and when it ends (ms). The socket lives no longer than ``session`` (a hash)."""
        ticket = secrets.token_urlsafe(32)
        ends = self._effects.clock.now() + TICKET_SECONDS * 1000
        item = {"person": person, "session": session, "ends": ends, "expires": ends // 1000 + 1}
        self._store.write(Put(Key(TABLE, ticket_pk(ticket)), item, when=(Absent(),)))
        return ticket, ends

    def spend_ticket(self, ticket: str) -> tuple[str, str] | None:
        """Whose ticket it was, and of which session; None when unknown, over or spent before."""
        key = Key(TABLE, ticket_pk(ticket))
        item = self._store.get(key)
        if item is None or item["ends"] < self._effects.clock.now():
            return None
        try:
            self._store.write(Remove(key, when=(Is("person", item["person"]),)))
        except RefusedError:
            return None
        return str(item["person"]), str(item["session"])

    def open(self, person: str, connection: str, session: str = "") -> None:
        now = self._effects.clock.now()
        expires = now // 1000 + CONNECTION_KEPT_SECONDS
        self._store.write(
            Put(_of_person(person, connection), {"person": person, "beat_at": now, "expires": expires}),
            Put(_reverse(connection), {"person": person, "session": session, "expires": expires}),
        )

    def beat(self, connection: str) -> str | None:
        """Note a heartbeat; whose it was, or None for a connection that is not known."""
        person = self.person_of(connection)
        if person is None:
            return None
        now = self._effects.clock.now()
        try:
            self._store.write(
                Change(_of_person(person, connection), set={"beat_at": now}, when=(Is("person", person),)),
            )
        except RefusedError:
            return None
        return person

    def seen(self, person: str) -> None:
        """The person just asked for work: there, though the socket may still be opening. Nothing is pushed to it."""
        now = self._effects.clock.now()
        item = {"person": person, "beat_at": now, "expires": now // 1000 + CONNECTION_KEPT_SECONDS}
        self._store.write(Put(_of_person(person, SEEN), item))

    def page_asked(self, contact: str) -> None:
        """A caller's page asked after its contact: somebody is there."""
        if abs(self._effects.clock.now() - self.page_mark(contact)) >= MARKED_EVERY_MS:
            self.seen(contact)

    def page_mark(self, contact: str) -> int:
        """What changes as long as the page of a browser caller asks; 0 for a page that never did."""
        item = self._store.get(_of_person(contact, SEEN))
        return int(item["beat_at"]) if item else 0

    def note_round_trips(self, person: str, round_trips: Mapping[str, int]) -> None:
        """How far each edge is from this person's screen, in ms; it stands until the next measurement."""
        expires = self._effects.clock.now() // 1000 + CONNECTION_KEPT_SECONDS
        item = {"person": person, "round_trips": dict(round_trips), "expires": expires}
        self._store.write(Put(Key(TABLE, f"N#{person}"), item))

    def round_trips(self, person: str) -> dict[str, int]:
        """By edge, ms; empty where nothing was measured."""
        item = self._store.get(Key(TABLE, f"N#{person}"))
        return dict(item["round_trips"]) if item else {}

    def session_of(self, connection: str) -> str | None:
        """The session a connection was opened in; None for a connection that is not known."""
        item = self._store.get(_reverse(connection))
        return str(item["session"]) if item else None

    def person_of(self, connection: str) -> str | None:
        item = self._store.get(_reverse(connection))
        return str(item["person"]) if item else None

    def close(self, connection: str) -> str | None:
        """Forget a connection; whose it was."""
        person = self.person_of(connection)
        if person is not None:
            self._store.write(Remove(_of_person(person, connection)), Remove(_reverse(connection)))
        return person

    def connections(self, person: str) -> list[str]:
        """Live connections of a person, newest heartbeat first."""
        return [each for each in self._live(person) if each != SEEN]

    def is_there(self, person: str) -> bool:
        """Whether any screen of this person beat its heart, or asked for work, lately."""
        return bool(self._live(person))

    def _live(self, person: str) -> list[str]:
        now = self._effects.clock.now()
        page = self._store.page(TABLE, f"P#{person}", limit=4 * MAX_CONNECTIONS)
        live = [item for item in page.items if is_live(item["beat_at"], now)]
        live.sort(key=lambda item: int(item["beat_at"]), reverse=True)
        return [str(item["sk"]) for item in live[:MAX_CONNECTIONS]]
