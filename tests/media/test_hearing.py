"""A supervisor in a room: who hears whom, what is recorded, and that nobody is pushed out by who listens."""

from typing import get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from media_edge.rooms.happenings import AgentLost, Ended, Joined, Spoke
from media_edge.rooms.hearing import BARGE_FRAMES, Mode, Modes, Party, audience, side
from media_edge.rooms.session import MAX_LEGS, NotHereError, RoomFullError
from tests.media.running import Pcm, speech
from tests.media.test_room import Hours, agent, caller, level
from tests.media.test_room import Party as Leg

MODES = st.sampled_from(get_args(Mode))
ROLES = st.sampled_from(["caller", "agent", "partner", "supervisor"])
ROOMS = st.lists(st.tuples(ROLES, MODES), max_size=8).map(
    lambda found: [Party(str(number), role, mode) for number, (role, mode) in enumerate(found)]
)
SETTLED = BARGE_FRAMES / 50 + 0.02  # seconds


def supervisor(id: str = "watcher", says: Pcm | None = None) -> Leg:
    return Leg(id, "supervisor", says=says)


def crowd(mode: Mode, *, held: bool = False) -> tuple[Hours, Leg, Leg, Leg]:
    """Caller and agent who say nothing, and a supervisor who speaks all the time."""
    hours, one, two, watcher = Hours(), caller(), agent(), supervisor(says=speech(60, 16_000))
    for leg in (one, two):
        hours.room.join(leg)
    hours.room.join(watcher, mode)
    hours.room.held = held
    return hours, one, two, watcher


def speaks(leg: Leg) -> bool:
    return any(frame is not None for frame in leg.heard)


@given(ROOMS, st.booleans())
def test_who_listens_is_heard_by_nobody_and_a_whisper_never_by_the_caller(parties: list[Party], held: bool) -> None:
    known, hearing = {party.id: party for party in parties}, audience(parties, held=held)
    for listener, voices in hearing.items():
        assert listener not in voices
        for voice in map(known.__getitem__, voices):
            assert not (voice.role == "supervisor" and voice.mode == "listen")
            whispers = voice.role == "supervisor" and voice.mode == "whisper"
            assert not (whispers and known[listener].role == "caller")


@given(ROOMS)
def test_a_held_caller_hears_nobody_and_is_heard_by_nobody(parties: list[Party]) -> None:
    callers = {party.id for party in parties if party.role == "caller"}
    for listener, voices in audience(parties, held=True).items():
        assert not voices & callers
        assert listener not in callers or not voices


@given(ROOMS)
def test_all_others_are_heard_by_everybody_and_so_is_a_supervisor_who_barges_in(parties: list[Party]) -> None:
    open_voices = {party.id for party in parties if party.role != "supervisor" or party.mode == "barge"}
    for listener, voices in audience(parties, held=False).items():
        assert open_voices - {listener} <= voices


@given(ROOMS, st.booleans())
def test_a_supervisor_hears_what_any_of_the_house_hears_of_others(parties: list[Party], held: bool) -> None:
    hearing = audience(parties, held=held)
    ears = [party for party in parties if party.role == "supervisor"]
    house = [party for party in parties if party.role in {"agent", "partner"}]
    for ear in ears:
        for one in house:
            assert hearing[one.id] - {ear.id} <= hearing[ear.id]


@given(ROOMS)
def test_the_recording_keeps_only_what_the_caller_may_hear(parties: list[Party]) -> None:
    ear = Party("ear", "caller")
    for party in parties:
        heard = party.role == "caller" or party.id in audience([ear, party], held=False)["ear"]
        assert (side(party) is not None) == heard


@given(st.lists(st.tuples(MODES, st.integers(0, 60)), min_size=1, max_size=20))
def test_the_caller_never_hears_what_was_said_before_barging_was_asked_for(asked: list[tuple[Mode, int]]) -> None:
    modes, frame, barges_since = Modes(), 0, -BARGE_FRAMES
    modes.ask("s", "whisper", frame)
    last: Mode = "whisper"
    for mode, frames in asked:
        barges_since = frame if mode == "barge" and last != "barge" else barges_since
        modes.ask("s", mode, frame)
        last = mode
        for _ in range(frames):
            if modes.now("s", frame) == "barge":
                assert last == "barge"
                assert frame - barges_since >= BARGE_FRAMES
            frame += 1
    modes.forget("s")
    assert modes.now("s", frame) == "listen"


def test_a_listener_hears_both_and_neither_hears_him() -> None:
    hours, said, answered = Hours(), speech(2, 16_000), speech(2, 16_000, seed=2)
    one, two, watcher = caller(says=said), agent(says=answered), supervisor(says=speech(2, 16_000, seed=3))
    for leg in (one, two, watcher):
        hours.room.join(leg)
    hours.run(1)
    assert np.array_equal(np.concatenate(two.heard), said[:16_000])  # type: ignore[arg-type]  # no frame is None
    assert np.array_equal(np.concatenate(one.heard), answered[:16_000])  # type: ignore[arg-type]  # as above
    assert level(watcher.heard) > level(one.heard)


def test_a_whisper_reaches_the_agent_and_neither_the_caller_nor_the_recording() -> None:
    hours, one, two, _ = crowd("whisper")
    happened = hours.run(3)
    assert level(two.heard) > 500
    assert not speaks(one)
    kept = np.concatenate([piece.sound.reshape(-1, 2) for piece in hours.room.recorder.finish()])
    assert len(kept) > 2 * 16_000
    assert not kept.any()
    assert not [item for item in happened if isinstance(item, Spoke)]


def test_who_barges_in_is_heard_by_all_and_recorded_on_the_side_of_the_house() -> None:
    hours, one, two, watcher = crowd("barge")
    happened = hours.run(3) + hours.room.leave(watcher.id)
    assert level(one.heard) == level(two.heard) > 500
    kept = np.concatenate([piece.sound.reshape(-1, 2) for piece in hours.room.recorder.finish()])
    assert kept[:, 1].any()
    assert not kept[:, 0].any()
    assert {item.role for item in happened if isinstance(item, Spoke)} == {"supervisor"}


def test_a_mode_changes_without_joining_again_and_the_way_back_holds_at_once() -> None:
    hours, one, two, watcher = crowd("whisper")
    hours.run(1)
    hours.room.supervise(watcher.who, "barge")
    hours.run(BARGE_FRAMES / 50 - 0.02)
    assert not speaks(one)
    hours.run(1)
    assert speaks(one)
    hours.room.supervise(watcher.who, "listen")
    for leg in (one, two):
        leg.heard.clear()
    hours.run(1)
    assert not speaks(one)
    assert not speaks(two)


def test_a_held_caller_hears_the_tone_whatever_a_supervisor_does() -> None:
    quiet, held, *_ = crowd("listen", held=True)
    loud, also_held, *_ = crowd("barge", held=True)
    quiet.run(5)
    loud.run(5)
    assert all(np.array_equal(a, b) for a, b in zip(held.heard, also_held.heard, strict=True))  # type: ignore[arg-type]  # the tone is never None


def test_a_supervisor_is_no_agent_a_lone_caller_still_hears_the_waiting_tone_and_nothing_is_joined() -> None:
    hours, one, watcher = Hours(), caller(), supervisor(says=speech(9, 16_000))
    hours.room.join(one)
    hours.room.join(watcher, "barge")
    assert not [item for item in hours.run(0.9) if isinstance(item, Joined)]
    assert 100 < level(one.heard) < 1300
    hours.room.join(agent())
    assert Joined(("agent", "caller")) in hours.run(0.1)


def test_no_supervisor_stays_with_a_caller_who_waits_again_and_the_agent_is_missed_as_ever() -> None:
    hours, _, two, watcher = crowd("barge")
    hours.run(1)
    hours.room.leave(two.id)
    hours.run(0.9)
    assert not watcher.closed
    hours.run(0.2)
    assert watcher.closed
    assert AgentLost() in hours.run(31)


def test_another_agent_is_not_listened_to_by_who_was_there_before_him() -> None:
    hours, _, two, watcher = crowd("listen")
    hours.run(1)
    again = agent("the same on another page")
    again.who = two.who
    hours.room.join(again)
    hours.run(1)
    assert not watcher.closed
    hours.room.join(agent("somebody else"))
    hours.run(0.2)
    assert watcher.closed


def test_a_supervisor_hears_on_when_the_colleague_takes_over() -> None:
    hours, _, two, watcher = crowd("listen")
    colleague = Leg("colleague", "partner")
    hours.room.join(colleague)
    hours.run(1)
    hours.room.leave(two.id)
    hours.run(5)
    assert not watcher.closed


def test_a_supervisor_does_not_keep_the_room_of_a_caller_who_left() -> None:
    hours, one, _, watcher = crowd("listen")
    hours.run(1)
    hours.room.leave(one.id)
    assert Ended("caller_left") in hours.run(6)
    assert watcher.closed


def test_who_listens_never_keeps_an_agent_out_and_no_supervisor_displaces_another() -> None:
    hours = Hours()
    hours.room.join(caller())
    hours.room.join(Leg("colleague", "partner"))
    watchers = [supervisor(str(number)) for number in range(MAX_LEGS)]
    for watcher in watchers:
        hours.room.join(watcher)
    with pytest.raises(RoomFullError):
        hours.room.join(supervisor("one too many"))
    hours.room.join(agent())
    hours.run(1)
    assert len(hours.room.legs) == 3 + len(watchers)
    again = supervisor("again")
    again.who = watchers[0].who
    hours.room.leave(watchers[1].id)
    hours.room.join(again)
    hours.run(0.1)
    assert watchers[0].closed
    assert again in hours.room.legs


def test_a_supervisor_can_be_shown_out_and_an_unknown_one_is_told_so() -> None:
    hours, *_, watcher = crowd("whisper")
    hours.run(0.1)
    hours.room.supervise(watcher.who, None)
    assert watcher.closed
    assert hours.room.mode_of(watcher.who) == "listen"
    with pytest.raises(NotHereError):
        hours.room.supervise(watcher.who, "barge")
