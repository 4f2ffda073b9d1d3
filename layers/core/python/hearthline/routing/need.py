"""What a contact asks of an agent: skills with levels 0 to 5, joined by `all` and `any`. Pure.

As data: ``{"skill": "fiber", "at_least": 3}``, ``{"all": [...]}``, ``{"any": [...]}``; an empty ``all`` asks nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

MAX_LEVEL: Final = 5
MAX_DEPTH: Final = 4
MAX_PARTS: Final = 16
MAX_NAME: Final = 64

Levels = Mapping[str, int]
"""Skill -> level 0 to 5; a skill that is not named stands at 0."""


class PolicyError(ValueError):
    """Data that is no policy: ``field`` is its path (``steps.0.need.all.1.at_least``), ``expected`` says what fits."""

    def __init__(self, field: str, expected: str, zh: str) -> None:
        super().__init__(f"{field}: expected {expected}")
        self.field = field
        self.expected = expected
        self.zh = zh


@dataclass(frozen=True, slots=True)
class AtLeast:
    skill: str
    level: int

    def missing(self, levels: Levels) -> str:
        return "" if levels.get(self.skill, 0) >= self.level else f"{self.skill}>={self.level}"


@dataclass(frozen=True, slots=True)
class AllOf:
    parts: tuple["Need", ...]

    def missing(self, levels: Levels) -> str:
        return next((gap for part in self.parts if (gap := part.missing(levels))), "")


@dataclass(frozen=True, slots=True)
class AnyOf:
    parts: tuple["Need", ...]

    def missing(self, levels: Levels) -> str:
        gaps = [part.missing(levels) for part in self.parts]
        return "|".join(gaps) if all(gaps) else ""


Need = AtLeast | AllOf | AnyOf
"""``missing(levels)`` is '' when the levels meet it, else the first thing that lacks, as ``skill>=level``."""

NOTHING: Final = AllOf(())


def skills_in(need: Need) -> frozenset[str]:
    """The skills a need looks at."""
    if isinstance(need, AtLeast):
        return frozenset({need.skill})
    return frozenset[str]().union(*(skills_in(part) for part in need.parts))


def read_need(plain: Any, field: str, depth: int = 0) -> Need:
    """Raises PolicyError with the path of what is wrong."""
    if not isinstance(plain, Mapping) or depth > MAX_DEPTH:
        raise PolicyError(
            field,
            f"an object with skill and at_least, all or any, at most {MAX_DEPTH} deep",
            f"含 skill 与 at_least，或 all，或 any 的对象，最多 {MAX_DEPTH} 层",
        )
    names = set(plain)
    if names == {"skill", "at_least"}:
        skill = plain["skill"]
        if not isinstance(skill, str) or not 1 <= len(skill) <= MAX_NAME:
            raise PolicyError(f"{field}.skill", f"a name of 1 to {MAX_NAME} characters", f"1 至 {MAX_NAME} 个字符")
        return AtLeast(skill, read_number(plain["at_least"], f"{field}.at_least", 0, MAX_LEVEL))
    if names == {"all"} or names == {"any"}:
        (name,) = names
        return _joined(name, plain[name], f"{field}.{name}", depth)
    raise PolicyError(
        field, "skill and at_least, or all, or any, and nothing else", "只能是 skill 与 at_least，或 all，或 any"
    )


def _joined(name: str, parts: Any, field: str, depth: int) -> Need:
    least = 1 if name == "any" else 0
    if not isinstance(parts, list | tuple) or not least <= len(parts) <= MAX_PARTS:
        raise PolicyError(field, f"a list of {least} to {MAX_PARTS} needs", f"{least} 至 {MAX_PARTS} 项要求的列表")
    read = tuple(read_need(part, f"{field}.{n}", depth + 1) for n, part in enumerate(parts))
    return AllOf(read) if name == "all" else AnyOf(read)


def read_number(value: Any, field: str, least: int, most: int) -> int:
    """A whole number between two bounds, inclusive. Raises PolicyError."""
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise PolicyError(field, f"a whole number from {least} to {most}", f"{least} 至 {most} 的整数")
    return value
