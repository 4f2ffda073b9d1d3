"""What must hold: I1 to I13, checked after each transaction from what it changed, and once more at the end."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any, Final

from hearthline.floor.items import to_contact, waiting_key
from hearthline.floor.model import (
    AGENT_MOVES,
    CONTACT_MOVES,
    LANGUAGES,
    OFFER_MOVES,
    ROUTABLE,
    TALKING,
)
from hearthline.platform.store import Item, Key
from tests.simulation.storage import Changed, Store

CHECKED: Final = {
    "I1": "no accepted call is lost",
    "I2": "at most one agent owns a contact",
    "I3": "an agent holds at most one offer or call",
    "I4": "each contact ends in exactly one ticket",
    "I6": "states move along the model, versions grow",
    "I8": "no number in the clear",
    "I11": "sum by agent = sum by queue = calls",
    "I12": "parked or dead message <=> alarm",
    "I13": "no agent stuck in a busy state",
}
ABSENT: Final = {
    "I5": "the audit chain (issue 5)",
    "I7": "rights by owner and tenant (issue 5)",
    "I9": "the lock (issue 5)",
    "I10": "recording pause (issue 4)",
}
NUMBER: Final = re.compile(r"\+?86139\d{8}")
"""Every caller of the world has such a number: it must not stand anywhere in the clear."""
PARTNER: Final = {"offered": {"offered"}, "on_contact": TALKING, "wrap_up": {"wrap_up"}}
"""In which state the contact of an agent is."""
DONE: Final = frozenset({"abandoned", "closed", "voicemail"})


class ViolationError(AssertionError):
    """An invariant does not hold; ``name`` is its number."""

    def __init__(self, name: str, what: str) -> None:
        super().__init__(f"{name} {CHECKED.get(name, '')}: {what}")
        self.name = name


class Invariants:
    def __init__(self, store: Store) -> None:
        self._items = store._items  # looked at, never changed
        self.slots: dict[str, dict[Key, int]] = defaultdict(dict)
        self.places: dict[str, set[Key]] = defaultdict(set)
        self.open_offers: dict[str, str] = {}
        self.tickets: Counter[str] = Counter()
        self.held: Counter[str] = Counter()
        self.texts = False

    def after(self, changes: Sequence[Changed]) -> None:
        """One transaction was committed."""
        contacts, agents = list[str](), list[str]()
        moved = set[str]()
        for key, old, new in changes:
            kind, _, name = key.pk.partition("#")
            if self.texts and new is not None:
                self.clear(str(new), f"{key.table} {kind}")
            if key.table == "tickets" and kind == "T":
                self._ticket(old, new)
            elif key.table != "floor":
                continue
            elif kind in {"Q", "W"}:
                self._place(kind, key, old, new)
            elif kind in {"C", "A", "O"} and key.sk == "state":
                self._moved(kind, name, old, new)
                if old is None or new is None or old["state"] != new["state"]:
                    moved.add(kind)
                (contacts if kind == "C" else agents if kind == "A" else []).append(name)
        if moved & {"C", "A"} and not any(key.table == "ledger" for key, _, _ in changes) and "C" in moved:
            raise ViolationError("I6", f"a contact moved without an entry in the ledger: {contacts}")
        for name in contacts:
            self._contact(name)
        for name in agents:
            self._agent(name)

    def clear(self, text: str, where: str) -> None:
        self.held["I8"] += 1
        if NUMBER.search(text):
            raise ViolationError("I8", f"a number stands in {where}")

    # --- one item

    def _moved(self, kind: str, name: str, old: Item | None, new: Item | None) -> None:
        self.held["I6"] += 1
        if new is None:
            raise ViolationError("I6", f"{kind}#{name} was removed")
        if kind == "O":
            self._offer(name, old, new)
            return
        if old is None:
            return
        moves = CONTACT_MOVES if kind == "C" else AGENT_MOVES
        if old["state"] != new["state"] and new["state"] not in moves[old["state"]]:
            raise ViolationError("I6", f"{kind}#{name} moved from {old['state']} to {new['state']}")
        if new["version"] < old["version"] or (new["version"] == old["version"] and new["state"] != old["state"]):
            raise ViolationError("I6", f"{kind}#{name}: version {old['version']} to {new['version']}")

    def _offer(self, name: str, old: Item | None, new: Item) -> None:
        self.held["I3"] += 1
        if old is not None and old["state"] != new["state"] and new["state"] not in OFFER_MOVES[old["state"]]:
            raise ViolationError("I6", f"offer {name} moved from {old['state']} to {new['state']}")
        for holder in (f"A {new['agent']}", f"C {new['contact']}"):
            known = self.open_offers.get(holder)
            if new["state"] == "open":
                if known not in {None, name}:
                    raise ViolationError("I3" if holder[0] == "A" else "I2", f"{holder} has two open offers")
                self.open_offers[holder] = name
            elif known == name:
                del self.open_offers[holder]

    def _place(self, kind: str, key: Key, old: Item | None, new: Item | None) -> None:
        if kind == "Q":
            if old is not None:
                self.slots[old["agent"]].pop(key, None)
            if new is not None:
                self.slots[new["agent"]][key] = new["agent_version"]
        else:
            if old is not None:
                self.places[old["contact"]].discard(key)
            if new is not None:
                self.places[new["contact"]].add(key)

    def _ticket(self, old: Item | None, new: Item | None) -> None:
        if old is None and new is not None:
            self.tickets[new["contact"]] += 1
            self.held["I4"] += 1
            if self.tickets[new["contact"]] > 1:
                raise ViolationError("I4", f"contact {new['contact']} has two tickets")

    # --- what belongs together

    def _get(self, pk: str) -> Item:
        return self._items.get(Key("floor", pk)) or {"state": "", "version": 0}

    def _contact(self, name: str) -> None:
        self.held["I2"] += 1
        item = self._get(f"C#{name}")
        state, agent = item["state"], item.get("agent", "")
        places = self.places[name]
        if state in ROUTABLE:
            wanted = waiting_key(to_contact(item))
            if places != {wanted}:
                raise ViolationError("I1", f"{name} waits at {len(places)} places, not at its own")
        elif places:
            raise ViolationError("I1", f"{name} is {state} and still has a place in the queue")
        if state in {"offered", "connecting", "connected", "held", "wrap_up"}:
            partner = self._get(f"A#{agent}")
            if partner.get("contact", "") != name or state not in PARTNER.get(partner["state"], ()):
                raise ViolationError("I2", f"{name} is {state} at {agent}, who is {partner['state']}")
        if (state == "offered") != (f"C {name}" in self.open_offers):
            raise ViolationError("I2", f"{name} is {state}, its open offer says otherwise")

    def _agent(self, name: str) -> None:
        self.held["I3"] += 1
        item = self._get(f"A#{name}")
        state, contact = item["state"], item.get("contact", "")
        slots = self.slots[name]
        spoken = sum(1 for lang in LANGUAGES if item.get("skills", {}).get(lang, 0))
        wanted = len(item.get("queues", {})) * spoken if state == "available" else 0
        if len(slots) != wanted or any(version != item["version"] for version in slots.values()):
            raise ViolationError("I13", f"{name} is {state} with {len(slots)} slots of {wanted}, or old ones")
        if state in PARTNER:
            partner = self._get(f"C#{contact}")
            if partner.get("agent", "") != name or partner["state"] not in PARTNER[state]:
                raise ViolationError("I3", f"{name} is {state} with {contact}, which is {partner['state']}")
        elif contact:
            raise ViolationError("I13", f"{name} is {state} and still holds {contact}")

    # --- when all is quiet

    def at_the_end(self, alarms: dict[str, int], expected: dict[str, int]) -> None:
        """Faults stopped long ago and the queues are empty."""
        contacts = {key.pk[2:]: item for key, item in self._items.items() if key.pk.startswith("C#")}
        for name, item in contacts.items():
            self.held["I1"] += 1
            if item["state"] not in DONE:
                raise ViolationError("I1", f"{name} is still {item['state']}")
            if self.tickets[name] != 1:
                raise ViolationError("I4", f"{name} has {self.tickets[name]} tickets")
        for key, item in self._items.items():
            if key.table == "floor" and key.pk.startswith("A#"):
                self.held["I13"] += 1
                if item["state"] in PARTNER:
                    raise ViolationError("I13", f"{key.pk[2:]} is still {item['state']}")
        self._sums(contacts)
        self.held["I12"] += 1
        # A worker that died after parking parks once more: an alarm rings for it all the same, and for nothing else.
        if set(alarms) != set(expected) or any(alarms[queue] < count for queue, count in expected.items()):
            raise ViolationError("I12", f"parked {alarms}, expected {expected}")

    def _sums(self, contacts: dict[str, Item]) -> None:
        """Answered contacts counted from the ledger by agent and by queue, and from the contacts."""
        ends: list[dict[str, Any]] = [
            item["event"]["data"]
            for key, item in self._items.items()
            if key.table == "ledger" and item["event"]["type"] == "ContactEnded"
        ]
        by_agent = Counter(end["agent"] for end in ends if end["outcome"] == "answered")
        by_queue = Counter(end["queue"] for end in ends if end["outcome"] == "answered")
        answered = sum(item.get("outcome") == "answered" for item in contacts.values())
        self.held["I11"] += 1
        if not by_agent.total() == by_queue.total() == answered or len(ends) != len(contacts):
            raise ViolationError("I11", f"{by_agent.total()} by agent, {by_queue.total()} by queue, {answered} records")
