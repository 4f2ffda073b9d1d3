"""Public keys of two pages that seal their sound, handed from one to the other. No private key ever comes here.

In each round the caller's page first commits to its key (``commitment``, a hash), then sees the agent's, then shows its
own: whoever stands between, we too, must choose before he knows both, and the numbers on the two screens differ
(RFC 6189 section 4.4.1.1). A page that comes anew begins another round.
"""

from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from hearthline.platform.effects import Effects
from hearthline.platform.store import Change, Is, Key, Put, RefusedError
from hearthline.presence.store import TABLE

KEPT_SECONDS: Final = 24 * 3600


@dataclass(frozen=True, slots=True)
class Round:
    """Base64url without padding; '' for what was not said yet."""

    commitment: str = ""
    caller_key: str = ""
    agent_key: str = ""


class Keys:
    """Between caller and agent of one contact."""

    def __init__(self, effects: Effects, contact: str) -> None:
        self._effects = effects
        self._store = effects.store
        self._key = Key(TABLE, f"K#{contact}")

    def now(self) -> Round:
        item = self._store.get(self._key) or {}
        return Round(*(str(item.get(name, "")) for name in ("commitment", "caller_key", "agent_key")))

    def caller_says(self, commitment: str, key: str) -> Round:
        """Another commitment begins another round; ``key`` ('' for not yet) counts once the agent's is there."""
        known = self.now()
        if commitment != known.commitment:
            fresh = Round(commitment)
            expires = self._effects.clock.now() // 1000 + KEPT_SECONDS
            self._store.write(Put(self._key, {"commitment": commitment, "expires": expires}))
            return fresh
        if key and known.agent_key and key != known.caller_key:
            return self._note("caller_key", key, commitment)
        return known

    def agent_says(self, commitment: str, key: str) -> Round:
        """``key`` is the agent's answer to that commitment; one that is over is not answered any more."""
        known = self.now()
        if key and commitment == known.commitment and key != known.agent_key:
            return self._note("agent_key", key, commitment)
        return known

    def _note(self, name: str, key: str, commitment: str) -> Round:
        with suppress(RefusedError):  # another round has begun
            self._store.write(Change(self._key, set={name: key}, when=(Is("commitment", commitment),)))
        return self.now()
