"""How well each free agent suits one contact: features between 0 and 1, weighed by the queue's policy. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Final

from hearthline.routing.need import NOTHING, Levels, Need, skills_in
from hearthline.routing.policy import WITHOUT_SOURCE, Policy, Weights

MILLI: Final = 1_000
"""Features and scores are kept as thousandths: whole numbers, as everything that is written down."""
SHORTEST_SHIFT_MS: Final = 1_800_000
"""Before half an hour of work, how busy somebody was says little."""
HOLDS_MESSAGES: Final = "messages=0"
"""He could have the call, were it not for the messages he holds; said only where nothing else stands against it."""
FEATURES: Final = tuple(each.name for each in fields(Weights) if each.name not in WITHOUT_SOURCE)


@dataclass(frozen=True, slots=True)
class Asked:
    """A contact that waits, as routing sees it; times ms, ``difficulty`` 0 (easy) to 100 (hard).

    ``written``: a message, which shares its agent. ``wants`` is the one agent who may ring until ``wants_until``: a
    transfer to somebody by name. ``not_before``: a customer who was not reached is not called again sooner.
    """

    contact: str
    queue: str
    lang: str
    queued_at: int
    rank: str = ""
    matter: str = ""
    matter_need: Need = NOTHING
    difficulty: int = 50
    last_agent: str = ""
    wants: str = ""
    wants_until: int = 0
    not_before: int = 0
    written: bool = False


@dataclass(frozen=True, slots=True)
class Candidate:
    """A free agent as one queue sees him; times ms. ``record`` holds [seen, solved] for each matter.

    ``messages`` are those he holds: an agent is free for a call with none, for a message with fewer than he may hold.
    """

    agent: str
    level: int
    idle_since: int
    skills: Mapping[str, int]
    handled: int = 0
    busy_ms: int = 0
    online_since: int = 0
    experience: int = 0
    record: Mapping[str, Sequence[int]] = field(default_factory=dict)
    messages: int = 0

    def levels(self) -> Levels:
        return {**self.skills, "subject": self.level}


@dataclass(frozen=True, slots=True)
class Scored:
    """``score`` and ``features`` in thousandths."""

    agent: str
    score: int
    features: Mapping[str, int]


def refused(asked: Asked, policy: Policy, step: int, one: Candidate, now: int) -> str:
    """Why this agent may not have this contact at this step, as a code; '' when he may."""
    if now < asked.not_before:
        return "not_yet"
    if asked.wants and now < asked.wants_until and asked.wants != one.agent:
        return "asked_for_another"
    rule = policy.steps[step]
    if asked.written and one.messages >= policy.messages:
        return f"messages<{policy.messages}"
    if one.skills.get(asked.lang, 0) < rule.lang:
        return f"{asked.lang}>={rule.lang}"
    if one.level < rule.subject:
        return f"subject>={rule.subject}"
    gap = rule.need.missing(one.levels()) or (asked.matter_need.missing(one.levels()) if rule.matter_need else "")
    return gap or (HOLDS_MESSAGES if one.messages and not asked.written else "")


def scored(asked: Asked, policy: Policy, step: int, able: Sequence[Candidate], now: int) -> list[Scored]:
    """A score for each who may have the contact, in the order given."""
    values = _features(asked, policy, step, able, now)
    whole = sum(getattr(policy.weights, name) for name in FEATURES)
    found = []
    for n, one in enumerate(able):
        each = {name: round(values[name][n] * MILLI) for name in FEATURES if getattr(policy.weights, name)}
        total = sum(each[name] * getattr(policy.weights, name) for name in each)
        found.append(Scored(one.agent, total // max(1, whole), each))
    return found


def _features(
    asked: Asked, policy: Policy, step: int, able: Sequence[Candidate], now: int
) -> dict[str, Sequence[float]]:
    idle = [0 if one.messages else max(0, now - one.idle_since) for one in able]
    longest = max(idle, default=0) or 1
    named = skills_in(policy.steps[step].need) | skills_in(asked.matter_need) | {asked.lang, "subject"}
    ranks = _ranks([one.experience for one in able])
    newest = _ranks([one.online_since for one in able])
    hard = asked.difficulty / 100
    return {
        "skill": [sum(one.levels().get(name, 0) for name in named) / (5 * len(named)) for one in able],
        "idle": [each / longest for each in idle],
        "load": [1 - busy_share(one, now) for one in able],
        "performance": [performance(one, asked.matter, policy) for one in able],
        # Hard contacts go to experienced agents and easy ones to newcomers, whoever is free at this moment.
        "difficulty": [1 - abs(hard - rank) for rank in ranks],
        "last_agent": [float(one.agent == asked.last_agent) for one in able],
        "recently_online": newest,
    }


def busy_share(one: Candidate, now: int) -> float:
    """Which part of the shift so far was talk and wrap-up, 0 to 1."""
    shift = max(SHORTEST_SHIFT_MS, now - one.online_since) if one.online_since else SHORTEST_SHIFT_MS
    return min(1.0, one.busy_ms / shift)


def performance(one: Candidate, matter: str, policy: Policy) -> float:
    """The share of this matter's contacts that were resolved, drawn towards the prior while there are few."""
    seen, solved = (*one.record.get(matter, (0, 0)), 0, 0)[:2]
    prior = policy.prior_contacts
    return (solved + prior * policy.prior_percent / 100) / (seen + prior)


def _ranks(values: Sequence[int]) -> list[float]:
    """Each value's place among all, 0 the lowest to 1 the highest; equals share the middle of their places."""
    if len(values) < 2:
        return [0.5] * len(values)
    ordered = sorted(values)
    first = {value: n for n, value in reversed(list(enumerate(ordered)))}
    last = {value: n for n, value in enumerate(ordered)}
    return [(first[value] + last[value]) / 2 / (len(values) - 1) for value in values]
