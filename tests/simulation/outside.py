"""What the floor says, held against what the world outside knows: who is on a line, at an edge, at a page."""

from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

from hearthline.floor.items import TABLE
from hearthline.platform.store import Item
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
        if event["type"] == "ContactOffered" and self.on_time:
            self._there(data["agent"], event["at"])
        if event["type"] != "ContactEnded" or data["by"] != "caller":
            return
        self._held["cut"] += 1
        call = self._carrier.calls.get(data["call_sid"])
        if (call is not None and call.state != "over") or self._browsers.is_open(data["contact"]):
            raise ViolationError("cut", f"{data['contact']} ended by its caller, who is still there")

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
        for contact, item in self._contacts():
            self._promise(contact, item)
            self._ticket(contact, item)

    def _contacts(self) -> Iterator[tuple[str, Item]]:
        for key, item in self._items.items():
            if key.table == TABLE and key.sk == "state" and key.pk.startswith("C#"):
                yield key.pk[2:], item

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
