"""Who works: from a file of shifts, or so many agents of mixed skill."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Final

from hearthline.config.model import Config
from hearthline.daybook.model import Shift
from local.replay.day import BEGAN, DayFileError, whole_number
from local.replay.day import moment as time_of_day

TOP_LEVEL: Final = 5
DEFAULT_SKILLS: Final = "zh:5 en:5"


@dataclass(frozen=True)
class Roster:
    """``answer_ms`` by agent, where the file says how long he lets it ring."""

    shifts: tuple[Shift, ...]
    answer_ms: Mapping[str, int]


def read_roster(path: Path, config: Config) -> Roster:
    """Columns ``agent``, ``start``, ``end`` (HH:MM), ``queues`` such as ``broadband:4 billing:2``; where they are known
    ``skills`` such as ``zh:5 en:3``, ``experience`` (contacts so far) and ``answer_s``. A break is two lines.

    Raises DayFileError, or OSError when there is no such file.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    if not rows or not {"agent", "start", "end", "queues"} <= set(rows[0]):
        raise DayFileError(
            f"{path}: the first line names the columns: agent,start,end,queues and, where known, "
            "skills,experience,answer_s"
        )
    known = {queue.id for queue in config.queues}
    shifts = tuple(_shift(row, line, known) for line, row in enumerate(rows, 2))
    answers = {
        row["agent"]: 1000 * whole_number(row["answer_s"], line, "answer_s")
        for line, row in enumerate(rows, 2)
        if row.get("answer_s")
    }
    return Roster(shifts, answers)


def _shift(row: dict[str, str], line: int, known: set[str]) -> Shift:
    began, ended = time_of_day(row["start"], line, "start"), time_of_day(row["end"], line, "end")
    if ended <= began:
        raise DayFileError(f"line {line}, end: expected a time after {row['start']}, found {row['end']!r}")
    queues = _levels(row["queues"], line, "queues")
    if strange := sorted(queues.keys() - known):
        raise DayFileError(f"line {line}, queues: expected some of {', '.join(sorted(known))}, found {strange[0]!r}")
    skills = _levels(row.get("skills") or DEFAULT_SKILLS, line, "skills")
    experience = whole_number(row.get("experience") or "0", line, "experience")
    return Shift(row["agent"], BEGAN + began, BEGAN + ended, queues, skills, experience)


def _levels(text: str, line: int, column: str) -> dict[str, int]:
    found = dict[str, int]()
    for each in text.split():
        name, _, level = each.partition(":")
        if not level.isdigit() or int(level) > TOP_LEVEL:
            raise DayFileError(f"line {line}, {column}: expected name:level with a level of 0 to 5, found {each!r}")
        found[name] = int(level)
    if not found:
        raise DayFileError(f"line {line}, {column}: expected name:level, found nothing")
    return found


def mixed(agents: int, config: Config, seed: int, first_ms: int, last_ms: int) -> Roster:
    """Agents of mixed skill and experience; a third comes an hour late and a third goes an hour early."""
    return Roster(tuple(_mixed(agents, config, Random(seed + 1), first_ms, last_ms)), {})


def _mixed(agents: int, config: Config, chance: Random, first_ms: int, last_ms: int) -> Iterator[Shift]:
    queues = [queue.id for queue in config.queues]
    for n in range(agents):
        main = queues[n % len(queues)]
        others = {queue: chance.randrange(1, 4) for queue in queues if queue != main and chance.random() < 0.6}
        late, early = (3_600_000 if n % 3 == 1 else 0), (3_600_000 if n % 3 == 2 else 0)
        yield Shift(
            f"agent-{n:03}",
            queues={main: chance.randrange(2, 6), **others},
            skills={"zh": 5, "en": chance.choice((0, 2, 4, 5))},
            began=BEGAN + first_ms + late,
            ended=BEGAN + max(first_ms + late + 1, last_ms - early),
            experience=chance.choice((5, 20, 80, 300, 900)),
        )
