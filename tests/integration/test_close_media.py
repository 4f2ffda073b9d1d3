"""close_media: what an edge reports changes the floor once, and only for the edge where the contact is."""

import json

import pytest

from functions.release_media import app as release_media
from hearthline.events.agent_leg_lost import AgentLegLost
from hearthline.events.media_ended import Leg, MediaEnded
from hearthline.events.media_joined import MediaJoined
from hearthline.events.one_way_audio import OneWayAudio
from hearthline.events.recording_begun import RecordingBegun
from hearthline.events.recording_stored import RecordingStored
from hearthline.events.word import Actor, Envelope
from hearthline.media.flow import close_recordings
from hearthline.media.store import keep_begun, part_name
from hearthline.platform.push import MemoryPush
from hearthline.platform.store import Write
from tests.shift import AGENT_ANA, CALLER, Shift, deliver

JOINED = MediaJoined(contact="call-1", edge="edge-a", roles=("caller", "agent"))
STORED = RecordingStored(
    contact="call-1", edge="edge-a", bucket="recordings", key="k", started_at=1, length_ms=12_500, bytes=9
)


@pytest.fixture
def shift() -> Shift:
    shift = Shift()
    offer = shift.ringing("call-1", "ana")
    shift.floor.accept(offer, "ana", "edge-a", Actor(kind="agent", id="ana"))
    return shift


def ended(reason: str, edge: str = "edge-a") -> MediaEnded:
    leg = Leg(role="caller", lost_ppm=10_000, jitter_us=3_200, packets=900)
    return MediaEnded.model_validate(
        {"contact": "call-1", "edge": edge, "reason": reason, "started_at": 1, "ended_at": 9, "legs": [leg]}
    )


def test_both_sides_heard_connects_the_contact_once(shift: Shift) -> None:
    report = shift.report(JOINED)
    shift.deliver("media", report)
    shift.deliver("media", report)
    assert (shift.state_of("call-1").state, shift.story("call-1").count("ContactConnected")) == ("connected", 1)


def test_a_report_from_an_edge_where_the_contact_is_not_changes_nothing(shift: Shift) -> None:
    shift.deliver("media", shift.report(MediaJoined(contact="call-1", edge="edge-b", roles=("caller", "agent"))))
    shift.deliver("media", shift.report(ended("caller_left", "edge-b")))
    assert shift.state_of("call-1").state == "connecting"


def test_a_contact_whose_edge_died_goes_on_where_both_met_again(shift: Shift) -> None:
    shift.deliver("media", shift.report(JOINED))
    again = shift.report(MediaJoined(contact="call-1", edge="edge-b", roles=("caller", "agent")), 2)
    shift.deliver("media", again)
    shift.deliver("media", again)
    shift.deliver("media", shift.report(ended("caller_left", "edge-a"), 3))
    assert (shift.state_of("call-1").state, shift.state_of("call-1").edge) == ("connected", "edge-b")
    assert shift.story("call-1").count("MediaMoved") == 1
    shift.deliver("media", shift.report(ended("caller_left", "edge-b"), 4))
    assert shift.state_of("call-1").state == "wrap_up"


def test_a_caller_who_left_the_edge_ends_the_contact_and_the_agent_wraps_up(shift: Shift) -> None:
    shift.deliver("media", shift.report(JOINED))
    shift.deliver("media", shift.report(ended("caller_left"), 2))
    assert (shift.state_of("call-1").state, shift.who("ana").state) == ("wrap_up", "wrap_up")


@pytest.mark.parametrize(("by", "state"), [("page", "connected"), ("phone", "wrap_up"), ("", "wrap_up")])
def test_who_is_called_back_may_close_his_page_without_hanging_up(by: str, state: str) -> None:
    shift = Shift()
    shift.contact("call-1", channel="browser")
    shift.floor.promise_callback("call-1", number="sealed", actor=CALLER)
    shift.agent("ana")
    shift.run()
    offer = shift.state_of("call-1").offer
    shift.floor.accept(offer, "ana", "edge-a", AGENT_ANA)
    shift.floor.intend_dial("call-1", offer)
    shift.floor.on_the_line("call-1", "CA1")
    shift.deliver("media", shift.report(JOINED))
    leg = Leg.model_validate({"role": "caller", "lost_ppm": 0, "jitter_us": 0, "packets": 9, "by": by})
    shift.deliver("media", shift.report(ended("caller_left").model_copy(update={"legs": (leg,)}), 2))
    assert shift.state_of("call-1").state == state


def test_a_draining_edge_ends_no_contact(shift: Shift) -> None:
    shift.deliver("media", shift.report(JOINED))
    shift.deliver("media", shift.report(ended("drained"), 2))
    assert shift.state_of("call-1").state == "connected"


def test_an_agent_without_sound_for_too_long_gives_the_caller_back_to_the_queue(shift: Shift) -> None:
    shift.deliver("media", shift.report(JOINED))
    shift.deliver("media", shift.report(AgentLegLost(contact="call-1", edge="edge-a"), 2))
    assert (shift.state_of("call-1").state, shift.who("ana").state) == ("queued", "offline")


def test_a_recording_is_kept_once_and_stands_in_the_ledger(shift: Shift) -> None:
    shift.deliver("media", shift.report(STORED))
    shift.deliver("media", shift.report(STORED))
    kept = [item for key, item in shift.store.everything().items() if key.table == "recordings"]
    assert [(item["object"], item["length_ms"]) for item in kept] == [("k", 12_500)]
    assert shift.story("R#call-1") == ["RecordingStored"]


BEGUN = RecordingBegun(
    contact="call-1", edge="edge-a", bucket="recordings", key="recordings/call-1/edge-a-1", started_at=1, part_ms=4_000
)
WHOLE = STORED.model_copy(update={"key": BEGUN.key, "format": "ogg", "parts": 3})


def recorded(shift: Shift) -> dict[str, object]:
    (item,) = [item for key, item in shift.store.everything().items() if key.table == "recordings"]
    return {name: item.get(name) for name in ("state", "parts", "length_ms")}


def test_a_recording_on_its_way_becomes_whole_in_whatever_order_it_is_told(shift: Shift) -> None:
    for order in ((BEGUN, WHOLE), (WHOLE, BEGUN), (BEGUN, BEGUN, WHOLE, WHOLE, BEGUN)):
        shift = Shift()
        for number, word in enumerate(order):
            shift.deliver("media", shift.report(word, number))
        assert recorded(shift) == {"state": "whole", "parts": 3, "length_ms": 12_500}
        assert shift.story("R#call-1") == ["RecordingStored"]


def test_a_recording_told_of_in_the_moment_its_beginning_is_recorded_becomes_whole(
    shift: Shift, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = shift.store.write

    def beginning_first(*writes: Write) -> None:
        monkeypatch.setattr(shift.store, "write", write)
        keep_begun(shift.effects, BEGUN)
        write(*writes)

    monkeypatch.setattr(shift.store, "write", beginning_first)
    shift.deliver("media", shift.report(WHOLE))
    assert recorded(shift) == {"state": "whole", "parts": 3, "length_ms": 12_500}
    assert shift.story("R#call-1") == ["RecordingStored"]


@pytest.mark.parametrize("parts", [1, 2, 3, 7, 8, 100])
def test_of_an_edge_that_died_stays_what_lies_in_the_bucket(shift: Shift, parts: int) -> None:
    shift.deliver("media", shift.report(BEGUN))
    for number in range(parts):
        shift.effects.objects.put(part_name(BEGUN.key, number), b"sealed")
    for _ in range(2):
        close_recordings(shift.effects, "call-1", "cause", lambda _: False)
    assert recorded(shift) == {"state": "cut", "parts": parts, "length_ms": parts * 4_000}
    assert shift.story("R#call-1") == ["RecordingStored"]


def test_an_edge_that_lives_tells_of_its_recording_itself(shift: Shift) -> None:
    shift.deliver("media", shift.report(BEGUN))
    close_recordings(shift.effects, "call-1", "cause", lambda _: True)
    assert recorded(shift)["state"] == "open"


def test_what_an_edge_never_told_of_is_closed_later_when_its_room_is_gone(shift: Shift) -> None:
    shift.deliver("media", shift.report(BEGUN))
    close_recordings(shift.effects, "call-1", "cause", lambda _: True)
    (due,) = [each for each in shift.messages("release") if json.loads(each.body)["type"] == "RecordingDue"]
    assert (due.delay or 0) > 120
    for _ in range(2):
        deliver(release_media, shift.effects, due.body)
    assert recorded(shift)["state"] == "cut"
    assert shift.story("R#call-1") == ["RecordingStored"]


def due(shift: Shift) -> list[str]:
    return [each.body for each in shift.messages("release") if json.loads(each.body)["type"] == "RecordingDue"]


def test_a_recording_that_begins_to_be_known_when_its_contact_is_over_is_looked_at_later(shift: Shift) -> None:
    shift.deliver("media", shift.report(JOINED))
    shift.deliver("media", shift.report(BEGUN, 2))
    assert due(shift) == []  # the end of the contact will ask for it
    shift = Shift()
    shift.deliver("media", shift.report(BEGUN))
    for body in due(shift):
        deliver(release_media, shift.effects, body)
    assert recorded(shift)["state"] == "cut"


def test_an_edge_that_was_given_up_too_early_is_still_believed(shift: Shift) -> None:
    shift.deliver("media", shift.report(BEGUN))
    close_recordings(shift.effects, "call-1", "cause", lambda _: False)
    shift.deliver("media", shift.report(WHOLE, 2))
    shift.deliver("media", shift.report(WHOLE, 2))
    assert recorded(shift) == {"state": "whole", "parts": 3, "length_ms": 12_500}


def unheard(shift: Shift, edge: str = "edge-a", number: int = 2) -> Envelope:
    word = OneWayAudio(contact="call-1", edge=edge, role="agent", kind="no_sound", begun_at=5)
    return shift.report(word, number)


def test_who_cannot_be_heard_is_told_on_the_screen_and_the_contact_stays_as_it_is(shift: Shift) -> None:
    shift.deliver("media", shift.report(JOINED))
    before, push = shift.state_of("call-1"), shift.effects.push
    assert isinstance(push, MemoryPush)
    pushed = len(push.pushed)
    shift.deliver("media", unheard(shift))
    (screen, news), *more = push.pushed[pushed:]
    assert (news["type"], news["event"], news["contact"], more) == ("news", "OneWayAudio", "call-1", [])
    assert screen
    assert shift.state_of("call-1") == before
    shift.deliver("media", unheard(shift, edge="edge-b", number=3))
    assert len(push.pushed) == pushed + 1
