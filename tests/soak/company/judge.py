"""The verdict over a run, from what the tables, the queues and the carrier hold in the end; no driver is believed."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from tests.soak.company.held import Event, at_once, held, stories

OVER: Final = frozenset({"abandoned", "voicemail", "closed"})
BUSY: Final = frozenset({"offered", "on_contact", "wrap_up"})
KEPT_PROMISES: Final = frozenset({"answered", "unreachable"})
SHORTEST_MESSAGE_SECONDS: Final = 2.5
"""A little more than what the product takes for one; the carrier rounds."""
OUR_FAILURES: Final = frozenset({"failed"})
SHOWN: Final = 8
"""So many examples of each finding are told."""


@dataclass(frozen=True)
class Line:
    """One call of the carrier, as the carrier tells it. ``ended`` is who or what ended it: ``caller`` or a reason.

    ``recorded``: seconds of a message that the carrier took.
    """

    sid: str
    outbound: bool
    ended: str
    recorded: float = 0.0


@dataclass(frozen=True)
class Evidence:
    """What was found. ``contacts``, ``agents``: id -> item; ``tickets``: the contact of each.

    ``queues``: how many messages lie in each; ``belongs``: sid of a call -> contact; ``pages``: the contacts that pages
    in browsers were given.
    """

    lines: tuple[Line, ...] = ()
    pages: tuple[str, ...] = ()
    events: tuple[Event, ...] = ()
    contacts: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    agents: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    open_offers: tuple[str, ...] = ()
    tickets: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    due: tuple[str, ...] = ()
    queues: Mapping[str, int] = field(default_factory=dict)
    belongs: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Finding:
    """``kind`` is lost, twice or stuck; ``who`` the contacts, agents, calls or queues it was found at."""

    kind: str
    what: str
    who: tuple[str, ...]

    def __str__(self) -> str:
        more = f" and {len(self.who) - SHOWN} more" if len(self.who) > SHOWN else ""
        return f"{self.kind.upper()} {len(self.who):>4}  {self.what}: {', '.join(self.who[:SHOWN])}{more}"


@dataclass(frozen=True)
class Verdict:
    findings: tuple[Finding, ...]

    def count(self, kind: str) -> int:
        return sum(len(each.who) for each in self.findings if each.kind == kind)

    @property
    def good(self) -> bool:
        return not self.findings


def judge(seen: Evidence) -> Verdict:
    """All that is wrong."""
    told = stories(seen.events)
    rules = (_arrivals, _ends, _tickets, _messages, _promises, _leftovers)
    found = [finding for rule in rules for finding in rule(seen, told)]
    return Verdict((*_holding(told), *found))


Told = Mapping[str, list[Event]]


def _finding(kind: str, what: str, who: Iterator[str] | list[str]) -> Iterator[Finding]:
    found = tuple(sorted(who))
    if found:
        yield Finding(kind, what, found)


def _holding(told: Told) -> Iterator[Finding]:
    found, shared = held(told)
    yield from _finding("twice", "contacts that two agents had at once", shared)
    yield from _finding("twice", "agents who had two contacts at once", at_once(found))


def _arrivals(seen: Evidence, told: Told) -> Iterator[Finding]:
    """Each call in and each page is one contact, and there is no contact besides."""
    arrived = [event["data"] for story in told.values() for event in story if event["type"] == "ContactArrived"]
    by_sid = Counter(str(data["call_sid"]) for data in arrived if data["channel"] == "phone")
    inbound = {line.sid for line in seen.lines if not line.outbound}
    yield from _finding("lost", "calls without a contact", [sid for sid in inbound if not by_sid[sid]])
    yield from _finding("twice", "calls with two contacts", [sid for sid, count in by_sid.items() if count > 1])
    yield from _finding("twice", "contacts of no call", [sid for sid in by_sid if sid not in inbound])
    by_page = Counter(str(data["contact"]) for data in arrived if data["channel"] == "browser")
    yield from _finding("lost", "pages without a contact", [page for page in seen.pages if not by_page[page]])
    given = set(seen.pages)
    yield from _finding("twice", "contacts of no page", [contact for contact in by_page if contact not in given])
    ids = {str(data["contact"]) for data in arrived}
    yield from _finding("lost", "contacts in the ledger alone", [each for each in ids if each not in seen.contacts])
    yield from _finding("lost", "contacts without a ledger", [each for each in seen.contacts if each not in ids])


def _ends(seen: Evidence, told: Told) -> Iterator[Finding]:
    """Every contact is over, once, and not because something of ours broke."""
    yield from _finding(
        "lost", "contacts that never ended", [name for name, item in seen.contacts.items() if item["state"] not in OVER]
    )
    ends = Counter(name for name, story in told.items() for event in story if event["type"] == "ContactEnded")
    yield from _finding("twice", "contacts that ended twice", [name for name, count in ends.items() if count > 1])
    failed = [name for name, item in seen.contacts.items() if item.get("outcome") in OUR_FAILURES]
    yield from _finding("lost", "contacts that we gave up", failed)
    for why, sids in _cut_off(seen).items():
        yield from _finding("lost", f"callers cut off ({why})", sids)


def _cut_off(seen: Evidence) -> dict[str, list[str]]:
    """Calls that the caller did not end, and nobody had answered or promised anything."""
    found: dict[str, list[str]] = {}
    for line in seen.lines:
        contact = seen.contacts.get(seen.belongs.get(line.sid, ""), {})
        served = contact.get("connected_at") or contact.get("callback") or contact.get("message_begun_at")
        if (line.ended != "caller" and not served) or line.ended.startswith("application error"):
            found.setdefault(line.ended, []).append(line.sid)
    return found


def _tickets(seen: Evidence, told: Told) -> Iterator[Finding]:
    count = Counter(seen.tickets)
    yield from _finding("lost", "contacts without a ticket", [name for name in seen.contacts if not count[name]])
    yield from _finding("twice", "contacts with two tickets", [name for name, many in count.items() if many > 1])
    yield from _finding("twice", "tickets of no contact", [name for name in count if name not in seen.contacts])


def _messages(seen: Evidence, told: Told) -> Iterator[Finding]:
    """What the carrier recorded is kept, unless it is too short to be one."""
    unkept = [
        line.sid
        for line in seen.lines
        if line.recorded >= SHORTEST_MESSAGE_SECONDS
        and not seen.contacts.get(seen.belongs.get(line.sid, ""), {}).get("message")
    ]
    yield from _finding("lost", "messages that nobody kept", unkept)


def _promises(seen: Evidence, told: Told) -> Iterator[Finding]:
    """A promised callback is dialled once for each time an agent took it; then both talk, or one of them hung up."""
    dials = Counter(seen.belongs.get(line.sid, "") for line in seen.lines if line.outbound)
    strangers = [line.sid for line in seen.lines if line.outbound and line.sid not in seen.belongs]
    yield from _finding("twice", "calls dialled for nobody", strangers)
    taken = Counter(name for name, story in told.items() for event in story if event["type"] == "OfferAccepted")
    often = [name for name, count in dials.items() if name and count > taken[name]]
    yield from _finding("twice", "callbacks dialled more often than taken", often)
    hung_up = {seen.belongs.get(line.sid) for line in seen.lines if line.outbound and line.ended == "caller"}
    promised = {name for name, story in told.items() if any(event["type"] == "CallbackPromised" for event in story)}
    kept = {
        name
        for name, item in seen.contacts.items()
        if item.get("outcome") in KEPT_PROMISES or (item.get("ended_by") == "agent" and dials[name])
    }
    yield from _finding("lost", "promised callbacks that came to nothing", list(promised - kept - hung_up))


def _leftovers(seen: Evidence, told: Told) -> Iterator[Finding]:
    """Nothing is left in anybody's hands when all is quiet."""
    busy = [f"{name} {item['state']}" for name, item in seen.agents.items() if item["state"] in BUSY]
    yield from _finding("stuck", "agents reserved for nobody", busy)
    yield from _finding("stuck", "offers still open", list(seen.open_offers))
    yield from _finding("stuck", "places in queues of nobody who waits", list(seen.places))
    yield from _finding("stuck", "entries of the index due", list(seen.due))
    yield from _finding(
        "stuck", "messages left in queues", [f"{name} ({count})" for name, count in seen.queues.items() if count]
    )
