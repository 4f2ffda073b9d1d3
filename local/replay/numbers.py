"""The numbers of a day that was played: kpis as the board has them, fairness, and who got the hard ones."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from hearthline.config.model import Config
from hearthline.rehearsal.day import Day, History, Played

ANSWER_WITHIN_MS: Final = 20_000
SHORT_MS: Final = 5_000
"""The service level leaves out who gave up sooner than this."""
HARD: Final = 60
"""A contact of this difficulty or more (of 100) is a hard one."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """Shares 0 to 1, None where nothing was to be counted. Times in seconds. ``jain`` is over busy time by shift."""

    offered: int
    answered: int
    abandoned: int
    waiting: int
    service_level: float | None
    asa_s: float | None
    mean_wait_s: float | None
    longest_wait_s: float
    abandonment: float | None
    occupancy: float | None = None
    jain: float | None = None
    hard_to_experienced: float | None = None
    rank_correlation: float | None = None


def wait_ms(played: Played) -> int | None:
    """None for who still waits."""
    end = played.answered_at or played.left_at
    return end - played.arrival.at if end else None


def of_day(history: History, day: Day, config: Config) -> Numbers:
    """Raises ValueError when they do not add up."""
    contacts = list(history.contacts.values())
    waits = of_contacts(contacts)
    shares = [history.busy_ms.get(agent, 0) / ms for agent, ms in history.at_work_ms.items() if ms]
    experience = {shift.agent: shift.experience for shift in day.shifts}
    middle = sorted(experience.values())[len(experience) // 2]
    pairs = [(_difficulty(each, config), experience[each.agent]) for each in contacts if each.agent]
    hard = [seen for difficulty, seen in pairs if difficulty >= HARD]
    return Numbers(
        **{name: getattr(waits, name) for name in Numbers.__slots__[:9]},
        occupancy=_share(sum(history.busy_ms.values()), sum(history.at_work_ms.values())),
        jain=jain(shares),
        hard_to_experienced=_share(sum(seen >= middle for seen in hard), len(hard)),
        rank_correlation=spearman(pairs),
    )


def _difficulty(played: Played, config: Config) -> int:
    matter = config.matter(played.arrival.matter)
    return matter.difficulty if matter else 50


def of_contacts(contacts: Collection[Played]) -> Numbers:
    """Raises ValueError when offered is not answered + abandoned + waiting."""
    answered = [each for each in contacts if each.answered_at]
    left = [each for each in contacts if each.left_at and not each.answered_at]
    waiting = sum(wait_ms(each) is None for each in contacts)
    if len(answered) + len(left) + waiting != len(contacts):
        raise ValueError("offered is not answered + abandoned + waiting")
    waits = [wait_ms(each) or 0 for each in (*answered, *left)]
    soon = sum((wait_ms(each) or 0) <= ANSWER_WITHIN_MS for each in answered)
    short = sum((wait_ms(each) or 0) < SHORT_MS for each in left)
    return Numbers(
        offered=len(contacts),
        answered=len(answered),
        abandoned=len(left),
        waiting=waiting,
        service_level=_share(soon, len(contacts) - short),
        asa_s=_mean([wait_ms(each) or 0 for each in answered]),
        mean_wait_s=_mean(waits),
        longest_wait_s=max(waits, default=0) / 1000,
        abandonment=_share(len(left), len(contacts)),
    )


def jain(loads: Sequence[float]) -> float | None:
    """Jain's index of fairness: 1 when all carry the same, 1/n when one carries all."""
    squares = sum(load * load for load in loads)
    return sum(loads) ** 2 / (len(loads) * squares) if squares else None


def spearman(pairs: Sequence[tuple[float, float]]) -> float | None:
    """The rank correlation, equals sharing the middle of their places; None for fewer than two or no spread."""
    if len(pairs) < 2:
        return None
    first, second = _ranks([a for a, _ in pairs]), _ranks([b for _, b in pairs])
    middle = (len(pairs) - 1) / 2
    top = sum((a - middle) * (b - middle) for a, b in zip(first, second, strict=True))
    below = sum((a - middle) ** 2 for a in first) * sum((b - middle) ** 2 for b in second)
    return top / below**0.5 if below else None


def _ranks(values: Sequence[float]) -> list[float]:
    ordered = sorted(values)
    first = {value: n for n, value in reversed(list(enumerate(ordered)))}
    last = {value: n for n, value in enumerate(ordered)}
    return [(first[value] + last[value]) / 2 for value in values]


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def _mean(values: Iterable[int]) -> float | None:
    listed = list(values)
    return sum(listed) / len(listed) / 1000 if listed else None
