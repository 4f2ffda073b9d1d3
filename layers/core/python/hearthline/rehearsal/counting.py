"""What became of the contacts of a played day, in sums that can be added: a mean is made once, at the end. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from hearthline.rehearsal.day import Played

ANSWERED_WITHIN_MS: Final = 20_000
SHORT_ABANDON_MS: Final = 5_000
"""The service level leaves out who gave up within this."""


@dataclass(frozen=True, slots=True)
class Waits:
    """Contacts that entered and what became of each; times in ms. Raises ValueError when they do not add up.

    The properties are shares 0 to 1 and mean ms; None where there is nothing to divide by.
    """

    offered: int
    answered: int
    abandoned: int
    overflowed: int
    waiting: int
    in_time: int
    short: int
    answered_ms: int
    abandoned_ms: int
    longest_ms: int

    def __post_init__(self) -> None:
        if self.offered != self.answered + self.abandoned + self.overflowed + self.waiting:
            raise ValueError("queued is not answered + abandoned + overflowed + still waiting")

    def __add__(self, more: "Waits") -> "Waits":
        return Waits(
            offered=self.offered + more.offered,
            answered=self.answered + more.answered,
            abandoned=self.abandoned + more.abandoned,
            overflowed=self.overflowed + more.overflowed,
            waiting=self.waiting + more.waiting,
            in_time=self.in_time + more.in_time,
            short=self.short + more.short,
            answered_ms=self.answered_ms + more.answered_ms,
            abandoned_ms=self.abandoned_ms + more.abandoned_ms,
            longest_ms=max(self.longest_ms, more.longest_ms),
        )

    @property
    def service_level(self) -> float | None:
        """Answered within 20 s of those offered, without who gave up within 5 s."""
        return _per(self.in_time, self.offered - self.short)

    @property
    def abandonment(self) -> float | None:
        return _per(self.abandoned, self.offered)

    @property
    def asa_ms(self) -> float | None:
        """The mean wait of those who were answered."""
        return _per(self.answered_ms, self.answered)

    @property
    def mean_wait_ms(self) -> float | None:
        """Of all whose wait came to an end, those who gave up included."""
        return _per(self.answered_ms + self.abandoned_ms, self.answered + self.abandoned)

    @property
    def longest_wait_ms(self) -> int | None:
        return self.longest_ms if self.answered + self.abandoned else None


def of_customers(contacts: Iterable[Played]) -> Waits:
    """Each customer once, however many queues he waited in."""
    return _waits(list(contacts), 0)


def of_queue(contacts: Iterable[Played], queue: str) -> Waits:
    """Each visit to the queue once. Who overflowed waited for whoever answers him in the end: his wait counts there."""
    visited = [(each, visit) for each in contacts for visit in each.visits if visit.queue == queue]
    return _waits([each for each, visit in visited if not visit.moved_at], sum(bool(v.moved_at) for _, v in visited))


def by_interval(contacts: Iterable[Played], began: int, length_ms: int) -> dict[int, Waits]:
    """By the beginning of the interval (ms) in which the customers came; empty intervals are left out."""
    found = dict[int, list[Played]]()
    for each in contacts:
        found.setdefault(each.arrival.at - (each.arrival.at - began) % length_ms, []).append(each)
    return {start: of_customers(found[start]) for start in sorted(found)}


def _waits(here: list[Played], overflowed: int) -> Waits:
    answered = [each.waited_ms or 0 for each in here if each.answered_at]
    left = [each.waited_ms or 0 for each in here if each.left_at]
    return Waits(
        offered=len(here) + overflowed,
        answered=len(answered),
        abandoned=len(left),
        overflowed=overflowed,
        waiting=sum(each.waited_ms is None for each in here),
        in_time=sum(wait <= ANSWERED_WITHIN_MS for wait in answered),
        short=sum(wait <= SHORT_ABANDON_MS for wait in left),
        answered_ms=sum(answered),
        abandoned_ms=sum(left),
        longest_ms=max([*answered, *left], default=0),
    )


def _per(part: float, whole: float) -> float | None:
    return part / whole if whole else None
