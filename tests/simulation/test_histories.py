"""Thousands of histories in which everything may fail between any two effects: nothing is lost, nobody rung twice."""

import json
import os
import subprocess
import sys
from typing import Final

import pytest
from hypothesis import HealthCheck, settings

from local.places import ROOT
from tests.simulation import crash, faults, invariants, planted
from tests.simulation.machine import Machine
from tests.simulation.report import history, play, story

SEEDS: Final = range(1, 2_001)
HEALTHY: Final = range(1, 61)
CALLS, FAULTS, EACH = 50_000, 40_000, 500
RUN: Final = "from tests.simulation.report import history; print(history(12).trace)"

TestTheFloor = Machine.TestCase
# It may be the one who waits when the machine is busy: slowness says nothing here.
TestTheFloor.settings = settings(
    max_examples=500,
    stateful_step_count=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)


def test_nothing_is_lost_in_two_thousand_histories_whatever_fails() -> None:
    report = play(SEEDS)
    print("\n".join(report.table()))
    print(report.json())
    assert report.broken == []
    assert report.calls >= CALLS
    assert report.faults.total() >= FAULTS
    assert {kind for kind in faults.KINDS if report.faults[kind] < EACH} == set()


def test_in_healthy_histories_the_older_goes_first_nobody_waits_in_vain_and_the_sweep_finds_nothing() -> None:
    report = play(HEALTHY, healthy=True)
    assert report.broken == []
    assert report.faults.total() == 0
    # Only an agent who hangs up while a callback is still dialled throws somebody back, and he does so now and then.
    assert {name for name in invariants.CHECKED if not report.held[name]} - {"head"} == {"sweep"}


def test_one_seed_is_one_history_also_in_another_process() -> None:
    traces = {history(12).trace}
    for salt in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": salt, "PYTHONPATH": os.pathsep.join(sys.path)}
        done = subprocess.run(  # noqa: S603 - our own code
            [sys.executable, "-c", RUN], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
        )
        traces.add(done.stdout.strip())
    assert len(traces) == 1


def test_a_history_can_be_read() -> None:
    told = story(3)
    assert told[0].startswith("seed 3: ")
    assert told[-1] == "the end: all invariants hold"
    assert any("rings" in line for line in told)
    assert all("agent-0" in line for line in story(3, "agent-0")[1:-1])


SEARCHED: Final = [bug for bug in planted.BUGS if bug.name in planted.seeds()]
"""The others stand there to be searched by `make soak NAME=planted`, which is longer than a check may take."""


@pytest.mark.parametrize("bug", SEARCHED, ids=lambda bug: bug.name)
def test_the_rig_finds_each_planted_bug(bug: planted.Bug) -> None:
    seed = planted.seeds()[bug.name]
    assert 0 < seed <= planted.MOST_SEEDS
    assert history(seed, frozenset() if bug.healthy else None).broken == ""
    found = planted.found(bug, seed)
    assert found is not None, "run `make soak NAME=planted` and look why the seed changed"


def test_there_are_at_least_twenty_planted_bugs_each_with_its_seed() -> None:
    assert len(SEARCHED) >= 20
    assert set(json.loads(planted.SEEDS.read_text())) == {bug.name for bug in SEARCHED}


@pytest.mark.parametrize("handler", crash.HANDLERS)
def test_a_handler_that_dies_at_any_effect_loses_nothing(handler: str) -> None:
    killed = next(found for seed in range(4, 24) if (found := list(crash.points(handler, seed, calls=6))))
    assert [point for point in killed if point[1]] == []
