"""How fast a queue moves: learned from who was answered lately, told as the time one place takes. Pure; times in ms."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

KEPT: Final = 20
"""Waits that count; what came before them is another hour's crowd."""
FADES_MS: Final = 3_600_000
"""A wait that ended longer ago than this says nothing of now."""
PRIOR_MS: Final = 90_000
"""What one place takes as long as nothing is known: a talk of six minutes shared by four agents."""
PRIOR_PLACES: Final = 4
"""So many places of experience outweigh the prior."""
LEAST_MS, MOST_MS = 3_000, 600_000
"""No place is said to take less or more, whatever was measured."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Somebody who came as number ``places`` in line was answered at ``at`` after ``waited_ms``."""

    at: int
    places: int
    waited_ms: int


def with_wait(recent: Sequence[Wait], wait: Wait) -> list[Wait]:
    """The last waits and this one, the oldest first, at most ``KEPT``."""
    return sorted([*recent, wait], key=lambda each: each.at)[-KEPT:]


def place_ms(recent: Sequence[Wait], now: int) -> int:
    """What one place takes: waits over places of the last hour, drawn to the prior while they are few."""
    counted = [each for each in recent if now - each.at < FADES_MS]
    waited = sum(each.waited_ms for each in counted) + PRIOR_PLACES * PRIOR_MS
    places = sum(max(1, each.places) for each in counted) + PRIOR_PLACES
    return min(max(waited // places, LEAST_MS), MOST_MS)
