"""Did the floor keep its promises? Read from the ledger alone, after the calls: a pure look at events."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

WINDOW: Final = 20_000  # ms over which the highest rate is taken
# Of two events in the same millisecond, what ends something comes before what begins something.
_ENDINGS: Final = ("OfferLapsed", "OfferAccepted", "ContactEnded", "ContactQueued", "CallbackPromised")


@dataclass
class Verdict:
    """What the ledger says of some calls."""

    contacts: int = 0
    connected: int = 0
    two_offers: list[str] = field(default_factory=list)  # agents who had an offer or call when another was offered
    two_agents: list[str] = field(default_factory=list)  # contacts that two agents held at once
    tickets_missing: list[str] = field(default_factory=list)
    tickets_double: list[str] = field(default_factory=list)
    highest_rate: float = 0.0  # calls connected per second, best 20 s

    @property
    def good(self) -> bool:
        """No promise was broken."""
        return not (self.two_offers or self.two_agents or self.tickets_missing or self.tickets_double)


def judge(events: Iterable[Mapping[str, Any]], calls: Iterable[str]) -> Verdict:
    """The verdict over the contacts of these CallSids; ``events`` are ledger envelopes in any order."""
    ordered = sorted(events, key=lambda event: (event["at"], event["type"] not in _ENDINGS))
    wanted = set(calls)
    mine = {
        str(event["data"]["contact"])
        for event in ordered
        if event["type"] == "ContactArrived" and event["data"].get("call_sid") in wanted
    }
    verdict = Verdict(contacts=len(mine))
    _overlaps(ordered, verdict)
    tickets = Counter(event["data"]["contact"] for event in ordered if event["type"] == "TicketOpened")
    verdict.tickets_missing = sorted(contact for contact in mine if not tickets[contact])
    verdict.tickets_double = sorted(contact for contact in mine if tickets[contact] > 1)
    joined = [event["at"] for event in ordered if event["type"] == "ContactConnected"]
    verdict.connected = len({e["data"]["contact"] for e in ordered if e["type"] == "ContactConnected"} & mine)
    verdict.highest_rate = _best_window(joined)
    return verdict


def _overlaps(ordered: Iterable[Mapping[str, Any]], verdict: Verdict) -> None:
    """Walk through time: who is busy with what."""
    busy: dict[str, set[str]] = {}  # agent -> offers open and contacts held
    held: dict[str, set[str]] = {}  # contact -> agents
    for event in ordered:
        data, kind = event["data"], event["type"]
        contact, agent = str(data.get("contact", "")), str(data.get("agent", ""))
        if kind == "ContactOffered":
            if busy.get(agent):
                verdict.two_offers.append(agent)
            if held.get(contact, set()) - {agent}:
                verdict.two_agents.append(contact)
            busy.setdefault(agent, set()).add(contact)
            held.setdefault(contact, set()).add(agent)
        elif kind == "OfferLapsed":
            busy.get(agent, set()).discard(contact)
            held.get(contact, set()).discard(agent)
        elif kind in ("ContactEnded", "ContactQueued", "CallbackPromised"):
            for holder in held.pop(contact, set()):
                busy.get(holder, set()).discard(contact)


def _best_window(times: list[int]) -> float:
    best = start = 0
    for end, at in enumerate(times):
        while at - times[start] > WINDOW:
            start += 1
        best = max(best, end - start + 1)
    return round(best / (WINDOW / 1000), 3)
