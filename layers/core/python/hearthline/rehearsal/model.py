"""A day as it is put in, and what came of it. Pure; times in ms from the beginning of the day unless named else."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

ANSWER_WITHIN_MS: Final = 20_000
SHORT_MS: Final = 5_000
"""The service level leaves out who gave up sooner than this."""
HARD: Final = 60
"""A contact of this difficulty or more (of 100) is a hard one."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A contact; ``patience_ms`` 0 waits for ever."""

    at_ms: int
    queue: str
    lang: Literal["zh", "en"]
    matter: str
    talk_ms: int
    wrap_up_ms: int = 0
    patience_ms: int = 0
    customer: str = ""


@dataclass(frozen=True, slots=True)
class Shift:
    """An agent at work. ``answer_ms``: how long the screen rings before he answers."""

    agent: str
    queues: dict[str, int]
    skills: dict[str, int]
    from_ms: int
    to_ms: int
    answer_ms: int = 0
    experience: int = 0


@dataclass(slots=True)
class Visit:
    """What became of one arrival; None where it did not come to that."""

    arrival: Arrival
    answered_ms: int | None = None
    ended_ms: int | None = None
    abandoned_ms: int | None = None
    agent: str = ""
    difficulty: int = 50

    @property
    def wait_ms(self) -> int | None:
        end = self.answered_ms if self.answered_ms is not None else self.abandoned_ms
        return None if end is None else end - self.arrival.at_ms


@dataclass(slots=True)
class Work:
    """One agent's day: ms at work and ms busy (ringing, talk, wrap-up), contacts handled."""

    agent: str
    experience: int
    present_ms: int = 0
    busy_ms: int = 0
    handled: int = 0

    @property
    def share(self) -> float | None:
        return self.busy_ms / self.present_ms if self.present_ms else None


@dataclass(frozen=True, slots=True)
class Numbers:
    """The KPIs of a day or a queue; shares 0 to 1, None where nothing was to be counted. Times in seconds."""

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


@dataclass(frozen=True, slots=True)
class Report:
    """``total`` and each queue; ``work`` per agent; ``visits`` are the contacts behind the numbers."""

    total: Numbers
    queues: dict[str, Numbers]
    work: tuple[Work, ...]
    visits: tuple[Visit, ...] = field(repr=False)


def report(visits: Sequence[Visit], work: Sequence[Work]) -> Report:
    """The numbers of a day that was played."""
    queues = sorted({visit.arrival.queue for visit in visits})
    total = numbers(visits)
    present = [one for one in work if one.present_ms]
    hard = [visit for visit in visits if visit.agent and visit.difficulty >= HARD]
    experience = {one.agent: one.experience for one in work}
    middle = sorted(experience.values())[len(experience) // 2] if experience else 0
    return Report(
        Numbers(
            **{name: getattr(total, name) for name in Numbers.__slots__[:9]},
            occupancy=_share(sum(one.busy_ms for one in present), sum(one.present_ms for one in present)),
            jain=jain([one.share or 0.0 for one in present]),
            hard_to_experienced=_share(sum(experience[visit.agent] >= middle for visit in hard), len(hard)),
            rank_correlation=spearman([(visit.difficulty, experience[visit.agent]) for visit in visits if visit.agent]),
        ),
        {queue: numbers([visit for visit in visits if visit.arrival.queue == queue]) for queue in queues},
        tuple(work),
        tuple(visits),
    )


def numbers(visits: Sequence[Visit]) -> Numbers:
    """Raises ValueError when they do not add up: offered = answered + abandoned + waiting."""
    answered = [visit for visit in visits if visit.answered_ms is not None]
    abandoned = [visit for visit in visits if visit.abandoned_ms is not None]
    waiting = sum(visit.wait_ms is None for visit in visits)
    if len(answered) + len(abandoned) + waiting != len(visits):
        raise ValueError("offered is not answered + abandoned + waiting")
    waits = [visit.wait_ms or 0 for visit in (*answered, *abandoned)]
    soon = sum((visit.wait_ms or 0) <= ANSWER_WITHIN_MS for visit in answered)
    short = sum((visit.wait_ms or 0) < SHORT_MS for visit in abandoned)
    return Numbers(
        offered=len(visits),
        answered=len(answered),
        abandoned=len(abandoned),
        waiting=waiting,
        service_level=_share(soon, len(visits) - short),
        asa_s=_mean([visit.wait_ms or 0 for visit in answered]),
        mean_wait_s=_mean(waits),
        longest_wait_s=max(waits, default=0) / 1000,
        abandonment=_share(len(abandoned), len(visits)),
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
