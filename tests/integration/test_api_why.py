"""Why me, why not me: each offer carries its decision, readable by whom it concerns."""

from collections.abc import Iterator

import pytest

from tests.desk import Desk, open_desk


@pytest.fixture
def desk() -> Iterator[Desk]:
    with open_desk() as opened:
        yield opened


def ringing_with_two_free(desk: Desk) -> str:
    desk.as_("ana").call("POST", "/api/me/status", {"status": "available"})
    desk.shift.later(5)
    desk.as_("bo").call("POST", "/api/me/status", {"status": "available"})
    return desk.ringing("ana")


def test_an_agent_reads_why_the_offer_came_to_him_without_the_names_of_others(desk: Desk) -> None:
    offer = ringing_with_two_free(desk)
    told = desk.as_("ana").on("offers", offer, "why", method="GET")
    assert told.status == 200
    assert told.body["read"] == told.body["able"] == 2
    assert [mark["chosen"] for mark in told.body["scores"] if mark["me"]] == [True]
    assert {mark["agent"] for mark in told.body["scores"] if not mark["me"]} == {""}
    assert told.body["absent"] == ["satisfaction", "open_tickets", "proximity"]
    assert told.body["words"]["idle"] == {"zh": "空闲时间", "en": "Time free"}


def test_what_others_lacked_is_said_in_words(desk: Desk) -> None:
    desk.shift.floor.enlist(desk.people["bo"].id, queues={"broadband": 0}, skills={"zh": 5})
    offer = ringing_with_two_free(desk)
    told = desk.as_("ana").on("offers", offer, "why", method="GET").body
    assert [(each["agent"], each["why"]) for each in told["refused"]] == [("", "subject>=1")]
    assert told["words"]["subject"] == {"zh": "业务等级", "en": "Level in the queue"}


def test_another_agents_decision_is_not_there_but_a_supervisor_reads_it(desk: Desk) -> None:
    offer = desk.ringing("ana")
    assert desk.as_("bo").on("offers", offer, "why", method="GET").status == 404
    told = desk.as_("sue").on("offers", offer, "why", method="GET")
    assert told.body["scores"][0]["agent"] == desk.people["ana"].id
