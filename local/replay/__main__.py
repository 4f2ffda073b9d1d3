"""``python -m local.replay FILE``: the day under each policy, a table, and a last line of JSON. See ``make replay``."""

import argparse
import json
import math
import sys
import time
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Final

from hearthline.config.model import Config
from hearthline.platform.settings import Settings
from hearthline.rehearsal.day import History
from hearthline.rehearsal.playing import Playing
from hearthline.staffing.model import agents_needed
from local.replay import day
from local.replay.numbers import Numbers, of_contacts, of_day
from local.seed import COMPANY

SETTINGS: Final = Settings(tenant="replay", stack_id="replay", table_prefix="r", queue_url_prefix="r")
EXAMPLE: Final = Path(__file__).with_name("day.csv")
OURS: Final[dict[str, Any]] = {}
POLICIES: Final[dict[str, dict[str, Any]]] = {
    "ours": OURS,
    "longest-idle": {
        "weights": {"idle": 100, "skill": 0, "load": 0, "performance": 0, "difficulty": 0, "last_agent": 0}
    },
    "value": {"weights": {"skill": 50, "performance": 50, "idle": 0, "load": 0, "difficulty": 0, "last_agent": 0}},
}
"""What each queue's policy says; ``value`` gives every call to the best, as value routing does."""
DIFFICULTY: Final = {"outage": 70, "billing": 40, "move": 55, "plan": 30, "complaint": 90, "other": 20}


def company(policy: dict[str, Any]) -> Config:
    """The example company with one policy in all queues."""
    matters = tuple(replace(each, difficulty=DIFFICULTY.get(each.id, 50)) for each in COMPANY.matters)
    return replace(COMPANY, queues=tuple(replace(each, policy=policy) for each in COMPANY.queues), matters=matters)


def main(arguments: list[str]) -> int:
    given = _parser().parse_args(arguments)
    try:
        counts = day.read_counts(given.file)
        draws = {name: day.distribution(getattr(given, name)) for name in ("talk", "wrap_up", "patience")}
    except (OSError, ValueError) as error:
        sys.stderr.write(f"replay: {error}\n")
        return 2
    plan = day.arrivals(counts, company(OURS), given.seed, **draws)
    agents = given.agents or _enough(counts, plan)
    print(f"{given.file}: {len(plan)} calls, {agents} agents, seed {given.seed}")
    reports, histories = dict[str, Numbers](), dict[str, History]()
    for name, policy in POLICIES.items():
        begun = time.monotonic()
        config = company(policy)
        whole = day.whole_day(plan, day.shifts(agents, config, given.seed, *day.edges(counts)), counts)
        histories[name] = Playing(SETTINGS, config, whole).play()
        reports[name] = of_day(histories[name], whole, config)
        print(f"  {name}: {len(plan) / (time.monotonic() - begun):.0f} calls/s", flush=True)
    print("\n".join(table(reports)))
    if given.intervals:
        print("\n".join(by_interval(histories["ours"], counts)))
    print(json.dumps({name: _plain(report) for name, report in reports.items()}))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="replay", description="A day of calls under several policies.")
    parser.add_argument("file", type=Path, nargs="?", default=EXAMPLE, help="CSV: start,calls[,queue,lang]")
    parser.add_argument("--agents", type=int, default=0, help="how many work (0: enough for 80 %% within 20 s)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--talk", default="lognormal:180:1.0", help="seconds of talk")
    parser.add_argument("--wrap-up", default="exponential:30", help="seconds of wrap-up")
    parser.add_argument("--patience", default="exponential:150", help="seconds until who waits gives up")
    parser.add_argument("--intervals", action="store_true", help="each interval, under our policy")
    return parser


def _enough(counts: list[day.Count], plan: list[Any]) -> int:
    """By Erlang C for the busiest hour; shifts that begin late or end early, and skills, ask for some more."""
    hours: dict[int, int] = {}
    for count in counts:
        hour = count.start_ms // 3_600_000
        hours[hour] = hours.get(hour, 0) + count.calls
    handling = sum(each.talk_ms + each.wrap_up_ms for each in plan) / max(1, len(plan)) / 1000
    load = max(hours.values()) / 3600 * handling
    return math.ceil(agents_needed(load, handling, 20, 0.8) * 1.15)


def table(reports: dict[str, Numbers]) -> list[str]:
    """One row a policy."""
    names = ("offered", "answered", "abandoned", "service_level", "asa_s", "mean_wait_s", "longest_wait_s")
    more = ("abandonment", "occupancy", "jain", "hard_to_experienced", "rank_correlation")
    heads = ("offered", "answered", "abandoned", "SL 20 s", "ASA s", "wait s", "longest s", "abandon", "occup", "Jain")
    rows = ["policy".ljust(14) + "".join(f"{head:>11}" for head in (*heads, "hard->exp", "rank corr"))]
    for name, report in reports.items():
        cells = (_cell(getattr(report, field)) for field in (*names, *more))
        rows.append(name.ljust(14) + "".join(f"{cell:>11}" for cell in cells))
    return rows


def by_interval(history: History, counts: list[day.Count]) -> list[str]:
    """Calls by the interval in which they came."""
    rows = [f"{'from':>6}{'offered':>9}{'answered':>9}{'abandoned':>10}{'mean wait s':>12}"]
    for start, length in sorted({(count.start_ms, count.length_ms) for count in counts}):
        here = [each for each in history.contacts.values() if start <= each.arrival.at - day.BEGAN < start + length]
        found = of_contacts(here)
        hour, minute = divmod(start // 60_000, 60)
        wait = "-" if found.mean_wait_s is None else f"{found.mean_wait_s:.1f}"
        rows.append(f"{hour:02}:{minute:02} {found.offered:>9}{found.answered:>9}{found.abandoned:>10}{wait:>12}")
    return rows


def _cell(value: float | None) -> str:
    if value is None:
        return "-"
    return str(value) if isinstance(value, int) else f"{value:.3f}"


def _plain(numbers: Numbers) -> dict[str, Any]:
    return {name: round(value, 4) if isinstance(value, float) else value for name, value in asdict(numbers).items()}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
