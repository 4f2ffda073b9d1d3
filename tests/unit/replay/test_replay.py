"""`make replay`: a file of counts becomes a day, and what is wrong with a file is said with its line."""

import csv
import json
import math
import os
from pathlib import Path
from random import Random
from statistics import mean, stdev

import pytest

from hearthline.rehearsal.playing import Playing
from local.replay.__main__ import EXAMPLE, main
from local.replay.day import (
    BEGAN,
    DayFileError,
    arrivals,
    distribution,
    edges,
    exponential,
    read_counts,
    whole_day,
)
from local.replay.policies import OURS, SETTINGS, company
from local.replay.roster import mixed, read_roster
from local.replay.table import plain

SHIFTS = EXAMPLE.with_name("shifts.csv")
HANDED_OVER = Path(os.environ.get("HEARTHLINE_DATA", "")) / "bank_calls.csv"
HALF_HOUR = 1_800_000


def written(folder: Path, text: str) -> Path:
    path = folder / "day.csv"
    path.write_text(text, encoding="utf-8")
    return path


def busy_days(folder: Path) -> list[tuple[Path, str]]:
    """The example, and a day of the bank where its calls are at hand."""
    days = [(EXAMPLE, "")]
    if HANDED_OVER.is_file():
        with HANDED_OVER.open(encoding="utf-8") as file:
            lines = [f"{row['DateTime']},{row['Calls']}" for row in csv.DictReader(file)]
        days.append((written(folder, "\n".join(["start,calls", *lines])), lines[0][:10]))
    return days


def test_each_call_of_a_file_comes_in_its_interval_and_the_same_seed_is_the_same_day(tmp_path: Path) -> None:
    draws = {name: exponential(60) for name in ("talk", "wrap_up", "patience")}
    for path, date in busy_days(tmp_path):
        counts = read_counts(path, date)
        plan = arrivals(counts, company(OURS), 7, **draws)
        for count in counts:
            start = BEGAN + count.start_ms
            assert sum(start <= each.at < start + count.length_ms for each in plan) == count.calls
        assert plan == arrivals(counts, company(OURS), 7, **draws) != arrivals(counts, company(OURS), 8, **draws)


def test_every_call_of_a_busy_hour_is_accounted_for(tmp_path: Path) -> None:
    for path, date in busy_days(tmp_path):
        counts = read_counts(path, date)
        hour = [each for each in counts if each.start_ms < counts[0].start_ms + 2 * HALF_HOUR]
        config = company(OURS)
        plan = arrivals(hour, config, 3, talk=exponential(60), wrap_up=exponential(10), patience=exponential(60))
        team = mixed(12, config, 3, *edges(hour))
        day = whole_day(plan, team.shifts, hour, team.answer_ms)
        found = plain(Playing(SETTINGS, config, day).play(), day, config)
        assert found["offered"] == sum(each.calls for each in hour) > 0
        assert found["offered"] == found["answered"] + found["abandoned"] + found["waiting"]


def test_the_command_prints_each_policy_and_ends_in_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    day = written(tmp_path, "start,calls,queue,lang\n09:00,9,billing,zh\n09:30,6,broadband,en\n")
    assert main([str(day), "--shifts", str(SHIFTS), "--intervals", "--people"]) == 0
    lines = capsys.readouterr().out.splitlines()
    found = json.loads(lines[-1])
    assert set(found) == {"ours", "longest-idle", "value"}
    for each in found.values():
        assert (each["offered"], each["queues"]["billing"]["offered"]) == (15, 9)
    assert [line.split()[1] for line in lines if line.startswith(("09:00", "09:30"))] == ["9", "6"]
    assert any(line.startswith("mei") for line in lines)


def test_a_break_is_two_shifts_and_who_lets_it_ring_longer_is_known() -> None:
    team = read_roster(SHIFTS, company(OURS))
    mei = [each for each in team.shifts if each.agent == "mei"]
    assert [(each.began - BEGAN, each.ended - BEGAN) for each in mei] == [
        (16 * HALF_HOUR, 24 * HALF_HOUR),
        (25 * HALF_HOUR + HALF_HOUR // 2, 33 * HALF_HOUR),
    ]
    assert (mei[0].queues, mei[0].skills, mei[0].experience) == (
        {"broadband": 5, "billing": 3},
        {"zh": 5, "en": 4},
        900,
    )
    assert (team.answer_ms["mei"], team.answer_ms["hao"]) == (3_000, 5_000)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("from,calls\n09:00,1\n", "start,calls"),
        ("start,calls\nnine,1\n", "line 2, start"),
        ("start,calls\n09:00,1\n09:30,many\n", "line 3, calls"),
        ("start,calls,lang\n09:00,1,fr\n", "line 2, lang"),
        ("start,calls,queue\n09:00,1,cooking\n", "cooking"),
        ("start,calls\n2024-01-01 09:00:00,1\n2024-01-02 09:00:00,1\n", "--day"),
    ],
)
def test_what_is_wrong_with_a_day_is_said(
    text: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(written(tmp_path, text))]) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("mei,09:00,08:00,billing:3", "line 2, end"),
        ("mei,09:00,12:00,billing:6", "line 2, queues"),
        ("mei,09:00,12:00,cooking:3", "cooking"),
        ("mei,09:00,12:00,", "line 2, queues"),
    ],
)
def test_what_is_wrong_with_shifts_is_said(line: str, said: str, tmp_path: Path) -> None:
    path = written(tmp_path, f"agent,start,end,queues\n{line}\n")
    with pytest.raises(DayFileError, match=said):
        read_roster(path, company(OURS))


def test_one_day_of_several_is_chosen_by_its_date(tmp_path: Path) -> None:
    path = written(tmp_path, "start,calls\n2024-01-01 09:00:00,4\n2024-01-02 09:00:00,5\n2024-01-02 09:05:00,6\n")
    assert [each.calls for each in read_counts(path, "2024-01-02")] == [5, 6]


@pytest.mark.parametrize(
    ("text", "cv"), [("exponential:90", 1.0), ("lognormal:90:0.5", 0.5), ("hyperexponential:90:1.5", 1.5)]
)
def test_distributions_have_the_mean_and_the_spread_they_were_asked_for(text: str, cv: float) -> None:
    draw, chance = distribution(text), Random(11)
    drawn = [draw(chance) for _ in range(40_000)]
    assert mean(drawn) == pytest.approx(90, rel=0.03)
    assert stdev(drawn) / mean(drawn) == pytest.approx(cv, rel=0.05)


@pytest.mark.parametrize(
    "text", ["normal:90:1", "exponential:0", "hyperexponential:90:0.5", "lognormal:90", "exponential:x"]
)
def test_what_is_no_distribution_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="expected"):
        distribution(text)


def test_exponential_patience_is_memoryless() -> None:
    draw, chance = distribution("exponential:60"), Random(5)
    drawn = [draw(chance) for _ in range(40_000)]
    assert sum(each > 60 for each in drawn) / len(drawn) == pytest.approx(math.exp(-1), abs=0.01)
