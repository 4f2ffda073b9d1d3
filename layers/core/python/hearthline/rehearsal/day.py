"""A day as it is played: who comes when and with how much patience, who is at work. Pure; chance is passed in.

What the book of a day does not know is drawn once, so that every configuration meets the same customers:

- Patience. Who left had waited exactly as long as he was willing to. Who was answered would have waited at least that
  long: his patience is his wait and an exponential time more, whose mean is the whole waiting of all customers for each
  one who left (the maximum-likelihood mean of waits cut off by an answer). Where nobody left, nobody leaves.
- Talk and wrap-up of who left: those of somebody answered on the same matter, else of anybody answered.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Final

from hearthline.daybook.model import Line, Shift

FOREVER_MS: Final = 10 * 86_400_000
DEFAULT_TALK_MS: Final = 180_000
DEFAULT_WRAP_UP_MS: Final = 30_000
"""For a day on which nobody was answered."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A customer enters a queue at ``at`` and leaves after ``patience_ms`` without an answer."""

    contact: str
    at: int
    queue: str
    matter: str
    lang: str
    talk_ms: int
    wrap_up_ms: int
    patience_ms: int


@dataclass(frozen=True, slots=True)
class Patience:
    """How it was come by: so many ``left``, so many were ``answered``; ``mean_ms`` None where nobody left."""

    left: int
    answered: int
    mean_ms: int | None


@dataclass(frozen=True, slots=True)
class Day:
    """``answer_ms`` from the first ring to the answer, by agent, where somebody is known to be quicker or slower."""

    began: int
    ended: int
    arrivals: tuple[Arrival, ...]
    shifts: tuple[Shift, ...]
    patience: Patience
    answer_ms: Mapping[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class Visit:
    """A stay in one queue; ``moved_at`` when the contact overflowed to the next one, 0 when it did not."""

    queue: str
    entered_at: int
    moved_at: int = 0


@dataclass(slots=True)
class Played:
    """How one contact went; 0 and '' stand for what did not happen."""

    arrival: Arrival
    visits: list[Visit]
    answered_at: int = 0
    left_at: int = 0
    wrapped_up_at: int = 0
    agent: str = ""

    @property
    def queue(self) -> str:
        """Where it was answered or left, or waits."""
        return self.visits[-1].queue

    @property
    def waited_ms(self) -> int | None:
        """From the first queue on, an overflow included; None for who still waits."""
        ended = self.answered_at or self.left_at
        return ended - self.arrival.at if ended else None


@dataclass(slots=True)
class Work:
    """An agent's day; ``ms`` by state of the floor. ``missed`` rang out."""

    handled: int = 0
    missed: int = 0
    ms: dict[str, int] = field(default_factory=dict)

    @property
    def busy_ms(self) -> int:
        """Talk, hold and wrap-up."""
        return self.ms.get("on_contact", 0) + self.ms.get("wrap_up", 0)

    @property
    def at_work_ms(self) -> int:
        """Ready for contacts or busy with them, also past the end of a shift; breaks and pauses are left out."""
        return self.busy_ms + self.ms.get("available", 0) + self.ms.get("offered", 0)


@dataclass(slots=True)
class History:
    """How each contact went, and each agent's day."""

    contacts: dict[str, Played] = field(default_factory=dict)
    work: dict[str, Work] = field(default_factory=dict)


def day_from(lines: Sequence[Line], shifts: Sequence[Shift], bounds: tuple[int, int], chance: Random) -> Day:
    """The day of calls that the book tells of; the same ``chance`` draws the same day.

    Messages are left out: an agent answers several at once, which no talk time describes.
    """
    lines = [line for line in lines if line.channel != "message"]
    answered = [line for line in lines if line.outcome == "answered"]
    left = sum(line.outcome == "abandoned" for line in lines)
    waiting = sum(line.waited_ms for line in lines)
    patience = Patience(left, len(answered), max(1, waiting // left) if left else None)
    arrivals = tuple(_arrival(line, answered, patience.mean_ms, chance) for line in lines)
    return Day(*bounds, arrivals, tuple(shifts), patience)


def _arrival(line: Line, answered: Sequence[Line], mean_ms: int | None, chance: Random) -> Arrival:
    like = line if line.outcome == "answered" else _somebody_like(line, answered, chance)
    if line.outcome == "abandoned":
        patience = line.waited_ms
    else:
        patience = line.waited_ms + round(chance.expovariate(1 / mean_ms)) if mean_ms else FOREVER_MS
    return Arrival(
        contact=line.contact,
        at=line.queued_at,
        queue=line.queue,
        matter=line.matter,
        lang=line.lang,
        talk_ms=like.talk_ms if like else DEFAULT_TALK_MS,
        wrap_up_ms=like.wrap_up_ms if like else DEFAULT_WRAP_UP_MS,
        patience_ms=patience,
    )


def _somebody_like(line: Line, answered: Sequence[Line], chance: Random) -> Line | None:
    same = [each for each in answered if each.matter == line.matter] or answered
    return chance.choice(same) if same else None
