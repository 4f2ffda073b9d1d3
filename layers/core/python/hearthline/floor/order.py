"""Who stands where: the sort keys of those who are free and of those who wait. Pure; times in ms."""

from zlib import crc32

from hearthline.floor.model import RETURNED_PRIORITY, SPREAD, Contact


def slot_sort(idle_since: int, agent: str, messages: int = 0) -> str:
    """Longest idle first, whatever the level: ``<idle since>#<agent>``. Skill is weighed by routing, not by order.

    Who holds messages stands behind all who hold none, the least laden first: whoever reads in order finds those for a
    call at once, and those who are full last.
    """
    return f"9{messages:03d}#{idle_since:013d}#{agent}" if messages else f"{idle_since:013d}#{agent}"


def rank_of(queued_at: int, priority: int, ageing_ms: int) -> int:
    """The place of a contact: one step of priority is worth ``ageing_ms`` of waiting.

    The order of two contacts never changes while they wait, so that nothing is sorted anew; and whoever comes more than
    nine steps of ageing later can never overtake: that is the bound of starvation.
    """
    return queued_at + priority * ageing_ms


def waiting_sort(contact: Contact) -> str:
    """Who was thrown back first, then by rank: ``<0 or 1>#<rank>#<contact>``."""
    band = 0 if contact.priority == RETURNED_PRIORITY else 1
    return f"{band}#{contact.rank or contact.queued_at:013d}#{contact.id}"


def lane(thing: str) -> int:
    """Which of a queue's partitions an agent or a contact belongs to."""
    return crc32(thing.encode()) % SPREAD
