"""``python -m local.replay FILE``: the day under each policy, a table, and a last line of JSON. See ``make replay``."""

import argparse
import json
import math
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from hearthline.rehearsal.day import Arrival, Day, History
from hearthline.rehearsal.playing import Playing
from hearthline.staffing.model import agents_needed
from local.replay import day, roster, table
from local.replay.policies import OURS, POLICIES, SETTINGS, company

EXAMPLE: Final = Path(__file__).with_name("day.csv")
MARGIN: Final = 1.15
"""Shifts that begin late or end early, and skills, ask for some more than Erlang C."""


@dataclass(frozen=True)
class Asked:
    """A day as it was asked for."""

    day: Day
    agents: int
    interval_ms: int


def main(arguments: list[str]) -> int:
    given = _parser().parse_args(arguments)
    try:
        asked = read(given)
    except (OSError, ValueError) as error:
        sys.stderr.write(f"replay: {error}\n")
        return 2
    calls = len(asked.day.arrivals)
    print(f"{given.file.name}: {calls} calls, {asked.agents} agents, seed {given.seed}")
    configs = {name: company(policy) for name, policy in POLICIES.items()}
    histories = dict[str, History]()
    for name, config in configs.items():
        begun = time.process_time()
        histories[name] = Playing(SETTINGS, config, asked.day).play()
        print(f"  {name}: {calls / (time.process_time() - begun):.0f} calls a second of CPU", flush=True)
    print("\n".join(table.by_policy(histories, asked.day, configs)))
    if given.intervals:
        print("\n".join(table.intervals(histories["ours"], asked.interval_ms)))
    if given.people:
        print("\n".join(table.agents(histories["ours"])))
    print(json.dumps({name: table.plain(history, asked.day, configs[name]) for name, history in histories.items()}))
    return 0


def read(given: argparse.Namespace) -> Asked:
    """Raises DayFileError for what the files say wrong, ValueError for an option, OSError for a missing file."""
    config = company(OURS)
    counts = day.read_counts(given.file, given.day)
    draws = {name: day.distribution(getattr(given, name)) for name in ("talk", "wrap_up", "patience")}
    plan = day.arrivals(counts, config, given.seed, **draws)
    if given.shifts:
        team = roster.read_roster(given.shifts, config)
    else:
        agents = given.agents or _enough(counts, plan)
        team = roster.mixed(agents, config, given.seed, *day.edges(counts))
    whole = day.whole_day(plan, team.shifts, counts, team.answer_ms)
    return Asked(whole, len({shift.agent for shift in team.shifts}), counts[0].length_ms)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="replay", description="A day of calls under several policies.")
    parser.add_argument("file", type=Path, nargs="?", default=EXAMPLE, help="CSV: start,calls[,queue,lang]")
    parser.add_argument("--day", default="", help="which date, where the file has several")
    parser.add_argument("--shifts", type=Path, help="CSV: agent,start,end,queues[,skills,experience,answer_s]")
    parser.add_argument("--agents", type=int, default=0, help="how many work (0: enough for 80 %% within 20 s)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--talk", default="lognormal:180:1.0", help="seconds of talk")
    parser.add_argument("--wrap-up", default="exponential:30", help="seconds of wrap-up")
    parser.add_argument("--patience", default="exponential:150", help="seconds until who waits gives up")
    parser.add_argument("--intervals", action="store_true", help="each interval, under our policy")
    parser.add_argument("--people", action="store_true", help="each agent, under our policy")
    return parser


def _enough(counts: list[day.Count], plan: list[Arrival]) -> int:
    """By Erlang C for the busiest hour."""
    hours: dict[int, Any] = {}
    for count in counts:
        hour = count.start_ms // 3_600_000
        hours[hour] = hours.get(hour, 0) + count.calls
    handling = sum(each.talk_ms + each.wrap_up_ms for each in plan) / max(1, len(plan)) / 1000
    load = max(hours.values()) / 3600 * handling
    return math.ceil(agents_needed(load, handling, 20, 0.8) * MARGIN) if load else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
