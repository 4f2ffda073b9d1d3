"""Sessions in table ``people``: ``S#<hash of the token>``. The token itself is known to the person's browser only."""

import secrets
from collections.abc import Callable
from typing import Final

from hearthline.people.model import (
    LONGEST_SESSION_MS,
    SEEN_EVERY_MS,
    Person,
    Session,
    is_idle,
    session_holds,
    token_hash,
)
from hearthline.people.store import TABLE, person_of
from hearthline.platform.effects import Effects
from hearthline.platform.store import Absent, Change, Is, Key, Put, RefusedError, Remove

TOKEN_BYTES: Final = 32


def _key(token: str) -> Key:
    return Key(TABLE, f"S#{token_hash(token)}")


def open_session(effects: Effects, person: str) -> str:
    """The token of a new session."""
    token, now = secrets.token_urlsafe(TOKEN_BYTES), effects.clock.now()
    item = {"person": person, "opened_at": now, "seen_at": now, "expires": (now + LONGEST_SESSION_MS) // 1000}
    effects.store.write(Put(_key(token), item, when=(Absent(),)))
    return token


def who(effects: Effects, token: str, busy: Callable[[str], bool] = lambda _: False) -> Person | None:
    """Whose session it is, or None when there is none that holds.

    ``busy(person)`` tells whether the person is with a customer; it is asked only when the session would time out.
    """
    item = effects.store.get(_key(token))
    if item is None:
        return None
    session, now = Session(item["person"], item["opened_at"], item["seen_at"]), effects.clock.now()
    person = person_of(effects, session.person)
    if person is None:
        return None
    if not session_holds(session, person, now, busy=is_idle(session, now) and busy(person.id)):
        close_session(effects, token)
        return None
    if now - session.seen_at >= SEEN_EVERY_MS:
        _seen(effects, token, session.person, now)
    return person


def close_session(effects: Effects, token: str) -> None:
    effects.store.write(Remove(_key(token)))


def _seen(effects: Effects, token: str, person: str, now: int) -> None:
    try:
        effects.store.write(Change(_key(token), set={"seen_at": now}, when=(Is("person", person),)))
    except RefusedError:
        return  # closed a moment ago
