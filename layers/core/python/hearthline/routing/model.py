"""The decision: who of those who wait is rung at which of the free agents, and why. Pure.

The floor as it looks and the time are passed in. See ``policy`` for what a queue asks, ``scoring`` for what counts,
``matching`` for how several are served together.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from hearthline.routing.matching import match
from hearthline.routing.policy import WITHOUT_SOURCE, Policy
from hearthline.routing.scoring import HOLDS_MESSAGES, Asked, Candidate, Scored, refused, scored

KEPT_FOR_A_CALL: Final = "kept_for_a_call"
TRACED: Final = 10
"""So many of the scored, and of the refused, stand in a trace with their figures; the rest is counted."""
REASONS: Final = 2
"""How many features are named to the agent beside the facts."""
TIE: Final = 1 << 20
"""Room below a score for the order of equals."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Ring for this contact at this agent; ``why`` are stable codes that the workspace puts into words."""

    contact: str
    agent: str
    why: tuple[str, ...]
    trace: dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Row:
    asked: Asked
    policy: Policy
    step: int
    able: dict[int, Scored]
    refused: dict[int, str]


def decide(
    waiting: Sequence[Asked], free: Sequence[Candidate], policies: Mapping[str, Policy], now: int
) -> list[Choice]:
    """Who rings where. ``waiting`` stands in order of urgency; ``policies`` has the policy of each queue named there.

    Equal scores go to the longest idle, then to the lower id, so that one floor has one answer whatever order the
    store returns it in. Whoever is not in the answer keeps waiting.
    """
    ordered = sorted(free, key=lambda one: (one.idle_since, one.agent))
    rows = _kept_for_calls([_row(asked, policies[asked.queue], ordered, now) for asked in waiting], ordered)
    table = [
        [each.able[n].score * TIE + (len(ordered) - n) if n in each.able else None for n in range(len(ordered))]
        for each in rows
    ]
    columns = match(table) if ordered else []
    return [_choice(row, ordered[n], ordered, now) for row, n in zip(rows, columns, strict=False) if n is not None]


def _row(asked: Asked, policy: Policy, free: Sequence[Candidate], now: int) -> _Row:
    step = policy.step_at(now - asked.queued_at)
    gaps = {n: refused(asked, policy, step, one, now) for n, one in enumerate(free)}
    able = [n for n, gap in gaps.items() if not gap]
    marks = scored(asked, policy, step, [free[n] for n in able], now)
    return _Row(asked, policy, step, dict(zip(able, marks, strict=True)), {n: gap for n, gap in gaps.items() if gap})


def _kept_for_calls(rows: Sequence[_Row], free: Sequence[Candidate]) -> Sequence[_Row]:
    """For each call that only holders of messages could have, the least laden of them gets no message after it.

    Else those who write would keep a caller waiting for ever: an agent whose hands are never empty takes no call.
    """
    kept = set[int]()
    for row in rows:
        if row.asked.written:
            for n in kept & row.able.keys():
                del row.able[n]
                row.refused[n] = KEPT_FOR_A_CALL
        elif not row.able:
            could = [n for n, gap in row.refused.items() if gap == HOLDS_MESSAGES and n not in kept]
            kept.update(sorted(could, key=lambda n: (free[n].messages, n))[:1])
    return rows


def _choice(row: _Row, one: Candidate, free: Sequence[Candidate], now: int) -> Choice:
    return Choice(row.asked.contact, one.agent, _why(row, one, free), _trace(row, one, free, now))


def _why(row: _Row, one: Candidate, free: Sequence[Candidate]) -> tuple[str, ...]:
    """The facts first, then what weighed most for this agent against the mean of all who could."""
    why = ["speaks_language", "knows_subject"]
    if row.step:
        why.append("asked_less")
    if row.asked.wants == one.agent:
        return (*why, "asked_by_name")
    if len(row.able) == 1:
        return (*why, "only_one_free")
    if one.idle_since <= min(free[n].idle_since for n in row.able):
        why.append("idle_longest")
    marks = list(row.able.values())
    mine = next(each for each in marks if each.agent == one.agent)
    gains = {
        name: (value - sum(each.features[name] for each in marks) / len(marks)) * getattr(row.policy.weights, name)
        for name, value in mine.features.items()
        if name != "idle"
    }
    best = sorted((name for name, gain in gains.items() if gain > 0), key=lambda name: (-gains[name], name))
    return (*why, *(f"best_{name}" for name in best[:REASONS]))


def _trace(row: _Row, one: Candidate, free: Sequence[Candidate], now: int) -> dict[str, Any]:
    """What was read and what came of it, small enough to keep with every offer; scores in thousandths."""
    marks = sorted(row.able.values(), key=lambda each: (-each.score, each.agent != one.agent, each.agent))
    kept = marks[:TRACED] + [each for each in marks[TRACED:] if each.agent == one.agent]
    return {
        "policy": row.policy.version,
        "step": row.step,
        "waited_ms": now - row.asked.queued_at,
        "read": len(free),
        "able": len(marks),
        "chosen": one.agent,
        "weights": {name: getattr(row.policy.weights, name) for name in (kept[0].features if kept else {})},
        "absent": list(WITHOUT_SOURCE),
        "scores": [{"agent": each.agent, "score": each.score, "features": dict(each.features)} for each in kept],
        "refused": [{"agent": free[n].agent, "why": gap} for n, gap in sorted(row.refused.items())[:TRACED]],
    }
