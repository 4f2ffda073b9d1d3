"""How a queue chooses: what it asks of agents as time goes by, and what weighs how much. Data, versioned. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from itertools import pairwise
from typing import Any, Final

from hearthline.routing.need import MAX_LEVEL, NOTHING, Need, PolicyError, read_need, read_number

MAX_STEPS: Final = 6
MAX_AFTER_S: Final = 3_600
MAX_WEIGHT: Final = 100
MAX_AGEING_S: Final = 3_600
MAX_PRIOR: Final = 1_000
MAX_CAPACITY: Final = 10


@dataclass(frozen=True, slots=True)
class Step:
    """From ``after_s`` of waiting on, an agent must have at least this.

    ``lang`` and ``subject`` are the levels in the contact's language and in the queue; ``matter_need`` says whether
    what the matter asks counts too.
    """

    after_s: int = 0
    need: Need = NOTHING
    lang: int = 1
    subject: int = 1
    matter_need: bool = True


@dataclass(frozen=True, slots=True)
class Weights:
    """What counts how much, 0 to 100 each; the score is the weighted mean of features between 0 and 1."""

    skill: int = 20
    idle: int = 25
    load: int = 30
    performance: int = 10
    difficulty: int = 10
    last_agent: int = 5
    recently_online: int = 0
    satisfaction: int = 0
    open_tickets: int = 0
    proximity: int = 0


WITHOUT_SOURCE: Final = ("satisfaction", "open_tickets", "proximity")
"""Nothing measures these yet: whatever their weight, they count 0 and the trace says so."""


@dataclass(frozen=True, slots=True)
class Policy:
    """One queue's way of choosing.

    ``ageing_s``: one step of priority is worth so many seconds of waiting, so that nobody starves. ``prior_contacts``
    and ``prior_percent``: a new agent's performance is taken as so many contacts at that rate, until his own speak.
    ``messages``: how many messages one agent may hold at once; a voice contact is always held alone.
    """

    version: int = 0
    steps: tuple[Step, ...] = (Step(),)
    weights: Weights = field(default_factory=Weights)
    ageing_s: int = 60
    prior_contacts: int = 20
    prior_percent: int = 70
    messages: int = 3

    def step_at(self, waited_ms: int) -> int:
        """The number of the step in force after so long a wait."""
        return max(n for n, step in enumerate(self.steps) if step.after_s * 1000 <= max(0, waited_ms))

    def next_step_ms(self, waited_ms: int) -> int | None:
        """How long until less is asked; None when no step follows."""
        later = [step.after_s * 1000 - waited_ms for step in self.steps if step.after_s * 1000 > waited_ms]
        return min(later) if later else None


LONGEST_IDLE: Final = Weights(0, 100, 0, 0, 0, 0)
VALUE: Final = Weights(50, 0, 0, 50, 0, 0)
"""Two policies of the field, for comparison: whoever is free longest, and whoever is best."""


def read_policy(plain: Mapping[str, Any], version: int = 0) -> Policy:
    """A queue's policy from the configuration; what is not named stands at its default. Raises PolicyError."""
    _only(plain, {each.name for each in fields(Policy)} - {"version"}, "policy")
    return Policy(
        version=version,
        steps=_steps(plain.get("steps", [{}])),
        weights=_weights(plain.get("weights", {})),
        ageing_s=read_number(plain.get("ageing_s", 60), "ageing_s", 1, MAX_AGEING_S),
        prior_contacts=read_number(plain.get("prior_contacts", 20), "prior_contacts", 1, MAX_PRIOR),
        prior_percent=read_number(plain.get("prior_percent", 70), "prior_percent", 0, 100),
        messages=read_number(plain.get("messages", 3), "messages", 0, MAX_CAPACITY),
    )


def _steps(plain: Any) -> tuple[Step, ...]:
    if not isinstance(plain, list | tuple) or not 1 <= len(plain) <= MAX_STEPS:
        raise PolicyError("steps", f"a list of 1 to {MAX_STEPS} steps", f"1 至 {MAX_STEPS} 个步骤的列表")
    read = tuple(_step(each, f"steps.{n}") for n, each in enumerate(plain))
    if read[0].after_s != 0:
        raise PolicyError("steps.0.after_s", "0, for the first step is in force at once", "0，第一步立即生效")
    for n, (before, after) in enumerate(pairwise(read), 1):
        if after.after_s <= before.after_s:
            raise PolicyError(
                f"steps.{n}.after_s", f"more than {before.after_s}, the step before", f"大于上一步的 {before.after_s}"
            )
    return read


def _step(plain: Any, path: str) -> Step:
    if not isinstance(plain, Mapping):
        raise PolicyError(path, "an object", "一个对象")
    _only(plain, {each.name for each in fields(Step)}, path)
    matter_need = plain.get("matter_need", True)
    if not isinstance(matter_need, bool):
        raise PolicyError(f"{path}.matter_need", "true or false", "true 或 false")
    return Step(
        after_s=read_number(plain.get("after_s", 0), f"{path}.after_s", 0, MAX_AFTER_S),
        need=read_need(plain.get("need", {"all": []}), f"{path}.need"),
        lang=read_number(plain.get("lang", 1), f"{path}.lang", 1, MAX_LEVEL),
        subject=read_number(plain.get("subject", 1), f"{path}.subject", 0, MAX_LEVEL),
        matter_need=matter_need,
    )


def _weights(plain: Any) -> Weights:
    if not isinstance(plain, Mapping):
        raise PolicyError("weights", "an object", "一个对象")
    names = {each.name for each in fields(Weights)}
    _only(plain, names, "weights")
    read = Weights(**{name: read_number(value, f"weights.{name}", 0, MAX_WEIGHT) for name, value in plain.items()})
    if not any(getattr(read, name) for name in names - set(WITHOUT_SOURCE)):
        raise PolicyError(
            "weights",
            "at least one weight above 0 of a feature that is measured",
            "至少一项已有数据来源的因素权重大于 0",
        )
    return read


def _only(plain: Mapping[str, Any], known: set[str], path: str) -> None:
    unknown = sorted(set(plain) - known)
    if unknown:
        names = ", ".join(sorted(known))
        raise PolicyError(f"{path}.{unknown[0]}"[:128], f"one of {names}", f"以下之一：{names}")
