"""Publishing a configuration: what config, routing and floor can each judge is judged before anything is in force."""

from collections.abc import Callable, Iterable
from dataclasses import asdict
from functools import partial
from typing import Any, TypeVar

from hearthline.config import store
from hearthline.config.model import BUILT_IN_SKILLS, Config, ConfigError, check
from hearthline.events.word import Actor
from hearthline.platform.effects import Effects
from hearthline.platform.ledger import SYSTEM
from hearthline.routing.need import AllOf, AtLeast, Need, PolicyError, read_need
from hearthline.routing.policy import Policy, read_policy

Read = TypeVar("Read")


def publish(
    effects: Effects,
    config: Config,
    *,
    made_from: int | None = None,
    actor: Actor = SYSTEM,
    note: str = "",
    restored: int = 0,
) -> Config:
    """As ``config.store.publish``, after all checks: there is no other way to a new version."""
    check_all(config)
    return store.publish(effects, config, made_from=made_from, actor=actor, note=note, restored=restored)


def check_all(config: Config) -> None:
    """Raises ConfigError with the path of the first thing that does not fit."""
    check(config)
    known = {*BUILT_IN_SKILLS, *(skill.id for skill in config.skills)}
    for n, queue in enumerate(config.queues):
        path = f"queues.{n}.policy"
        policy = _read(partial(read_policy, queue.policy), path)
        for number, step in enumerate(policy.steps):
            _check_skills(step.need, f"{path}.steps.{number}.need", known)
    for n, matter in enumerate(config.matters):
        path = f"matters.{n}"
        need = _read(partial(read_need, matter.need, "need"), path)
        _check_skills(need, f"{path}.need", known)


def _read(reading: Callable[[], Read], path: str) -> Read:
    try:
        return reading()
    except PolicyError as error:
        within = error.field.removeprefix("policy.") if path.endswith(".policy") else error.field
        raise ConfigError(f"{path}.{within}", error.expected, error.zh) from error


def _check_skills(need: Need, path: str, known: Iterable[str]) -> None:
    """A need that names a skill nobody can have would keep its contacts waiting for ever."""
    if isinstance(need, AtLeast):
        if need.skill not in known:
            raise ConfigError(f"{path}.skill", "the id of a skill of this configuration", "本配置中已有技能的编号")
        return
    joined = "all" if isinstance(need, AllOf) else "any"
    for n, part in enumerate(need.parts):
        _check_skills(part, f"{path}.{joined}.{n}", known)


def default_policy() -> dict[str, Any]:
    """What a queue does that says nothing, as data of a policy."""
    plain = asdict(Policy())
    steps = [{**step, "need": {"all": []}} for step in plain["steps"]]
    return {name: value for name, value in plain.items() if name != "version"} | {"steps": steps}
