"""What should give pause before a configuration is published, though nothing forbids it."""

from collections.abc import Iterator
from typing import Final

from hearthline.callflow.rules import Rules
from hearthline.config.model import Bilingual, Config, Matter
from hearthline.floor.model import LANGUAGES, Agent
from hearthline.floor.store import Floor
from hearthline.platform.effects import Effects
from hearthline.routing.need import NOTHING
from hearthline.routing.scoring import Asked, Candidate, refused

PAGES: Final = 4
"""Of the roster: in a company with more agents than that, nobody is missed by looking at a few."""


def doubts(effects: Effects, config: Config, before: Config | None) -> list[Bilingual]:
    """Sentences for people; ``config`` passed all checks, ``before`` is what it replaces."""
    floor = Floor(effects)
    return [*_left_behind(floor, config, before), *_nobody_for(_agents(floor), config)]


def _left_behind(floor: Floor, config: Config, before: Config | None) -> Iterator[Bilingual]:
    for queue in before.queues if before else ():
        waiting = 0 if config.queue(queue.id) else floor.waiting_in(queue.id)
        if waiting:
            yield Bilingual(
                f"队列“{queue.zh}”被删除，里面还有 {waiting} 位客户在等",
                f"Queue {queue.en} goes, and {waiting} customers still wait in it",
            )


def _agents(floor: Floor) -> list[Agent] | None:
    """All agents, or None when there are too many to look at."""
    found, after = floor.roster()
    for _ in range(PAGES - 1):
        if not after:
            break
        more, after = floor.roster(after)
        found += more
    return None if after else found


def _nobody_for(agents: list[Agent] | None, config: Config) -> Iterator[Bilingual]:
    if agents is None:
        return
    rules = Rules(config)
    for queue in config.queues:
        team = [agent for agent in agents if queue.id in agent.queues]
        if not team:
            yield Bilingual(f"没有坐席负责队列“{queue.zh}”", f"No agent answers queue {queue.en}")
            continue
        for matter in config.matters:
            if matter.queue == queue.id and not any(_may_have(agent, matter, rules) for agent in team):
                yield Bilingual(
                    f"“{matter.zh}”即使等到最后一步，也没有坐席满足要求",
                    f"{matter.en}: nobody meets what is asked, not even at the last step",
                )


def _may_have(agent: Agent, matter: Matter, rules: Rules) -> bool:
    """Whether this agent could have such a contact in some language once least is asked."""
    policy = rules.policy(matter.queue)
    one = Candidate(agent.id, agent.queues[matter.queue], 0, agent.skills)
    need = rules.matter_needs.get(matter.id, NOTHING)
    return any(
        not refused(Asked("", matter.queue, lang, 0, matter_need=need), policy, len(policy.steps) - 1, one, 0)
        for lang in LANGUAGES
    )
