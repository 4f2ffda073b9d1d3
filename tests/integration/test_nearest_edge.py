"""A contact meets at an edge near to the agent who takes it; the page measures, edges say where they are."""

import uuid
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from hearthline.callflow.lead import meeting_place
from hearthline.events.edge_seen import EdgeSeen
from hearthline.events.media_joined import MediaJoined
from hearthline.floor.model import Contact
from tests.desk import Desk, EdgeServer, Seat, open_desk, running_edge


@pytest.fixture
def desk() -> Iterator[Desk]:
    with open_desk() as opened:
        yield opened


@pytest.fixture
def others() -> Iterator[dict[str, EdgeServer]]:
    """Two edges more, which nobody has heard of yet."""
    with ExitStack() as stack:
        yield {name: stack.enter_context(running_edge()) for name in ("edge-b", "edge-c")}


def says(desk: Desk, name: str, edge: EdgeServer, number: int, state: str = "up") -> None:
    url = f"http://127.0.0.1:{edge.server_address[1]}"
    word = {"edge": name, "url": url, "stream": f"ws://{name}/stream", "state": state, "rooms": 1, "max_rooms": 60}
    report = desk.shift.report(EdgeSeen.model_validate(word), number)
    desk.shift.deliver("media", report)
    desk.shift.deliver("media", report)


def measured(desk: Desk, **ms: int) -> Seat:
    ana = desk.as_("ana")
    said = ana.call("PUT", "/api/me/round-trips", {"ms": {name.replace("_", "-"): taken for name, taken in ms.items()}})
    assert said.status == 200
    return ana


def met_at(desk: Desk, seat: Seat) -> str:
    return str(seat.on("offers", desk.ringing("ana"), "accept").body["contact"]["edge"])


def test_a_page_is_told_of_every_edge_and_where_to_measure(desk: Desk, others: dict[str, EdgeServer]) -> None:
    for number, (name, edge) in enumerate(others.items()):
        says(desk, name, edge, number)
    told = desk.as_("ana").call("GET", "/api/edges").body["edges"]
    assert [place["name"] for place in told] == ["edge-a", "edge-b", "edge-c"]
    assert all(place["probe"].endswith("/probe") for place in told)


def test_a_contact_meets_at_the_edge_near_to_who_takes_it(desk: Desk, others: dict[str, EdgeServer]) -> None:
    for number, (name, edge) in enumerate(others.items()):
        says(desk, name, edge, number)
    assert met_at(desk, measured(desk, edge_a=180, edge_b=15, edge_c=90)) == "edge-b"


def test_when_the_nearest_edge_has_died_the_next_nearest_takes_the_contact(
    desk: Desk, others: dict[str, EdgeServer]
) -> None:
    for number, (name, edge) in enumerate(others.items()):
        says(desk, name, edge, number)
    others["edge-b"].broken = True
    assert met_at(desk, measured(desk, edge_a=180, edge_b=15, edge_c=90)) == "edge-c"


def test_an_edge_that_says_it_stops_gets_nobody(desk: Desk, others: dict[str, EdgeServer]) -> None:
    says(desk, "edge-b", others["edge-b"], 1)
    says(desk, "edge-b", others["edge-b"], 2, "stopped")
    assert met_at(desk, measured(desk, edge_a=180, edge_b=15)) == "edge-a"


@pytest.mark.parametrize("body", [{}, {"ms": {"edge-a": -1}}, {"ms": {"edge-a": "near"}}, {"ms": {"": 3}}, {"ms": 4}])
def test_a_measurement_that_is_none_is_refused(desk: Desk, body: dict[str, object]) -> None:
    said = desk.as_("ana").call("PUT", "/api/me/round-trips", body)
    assert (said.status, said.code) == (422, "field_invalid")


FULL: dict[str, object] = {"state": "up", "rooms": 60, "max_rooms": 60}
DRAINING: dict[str, object] = {"state": "draining", "rooms": 3, "max_rooms": 60}


def connecting(desk: Desk, others: dict[str, EdgeServer]) -> tuple[Seat, str]:
    """A call that was accepted to meet at edge-b, where nobody has come yet; and who accepted it."""
    for number, (name, edge) in enumerate(others.items()):
        says(desk, name, edge, number)
    ana = measured(desk, edge_a=180, edge_b=15, edge_c=90)
    contact = str(uuid.uuid4())
    assert ana.on("offers", desk.ringing("ana", contact), "accept").body["contact"]["edge"] == "edge-b"
    return ana, contact


def door(seat: Seat, contact: str) -> str:
    said = seat.on("contacts", contact, "media")
    assert said.status == 200, said
    return str(said.body["edge"])


@pytest.mark.parametrize("refuses", [FULL, DRAINING])
def test_an_edge_that_filled_up_or_drains_before_anybody_came_is_left_for_the_next_by_both_sides(
    desk: Desk, others: dict[str, EdgeServer], refuses: dict[str, object]
) -> None:
    ana, contact = connecting(desk, others)
    before = others["edge-b"].health
    others["edge-b"].health, others["edge-b"].unknown = refuses, {contact}
    next_edge = door(ana, contact)
    assert next_edge in {"edge-a", "edge-c"}
    assert desk.shift.state_of(contact).edge == next_edge
    assert desk.shift.story(contact).count("MediaMoved") == 1
    others["edge-b"].health = before  # it has room again: whoever comes now must not part from who was led on
    assert meeting_place(desk.effects, contact_of(desk, contact)).name == next_edge
    assert door(ana, contact) == next_edge
    joined = MediaJoined(contact=contact, edge=next_edge, roles=("caller", "agent"))
    desk.shift.deliver("media", desk.shift.report(joined, 9))
    assert desk.shift.state_of(contact).state == "connected"


def test_two_who_find_the_edge_full_in_the_same_moment_are_led_to_one(
    desk: Desk, others: dict[str, EdgeServer]
) -> None:
    _, contact = connecting(desk, others)
    others["edge-b"].health, others["edge-b"].unknown = FULL, {contact}
    seen_by_both = contact_of(desk, contact)
    first = meeting_place(desk.effects, seen_by_both)
    taken = {"edge-a": desk.edge, **others}[first.name]
    taken.health, taken.unknown = FULL, set()  # with the room of the first, who is there by now
    assert meeting_place(desk.effects, seen_by_both).name == first.name


@pytest.mark.parametrize("refuses", [FULL, DRAINING])
def test_who_comes_back_to_a_call_is_led_to_its_room_however_full_that_edge_is(
    desk: Desk, others: dict[str, EdgeServer], refuses: dict[str, object]
) -> None:
    ana, contact = connecting(desk, others)
    desk.shift.deliver(
        "media", desk.shift.report(MediaJoined(contact=contact, edge="edge-b", roles=("caller", "agent")), 9)
    )
    others["edge-b"].health = refuses
    assert door(ana, contact) == "edge-b"


def test_when_every_edge_is_full_the_page_is_told_to_ask_again(desk: Desk, others: dict[str, EdgeServer]) -> None:
    ana, contact = connecting(desk, others)
    for edge in (desk.edge, *others.values()):
        edge.health, edge.unknown = FULL, {contact}
    said = ana.on("contacts", contact, "media")
    assert said.status == 503
    assert desk.shift.state_of(contact).edge == "edge-b"


def contact_of(desk: Desk, contact: str) -> Contact:
    found = desk.shift.floor.contact(contact)
    assert found is not None
    return found
