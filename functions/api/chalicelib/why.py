"""Why this agent and not another: the trace that every offer carries."""

from collections.abc import Iterable
from typing import Any, Final

from chalice.app import Blueprint

from chalicelib.problems import ProblemError
from chalicelib.reasons import LANGUAGES, SUBJECT, named
from chalicelib.rules import Visit, on
from chalicelib.shapes import Bilingual
from chalicelib.why_shapes import Decision, Mark, Refusal
from hearthline.config.store import current
from hearthline.floor.store import Floor
from hearthline.platform.effects import Effects

routes = Blueprint(__name__)
READERS: Final = frozenset({"agent", "supervisor", "manager"})


@on(routes, "GET", "/api/offers/{id}/why", who=READERS, gives=Decision)
def tell_why(visit: Visit, id: str) -> Decision:
    """How the agent of this offer was chosen: an agent's own offers, without the names of others; else any."""
    kept = Floor(visit.effects).trace(id)
    me = visit.person.id
    is_agent = visit.person.role == "agent"
    if kept is None or (is_agent and kept["agent"] != me):
        raise ProblemError("not_found")
    words = skill_words(visit.effects, kept["trace"]["refused"])
    return decision(id, kept, me, words, names=not is_agent)


def skill_words(effects: Effects, refused: Iterable[dict[str, str]]) -> dict[str, Bilingual]:
    """The skills that were lacking, as people call them today."""
    lacked = {gap.partition(">=")[0] for each in refused for gap in each["why"].split("|")}
    known = {each.id: Bilingual(zh=each.zh, en=each.en) for each in current(effects).skills}
    return {name: words for name, words in {**known, **LANGUAGES, "subject": SUBJECT}.items() if name in lacked}


def decision(
    offer: str, kept: dict[str, Any], me: str, skills: dict[str, Bilingual] | None = None, *, names: bool
) -> Decision:
    """``names``: whether the other agents are named; ``skills`` has words for what others lacked."""
    trace = kept["trace"]

    def shown(agent: str) -> str:
        return agent if names or agent == me else ""

    marks = [
        Mark(
            agent=shown(each["agent"]),
            me=each["agent"] == me,
            chosen=each["agent"] == trace["chosen"],
            score=each["score"],
            features=each["features"],
        )
        for each in trace["scores"]
    ]
    return Decision(
        offer=offer,
        contact=kept["contact"],
        at=kept["at"],
        policy=trace["policy"],
        step=trace["step"],
        waited_ms=trace["waited_ms"],
        read=trace["read"],
        able=trace["able"],
        weights=trace["weights"],
        absent=trace["absent"],
        scores=marks,
        refused=[
            Refusal(agent=shown(each["agent"]), me=each["agent"] == me, why=each["why"]) for each in trace["refused"]
        ],
        words={**named([*trace["weights"], *trace["absent"]]), **(skills or {})},
    )
