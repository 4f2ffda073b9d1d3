"""Who had which contact, and when: the ledger told again. Times are ms of the server."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

Event = Mapping[str, Any]
NEVER: Final = 2**62
HAVING: Final = frozenset({"ContactOffered", "OfferAccepted", "ContactConnected"})
GAVE_BACK: Final = frozenset({"ContactQueued", "CallbackPromised", "VoicemailBegun"})


@dataclass(frozen=True)
class Held:
    """An agent and a contact belonged together, from the ring to the end of the wrap-up (``NEVER``: still do)."""

    agent: str
    contact: str
    since: int
    until: int


def stories(events: Iterable[Event]) -> dict[str, list[Event]]:
    """The events of each contact (and of each agent), in the order of their versions: no clock is asked."""
    told = defaultdict[str, list[Event]](list)
    for event in events:
        told[str(event["id"]).rpartition("#")[0]].append(event)
    for story in told.values():
        story.sort(key=lambda event: int(str(event["id"]).rpartition("#")[2]))
    return dict(told)


def held(told: Mapping[str, list[Event]]) -> tuple[list[Held], list[str]]:
    """All that was ever held, and the contacts that two agents had at once.

    A colleague who is only asked, or talks in a conference, holds nothing here.
    """
    ends = _wrap_up_ends(told)
    found, twice = list[Held](), list[str]()
    for contact, events in told.items():
        story = _Story(contact, ends)
        for event in events:
            story.tell(event)
        story.over()
        found += story.found
        twice += [contact] if story.twice else []
    return found, sorted(twice)


def at_once(found: Iterable[Held]) -> list[str]:
    """Agents who held two contacts at the same moment."""
    by_agent = defaultdict[str, list[Held]](list)
    for each in found:
        by_agent[each.agent].append(each)
    return sorted(agent for agent, theirs in by_agent.items() if _overlap(theirs))


def _overlap(theirs: list[Held]) -> bool:
    theirs.sort(key=lambda each: (each.since, each.until))
    latest = 0
    for each in theirs:
        if each.since < latest:
            return True
        latest = max(latest, each.until)
    return False


def _wrap_up_ends(told: Mapping[str, list[Event]]) -> dict[tuple[str, str], list[int]]:
    ends = defaultdict[tuple[str, str], list[int]](list)
    for story in told.values():
        for event in story:
            if event["type"] == "WrapUpEnded":
                ends[event["data"]["agent"], event["data"]["contact"]].append(int(event["at"]))
    return ends


class _Story:
    """One contact's events, one after the other."""

    def __init__(self, contact: str, ends: Mapping[tuple[str, str], list[int]]) -> None:
        self._contact = contact
        self._ends = ends
        self._holder, self._since, self._talked = "", 0, False
        self.found: list[Held] = []
        self.twice = False

    def tell(self, event: Event) -> None:
        kind, data, at = str(event["type"]), event["data"], int(event["at"])
        if kind in HAVING:
            self._had(kind, str(data["agent"]), at)
        elif kind == "ContactTransferred":
            self._let_go(at if data["kind"] == "taken_over" else self._wrapped_up(at))
            self._holder, self._since = str(data.get("to", "")), at
        elif kind in GAVE_BACK or (kind == "OfferLapsed" and data.get("kind") != "consult"):
            self._let_go(at)
        elif kind == "ContactEnded":
            self._let_go(self._wrapped_up(at) if self._talked else at)

    def over(self) -> None:
        self._let_go(NEVER)

    def _had(self, kind: str, agent: str, at: int) -> None:
        rings = kind == "ContactOffered"
        if self._holder and (rings or agent != self._holder):
            self.twice = True
        if rings:
            self._holder, self._since, self._talked = agent, at, False
        self._talked = self._talked or kind == "ContactConnected"

    def _let_go(self, until: int) -> None:
        if self._holder:
            self.found.append(Held(self._holder, self._contact, self._since, until))
        self._holder = ""

    def _wrapped_up(self, at: int) -> int:
        ends = self._ends.get((self._holder, self._contact), ())
        return min((end for end in ends if end >= at), default=NEVER)
