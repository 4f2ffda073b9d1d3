"""How each party of a live contact is heard: the agent reads the own line, supervisors and managers any."""

from collections.abc import Iterator

import pytest

from media_edge.rooms import view
from tests.desk import Desk, open_desk
from tests.media.test_oneway import call

LINE = "/api/contacts/{id}/line"


@pytest.fixture
def desk() -> Iterator[Desk]:
    with open_desk() as opened:
        yield opened


def talking(desk: Desk) -> str:
    """Ana talks at an edge whose room says what a real room says of a dead microphone."""
    offer = desk.ringing("ana")
    desk.as_("ana").on("offers", offer, "accept")
    hours, caller, agent = call()
    caller.talks = agent.dead = True
    hours.run(5)
    desk.edge.room = {"held": False, "started_at": 1} | view.of(hours.room)
    return str(desk.as_("ana").call("GET", "/api/me/floor").body["contact"]["id"])


def test_an_agent_reads_on_the_own_line_who_is_not_heard_and_why(desk: Desk) -> None:
    contact = talking(desk)
    told = desk.as_("ana").call("GET", LINE.replace("{id}", contact), route=LINE)
    assert told.status == 200
    assert {leg["role"]: leg["one_way"] for leg in told.body["legs"]} == {"caller": None, "agent": "no_sound"}
    opinion = {leg["role"]: leg["mos"] for leg in told.body["legs"]}
    assert 4 < opinion["caller"] <= 4.5
    assert opinion["agent"] is None


def test_another_agent_sees_nothing_of_it_and_who_watches_over_the_team_sees_all(desk: Desk) -> None:
    contact = talking(desk)
    desk.hire("max", "manager")
    path = LINE.replace("{id}", contact)
    assert desk.as_("bo").call("GET", path, route=LINE).status == 404
    assert [len(desk.as_(name).call("GET", path, route=LINE).body["legs"]) for name in ("sue", "max")] == [2, 2]


def test_an_edge_that_does_not_answer_is_said_so(desk: Desk) -> None:
    contact = talking(desk)
    desk.edge.broken = True
    told = desk.as_("ana").call("GET", LINE.replace("{id}", contact), route=LINE)
    assert (told.status, told.code) == (503, "edge_unreachable")
