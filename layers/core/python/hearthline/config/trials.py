"""Trials of configurations, in table ``config``: ``T#<trial>`` with ``state``, ``candidate`` and ``result``.

Partition ``trials`` names them in order of asking, so that the last ones are found.
"""

from dataclasses import asdict, dataclass, replace
from typing import Any, Final, Literal

from hearthline.config.model import Config
from hearthline.events.trial_asked import TrialAsked
from hearthline.events.word import Actor, Envelope
from hearthline.platform import ledger
from hearthline.platform.effects import Effects
from hearthline.platform.store import Absent, Change, Is, Key, Put, RefusedError

TABLE: Final = "config"
ALL: Final = "trials"
LISTED: Final = 20
KEPT_SECONDS: Final = 40 * 86_400
"""As long as the daybook."""
PATIENCE_MS: Final = 3_600_000
"""A trial that is not done by then will not be: its message lies in the dead letters."""
State = Literal["asked", "running", "done", "no_calls", "failed"]
OPEN: Final = frozenset({"asked", "running"})


@dataclass(frozen=True, slots=True)
class Trial:
    """``against`` and ``candidate`` are versions, ``candidate`` 0 for a draft; times ms; ``who`` a person's id.

    ``better`` and ``worse`` count measures, once it is done.
    """

    id: str
    day: str
    state: State
    asked_at: int
    who: str
    against: int
    candidate: int
    done_at: int = 0
    better: int = 0
    worse: int = 0


def ask(effects: Effects, trial: Trial, candidate: Config, actor: Actor) -> Envelope:
    """The trial is written down with what it tries; the event that sets it going."""
    expires = trial.asked_at // 1000 + KEPT_SECONDS
    word = TrialAsked(trial=trial.id, day=trial.day, against=trial.against, candidate=trial.candidate)
    tenant = effects.settings.tenant
    event = ledger.envelope(word, pk=trial.id, version=1, tenant=tenant, at=trial.asked_at, actor=actor)
    effects.store.write(
        Put(_key(trial.id), asdict(trial) | {"expires": expires}, when=(Absent(),)),
        Put(_key(trial.id, "candidate"), {"config": candidate.plain(), "expires": expires}),
        Put(Key(TABLE, ALL, f"{trial.asked_at:013d}#{trial.id}"), {"trial": trial.id, "expires": expires}),
        ledger.entry(event),
    )
    return event


def trial_of(effects: Effects, id: str) -> Trial | None:
    """As it stands at this moment."""
    item = effects.store.get(_key(id))
    if item is None:
        return None
    trial = Trial(**{name: item[name] for name in Trial.__dataclass_fields__})
    late = trial.state in OPEN and effects.clock.now() - trial.asked_at > PATIENCE_MS
    return replace(trial, state="failed") if late else trial


def candidate_of(effects: Effects, id: str) -> Config | None:
    item = effects.store.get(_key(id, "candidate"))
    return Config.read(item["config"]) if item else None


def result_of(effects: Effects, id: str) -> dict[str, Any] | None:
    """The comparison, once it is done."""
    item = effects.store.get(_key(id, "result"))
    return item["result"] if item else None


def recent(effects: Effects) -> list[Trial]:
    """The last trials, newest first, at most ``LISTED``."""
    page = effects.store.page(TABLE, ALL, limit=LISTED, newest_first=True)
    found = (trial_of(effects, str(item["trial"])) for item in page.items)
    return [trial for trial in found if trial]


def begin(effects: Effects, id: str) -> None:
    """It is being played; whoever plays it twice comes to the same result."""
    try:
        effects.store.write(Change(_key(id), set={"state": "running"}, when=(Is("state", "asked"),)))
    except RefusedError:
        return


def finish(effects: Effects, trial: Trial, state: State, result: dict[str, Any] | None = None) -> bool:
    """The end of a trial; False when it had ended before."""
    verdict = list(result["verdict"].values()) if result else []
    now = effects.clock.now()
    changes = {
        "state": state,
        "done_at": now,
        "better": verdict.count("better"),
        "worse": verdict.count("worse"),
    }
    expires = trial.asked_at // 1000 + KEPT_SECONDS
    kept = [Put(_key(trial.id, "result"), {"result": result, "expires": expires})] if result else []
    try:
        effects.store.write(Change(_key(trial.id), set=changes, when=(Is("done_at", 0),)), *kept)
    except RefusedError:
        return False
    return True


def _key(id: str, part: str = "state") -> Key:
    return Key(TABLE, f"T#{id}", part)
