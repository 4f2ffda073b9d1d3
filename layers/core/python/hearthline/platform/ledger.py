"""The ledger: each change of state writes one immutable event in the transaction of the change."""

from typing import Final

from hearthline.events.word import Actor, Envelope, Word
from hearthline.platform.store import Absent, Item, Key, Put

TABLE: Final = "ledger"
SYSTEM: Final = Actor(kind="system")
CLOCK: Final = Actor(kind="clock")


def envelope(word: Word, *, pk: str, version: int, tenant: str, at: int, actor: Actor, cause: str = "") -> Envelope:
    """The event as it will stand under ``pk`` (a contact, or an agent where there is none) with its new ``version``."""
    return Envelope.around(word, id=f"{pk}#{version}", tenant=tenant, at=at, actor=actor, cause=cause)


def entry(event: Envelope) -> Put:
    """The write that puts an event into the ledger, once: two writers of one version cannot both succeed."""
    pk, _, version = event.id.rpartition("#")
    return Put(Key(TABLE, pk, f"{int(version):012d}"), {"event": event.plain()}, when=(Absent(),))


def read(item: Item) -> Envelope:
    """The event of a ledger item."""
    return Envelope.model_validate(item["event"])
