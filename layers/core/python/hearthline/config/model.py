"""The company's configuration as values. Pure: reading and writing it is ``store``'s."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Self

MAX_MATTERS = 10
"""One key of the phone each."""


class ConfigError(ValueError):
    """The configuration contradicts itself; the message names what."""


@dataclass(frozen=True, slots=True)
class Bilingual:
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Queue:
    """``policy`` is how agents are chosen, as routing reads it; ``priority`` 1 (most urgent) to 9."""

    id: str
    zh: str
    en: str
    policy: dict[str, Any] = field(default_factory=dict)
    priority: int = 5


@dataclass(frozen=True, slots=True)
class Matter:
    """What a customer may call about; ``key`` is its key on the phone.

    ``need`` is what it asks of an agent beside the queue's policy, ``difficulty`` 0 (easy) to 100 (hard).
    """

    id: str
    zh: str
    en: str
    hint: Bilingual
    key: str
    queue: str
    need: dict[str, Any] = field(default_factory=lambda: {"all": []})
    difficulty: int = 50


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a list people choose from.

    ``solved``: what a wrap-up code says of the matter, None where it says nothing.
    """

    id: str
    zh: str
    en: str
    solved: bool | None = None


@dataclass(frozen=True, slots=True)
class Config:
    """One published version; 0 stands for never published."""

    company: Bilingual
    queues: tuple[Queue, ...]
    matters: tuple[Matter, ...]
    reasons: tuple[Choice, ...]
    wrap_up_codes: tuple[Choice, ...]
    version: int = 0

    def matter(self, id: str) -> Matter | None:
        return next((matter for matter in self.matters if matter.id == id), None)

    def queue(self, id: str) -> Queue | None:
        return next((queue for queue in self.queues if queue.id == id), None)

    def plain(self) -> dict[str, Any]:
        """Values the store keeps; the inverse of ``read``."""
        return asdict(self)

    @classmethod
    def read(cls, plain: Mapping[str, Any]) -> Self:
        return cls(
            company=Bilingual(**_known(Bilingual, plain["company"])),
            queues=tuple(Queue(**_known(Queue, each)) for each in plain["queues"]),
            matters=tuple(_read_matter(each) for each in plain["matters"]),
            reasons=tuple(Choice(**_known(Choice, each)) for each in plain["reasons"]),
            wrap_up_codes=tuple(Choice(**_known(Choice, each)) for each in plain["wrap_up_codes"]),
            version=plain["version"],
        )


def _read_matter(plain: Mapping[str, Any]) -> Matter:
    hint = Bilingual(**_known(Bilingual, plain["hint"]))
    return Matter(**_known(Matter, plain) | {"hint": hint})


def _known(kind: type[Any], plain: Mapping[str, Any]) -> dict[str, Any]:
    # A newer version may have added attributes that this code does not know yet.
    names = {each.name for each in fields(kind)}
    return {name: value for name, value in plain.items() if name in names}


def check(config: Config) -> None:
    """Raises ConfigError when a reader would stumble over it."""
    queues = [queue.id for queue in config.queues]
    for name, ids in (
        ("queue", queues),
        ("matter", [matter.id for matter in config.matters]),
        ("key", [matter.key for matter in config.matters]),
        ("reason", [reason.id for reason in config.reasons]),
        ("wrap-up code", [code.id for code in config.wrap_up_codes]),
    ):
        if not ids or len(set(ids)) < len(ids):
            raise ConfigError(f"a {name} is missing or stands twice")
    if len(config.matters) > MAX_MATTERS:
        raise ConfigError(f"more than {MAX_MATTERS} matters: the phone has no key for them")
    for matter in config.matters:
        if matter.queue not in queues:
            raise ConfigError(f"matter {matter.id} names no known queue")
