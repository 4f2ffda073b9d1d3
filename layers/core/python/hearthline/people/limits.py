"""How often somebody may try something: log-in tries of an account, and counters a minute. All end by TTL.

Addresses stand here under a keyed hash, never in the clear.
"""

from dataclasses import asdict
from typing import Final

from hearthline.people.model import TRIES_KEPT_MS, Tries, login_form, next_try
from hearthline.people.store import TABLE
from hearthline.platform.effects import Effects
from hearthline.platform.seal import Place
from hearthline.platform.store import Absent, BusyError, Change, Is, Key, Put, RefusedError, Remove

RACES: Final = 8
WINDOW_MS: Final = 60_000
COUNTERS_KEPT_SECONDS: Final = 300


class TooOftenError(Exception):
    """Come back in ``seconds``."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"again in {seconds} s")
        self.seconds = seconds


def subject(effects: Effects, value: str) -> str:
    """A name for an address or account that does not tell which it is."""
    return effects.sealer.blind_index(value, Place(TABLE, "", "subject"))


def _tries_key(effects: Effects, login: str, address: str) -> Key:
    return Key(TABLE, f"F#{subject(effects, f'{login_form(login)} {address}')}")


def begin_try(effects: Effects, login: str, address: str) -> None:
    """Count a log-in try as failed before it is made, so that many at once gain nothing. Raises TooOftenError."""
    key, now = _tries_key(effects, login, address), effects.clock.now()
    for _ in range(RACES):
        item = effects.store.get(key)
        before = Tries(item["count"], item["last"], item["until"], item["version"]) if item else None
        after = next_try(before, now)
        if after is None:
            raise TooOftenError(-((now - before.until) // 1000) if before else 1)
        expected = (Is("version", before.version),) if before else (Absent(),)
        after_item = asdict(after) | {"expires": (now + TRIES_KEPT_MS) // 1000}
        if before:
            after_item["version"] = before.version + 1
        try:
            effects.store.write(Put(key, after_item, when=expected))
        except RefusedError:
            continue
        return
    raise TooOftenError(1)


def end_try(effects: Effects, login: str, address: str) -> None:
    """The try succeeded: the account starts from zero at this address."""
    effects.store.write(Remove(_tries_key(effects, login, address)))


def count(effects: Effects, what: str, who: str, limit: int) -> None:
    """One more ``what`` of ``who`` in this minute. Raises TooOftenError beyond ``limit``."""
    now = effects.clock.now()
    key = Key(TABLE, f"R#{what}#{who}#{now // WINDOW_MS}")
    effects.store.write(Change(key, set={"expires": now // 1000 + COUNTERS_KEPT_SECONDS}, add={"count": 1}))
    item = effects.store.get(key)
    if item is None:
        raise BusyError("counter")
    if item["count"] > limit:
        raise TooOftenError(max(1, (WINDOW_MS - now % WINDOW_MS) // 1000))
