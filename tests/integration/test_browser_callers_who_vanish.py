"""A caller on the web page has no carrier who tells of the end: pages that close, and pages that wait elsewhere."""

from collections.abc import Iterator
from typing import Any

import pytest

from functions.expire_offer import app as expire_offer
from functions.sweep_floor import app as sweep_floor
from hearthline.events.media_ended import MediaEnded
from hearthline.events.word import Actor
from hearthline.presence.model import CALLER_GONE_MS
from tests.desk import Answer, Desk, open_desk
from tests.shift import bound, deliver

ANA = Actor(kind="agent", id="ana")


@pytest.fixture
def desk() -> Iterator[Desk]:
    with open_desk() as opened:
        yield opened


def create(desk: Desk) -> Answer:
    return desk.call("POST", "/api/public/contacts", {"matter": "outage", "lang": "zh"})


def on(desk: Desk, made: Answer, verb: str = "", method: str = "POST") -> Any:
    path, tail = f"/api/public/contacts/{made.body['contact']}", f"/{verb}" if verb else ""
    headers = {"Authorization": f"Bearer {made.body['key']}"}
    return desk.call(method, path + tail, route=f"/api/public/contacts/{{id}}{tail}", headers=headers).body


def sweep(desk: Desk) -> dict[str, int]:
    with bound(sweep_floor, desk.effects):
        return sweep_floor.handler({}, None)


def test_who_closed_the_page_without_a_word_does_not_wait_for_ever(desk: Desk) -> None:
    contact = create(desk).body["contact"]
    desk.shift.later(CALLER_GONE_MS / 1000 + 1)
    assert sweep(desk) == {"page_lost": 1}
    assert (desk.shift.state_of(contact).state, desk.shift.places()) == ("abandoned", [])


def test_who_still_asks_waits_on(desk: Desk) -> None:
    made = create(desk)
    for _ in range(8):
        desk.shift.later(15)
        assert on(desk, made, method="GET")["state"] == "queued"
    assert sweep(desk) == {"waits": 1}


def test_an_agent_who_took_a_caller_whose_page_is_gone_is_the_last_one_rung_for_nothing(desk: Desk) -> None:
    contact, floor = create(desk).body["contact"], desk.shift.floor
    desk.shift.agent("ana")
    desk.shift.run()
    floor.accept(desk.shift.state_of(contact).offer, "ana", "edge-a", ANA)
    desk.shift.later(CALLER_GONE_MS / 1000 + 1)
    accepted = next(each for each in desk.shift.ledger(contact) if each.type == "OfferAccepted")
    desk.shift.queue.send("expire", accepted)
    assert deliver(expire_offer, desk.effects, desk.shift.messages("expire")[-1].body) == []
    assert desk.shift.state_of(contact).state == "abandoned"
    assert desk.shift.who("ana").state == "available"


def test_a_waiting_caller_who_leaves_the_edge_ends_the_contact(desk: Desk) -> None:
    contact = create(desk).body["contact"]
    left = MediaEnded.model_validate(
        {"contact": contact, "edge": "edge-a", "reason": "caller_left", "started_at": 1, "ended_at": 9, "legs": []}
    )
    desk.shift.deliver("media", desk.shift.report(left))
    assert desk.shift.state_of(contact).state == "abandoned"


def test_the_contact_meets_where_its_caller_waits_also_after_a_return_to_the_queue(desk: Desk) -> None:
    made, floor = create(desk), desk.shift.floor
    contact = made.body["contact"]
    assert desk.shift.state_of(contact).edge == "edge-a"
    desk.shift.agent("ana")
    desk.shift.run()
    floor.accept(desk.shift.state_of(contact).offer, "ana", "edge-a", ANA)
    floor.requeue(contact, "media_failed")
    assert desk.shift.state_of(contact).edge == "edge-a"
    assert floor.waits_at(contact, "edge-b") is not None
    assert floor.waits_at(contact, "edge-b") is None
    assert desk.shift.state_of(contact).edge == "edge-b"
    on(desk, made, "media")
    assert desk.shift.state_of(contact).edge == "edge-a"
