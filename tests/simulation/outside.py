"""What the floor says, held against what the world outside knows: who is on a line, at an edge, at a page."""

from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

from hearthline.floor.items import TABLE
from hearthline.floor.model import HEARD
from hearthline.platform.store import Item, Key
from hearthline.presence.model import STALE_AFTER_MS
from hearthline.tickets.model import ticket_id
from tests.simulation.browsers import Browsers
from tests.simulation.carrier import Carrier
from tests.simulation.edges import Edges
from tests.simulation.invariants import ViolationError
from tests.simulation.storage import Store

UNDER_WAY_MS: Final = 15_000
"""So long a decision may take between its look at a screen and its claim."""
NOT_OURS: Final = frozenset({"agent", "caller"})
"""Whose choice it is that a promised callback is not made after all."""


class Outside:
    """``held`` counts each look."""

    def __init__(
        self, store: Store, carrier: Carrier, edges: Edges, browsers: Browsers, stack: str, held: Counter[str]
    ) -> None:
        self._items = store._items
        self._carrier = carrier
        self._edges = edges
        self._browsers = browsers
        self._stack = stack
        self._held = held
        self.on_time = True
        """No clock goes wrong and no worker sleeps: how old a heartbeat was can be judged."""

    def told(self, event: dict[str, Any]) -> None:
        """Whose caller left is gone from the line; whoever is rung sits at a screen."""
        data = event["data"]
        self._unrecorded(data.get("contact", ""))
        if event["type"] == "ContactOffered" and self.on_time:
            self._there(data["agent"], event["at"])
        if event["type"] != "ContactEnded" or data["by"] != "caller":
            return
        self._held["cut"] += 1
        if not self.on_time and self._items[Key(TABLE, f"C#{data['contact']}")].get("message_begun_at"):
            return  # by a wrong clock a message is over too soon; what was spoken is kept all the same
        call = self._carrier.calls.get(data["call_sid"])
        if (call is not None and call.state != "over") or self._browsers.is_open(data["contact"]):
            raise ViolationError("cut", f"{data['contact']} ended by its caller, who is still there")

    def unrecorded(self, contact: str) -> tuple[int, int]:
        """What a media token of this moment says of the recording."""
        item = self._items.get(Key(TABLE, f"C#{contact}"), {})
        return item.get("unrecorded_until", 0), item.get("version", 0)

    def _unrecorded(self, contact: str) -> None:
        """Where the screen says that nothing is recorded, nothing is."""
        item = self._items.get(Key(TABLE, f"C#{contact}"), {})
        if item.get("unrecorded_until", 0) <= self._edges.now or item["state"] not in HEARD:
            return
        self._held["I10"] += 1
        for edge in self._edges.recorded(contact):
            raise ViolationError("I10", f"{contact} is recorded at {edge} while its agent has paused that")

    def _there(self, agent: str, now: int) -> None:
        self._held["there"] += 1
        beats = [item["beat_at"] for key, item in self._items.items() if key.pk == f"P#{agent}" and "beat_at" in item]
        if now - max(beats, default=0) > STALE_AFTER_MS + UNDER_WAY_MS:
            raise ViolationError("there", f"{agent} is rung, whose screen is gone")

    def at_the_end(self) -> None:
        self._held["line"] += 1
        for call in self._carrier.calls.values():
            if call.state != "over":
                raise ViolationError("line", f"{call.name} is still on the line")
        for contact in self._edges.occupied():
            raise ViolationError("line", f"somebody is still in the room of {contact}")
        for sid in self._carrier.messages.kept.keys() & self._told_messages():
            raise ViolationError("message", f"{sid} was told to us and still lies at the carrier")
        for contact, item in self._contacts():
            self._forgotten(contact, item)
            self._message(contact, item)
            self._promise(contact, item)
            self._ticket(contact, item)

    def _contacts(self) -> Iterator[tuple[str, Item]]:
        for key, item in self._items.items():
            if key.table == TABLE and key.sk == "state" and key.pk.startswith("C#"):
                yield key.pk[2:], item

    def _told_messages(self) -> set[str]:
        """Messages that stand in the ledger."""
        events = (item["event"] for key, item in self._items.items() if key.table == "ledger")
        return {event["data"]["recording"] for event in events if event["type"] == "VoicemailLeft"}

    def _message(self, contact: str, item: Item) -> None:
        if item["state"] == "voicemail":
            self._held["message"] += 1
            if not any(key.table == "recordings" and key.pk == f"C#{contact}" for key in self._items):
                raise ViolationError("message", f"{contact} left a message that is not kept")

    def _forgotten(self, contact: str, item: Item) -> None:
        """Only a call whose end nobody could tell us may end as failed."""
        if item.get("outcome") == "failed" and item.get("call_sid") in self._carrier.ends_told:
            raise ViolationError("I1", f"{contact} failed, although we were told that its call had ended")

    def _promise(self, contact: str, item: Item) -> None:
        if not item.get("callback"):
            return
        self._held["promise"] += 1
        if not self._carrier.dialled.get(contact) and item.get("ended_by") not in NOT_OURS:
            raise ViolationError("promise", f"{contact} was promised a callback and never dialled")

    def _ticket(self, contact: str, item: Item) -> None:
        """Who ended an answered contact with its caller has the ticket."""
        if item.get("outcome") != "answered" or not item.get("agent"):
            return
        wanted = f"T#{ticket_id(self._stack, contact)}"
        owner = next((each.get("owner", "") for key, each in self._items.items() if key.pk == wanted), "")
        if owner != item["agent"]:
            raise ViolationError("I4", f"the ticket of {contact} is with {owner}, its last agent was {item['agent']}")
