"""From counts per interval to arrivals, from a head count to shifts: seeded, so that a file and a seed are one day."""

import csv
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Final

from hearthline.config.model import Config
from hearthline.daybook.model import Shift
from hearthline.floor.model import LANGUAGES
from hearthline.rehearsal.day import Arrival, Day, Patience

DEFAULT_INTERVAL_S: Final = 300
BEGAN: Final = 1_760_054_400_000
"""Midnight of the day that is played: what date it has does not matter."""
DATE: Final = len("2026-01-31")
ENGLISH: Final = 0.2
"""The share of callers who speak English where the file does not say."""


class DayFileError(ValueError):
    """The file is no day; the message names the line, what was expected and what to do."""


@dataclass(frozen=True)
class Count:
    """``calls`` arrive within ``length_ms`` from ``start_ms`` of the day on."""

    start_ms: int
    length_ms: int
    calls: int
    queue: str = ""
    lang: str = ""


def read_counts(path: Path, date: str = "") -> list[Count]:
    """Columns ``start`` (HH:MM or a date with time) and ``calls``; ``queue`` and ``lang`` where they are known.

    ``date`` (YYYY-MM-DD) chooses a day of a file that has several. Raises DayFileError, or OSError when there is no
    such file.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    if not rows or not {"start", "calls"} <= set(rows[0]):
        raise DayFileError(f"{path}: the first line names the columns: start,calls and, where known, queue,lang")
    days = dict[str, list[tuple[int, dict[str, str]]]]()
    for line, row in enumerate(rows, 2):
        start = row["start"].strip()
        days.setdefault(start[:DATE] if "-" in start else "", []).append((line, row))
    if (date or len(days) > 1) and date not in days:
        raise DayFileError(f"{path}: choose one of its {len(days)} days with --day, from {min(days)} to {max(days)}")
    return _counts(days[date] if date else next(iter(days.values())))


def _counts(rows: list[tuple[int, dict[str, str]]]) -> list[Count]:
    read = [
        (moment(row["start"], line, "start"), whole_number(row["calls"], line, "calls"), _lang(row, line), row)
        for line, row in rows
    ]
    gaps = [later - sooner for sooner, later in pairwise(sorted({start for start, *_ in read}))]
    length = min(gaps, default=DEFAULT_INTERVAL_S * 1000)
    return [Count(start, length, calls, row.get("queue") or "", lang) for start, calls, lang, row in read]


def moment(text: str, line: int, column: str) -> int:
    """A time of the day in ms from its midnight. Raises DayFileError."""
    for form in ("%H:%M", "%H:%M:%S", "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%d %H:%M:%S"):
        try:
            at = datetime.strptime(text.strip(), form)  # noqa: DTZ007 - a time of the day, of no zone
        except ValueError:
            continue
        return ((at.hour * 60 + at.minute) * 60 + at.second) * 1000
    raise DayFileError(f"line {line}, {column}: expected a time such as 09:30, found {text[:32]!r}")


def whole_number(text: str, line: int, column: str) -> int:
    """Raises DayFileError."""
    if not text.strip().isdigit():
        raise DayFileError(f"line {line}, {column}: expected a whole number, found {text[:32]!r}")
    return int(text)


def _lang(row: dict[str, str], line: int) -> str:
    lang = row.get("lang") or ""
    if lang not in ("", *LANGUAGES):
        raise DayFileError(f"line {line}, lang: expected {' or '.join(LANGUAGES)}, found {lang[:32]!r}")
    return lang


Draw = Callable[[Random], float]


def exponential(mean: float) -> Draw:
    return lambda chance: chance.expovariate(1 / mean)


def lognormal(mean: float, cv: float) -> Draw:
    """``cv``: standard deviation over mean; handling times have 0.8 to 1.2."""
    spread = math.sqrt(math.log(1 + cv * cv))
    middle = math.log(mean) - spread * spread / 2
    return lambda chance: chance.lognormvariate(middle, spread)


def hyperexponential(mean: float, cv: float) -> Draw:
    """Two kinds of people, balanced; ``cv`` of 1 or more."""
    share = (1 + math.sqrt((cv * cv - 1) / (cv * cv + 1))) / 2
    return lambda chance: chance.expovariate((2 * share if chance.random() < share else 2 * (1 - share)) / mean)


def distribution(text: str) -> Draw:
    """``exponential:180``, ``lognormal:180:1.1`` or ``hyperexponential:180:1.5``; seconds. Raises ValueError."""
    name, *numbers = text.split(":")
    made: dict[str, tuple[Callable[..., Draw], int]] = {
        "exponential": (exponential, 1),
        "lognormal": (lognormal, 2),
        "hyperexponential": (hyperexponential, 2),
    }
    if name not in made or len(numbers) != made[name][1]:
        raise ValueError(f"{text!r}: expected exponential:MEAN, lognormal:MEAN:CV or hyperexponential:MEAN:CV")
    try:
        values = [float(number) for number in numbers]
    except ValueError:
        values = [0.0]
    if min(values) <= 0 or (name == "hyperexponential" and values[1] < 1):
        raise ValueError(f"{text!r}: expected numbers above 0, and 1 or more for the CV of a hyperexponential")
    return made[name][0](*values)


def arrivals(
    counts: Sequence[Count], config: Config, seed: int, *, talk: Draw, wrap_up: Draw, patience: Draw
) -> list[Arrival]:
    """Each call at a moment of its interval, about one of the matters of its queue; harder matters take longer.

    Raises DayFileError for a queue without matters.
    """
    chance, made = Random(seed), list[Arrival]()
    for count in counts:
        about = [each for each in config.matters if not count.queue or each.queue == count.queue]
        if not about:
            known = ", ".join(sorted({each.queue for each in config.matters}))
            raise DayFileError(f"queue: expected one of {known}, found {count.queue[:32]!r}")
        for _ in range(count.calls):
            matter = chance.choice(about)
            harder = 0.5 + matter.difficulty / 100
            made.append(
                Arrival(
                    contact=f"call-{len(made)}",
                    at=BEGAN + count.start_ms + chance.randrange(count.length_ms),
                    queue=matter.queue,
                    lang=count.lang or ("en" if chance.random() < ENGLISH else "zh"),
                    matter=matter.id,
                    talk_ms=_ms(talk(chance) * harder),
                    wrap_up_ms=_ms(wrap_up(chance)),
                    patience_ms=_ms(patience(chance)),
                )
            )
    return sorted(made, key=lambda arrival: arrival.at)


def whole_day(
    plan: Sequence[Arrival], worked: Sequence[Shift], counts: Sequence[Count], answer_ms: Mapping[str, int]
) -> Day:
    """Arrivals and shifts as a day that can be played."""
    first, last = edges(counts)
    return Day(BEGAN + first, BEGAN + last, tuple(plan), tuple(worked), Patience(0, 0, None), answer_ms)


def edges(counts: Sequence[Count]) -> tuple[int, int]:
    """The first moment of the day and the last, in ms from its midnight."""
    return min(count.start_ms for count in counts), max(count.start_ms + count.length_ms for count in counts)


def _ms(seconds: float) -> int:
    return max(1, round(seconds * 1000))
