"""Contact, agent and offer as items of the table, and back. An unset field is not written."""

from dataclasses import fields
from operator import attrgetter
from typing import Any, Final
from zlib import crc32

from hearthline.floor.model import (
    LANGUAGES,
    SPREAD,
    Agent,
    Contact,
    Offer,
    Slot,
    Waiting,
)
from hearthline.floor.order import lane, slot_sort, waiting_sort
from hearthline.platform.store import Index, Item, Key, Put, Remove, Write

TABLE: Final = "floor"
DUE: Final = Index("due", "due", "due_at")
DUE_SPREAD: Final = 4
"""Partitions of the index: room for 1,000 contacts a second of a company (docs/limits.md)."""
DUE_PKS: Final = tuple(f"due#{n}" for n in range(DUE_SPREAD))
ROSTER: Final = "R#agents"
CUSTOMER_KEPT_SECONDS: Final = 30 * 86_400
"""So long a customer is led to the agent who knows the matter."""
CALL_KEPT_SECONDS: Final = 90 * 86_400
"""Longer than any replay window."""


def due_pk(thing: str) -> str:
    """The partition in which a contact or an agent is due."""
    return DUE_PKS[crc32(thing.encode()) % DUE_SPREAD]


def contact_key(contact: str) -> Key:
    return Key(TABLE, f"C#{contact}")


def agent_key(agent: str) -> Key:
    return Key(TABLE, f"A#{agent}")


def roster_key(agent: str) -> Key:
    """Stands for each agent in one partition that is written once, so that all of them can be listed."""
    return Key(TABLE, ROSTER, agent)


def offer_key(offer: str) -> Key:
    return Key(TABLE, f"O#{offer}")


def trace_key(offer: str) -> Key:
    """Why this offer went to this agent."""
    return Key(TABLE, f"O#{offer}", "trace")


def customer_key(customer: str) -> Key:
    """Who served a customer last; ``customer`` is a blind index."""
    return Key(TABLE, f"L#{customer}")


def customer_put(customer: str, agent: str, now: int) -> Put:
    """``now`` in ms."""
    return Put(customer_key(customer), {"agent": agent, "at": now, "expires": now // 1000 + CUSTOMER_KEPT_SECONDS})


def call_key(call_sid: str) -> Key:
    """Which contact a carrier's call belongs to."""
    return Key(TABLE, f"D#{call_sid}", "contact")


def call_put(call_sid: str, contact: str, now: int) -> Put:
    """``now`` in ms; the item outlives every replay of the carrier's posts."""
    return Put(call_key(call_sid), {"contact": contact, "expires": now // 1000 + CALL_KEPT_SECONDS})


def pace_key(queue: str, lang: str) -> Key:
    """How fast a queue moved lately for those who speak a language."""
    return Key(TABLE, f"E#{queue}", lang)


def queue_pks(queue: str, lang: str) -> list[str]:
    """The partitions of those who are free in a queue and speak a language."""
    return [f"Q#{queue}#{lang}.{n}" for n in range(SPREAD)]


def waiting_pks(queue: str, lang: str) -> list[str]:
    """The partitions of those who wait in a queue and speak a language."""
    return [f"W#{queue}#{lang}.{n}" for n in range(SPREAD)]


_NAMES: Final[dict[type, frozenset[str]]] = {
    kind: frozenset(each.name for each in fields(kind)) for kind in (Contact, Agent, Offer, Slot, Waiting)
}
_DEFAULTS: Final[dict[type, tuple[tuple[str, Any], ...]]] = {
    kind: tuple((each.name, each.default) for each in fields(kind) if each.name != "id")
    for kind in (Contact, Agent, Offer)
}
"""Each field but the id, with what it is when nobody set it; a field that must be set equals nothing here."""
_VALUES: Final = {kind: attrgetter(*(name for name, _ in known)) for kind, known in _DEFAULTS.items()}


def to_item(thing: Contact | Agent | Offer) -> Item:
    """The attributes that say something; ``id`` stands in the key."""
    kind = type(thing)
    named = zip(_DEFAULTS[kind], _VALUES[kind](thing), strict=True)
    return {name: value for (name, unset), value in named if value != unset}


def _fields(kind: type, item: Item) -> dict[str, Any]:
    known = _NAMES[kind]
    return {name: value for name, value in item.items() if name in known}


def to_contact(item: Item) -> Contact:
    return Contact(id=item["pk"].partition("#")[2], **_fields(Contact, item))


def to_agent(item: Item) -> Agent:
    return Agent(id=item["pk"].partition("#")[2], **_fields(Agent, item))


def to_offer(item: Item) -> Offer:
    values = _fields(Offer, item)
    return Offer(id=item["pk"].partition("#")[2], **values | {"why": tuple(values.get("why", ()))})


def waiting_key(contact: Contact) -> Key:
    """The place in the queue; it stays the same until the contact is answered, gone or moved."""
    return Key(TABLE, waiting_pks(contact.queue, contact.lang)[lane(contact.id)], waiting_sort(contact))


def waiting_put(contact: Contact) -> Put:
    named = ("priority", "queued_at", "lang", "queue", "matter", "last_agent", "wants", "wants_until", "not_before")
    values = {name: value for name in named if (value := getattr(contact, name)) or name == "priority"}
    written = {"written": True} if contact.channel == "message" else {}
    return Put(waiting_key(contact), {"contact": contact.id, **values, **written})


def to_waiting(item: Item) -> Waiting:
    return Waiting(**_fields(Waiting, item), place=item["sk"])


def slot_puts(agent: Agent) -> list[Put]:
    """One slot in each queue the agent answers, for each language he speaks."""
    facts = {
        "agent": agent.id,
        "idle_since": agent.idle_since,
        "skills": agent.skills,
        "agent_version": agent.version,
        "handled": agent.handled,
        "busy_ms": agent.busy_ms,
        "online_since": agent.online_since,
        "experience": agent.experience,
        "record": agent.record,
        **({"messages": len(agent.messages)} if agent.messages else {}),
    }
    return [Put(key, {**facts, "level": agent.queues[queue]}) for queue, key in _slot_keys(agent)]


def slot_removes(agent: Agent) -> list[Remove]:
    return [Remove(key) for _, key in _slot_keys(agent)]


def slot_changes(before: Agent, after: Agent) -> list[Write]:
    """What an agent who moved leaves and takes; nothing where he is free neither before nor after."""
    puts = slot_puts(after) if after.state == "available" else []
    kept = {put.key for put in puts}
    gone = slot_removes(before) if before.state == "available" else []
    return [*(remove for remove in gone if remove.key not in kept), *puts]


def _slot_keys(agent: Agent) -> list[tuple[str, Key]]:
    sort, part = slot_sort(agent.idle_since, agent.id, len(agent.messages)), lane(agent.id)
    spoken = [lang for lang in LANGUAGES if agent.skills.get(lang, 0)]
    return [
        (queue, Key(TABLE, queue_pks(queue, lang)[part], sort)) for queue in sorted(agent.queues) for lang in spoken
    ]


def to_slot(item: Item) -> Slot:
    return Slot(**_fields(Slot, item))
