"""Decide which agent is offered a waiting contact. Pure: the floor as it looks and the time are passed in."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, Generic, Protocol, TypeVar

MIN_LEVEL: Final = 1
"""An agent speaks a language, or knows a subject, from this level up."""


class Candidate(Protocol):
    """An available agent as the contact's queue sees him; ``skills`` hold languages 0-5, ``idle_since`` is ms."""

    @property
    def agent(self) -> str: ...
    @property
    def level(self) -> int: ...
    @property
    def idle_since(self) -> int: ...
    @property
    def skills(self) -> dict[str, int]: ...


One = TypeVar("One", bound=Candidate)


@dataclass(frozen=True, slots=True)
class Need:
    """What the contact asks of an agent."""

    contact: str
    lang: str


@dataclass(frozen=True, slots=True)
class Choice(Generic[One]):
    """Ring at this agent; ``why`` are stable codes that the workspace puts into words."""

    agent: One
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KeepWaiting:
    """Nobody free can take it; ``skilled`` says how many could if their connection were alive."""

    contact: str
    skilled: int


def choose_agent(need: Need, free: Iterable[One], reachable: Callable[[str], bool]) -> Choice[One] | KeepWaiting:
    """The longest idle agent who speaks the contact's language and whose screen is there to ring.

    ``reachable`` is asked in order of choice and only until one agent is found. Ties go to the lower id, so that one
    floor has one answer whatever order the store returns it in.
    """
    skilled = [one for one in free if one.skills.get(need.lang, 0) >= MIN_LEVEL and one.level >= MIN_LEVEL]
    for one in sorted(skilled, key=lambda each: (each.idle_since, each.agent)):
        if reachable(one.agent):
            why = ("speaks_language", "knows_subject", "idle_longest" if len(skilled) > 1 else "only_one_free")
            return Choice(one, why)
    return KeepWaiting(need.contact, len(skilled))
