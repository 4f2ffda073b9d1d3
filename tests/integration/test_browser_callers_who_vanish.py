"""A caller on the web page has no carrier who tells of the end: pages that close, and pages that wait elsewhere."""

from collections.abc import Iterator
from typing import Any

import pytest

from functions.expire_offer import app as expire_offer
from functions.sweep_floor import app as sweep_floor
from hearthline.callflow.silence import SILENT_LOOKS
from hearthline.events.media_ended import MediaEnded
from hearthline.events.word import Actor
from hearthline.floor.model import QUEUE_PATIENCE_MS
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


def look_again(desk: Desk) -> dict[str, int]:
    """The sweep's next look."""
    desk.shift.later(QUEUE_PATIENCE_MS / 1000 + 1)
    return sweep(desk)


def test_who_closed_the_page_without_a_word_does_not_wait_for_ever(desk: Desk) -> None:
    contact = create(desk).body["contact"]
    looks = [look_again(desk) for _ in range(SILENT_LOOKS + 1)]
    assert looks == [{"waits": 1}] * SILENT_LOOKS + [{"page_lost": 1}]
    assert (desk.shift.state_of(contact).state, desk.shift.places()) == ("abandoned", [])


def test_who_still_asks_waits_on_whatever_the_clocks_of_our_machines_say(desk: Desk) -> None:
    made = create(desk)
    for minutes in (1, -5, 1, 6, -3, 1):
        desk.shift.later(minutes * 60)
        assert on(desk, made, method="GET")["state"] == "queued"
        assert "page_lost" not in sweep(desk)


def test_a_caller_whose_page_is_gone_is_rung_at_few_agents_and_never_again(desk: Desk) -> None:
    contact, floor = create(desk).body["contact"], desk.shift.floor
    rung = 0
    while desk.shift.state_of(contact).state != "abandoned":
        rung += 1
        desk.shift.agent(f"agent-{rung}")
        desk.shift.deliver_for(contact, "ContactQueued")
        desk.shift.run("route")
        floor.accept(desk.shift.state_of(contact).offer, f"agent-{rung}", "edge-a", ANA)
        desk.shift.later(11)
        accepted = [each for each in desk.shift.ledger(contact) if each.type == "OfferAccepted"][-1]
        desk.shift.queue.send("expire", accepted)
        assert deliver(expire_offer, desk.effects, desk.shift.messages("expire")[-1].body) == []
    assert rung == SILENT_LOOKS + 1
    assert desk.shift.who(f"agent-{rung}").state == "available"


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


def test_a_page_opened_before_we_noted_edges_is_met_where_it_joins_again(desk: Desk) -> None:
    floor = desk.shift.floor
    floor.arrive("call-9", channel="browser", actor=Actor(kind="caller"))
    assert floor.waits_at("call-9", "edge-b") is not None
    assert desk.shift.state_of("call-9").edge == "edge-b"
