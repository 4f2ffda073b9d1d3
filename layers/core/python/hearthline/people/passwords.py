"""Passwords: argon2id at 19 MiB, two passes, one lane. The library is loaded by the log-in that needs it."""

from typing import TYPE_CHECKING, Final, Protocol

from hearthline.people.model import password_form

if TYPE_CHECKING:
    from argon2 import PasswordHasher

MEMORY_KIB: Final = 19_456
PASSES: Final = 2
LANES: Final = 1
NOBODYS: Final = (
    "$argon2id$v=19$m=19456,t=2,p=1"  # pragma: allowlist secret
    "$a825XnrF7vc/IeOt8P8G3Q$8FbfTNGJ/3WBwBtEJAdNxt6ecT+0nL3OMYAjGAURblE"  # pragma: allowlist secret
)
"""The hash of a password that was thrown away: an unknown log-in does the same work against it."""


class Hasher(Protocol):
    def hash(self, password: str) -> str:
        """The PHC string to keep."""

    def fits(self, kept: str, password: str) -> bool:
        """Whether ``password`` is the one behind ``kept``."""

    def outdated(self, kept: str) -> bool:
        """Whether ``kept`` was made with weaker parameters than today's."""


class Argon2:
    """The one that is used; a test counts its work by wrapping it."""

    def hash(self, password: str) -> str:
        return _argon2().hash(password_form(password))

    def fits(self, kept: str, password: str) -> bool:
        from argon2.exceptions import InvalidHashError, VerificationError

        try:
            return _argon2().verify(kept, password_form(password))
        except (VerificationError, InvalidHashError):
            return False

    def outdated(self, kept: str) -> bool:
        return _argon2().check_needs_rehash(kept)


def _argon2() -> "PasswordHasher":
    from argon2 import PasswordHasher

    return PasswordHasher(time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=LANES)
