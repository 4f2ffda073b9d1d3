"""Pure rules of people, sessions and log-in tries. Times are ms since the epoch."""

import hashlib
import unicodedata
from dataclasses import dataclass
from typing import Final, Literal, get_args

Role = Literal["agent", "supervisor", "manager", "admin", "security_admin", "auditor"]
ROLES: Final[tuple[Role, ...]] = get_args(Role)

IDLE_MS: Final = 15 * 60_000
LONGEST_SESSION_MS: Final = 12 * 3_600_000
SEEN_EVERY_MS: Final = 60_000
"""How exactly a session knows when it was last used: one write a minute, not one a request."""
FREE_TRIES: Final = 5
FIRST_DELAY_MS: Final = 60_000
LONGEST_DELAY_MS: Final = 15 * 60_000
TRIES_KEPT_MS: Final = 24 * 3_600_000
SHORTEST_PASSWORD: Final = 8
LONGEST_PASSWORD: Final = 256


class PasswordRefusedError(ValueError):
    """Too short or too long."""


@dataclass(frozen=True, slots=True)
class Person:
    """``revoked_at``: sessions opened until then are dead."""

    id: str
    login: str
    name: str
    role: Role
    lang: Literal["zh", "en"]
    active: bool = True
    revoked_at: int = 0


@dataclass(frozen=True, slots=True)
class Session:
    person: str
    opened_at: int
    seen_at: int


@dataclass(frozen=True, slots=True)
class Tries:
    """Log-in tries of one account from one address that were not followed by a success."""

    count: int
    last: int
    until: int
    version: int = 1


def login_form(login: str) -> str:
    """The one form of a log-in name, so that nobody has two accounts by spelling."""
    return unicodedata.normalize("NFKC", login).strip().casefold()


def password_form(password: str) -> bytes:
    """What is hashed: the same password typed on another keyboard gives the same bytes; nothing is cut or folded."""
    return unicodedata.normalize("NFC", password).encode()


def check_password(password: str) -> None:
    """Raises PasswordRefusedError."""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise PasswordRefusedError(f"a password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters")


def token_hash(token: str) -> str:
    """A secret of 256 bits needs no salt; the table alone opens nothing."""
    return hashlib.sha256(token.encode()).hexdigest()


def session_holds(session: Session, person: Person, now: int, *, busy: bool) -> bool:
    """Whether the session still speaks for the person; who is ``busy`` with a customer is not timed out."""
    if not person.active or session.opened_at <= person.revoked_at or now - session.opened_at >= LONGEST_SESSION_MS:
        return False
    return busy or not is_idle(session, now)


def is_idle(session: Session, now: int) -> bool:
    return now - session.seen_at >= IDLE_MS


def next_try(before: Tries | None, now: int) -> Tries | None:
    """The record with this try counted as failed, or None while the account is closed to this address.

    From the fifth failure on each one closes it for twice as long: 1, 2, 4 .. 15 minutes.
    """
    if before is None or now - before.last >= TRIES_KEPT_MS:
        return Tries(1, now, 0)
    if now < before.until:
        return None
    count = before.count + 1
    beyond = count - FREE_TRIES
    delay = 0 if beyond < 0 else min(FIRST_DELAY_MS << min(beyond, 8), LONGEST_DELAY_MS)
    return Tries(count, now, now + delay if delay else 0, before.version + 1)
