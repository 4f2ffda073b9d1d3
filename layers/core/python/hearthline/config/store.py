"""The configuration in table ``config``: every version is kept, ``current`` names the one in force.

Partition ``company``: ``current``, ``v<version>`` the content of each version, ``r<version>`` who published it and why.
"""

from dataclasses import dataclass, replace
from typing import Any, Final

from hearthline.config.model import Config, check
from hearthline.events.config_published import ConfigPublished
from hearthline.events.word import Actor
from hearthline.platform import ledger
from hearthline.platform.effects import Effects
from hearthline.platform.ledger import SYSTEM
from hearthline.platform.store import Absent, Change, Is, Item, Key, Put, RefusedError, Store

TABLE: Final = "config"
COMPANY: Final = "company"
CURRENT: Final = Key(TABLE, COMPANY, "current")
LEDGER_PK: Final = "config"
KEPT_MS: Final = 30_000
"""How long a process may go on with what it read; a new version is in force everywhere after this."""
VERSIONS_LISTED: Final = 50

_kept: dict[int, tuple[Store, int, Config]] = {}


class NeverPublishedError(Exception):
    """The company has no configuration yet: seed it or publish one."""


class NoSuchVersionError(Exception):
    """Nobody published a version of that number."""


@dataclass(frozen=True, slots=True)
class Publication:
    """``at`` in ms; ``who`` is a person's id, '' for the deployment; ``restored`` the version it repeats."""

    version: int
    at: int
    who: str = ""
    note: str = ""
    restored: int = 0


class StaleConfigError(Exception):
    """Somebody else published since: ``by`` says who."""

    def __init__(self, by: Publication) -> None:
        super().__init__(f"version {by.version} is in force")
        self.by = by


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


def in_force(effects: Effects) -> tuple[Config, Publication]:
    """The version in force at this moment and who published it. Raises NeverPublishedError."""
    item = effects.store.get(CURRENT)
    if item is None:
        raise NeverPublishedError
    return Config.read(item["config"]), _publication(item)


def version_of(effects: Effects, version: int) -> tuple[Config, Publication]:
    """An old version. Raises NoSuchVersionError."""
    item = effects.store.get(_content(version))
    if item is None:
        raise NoSuchVersionError
    return Config.read(item["config"]), _publication({"version": version, **item})


def publications(effects: Effects) -> list[Publication]:
    """The last versions, newest first, at most ``VERSIONS_LISTED``."""
    page = effects.store.page(TABLE, COMPANY, prefix="r", limit=VERSIONS_LISTED, newest_first=True)
    return [_publication(item) for item in page.items]


def publish(
    effects: Effects,
    config: Config,
    *,
    made_from: int | None = None,
    actor: Actor = SYSTEM,
    note: str = "",
    restored: int = 0,
) -> Config:
    """Puts a new version in force; the same content again changes nothing.

    ``made_from`` is the version that was changed, None whatever is in force. Raises ConfigError, StaleConfigError, and
    without ``made_from`` RefusedError when two do it at once. What only routing can judge is checked above: publish
    through ``callflow.publishing``.
    """
    check(config)
    item = effects.store.get(CURRENT)
    before = item["config"]["version"] if item else 0
    if item and Config.read(item["config"]) == replace(config, version=before):
        return replace(config, version=before)
    if made_from is not None and made_from != before:
        raise StaleConfigError(_publication(item or {}))
    now = effects.clock.now()
    record = Publication(before + 1, now, actor.id, note, restored)
    try:
        _put_in_force(effects, replace(config, version=before + 1), record, before, actor)
    except RefusedError as error:
        faster = effects.store.get(CURRENT)
        if made_from is None or faster is None:
            raise
        raise StaleConfigError(_publication(faster)) from error
    _kept.clear()
    return replace(config, version=before + 1)


def _put_in_force(effects: Effects, config: Config, record: Publication, before: int, actor: Actor) -> None:
    plain, about = config.plain(), _item(record)
    event = ledger.envelope(
        ConfigPublished(version=config.version, before=before, restored=record.restored),
        pk=LEDGER_PK,
        version=config.version,
        tenant=effects.settings.tenant,
        at=record.at,
        actor=actor,
    )
    effects.store.write(
        Put(_content(config.version), {"config": plain, **about}, when=(Absent(),)),
        Put(Key(TABLE, COMPANY, f"r{config.version:09d}"), about, when=(Absent(),)),
        Change(CURRENT, set={"config": plain, **about}, when=(Is("version", before) if before else Absent(),)),
        ledger.entry(event),
    )


def _content(version: int) -> Key:
    return Key(TABLE, COMPANY, f"v{version:09d}")


def _item(record: Publication) -> dict[str, Any]:
    return {
        "version": record.version,
        "at": record.at,
        "who": record.who,
        "note": record.note,
        "restored": record.restored,
    }


def _publication(item: Item) -> Publication:
    # Versions of before these were noted have neither; a version without a date cannot be told from 1970.
    return Publication(
        version=item.get("version", 0),
        at=item.get("at", 0),
        who=item.get("who", ""),
        note=item.get("note", ""),
        restored=item.get("restored", 0),
    )
