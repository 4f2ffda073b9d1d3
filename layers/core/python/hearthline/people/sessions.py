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
from hearthline.people.store import TABLE, person_key, person_of
from hearthline.platform.effects import Effects
from hearthline.platform.store import Absent, Change, Is, Key, Put, RefusedError, Remove

TOKEN_BYTES: Final = 32


def _key(token: str) -> Key:
    return _kept(token_hash(token))


def _kept(session: str) -> Key:
    return Key(TABLE, f"S#{session}")


def open_session(effects: Effects, person: str) -> str:
    """The token of a new session."""
    token, now = secrets.token_urlsafe(TOKEN_BYTES), effects.clock.now()
    item = {"person": person, "opened_at": now, "seen_at": now, "expires": (now + LONGEST_SESSION_MS) // 1000}
    effects.store.write(Put(_key(token), item, when=(Absent(),)))
    return token


def who(effects: Effects, token: str, busy: Callable[[str], bool] = lambda _: False) -> Person | None:
    """Whose session it is, or None when there is none that holds.

    ``busy(person)`` tells whether the person is with a customer or waits for one; asked only before a time-out.
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


def still_open(effects: Effects, session: str) -> bool:
    """Whether the session with this hash still speaks for its person; a look is no use of it, so idleness stays."""
    item = effects.store.get(_kept(session))
    person = effects.store.get(person_key(item["person"])) if item else None
    if item is None or person is None or not person["active"] or item["opened_at"] <= person["revoked_at"]:
        return False
    return bool(effects.clock.now() - item["opened_at"] < LONGEST_SESSION_MS)


def close_session(effects: Effects, token: str) -> None:
    effects.store.write(Remove(_key(token)))


def _seen(effects: Effects, token: str, person: str, now: int) -> None:
    try:
        effects.store.write(Change(_key(token), set={"seen_at": now}, when=(Is("person", person),)))
    except RefusedError:
        return  # closed a moment ago
