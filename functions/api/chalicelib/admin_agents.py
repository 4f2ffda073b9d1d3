"""What agents answer and know: read by those who plan, decided by administrators, in force at once."""

from typing import Final

from chalice.app import Blueprint

from chalicelib.admin_config import ADMINS, READERS
from chalicelib.admin_shapes import TrainedAgent, TrainedAgents, Training
from chalicelib.problems import ProblemError
from chalicelib.rules import Visit, on
from chalicelib.shapes import Bilingual
from chalicelib.snapshot import sound_of
from chalicelib.spread import spread
from hearthline.config.store import in_force
from hearthline.floor.model import LANGUAGES, Agent
from hearthline.floor.store import Floor
from hearthline.people.store import person_of
from hearthline.platform.effects import Effects

routes = Blueprint(__name__)
KNOWN: Final = Bilingual(zh="现行配置中已有的编号", en="an id of the configuration in force")


@on(routes, "GET", "/api/admin/agents", who=READERS, gives=TrainedAgents, query={"after": "id"})
def list_agents(visit: Visit) -> TrainedAgents:
    """All agents, page by page, with what they answer and know."""
    found, after = Floor(visit.effects).roster(visit.query.get("after", ""))
    return TrainedAgents(agents=[shown(visit.effects, each) for each in found], after=after or None)


@on(routes, "PUT", "/api/admin/agents/{id}", who=ADMINS, takes=Training, gives=TrainedAgent)
def retrain(visit: Visit, id: str) -> TrainedAgent:
    """From now on this agent answers these queues; who is on a contact keeps it."""
    effects, wish, floor = visit.effects, visit.body, Floor(visit.effects)
    if floor.agent(id) is None:
        raise ProblemError("not_found")
    config, _ = in_force(effects)
    _only_known("queues", wish.queues, {queue.id for queue in config.queues})
    _only_known("skills", wish.skills, {*LANGUAGES, *(skill.id for skill in config.skills)})
    spread(
        effects,
        floor.retrain(id, queues=wish.queues, skills=wish.skills, actor=visit.actor, training=wish.version),
    )
    after = floor.agent(id)
    if after is None:
        raise ProblemError("not_found")
    return shown(effects, after)


def _only_known(field: str, given: dict[str, int], known: set[str]) -> None:
    strange = sorted(set(given) - known)
    if strange:
        raise ProblemError("field_invalid", field=f"{field}.{strange[0]}"[:128], expected=KNOWN)


def shown(effects: Effects, agent: Agent) -> TrainedAgent:
    person = person_of(effects, agent.id)
    return TrainedAgent(
        id=agent.id,
        login=person.login if person else "",
        name=person.name if person else "",
        state=agent.state,
        since=agent.since,
        queues=dict(sorted(agent.queues.items())),
        skills=dict(sorted(agent.skills.items())),
        version=agent.training,
        sound=sound_of(effects, agent),
    )
