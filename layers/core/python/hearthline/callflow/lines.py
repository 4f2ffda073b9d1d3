"""The company's own numbers: which may be called, what each presets; and the callers who are refused."""

from dataclasses import replace
from typing import Literal

from hearthline.callflow.enter import customer_of
from hearthline.callflow.rules import rules
from hearthline.config.model import MAX_BLOCKED, Config, ConfigError, Number
from hearthline.platform.effects import Effects


def line_of(effects: Effects, called: str) -> Number | None:
    """The line that was called; None for a number that is not ours.

    The deployment's number presets nothing. Where neither it nor the configuration names one, every number is ours.
    """
    pool, fallback = _pool(effects), effects.settings.carrier_number
    found = next((each for each in pool if each.number == called), None)
    if found or (called != fallback and (pool or fallback)):
        return found
    return Number(called, "", "")


def our_numbers(effects: Effects) -> frozenset[str]:
    """Numbers that nobody is called back at."""
    return frozenset({*(each.number for each in _pool(effects)), effects.settings.carrier_number} - {""})


def caller_id(effects: Effects, line: str) -> str:
    """The number a customer sees when we call: the one he called himself, while it is ours."""
    ours = our_numbers(effects)
    if line in ours:
        return line
    pool = _pool(effects)
    return effects.settings.carrier_number or (pool[0].number if pool else "")


def is_blocked(effects: Effects, number: str) -> bool:
    """Whether this caller is refused; nobody is by a number that is withheld."""
    config = rules(effects).config
    if not number or config is None or not config.blocked:
        return False
    return customer_of(effects, number) in config.blocked


def with_caller(effects: Effects, config: Config, number: str, what: Literal["block", "admit"]) -> Config:
    """``config`` with a caller refused, or admitted again; the list names indexes, never numbers.

    ``config`` itself when he is already. Raises ConfigError when the list is full.
    """
    index = customer_of(effects, number)
    if (index in config.blocked) is (what == "block"):
        return config
    if what == "admit":
        return replace(config, blocked=tuple(each for each in config.blocked if each != index))
    if len(config.blocked) >= MAX_BLOCKED:
        raise ConfigError("blocked", f"at most {MAX_BLOCKED} entries", f"最多 {MAX_BLOCKED} 项")
    return replace(config, blocked=(*config.blocked, index))


def _pool(effects: Effects) -> tuple[Number, ...]:
    config = rules(effects).config
    return config.numbers if config else ()
