"""What agents answer and know, decided by an administrator: in force at once, and nobody loses his contact."""

import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from hearthline.floor.model import MAX_QUEUES
from hearthline.floor.training import ROSTER_PAGE
from tests.desk import Answer, Desk, Seat, open_desk


@pytest.fixture
def desk() -> Iterator[Desk]:
    with open_desk() as opened:
        yield opened


@pytest.fixture
def adam(desk: Desk) -> Seat:
    return desk.as_("adam")


def trained(seat: Seat, agent: str, **wish: Any) -> Answer:
    body = {"version": 0, "queues": {"broadband": 3}, "skills": {"zh": 5, "en": 2}} | wish
    return seat.on("admin/agents", agent, "", body, method="PUT")


def test_who_plans_sees_every_agent_with_name_state_queues_and_skills(desk: Desk) -> None:
    desk.as_("ana").call("POST", "/api/me/status", {"status": "available"})
    told = desk.as_("sue").call("GET", "/api/admin/agents").body
    assert told["after"] is None
    ana = next(each for each in told["agents"] if each["login"] == "ana")
    assert (ana["name"], ana["state"], ana["queues"], ana["skills"], ana["version"]) == (
        "Ana Lin",
        "available",
        {"broadband": 3},
        {"en": 2, "zh": 5},
        0,
    )


def test_a_large_team_comes_page_by_page_and_everybody_once(desk: Desk, adam: Seat) -> None:
    for n in range(ROSTER_PAGE):
        desk.shift.floor.enlist(f"00000000-0000-7000-8000-{n:012d}", queues={"billing": 1}, skills={"zh": 1})
    first = adam.call("GET", "/api/admin/agents").body
    second = adam.call("GET", "/api/admin/agents", query={"after": [first["after"]]}).body
    assert (len(first["agents"]), len(second["agents"]), second["after"]) == (ROSTER_PAGE, 2, None)
    assert len({each["id"] for each in first["agents"] + second["agents"]}) == ROSTER_PAGE + 2


def test_a_free_agent_is_rung_for_a_new_queue_at_once(desk: Desk, adam: Seat) -> None:
    ana = desk.as_("ana")
    ana.call("POST", "/api/me/status", {"status": "available"})
    desk.shift.contact("call-1", queue="billing")
    desk.shift.run()
    assert desk.shift.state_of("call-1").state == "queued"
    said = trained(adam, ana.person.id, queues={"billing": 4})
    assert (said.status, said.body["queues"], said.body["version"]) == (200, {"billing": 4}, 1)
    desk.shift.run()
    assert desk.shift.state_of("call-1").agent == ana.person.id
    [event] = [each for each in desk.shift.ledger(ana.person.id) if each.type == "AgentRetrained"]
    assert (event.actor.kind, event.actor.id, event.data["queues"]) == ("admin", adam.person.id, {"billing": 4})


def test_a_free_agent_leaves_the_line_of_a_queue_taken_from_him(desk: Desk, adam: Seat) -> None:
    ana = desk.as_("ana")
    ana.call("POST", "/api/me/status", {"status": "available"})
    trained(adam, ana.person.id, queues={})
    assert desk.shift.slots() == []
    desk.shift.contact("call-1")
    desk.shift.run()
    assert desk.shift.state_of("call-1").state == "queued"


def test_who_is_on_a_contact_keeps_it_and_comes_back_as_newly_trained(desk: Desk, adam: Seat) -> None:
    ana = desk.as_("ana")
    contact = ana.talking()
    trained(adam, ana.person.id, queues={"billing": 2}, skills={"zh": 3})
    assert desk.shift.state_of(contact).agent == ana.person.id
    assert ana.on("contacts", contact, "hangup").status == 200
    assert ana.on("contacts", contact, "wrap-up", {"code": "resolved"}).status == 200
    assert {key.pk.partition(".")[0] for key in desk.shift.slots()} == {"Q#billing#zh"}


def test_an_agent_who_works_meanwhile_is_no_conflict_but_a_second_decision_is(desk: Desk, adam: Seat) -> None:
    ana = desk.as_("ana")
    ana.call("POST", "/api/me/status", {"status": "available"})
    assert trained(adam, ana.person.id, queues={"billing": 2}).status == 200
    late = trained(adam, ana.person.id, queues={"service": 2})
    assert (late.status, late.code) == (409, "stale_version")
    assert trained(adam, ana.person.id, queues={"service": 2}, version=1).body["version"] == 2


def test_the_same_training_again_is_no_change(desk: Desk, adam: Seat) -> None:
    id = desk.people["ana"].id
    trained(adam, id, queues={"billing": 2})
    again = trained(adam, id, queues={"billing": 2})
    assert (again.status, again.body["version"]) == (200, 1)
    assert desk.shift.story(id).count("AgentRetrained") == 1


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({"queues": {"nowhere": 3}}, "queues.nowhere"),
        ({"skills": {"magic": 3}}, "skills.magic"),
        ({"skills": {"subject": 3}}, "skills.subject"),
        ({"queues": {"billing": 6}}, "queues.billing"),
        ({"queues": {"billing": -1}}, "queues.billing"),
        ({"queues": {"billing": "3"}}, "queues.billing"),
        ({"queues": {f"q{n}": 1 for n in range(MAX_QUEUES + 1)}}, "queues"),
        ({"version": -1}, "version"),
    ],
)
def test_a_training_that_does_not_fit_is_refused_by_its_field(
    desk: Desk, adam: Seat, wish: dict[str, Any], field: str
) -> None:
    said = trained(adam, desk.people["ana"].id, **wish)
    assert (said.status, said.body["field"]) == (422, field)
    assert said.body["expected"]["zh"] and said.body["expected"]["en"]
    assert desk.shift.story(desk.people["ana"].id) == []


def test_who_is_no_agent_is_not_there(desk: Desk, adam: Seat) -> None:
    for id in (str(uuid.uuid4()), desk.people["sue"].id):
        assert trained(adam, id).status == 404
