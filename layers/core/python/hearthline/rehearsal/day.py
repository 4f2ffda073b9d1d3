"""From the book of a day to a day that can be played: who comes, with how much patience, and who is at work. Pure.

What the book does not know is drawn once, so that every configuration meets the same customers:

- Patience. Who left had waited exactly as long as he was willing to. Who was answered would have waited at least that
  long: his patience is his wait and an exponential time more, whose mean is the whole waiting of all customers for each
  one who left (the maximum-likelihood mean of waits cut off by an answer). Where nobody left, nobody leaves.
- Talk and wrap-up of who left: those of somebody answered on the same matter, else of anybody answered.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Final, Literal, cast

from hearthline.daybook import model as book
from hearthline.rehearsal.model import Arrival, Shift

FOR_EVER_MS: Final = 0
DEFAULT_TALK_MS: Final = 180_000
DEFAULT_WRAP_UP_MS: Final = 30_000
"""For a day on which nobody was answered."""
ANSWER_MS: Final = 3_000
"""From the first ring to an agent's answer."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How it was come by: so many ``left``, so many were ``answered``; ``mean_ms`` None where nobody left."""

    left: int
    answered: int
    mean_ms: int | None


@dataclass(frozen=True, slots=True)
class Day:
    """``shifts`` name each stretch of work for itself; ``agents`` says whose it is."""

    arrivals: tuple[Arrival, ...]
    shifts: tuple[Shift, ...]
    agents: dict[str, str]
    patience: Patience


def day_from(lines: Sequence[book.Line], shifts: Sequence[book.Shift], began: int, chance: Random) -> Day:
    """The day that the book tells of; the same ``chance`` draws the same day. ``began`` is its first ms."""
    answered = [line for line in lines if line.outcome == "answered"]
    left = sum(line.outcome == "abandoned" for line in lines)
    waiting = sum(line.waited_ms for line in lines)
    patience = Patience(left, len(answered), max(1, waiting // left) if left else None)
    arrivals = tuple(_arrival(line, began, answered, patience.mean_ms, chance) for line in lines)
    named = {f"{shift.agent}.{n}": shift for n, shift in enumerate(shifts)}
    played = tuple(_shift(name, shift, began) for name, shift in named.items())
    return Day(arrivals, played, {name: shift.agent for name, shift in named.items()}, patience)


def _arrival(
    line: book.Line, began: int, answered: Sequence[book.Line], mean_ms: int | None, chance: Random
) -> Arrival:
    like = line if line.outcome == "answered" else _somebody_like(line, answered, chance)
    if line.outcome == "abandoned":
        patience = max(1, line.waited_ms)
    else:
        patience = line.waited_ms + 1 + round(chance.expovariate(1 / mean_ms)) if mean_ms else FOR_EVER_MS
    return Arrival(
        at_ms=line.queued_at - began,
        queue=line.queue,
        lang=cast("Literal['zh', 'en']", line.lang),
        matter=line.matter,
        talk_ms=like.talk_ms if like else DEFAULT_TALK_MS,
        wrap_up_ms=like.wrap_up_ms if like else DEFAULT_WRAP_UP_MS,
        patience_ms=patience,
    )


def _somebody_like(line: book.Line, answered: Sequence[book.Line], chance: Random) -> book.Line | None:
    same = [each for each in answered if each.matter == line.matter] or answered
    return chance.choice(same) if same else None


def _shift(name: str, shift: book.Shift, began: int) -> Shift:
    return Shift(
        agent=name,
        queues=shift.queues,
        skills=shift.skills,
        from_ms=shift.began - began,
        to_ms=shift.ended - began,
        answer_ms=ANSWER_MS,
        experience=shift.experience,
    )
