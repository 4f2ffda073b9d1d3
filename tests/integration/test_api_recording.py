"""An agent stops the recording while a card is read out, and goes on."""

import json
from collections.abc import Iterator

import pytest

from functions.close_media import app as close_media
from hearthline.events.media_joined import MediaJoined
from hearthline.events.recording_pause_over import RecordingPauseOver
from hearthline.floor.recorded import PAUSE_MS
from tests.desk import Desk, open_desk
from tests.shift import deliver


@pytest.fixture
def desk() -> Iterator[Desk]:
    with open_desk() as opened:
        yield opened


def paused_until(desk: Desk, contact: str) -> int:
    return int(desk.shift.state_of(contact).unrecorded_until)


def test_the_edge_stops_before_the_screen_says_so_and_goes_on_after_it(desk: Desk) -> None:
    ana = desk.as_("ana")
    contact = ana.talking()
    until, version = desk.effects.clock.now() + PAUSE_MS, desk.shift.state_of(contact).version
    assert ana.on("contacts", contact, "recording/pause").body["contact"]["unrecorded_until"] == until
    assert ana.on("contacts", contact, "recording/pause").body["contact"]["unrecorded_until"] == until
    assert ana.on("contacts", contact, "recording/resume").body["contact"]["unrecorded_until"] is None
    assert desk.edge.recording == [
        (contact, until, version + 1),
        (contact, until, version + 2),
        (contact, 0, version + 2),
    ]


def test_a_dead_edge_does_not_pretend_that_nothing_is_recorded(desk: Desk) -> None:
    ana = desk.as_("ana")
    contact = ana.talking()
    desk.edge.broken = True
    said = ana.on("contacts", contact, "recording/pause")
    assert (said.status, said.code) == (503, "edge_unreachable")
    assert paused_until(desk, contact) == 0


def test_an_agent_who_is_on_his_way_to_another_edge_is_asked_to_try_again(desk: Desk) -> None:
    ana = desk.as_("ana")
    contact = ana.talking()
    desk.edge.room = {"legs": [{"role": "caller", "live": True}]}
    said = ana.on("contacts", contact, "recording/pause")
    assert (said.status, said.code) == (503, "edge_unreachable")
    assert paused_until(desk, contact) == 0


def test_an_edge_that_missed_the_order_to_go_on_gets_it_when_the_page_asks_again(desk: Desk) -> None:
    ana = desk.as_("ana")
    contact = ana.talking()
    ana.on("contacts", contact, "recording/pause")
    desk.edge.broken = True
    assert ana.on("contacts", contact, "recording/resume").status == 503
    desk.edge.broken = False
    assert ana.on("contacts", contact, "recording/resume").status == 200
    assert desk.edge.recording[-1][1] == 0


def test_a_pause_that_ran_out_is_told_to_the_screen(desk: Desk) -> None:
    ana = desk.as_("ana")
    contact = ana.talking()
    ana.on("contacts", contact, "recording/pause")
    desk.shift.later(PAUSE_MS / 1000)
    over = desk.shift.report(RecordingPauseOver(contact=contact, edge="edge-a"))
    assert not deliver(close_media, desk.effects, *[json.dumps(over.plain())] * 2)
    assert paused_until(desk, contact) == 0
    assert [event.data["by"] for event in desk.shift.ledger(contact) if event.type == "RecordingResumed"] == ["system"]


def test_where_a_paused_contact_meets_again_it_is_paused_before_it_is_known_there(desk: Desk) -> None:
    ana = desk.as_("ana")
    contact = ana.talking()
    ana.on("contacts", contact, "recording/pause")
    desk.shift.floor.connected(contact, "edge-gone")
    joined = MediaJoined(contact=contact, edge="edge-a", roles=("caller", "agent"))
    desk.edge.broken = True
    report = json.dumps(desk.shift.report(joined).plain())
    assert deliver(close_media, desk.effects, report)  # it is delivered again
    desk.edge.broken = False
    assert not deliver(close_media, desk.effects, report)
    assert desk.edge.recording[-1][:2] == (contact, paused_until(desk, contact))
    assert desk.shift.state_of(contact).edge == "edge-a"
