"""The configuration in table ``config``: every version is kept, ``current`` names the one in force."""

from dataclasses import replace
from typing import Final

from hearthline.config.model import Config, check
from hearthline.platform.effects import Effects
from hearthline.platform.store import Absent, Change, Is, Key, Put, Store

TABLE: Final = "config"
CURRENT: Final = Key(TABLE, "company", "current")
KEPT_MS: Final = 30_000
"""How long a process may go on with what it read; a new version is in force everywhere after this."""

_kept: dict[int, tuple[Store, int, Config]] = {}


class NeverPublishedError(Exception):
    """The company has no configuration yet: seed it or publish one."""


def current(effects: Effects) -> Config:
    """The version in force, at most ``KEPT_MS`` old. Raises NeverPublishedError, BusyError."""
    now = effects.clock.now()
    kept = _kept.get(0)
    if kept and kept[0] is effects.store and now < kept[1]:
        return kept[2]
    item = effects.store.get(CURRENT)
    if item is None:
        raise NeverPublishedError
    config = Config.read(item["config"])
    _kept[0] = (effects.store, now + KEPT_MS, config)
    return config


def publish(effects: Effects, config: Config) -> Config:
    """Puts a new version in force; the same content again changes nothing.

    Raises ConfigError, or RefusedError when somebody else published meanwhile.
    """
    check(config)
    item = effects.store.get(CURRENT)
    before = item["config"]["version"] if item else 0
    if item and Config.read(item["config"]) == replace(config, version=before):
        return replace(config, version=before)
    plain = replace(config, version=before + 1).plain()
    effects.store.write(
        Put(
            Key(TABLE, "company", f"v{before + 1:09d}"), {"config": plain, "at": effects.clock.now()}, when=(Absent(),)
        ),
        Change(
            CURRENT, set={"config": plain, "version": before + 1}, when=(Is("version", before) if item else Absent(),)
        ),
    )
    _kept.clear()
    return replace(config, version=before + 1)
