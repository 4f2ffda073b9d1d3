"""Contact, agent and offer as items of the table, and back. An unset field is not written."""

from dataclasses import MISSING, asdict, fields
from typing import Any, Final

from hearthline.floor.model import SLOT_SHARD, Agent, Contact, Offer, Slot, Waiting, slot_sort, waiting_sort
from hearthline.platform.store import Index, Item, Key, Put, Remove

TABLE: Final = "floor"
DUE: Final = Index("due", "due", "due_at")
DUE_ALL: Final = "due#0"
CALL_KEPT_SECONDS: Final = 90 * 86_400
"""Longer than any replay window."""


def contact_key(contact: str) -> Key:
    return Key(TABLE, f"C#{contact}")


def agent_key(agent: str) -> Key:
    return Key(TABLE, f"A#{agent}")


def offer_key(offer: str) -> Key:
    return Key(TABLE, f"O#{offer}")


def call_key(call_sid: str) -> Key:
    """Which contact a carrier's call belongs to."""
    return Key(TABLE, f"D#{call_sid}", "contact")


def call_put(call_sid: str, contact: str, now: int) -> Put:
    """``now`` in ms; the item outlives every replay of the carrier's posts."""
    return Put(call_key(call_sid), {"contact": contact, "expires": now // 1000 + CALL_KEPT_SECONDS})


def queue_pk(queue: str) -> str:
    return f"Q#{queue}#{SLOT_SHARD}"


def waiting_pk(queue: str) -> str:
    return f"W#{queue}#{SLOT_SHARD}"


def to_item(thing: Contact | Agent | Offer) -> Item:
    """The attributes that say something; ``id`` stands in the key."""
    unset = {each.name: each.default for each in fields(thing) if each.default is not MISSING}
    return {name: value for name, value in asdict(thing).items() if name != "id" and value != unset.get(name, MISSING)}


def _fields(kind: type, item: Item) -> dict[str, Any]:
    known = {each.name for each in fields(kind)}
    return {name: value for name, value in item.items() if name in known}


def to_contact(item: Item) -> Contact:
    return Contact(id=item["pk"].partition("#")[2], **_fields(Contact, item))


def to_agent(item: Item) -> Agent:
    return Agent(id=item["pk"].partition("#")[2], **_fields(Agent, item))


def to_offer(item: Item) -> Offer:
    values = _fields(Offer, item)
    return Offer(id=item["pk"].partition("#")[2], **values | {"why": tuple(values.get("why", ()))})


def waiting_key(contact: Contact) -> Key:
    """The place in the queue; it stays the same until the contact is answered or gone."""
    return Key(TABLE, waiting_pk(contact.queue), waiting_sort(contact.priority, contact.queued_at, contact.id))


def waiting_put(contact: Contact) -> Put:
    return Put(
        waiting_key(contact),
        {
            "contact": contact.id,
            "priority": contact.priority,
            "queued_at": contact.queued_at,
            "lang": contact.lang,
        },
    )


def to_waiting(item: Item) -> Waiting:
    return Waiting(item["contact"], item["priority"], item["queued_at"], item["lang"])


def slot_puts(agent: Agent) -> list[Put]:
    """One slot in each queue the agent answers."""
    return [
        Put(
            Key(TABLE, queue_pk(queue), slot_sort(level, agent.idle_since, agent.id)),
            {
                "agent": agent.id,
                "level": level,
                "idle_since": agent.idle_since,
                "skills": agent.skills,
                "agent_version": agent.version,
            },
        )
        for queue, level in sorted(agent.queues.items())
    ]


def slot_removes(agent: Agent) -> list[Remove]:
    return [
        Remove(Key(TABLE, queue_pk(queue), slot_sort(level, agent.idle_since, agent.id)))
        for queue, level in sorted(agent.queues.items())
    ]


def to_slot(item: Item) -> Slot:
    return Slot(item["agent"], item["level"], item["idle_since"], item["skills"], item["agent_version"])
