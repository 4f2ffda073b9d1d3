"""What must hold: I1 to I13, checked after each transaction from what it changed, and once more at the end."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any, Final

from hearthline.floor.items import to_contact, waiting_key
from hearthline.floor.model import (
    AGENT_MOVES,
    APART,
    CONTACT_MOVES,
    HEARD,
    LANGUAGES,
    OFFER_MOVES,
    RETURNED_PRIORITY,
    ROUTABLE,
    TALKING,
)
from hearthline.platform.store import Item, Key
from hearthline.routing.policy import Policy
from tests.simulation import visits
from tests.simulation.storage import Changed, Store

CHECKED: Final = {
    "I1": "no accepted call is lost",
    "I2": "at most one agent owns a contact",
    "I3": "an agent holds at most one offer or call",
    "I4": "each contact ends in exactly one ticket",
    "I6": "states move along the model, versions grow",
    "I8": "no number in the clear",
    "I10": "while the recording is paused nothing is recorded, wherever the contact goes",
    "I11": "sum by agent = sum by queue = calls",
    "visits": "queued = answered + abandoned + voicemail + called back + overflowed, per visit and interval",
    "I12": "parked or dead message <=> alarm",
    "I13": "no agent stuck in a busy state",
    "dial": "a callback is dialled once for each time an agent took it",
    "wait": "the wait is kept through every return to the queue",
    "order": "nobody newer is served before somebody older of the same need",
    "free": "nobody waits while somebody able is free",
    "break": "a break asked for in wrap-up is a break",
    "cut": "a contact that ends by its caller has no caller any more",
    "line": "in the end nobody is left on a line or in a room",
    "promise": "a promised callback is dialled, unless somebody ended it",
    "message": "a message is kept once, and gone from the carrier",
    "head": "who was thrown back by our fault goes first",
    "beside": "a colleague is beside one agent at a time, and the caller is somebody's all the while",
    "room": "a call is held alone, and messages are no more than an agent may hold",
    "there": "only a screen that lives is rung",
    "missed": "who missed a call is not ready",
    "sweep": "in a healthy system the sweep finds nothing",
}
"""``order``, ``free`` and ``sweep`` are judged in healthy histories: a fault may cost time, never a call."""
ABSENT: Final = {
    "I5": "the audit chain (issue 5)",
    "I7": "rights by owner and tenant (issue 5)",
    "I9": "the lock (issue 5)",
}
NUMBER: Final = re.compile(r"\+?86139\d{8}")
"""Every caller of the world has such a number: it must not stand anywhere in the clear."""
PARTNER: Final = {"offered": {"offered"}, "on_contact": TALKING, "wrap_up": {"wrap_up"}}
"""In which state the contact of an agent is."""
BEFORE_AN_AGENT: Final = frozenset({"offered", "connecting", "connected", "held", "wrap_up"})
PATIENT_MS: Final = 8_000
RELAXED_MS: Final = 30_000
"""After so long every policy of the world asks for no more than the language."""
OUR_FAULT: Final = frozenset({"media_failed", "agent_lost"})
SETTLED_MS: Final = 5_000
"""Who came back to the queue less than so long ago may not have been seen by a decision under way."""
DONE: Final = frozenset({"abandoned", "closed", "voicemail"})


class ViolationError(AssertionError):
    """An invariant does not hold; ``name`` is its number."""

    def __init__(self, name: str, what: str) -> None:
        super().__init__(f"{name} {CHECKED.get(name, '')}: {what}")
        self.name = name


class Invariants:
    """``healthy`` histories, in which nothing fails, are held to more."""

    def __init__(self, store: Store, healthy: bool) -> None:
        self._items = store._items  # looked at, never changed
        self._healthy = healthy
        self.slots: dict[str, dict[Key, int]] = defaultdict(dict)
        self.places: dict[str, set[Key]] = defaultdict(set)
        self.open_offers: dict[str, str] = {}
        self.tickets: Counter[str] = Counter()
        self.open: set[str] = set()
        """Contacts that are not over, and agents who are busy."""
        self.accepts: Counter[str] = Counter()
        self.breaks: set[str] = set()
        self.eased: dict[str, int] = {}
        """When somebody's hands held one message less."""
        self.left: dict[str, int] = {}
        """When somebody last left a queue: who was kept free for him may have a message now."""
        self._at = 0
        self.held: Counter[str] = Counter()
        self.texts = False

    def after(self, changes: Sequence[Changed]) -> None:
        """One transaction was committed."""
        contacts, agents = list[str](), list[str]()
        self._at = next((new["event"]["at"] for key, _, new in changes if key.table == "ledger" and new), self._at)
        for key, old, new in changes:
            if self.texts and new is not None:
                self.clear(str(new), f"{key.table} {key.pk[:2]}")
            kind, _, name = key.pk.partition("#")
            if key.table == "tickets" and kind == "T":
                self._ticket(old, new)
            elif key.table == "floor" and kind in {"Q", "W"}:
                self._place(kind, key, old, new)
            elif key.table == "floor" and kind in {"C", "A", "O"} and key.sk == "state":
                self._moved(kind, name, old, new)
                (contacts if kind == "C" else agents if kind == "A" else []).append(name)
        self._told(changes, contacts)
        for name in contacts:
            self._contact(name)
        for name in agents:
            self._agent(name)

    def _told(self, changes: Sequence[Changed], contacts: list[str]) -> None:
        """A contact that moved has its entry in the ledger, in the same transaction."""
        words = [new["event"]["type"] for key, _, new in changes if key.table == "ledger" and new]
        moved = any(
            key.pk.startswith("C#") and (old or {}).get("state") != (new or {}).get("state")
            for key, old, new in changes
        )
        if moved and not words:
            raise ViolationError("I6", f"a contact moved without an entry in the ledger: {contacts}")
        self._head(changes, contacts)
        if "OfferAccepted" in words:
            self.accepts[contacts[0]] += 1
        if "ContactOffered" in words and self._healthy:
            self._order(contacts[0])

    def _head(self, changes: Sequence[Changed], contacts: list[str]) -> None:
        for key, _, new in changes:
            event: dict[str, Any] = new["event"] if key.table == "ledger" and new else {"type": ""}
            if event["type"] == "ContactQueued" and event["data"]["why"] in OUR_FAULT:
                self.held["head"] += 1
                if self._get(f"C#{contacts[0]}").get("priority") != RETURNED_PRIORITY:
                    raise ViolationError("head", f"{contacts[0]} was thrown back behind others")

    def _order(self, name: str) -> None:
        """Who was just offered waited longest of those who ask the same."""
        self.held["order"] += 1
        now = self._last_move(name)
        mine = self._get(f"C#{name}")
        for other, places in self.places.items():
            theirs = self._get(f"C#{other}") if places else None
            if theirs is None or now - self._last_move(other) < SETTLED_MS or _held_back(theirs, now):
                continue
            same = all(theirs.get(each) == mine.get(each) for each in ("queue", "lang", "matter", "channel"))
            older = theirs["queued_at"] + SETTLED_MS < mine["queued_at"]
            if same and older and theirs.get("priority", 5) <= mine.get("priority", 5):
                raise ViolationError("order", f"{name} came later than {other}, who still waits")

    def nobody_waits_in_vain(self, now: int) -> None:
        """Looked at now and then in a healthy history: long enough free, and long enough waiting, is too long."""
        self.held["free"] += 1
        free = [
            item
            for name, slots in self.slots.items()
            if slots
            and (item := self._get(f"A#{name}"))["state"] == "available"
            and now - self._free_since(name, item) > PATIENT_MS
        ]
        for name, places in self.places.items():
            item = self._get(f"C#{name}")
            if not places or now - item["queued_at"] < RELAXED_MS or item["state"] not in ROUTABLE:
                continue
            held_back = max(item.get("wants_until", 0), item.get("not_before", 0))
            if now - max(item["queued_at"], self._last_move(name), held_back) < PATIENT_MS:
                continue
            if item["channel"] == "message" and self._calls_wait(item["queue"], now):
                continue  # somebody may be kept free for those
            for agent in free:
                room = Policy().messages if item["channel"] == "message" else 1
                if len(agent.get("messages", ())) >= room:
                    continue
                if item["queue"] in agent["queues"] and agent["skills"].get(item.get("lang", "zh"), 0):
                    raise ViolationError("free", f"{name} waits while an able agent is free")

    def _free_since(self, name: str, item: Item) -> int:
        return max(int(item["since"]), self.eased.get(name, 0))

    def _calls_wait(self, queue: str, now: int) -> bool:
        if now - self.left.get(queue, 0) < PATIENT_MS:
            return True
        waiting = (self._get(f"C#{name}") for name, places in self.places.items() if places)
        return any(each["queue"] == queue and each["channel"] != "message" for each in waiting)

    def _last_move(self, name: str) -> int:
        version = self._get(f"C#{name}")["version"]
        entry = self._items.get(Key("ledger", name, f"{version:012d}"))
        return int(entry["event"]["at"]) if entry else 0

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
        is_open = new["state"] in PARTNER if kind == "A" else new["state"] not in DONE
        (self.open.add if is_open else self.open.discard)(f"{kind}#{name}")
        if old is None:
            return
        moves = CONTACT_MOVES if kind == "C" else AGENT_MOVES
        if old["state"] != new["state"] and new["state"] not in moves[old["state"]]:
            raise ViolationError("I6", f"{kind}#{name} moved from {old['state']} to {new['state']}")
        if kind == "C":
            self._wait(name, old, new)
        else:
            self._agent_moved(name, old, new)
        if new["version"] < old["version"] or (new["version"] == old["version"] and new["state"] != old["state"]):
            raise ViolationError("I6", f"{kind}#{name}: version {old['version']} to {new['version']}")

    def _agent_moved(self, name: str, old: Item, new: Item) -> None:
        if len(new.get("messages", ())) < len(old.get("messages", ())):
            self.eased[name] = self._at
        if old["state"] == "wrap_up" != new["state"]:
            self._break(name, new)
        elif old.get("then") and not new.get("then"):
            self.breaks.discard(name)  # another wish of his came last

    def _wait(self, name: str, old: Item, new: Item) -> None:
        self.held["wait"] += 1
        if old.get("queued_at", 0) not in {0, new.get("queued_at", 0)}:
            raise ViolationError("wait", f"{name} waits since {new.get('queued_at')}, no longer {old['queued_at']}")

    def _break(self, name: str, new: Item) -> None:
        self.held["break"] += 1
        if name in self.breaks and new["state"] == "available":
            raise ViolationError("break", f"{name} asked for a break and is available")
        self.breaks.discard(name)

    def _offer(self, name: str, old: Item | None, new: Item) -> None:
        self.held["I3"] += 1
        if old is not None and old["state"] != new["state"] and new["state"] not in OFFER_MOVES[old["state"]]:
            raise ViolationError("I6", f"offer {name} moved from {old['state']} to {new['state']}")
        if new["state"] == "lapsed":
            self.held["missed"] += 1
            if self._get(f"A#{new['agent']}")["state"] == "available":
                raise ViolationError("missed", f"{new['agent']} missed a call and is available")
        consult = new.get("kind") == "consult"
        about = f"{'B' if consult else 'C'} {new['contact']}"
        alone = self._get(f"C#{new['contact']}").get("channel") != "message"
        for holder in (f"A {new['agent']}", about) if alone else (about,):
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
                self.left[old["queue"]] = self._at
            if new is not None:
                self.places[new["contact"]].add(key)

    def _ticket(self, old: Item | None, new: Item | None) -> None:
        if old and new and new["version"] <= old["version"]:
            raise ViolationError("I6", f"a ticket's version went from {old['version']} to {new['version']}")
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
        if state in BEFORE_AN_AGENT:
            self._held_by(agent, name, item)
        if (state == "offered") != (f"C {name}" in self.open_offers):
            raise ViolationError("I2", f"{name} is {state}, its open offer says otherwise")
        self._beside(name, item)

    def _held_by(self, agent: str, name: str, item: Item) -> None:
        holder, state = self._get(f"A#{agent}"), item["state"]
        if item["channel"] == "message":
            holds = name in holder.get("messages", ())
        else:
            holds = holder.get("contact", "") == name and state in PARTNER.get(holder["state"], ())
        if not holds:
            raise ViolationError("I2", f"{name} is {state} at {agent}, who is {holder['state']}")

    def _beside(self, name: str, item: Item) -> None:
        """The colleague of a contact, and what his own item says."""
        consult, colleague = item.get("consult", ""), item.get("partner", "")
        if bool(consult) != bool(colleague) or (consult == "asked") != (f"B {name}" in self.open_offers):
            raise ViolationError("beside", f"{name} is {consult or 'nobody asked'} with {colleague or 'nobody'}")
        if not consult:
            return
        self.held["beside"] += 1
        other = self._get(f"A#{colleague}")
        wanted = "offered" if consult == "asked" else "on_contact"
        if other["state"] != wanted or other.get("contact", "") != name or colleague == item.get("agent", ""):
            raise ViolationError("beside", f"{name} is {consult} with {colleague}, who is {other['state']}")
        if item["state"] not in ({"held"} if consult in APART else HEARD):
            raise ViolationError("beside", f"{name} is {item['state']} while {consult}")

    def _agent(self, name: str) -> None:
        self.held["I3"] += 1
        item = self._get(f"A#{name}")
        state, contact = item["state"], item.get("contact", "")
        slots = self.slots[name]
        spoken = sum(1 for lang in LANGUAGES if item.get("skills", {}).get(lang, 0))
        wanted = len(item.get("queues", {})) * spoken if state == "available" else 0
        if len(slots) != wanted or any(version != item["version"] for version in slots.values()):
            raise ViolationError("I13", f"{name} is {state} with {len(slots)} slots of {wanted}, or old ones")
        self._room(name, item)
        if state in PARTNER and not item.get("wrap_up_ends_at"):
            partner = self._get(f"C#{contact}")
            if partner.get("partner", "") == name:
                self._beside(contact, partner)
            elif partner.get("agent", "") != name or partner["state"] not in PARTNER[state]:
                raise ViolationError("I3", f"{name} is {state} with {contact}, which is {partner['state']}")
        elif contact and state not in PARTNER:
            raise ViolationError("I13", f"{name} is {state} and still holds {contact}")

    def _room(self, name: str, item: Item) -> None:
        messages = item.get("messages", [])
        if not messages:
            return
        self.held["room"] += 1
        if item["state"] in PARTNER or len(messages) > Policy().messages or len(set(messages)) < len(messages):
            raise ViolationError("room", f"{name} is {item['state']} and holds {len(messages)} messages")
        for each in messages:
            about = self._get(f"C#{each}")
            if about.get("agent", "") != name or about["state"] not in BEFORE_AN_AGENT:
                raise ViolationError("room", f"{name} holds {each}, which is {about['state']}")

    # --- when all is quiet

    def at_the_end(self, alarms: dict[str, int], expected: dict[str, int], dialled: dict[str, list[str]]) -> None:
        """Faults stopped long ago and the queues are empty."""
        kept = [(key.pk, item) for key, item in self._items.items() if key.table == "floor" and key.sk == "state"]
        contacts = {pk[2:]: item for pk, item in kept if pk.startswith("C#")}
        for name, item in contacts.items():
            self._ended(name, item, len(dialled.get(name, ())))
        for key, item in self._items.items():
            if key.table == "floor" and key.pk.startswith("A#"):
                self.held["I13"] += 1
                if item["state"] in PARTNER or item.get("messages"):
                    raise ViolationError("I13", f"{key.pk[2:]} is still {item['state']}")
        self._sums(contacts)
        self.held["I12"] += 1
        # A worker that died after parking parks once more: an alarm rings for it all the same, and for nothing else.
        if set(alarms) != set(expected) or any(alarms[queue] < count for queue, count in expected.items()):
            raise ViolationError("I12", f"parked {alarms}, expected {expected}")

    def _ended(self, name: str, item: Item, dials: int) -> None:
        self.held.update(("I1", "dial"))
        if item["state"] not in DONE:
            raise ViolationError("I1", f"{name} is still {item['state']}")
        if self.tickets[name] != 1:
            raise ViolationError("I4", f"{name} has {self.tickets[name]} tickets")
        if dials > self.accepts[name]:
            raise ViolationError("dial", f"{name} was dialled {dials} times, taken {self.accepts[name]} times")

    def _daybook(self, contacts: dict[str, Item]) -> None:
        """Each contact that waited has its line, and it says how the contact ended and with whom."""
        lines = {
            item["contact"]: (item["outcome"], item["agent"])
            for key, item in self._items.items()
            if key.table == "daybook" and key.pk.startswith("C#")
        }
        ends = {
            name: (item["outcome"], item.get("agent", "") if item.get("connected_at") else "")
            for name, item in contacts.items()
            if item.get("queued_at")
        }
        if lines != ends:
            wrong = sorted(name for name in lines.keys() | ends.keys() if lines.get(name) != ends.get(name))
            told = [(name, lines.get(name), ends.get(name)) for name in wrong[:3]]
            raise ViolationError("I11", f"the daybook says otherwise: {told}")

    def _visits(self, contacts: dict[str, Item]) -> None:
        """Each visit to a queue ended once, the sums reconcile, and they say what the contacts say."""
        told: dict[str, list[tuple[str, dict[str, Any]]]] = defaultdict(list)
        for key, item in self._items.items():
            if key.table == "ledger":
                told[key.pk].append((key.sk, item["event"]))
        found = []
        for name, item in contacts.items():
            self.held["visits"] += 1
            mine = visits.visits_of(event for _, event in sorted(told[name], key=lambda each: each[0]))
            found += mine
            ends = [visit.end for visit in mine]
            if "waiting" in ends or bool(mine) != bool(item.get("queued_at")):
                raise ViolationError("visits", f"{name} is over, its visits say {ends}")
            if item["outcome"] == "abandoned" and not item.get("callback") and ends[-1] != "abandoned":
                raise ViolationError("visits", f"{name} was abandoned, its visits say {ends}")
        rows = visits.wrong(visits.table(found))
        if rows:
            raise ViolationError("visits", f"queued is not the sum of what became of them: {rows[:3]}")

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
        self._daybook(contacts)
        self._visits(contacts)
        if not by_agent.total() == by_queue.total() == answered or len(ends) != len(contacts):
            raise ViolationError("I11", f"{by_agent.total()} by agent, {by_queue.total()} by queue, {answered} records")


def _held_back(contact: Item, now: int) -> bool:
    """A callback that is tried again later, or somebody who is kept for one agent a while."""
    return bool(contact.get("not_before", 0) > now or contact.get("wants_until", 0) > now)
