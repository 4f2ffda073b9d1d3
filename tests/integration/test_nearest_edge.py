"""A contact meets at an edge near to the agent who takes it; the page measures, edges say where they are."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from hearthline.events.edge_seen import EdgeSeen
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
