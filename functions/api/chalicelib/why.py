"""Why this agent and not another: the trace that every offer carries."""

from typing import Any, Final

from chalice.app import Blueprint

from chalicelib.problems import ProblemError
from chalicelib.reasons import named
from chalicelib.rules import Visit, on
from chalicelib.shapes import Decision, Mark, Refusal
from hearthline.floor.store import Floor

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
    return decision(id, kept, me, names=not is_agent)


def decision(offer: str, kept: dict[str, Any], me: str, *, names: bool) -> Decision:
    """``names``: whether the other agents are named."""
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
        words=named([*trace["weights"], *trace["absent"]]),
    )
