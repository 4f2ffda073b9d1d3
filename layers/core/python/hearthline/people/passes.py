"""Keys of browser callers: who created a contact without an account holds its key, kept here as a hash."""

import hmac
import secrets
from typing import Final

from hearthline.people.model import token_hash
from hearthline.people.store import TABLE
from hearthline.platform.effects import Effects
from hearthline.platform.store import Key, Put

KEY_BYTES: Final = 32
KEPT_SECONDS: Final = 6 * 3600
"""Longer than any call; after that nobody asks for the contact any more."""


def _key(contact: str) -> Key:
    return Key(TABLE, f"K#{contact}")


def issue_key(effects: Effects, contact: str) -> str:
    """The key of a new contact; a former one no longer opens it."""
    key = secrets.token_urlsafe(KEY_BYTES)
    item = {"hash": token_hash(key), "expires": effects.clock.now() // 1000 + KEPT_SECONDS}
    effects.store.write(Put(_key(contact), item))
    return key


def opens(effects: Effects, contact: str, key: str) -> bool:
    """Whether ``key`` is that of ``contact``."""
    item = effects.store.get(_key(contact))
    if item is None or effects.clock.now() // 1000 >= item["expires"]:
        return False
    return hmac.compare_digest(str(item["hash"]), token_hash(key))
