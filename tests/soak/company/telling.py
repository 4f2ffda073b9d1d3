"""What a run shows: a bar on a terminal, else a line now and then; when it is over a table, and a line of JSON."""

import asyncio
import json
import sys
from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

from tests.soak.company.judge import Evidence, Verdict
from tests.soak.company.tally import Tally

LINE_SECONDS: Final = 30.0
BAR_SECONDS: Final = 0.5
BAR_WIDTH: Final = 30
SHOWN: Final = 12


def progress(tally: Tally) -> str:
    """How far it is, in one line."""
    left = "-" if tally.left_seconds == float("inf") else f"{tally.left_seconds / 60:.0f} min"
    return (
        f"{tally.seconds:6.0f} s  {tally.done}/{tally.total} done, {tally.placed - tally.done} under way "
        f"({tally.waiting} wait), {tally.rate:.2f}/s, {tally.kills} kills, about {left} left"
    )


async def tell_progress(tally: Tally) -> None:
    """Until cancelled."""
    terminal = sys.stdout.isatty()
    while True:
        if terminal:
            filled = BAR_WIDTH * tally.done // max(tally.total, 1)
            print(f"\r\033[K[{'#' * filled}{'.' * (BAR_WIDTH - filled)}] {progress(tally)}", end="", flush=True)
        else:
            print(progress(tally), flush=True)
        await asyncio.sleep(BAR_SECONDS if terminal else LINE_SECONDS)


def table(seen: Evidence, tally: Tally, more: Mapping[str, Any]) -> str:
    """What happened, for people."""
    outcomes = Counter(str(item.get("outcome", "none")) for item in seen.contacts.values())
    words = Counter(str(event["type"]) for event in seen.events)
    rows: dict[str, Any] = {
        "calls in": sum(not line.outbound for line in seen.lines),
        "calls dialled back": sum(line.outbound for line in seen.lines),
        "pages": len(seen.pages),
        "contacts": len(seen.contacts),
        "of each way": _counts(tally.ways),
        "outcomes": _counts(outcomes),
        "offers": words["ContactOffered"],
        "declined, missed or lapsed": words["OfferLapsed"],
        "given on": words["ContactTransferred"],
        "callbacks promised": words["CallbackPromised"],
        "back in the queue": words["ContactQueued"] - len({e["data"]["contact"] for e in _queued(seen)}),
        "events in the ledger": len(seen.events),
        "tickets": len(seen.tickets),
        **more,
        "trouble met by drivers": _counts(tally.trouble),
    }
    return "\n".join(f"{name:<30}{value}" for name, value in rows.items())


def _queued(seen: Evidence) -> list[Mapping[str, Any]]:
    return [event for event in seen.events if event["type"] == "ContactQueued"]


def _counts(counted: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counted.most_common(SHOWN)) or "none"


def last_line(seen: Evidence, verdict: Verdict, tally: Tally, swept: Counter[str], seconds: float) -> str:
    """JSON; ``seconds`` is how long callers came and were served."""
    return json.dumps(
        {
            "contacts": len(seen.contacts),
            "agents": len(seen.agents),
            "kills": tally.kills,
            "lost": verdict.count("lost"),
            "twice": verdict.count("twice"),
            "stuck": verdict.count("stuck"),
            "swept": dict(swept),
            "seconds": round(seconds),
            "contacts_per_second": round(len(seen.contacts) / max(seconds, 1e-9), 2),
        }
    )
