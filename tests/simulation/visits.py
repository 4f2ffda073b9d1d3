"""Each visit to a queue, recomputed from the ledger alone: it begins once and ends once, so that the numbers reconcile.

queued = answered + abandoned + voicemail + called back + overflowed + moved + waiting, per queue and interval of the
enqueue. Thrown back before anybody was heard, a contact is still on the same visit; who was heard and waits again, or
was given on, begins another.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

INTERVAL_MS: Final = 60_000
ENDS: Final = ("answered", "abandoned", "voicemail", "called_back", "overflowed", "moved", "waiting")


class ContradictionError(ValueError):
    """The ledger tells of an end without a beginning, or of two at once."""


@dataclass
class Visit:
    queue: str
    at: int
    end: str = "waiting"


def visits_of(events: Iterable[dict[str, Any]]) -> list[Visit]:
    """Of one contact, in the order of its ledger. Raises ContradictionError."""
    visits, on = list[Visit](), False
    for event in events:
        before = _end(event) if on else ""
        if before:
            visits[-1].end, on = before, False
        begins = _begins(event, before, on=on, visits=visits)
        if begins:
            if on:
                raise ContradictionError(f"{event['type']} begins a visit while one is open")
            visits.append(Visit(begins, event["at"]))
            on = True
        if event["type"] == "ContactConnected" and not visits:
            raise ContradictionError("answered without a visit")
    return visits


def _end(event: dict[str, Any]) -> str:
    """What this event makes of an open visit; '' for nothing."""
    kind, data = event["type"], event["data"]
    if kind == "ContactQueued" and data["why"] == "overflowed":
        return "overflowed"
    if kind == "ContactEnded":
        return "voicemail" if data["outcome"] == "voicemail" else "abandoned"
    return {"ContactConnected": "answered", "CallbackPromised": "called_back"}.get(kind, "")


def _begins(event: dict[str, Any], before: str, *, on: bool, visits: list[Visit]) -> str:
    """The queue of a visit that begins with this event; '' for none. ``before``: what it made of another."""
    kind, data = event["type"], event["data"]
    if kind == "ContactTransferred" and data["kind"] == "blind":
        return str(data["queue"])
    if kind != "ContactQueued":
        return ""
    if data["why"] == "matter_known" or before == "overflowed":
        return str(data["queue"])
    # Whoever was heard before and waits again; a callback that nobody answered is no visit of its own.
    return str(data["queue"]) if not on and visits and visits[-1].end == "answered" else ""


def table(visits: Iterable[Visit]) -> dict[tuple[str, int], Counter[str]]:
    """Per queue and interval: how many were queued, and what became of them."""
    found: dict[tuple[str, int], Counter[str]] = {}
    for visit in visits:
        row = found.setdefault((visit.queue, visit.at // INTERVAL_MS), Counter())
        row.update(("queued", visit.end))
    return found


def wrong(rows: dict[tuple[str, int], Counter[str]]) -> list[tuple[str, int]]:
    """Rows that do not reconcile."""
    return [at for at, row in rows.items() if row["queued"] != sum(row[end] for end in ENDS)]
