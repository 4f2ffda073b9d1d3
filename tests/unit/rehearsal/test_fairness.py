"""The fairness contract: difficulty and skill may move work, but not past a stated bound."""

from typing import Any

import pytest

from hearthline.rehearsal.fairness import FAIR_WITHIN
from hearthline.rehearsal.playing import Playing
from local.replay import day, roster, table
from local.replay.__main__ import EXAMPLE
from local.replay.policies import POLICIES, SETTINGS, company

AGENTS = 12


def index_under(policy: str, seed: int) -> float:
    """Jain's index of contacts an hour of the example day."""
    counts, config = day.read_counts(EXAMPLE), company(POLICIES[policy])
    draws: dict[str, Any] = {
        "talk": day.lognormal(180, 1.0),
        "wrap_up": day.exponential(30),
        "patience": day.exponential(150),
    }
    plan = day.arrivals(counts, config, seed, **draws)
    team = roster.mixed(AGENTS, config, seed, *day.edges(counts))
    whole = day.whole_day(plan, team.shifts, counts, team.answer_ms)
    return float(table.plain(Playing(SETTINGS, config, whole).play(), whole, config)["jain"])


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_over_a_day_ours_shares_work_as_evenly_as_longest_idle_within_the_stated_bound(seed: int) -> None:
    assert index_under("ours", seed) >= index_under("longest-idle", seed) - FAIR_WITHIN


def test_giving_every_call_to_the_best_breaks_the_bound() -> None:
    assert index_under("value", 1) < index_under("longest-idle", 1) - FAIR_WITHIN
