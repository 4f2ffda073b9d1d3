"""Which media edges there are: those of the deployment's settings, and those that say so themselves (``EdgeSeen``).

An edge says so every ten seconds over the queue. What stands here may be late, so whoever sends somebody to an edge
asks that edge first (``media.edge.is_up``); the register tells whom to ask, and how full each is.
"""

from contextlib import suppress
from typing import Final

from hearthline.events.edge_seen import EdgeSeen
from hearthline.media.model import EdgeAddress
from hearthline.platform.effects import Effects
from hearthline.platform.store import Absent, Is, Item, Key, Put, RefusedError

TABLE: Final = "edges"
ALL: Final = "E"
MAX_EDGES: Final = 200
ENDING: Final = {"up": 0, "draining": 1, "stopped": 2}
"""Of two words in the same millisecond the later one: an edge without calls drains and stops at once."""
FORGOTTEN_AFTER_MS: Final = 120_000
"""Of silence: twelve missed words. Its calls have been led elsewhere long before."""


class Registry:
    def __init__(self, effects: Effects) -> None:
        self._effects = effects
        self._store = effects.store

    def seen(self, word: EdgeSeen, at: int) -> bool:
        """Keep what an edge says of itself at ``at`` (ms, its clock); False for what is older than what is known."""
        key = Key(TABLE, ALL, word.edge)
        known = self._store.get(key)
        if known is not None and (known["said_at"], ENDING[known["state"]]) >= (at, ENDING[word.state]):
            return False
        now = self._effects.clock.now()
        item = {**word.model_dump(mode="json"), "said_at": at, "seen_at": now}
        item["expires"] = (now + FORGOTTEN_AFTER_MS) // 1000 + 1
        with suppress(RefusedError):  # a newer word of the same edge came in between
            self._store.write(Put(key, item, when=(Is("said_at", known["said_at"]) if known else Absent(),)))
            return True
        return False

    def edges(self) -> list[EdgeAddress]:
        """All that may live, by name; one that said it has stopped does not."""
        known = {each.name: EdgeAddress(each.name, each.url, each.stream) for each in self._effects.settings.edges}
        page = self._store.page(TABLE, ALL, limit=MAX_EDGES)
        now = self._effects.clock.now()
        for item in page.items:
            if item["state"] == "stopped" or now - item["seen_at"] > FORGOTTEN_AFTER_MS:
                known.pop(item["edge"], None)
            else:
                known[item["edge"]] = _address(item)
        return [known[name] for name in sorted(known)]


def _address(item: Item) -> EdgeAddress:
    share = item["rooms"] / item["max_rooms"] if item["max_rooms"] else 1.0
    return EdgeAddress(item["edge"], item["url"], item["stream"], 1.0 if item["state"] == "draining" else share)
