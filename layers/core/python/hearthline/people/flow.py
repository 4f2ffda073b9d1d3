"""Logging in."""

from typing import Final

from hearthline.people.limits import begin_try, count, end_try, subject
from hearthline.people.model import Person
from hearthline.people.passwords import NOBODYS, Argon2, Hasher
from hearthline.people.store import keep_password, with_password
from hearthline.platform.effects import Effects

LOGINS_A_MINUTE: Final = 60
"""From one address, whatever the account: an office behind one address must pass, a list of passwords must not."""

ARGON2: Final = Argon2()


class LoginRefusedError(Exception):
    """No such person, a wrong password, or not active: which of them is nobody's business."""


def log_in(effects: Effects, login: str, password: str, address: str, hasher: Hasher = ARGON2) -> Person:
    """The person. Raises LoginRefusedError, TooOftenError; an unknown name takes the same steps as a known one."""
    count(effects, "login", subject(effects, address), LOGINS_A_MINUTE)
    begin_try(effects, login, address)
    found = with_password(effects, login)
    person, kept = found or (None, NOBODYS)
    fits = hasher.fits(kept, password)
    if person is None or not fits or not person.active:
        raise LoginRefusedError
    end_try(effects, login, address)
    if hasher.outdated(kept):
        keep_password(effects, person.id, kept, hasher.hash(password))
    return person
