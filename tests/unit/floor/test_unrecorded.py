"""A contact whose agent does not want it recorded for a while."""

import pytest

from hearthline.floor.errors import IllegalMoveError, UnknownError
from hearthline.floor.keeper import Step
from hearthline.floor.recorded import PAUSE_MS
from tests.shift import AGENT_ANA, CALLER, Shift

ANA = AGENT_ANA


@pytest.fixture
def shift() -> Shift:
    shift = Shift()
    shift.talking("call-1", "ana")
    return shift


def pause(shift: Shift) -> Step | None:
    _, until = shift.floor.pause("call-1", "ana")
    return shift.floor.paused("call-1", "ana", until, ANA)


def test_a_pause_is_told_once_and_its_end_too(shift: Shift) -> None:
    assert pause(shift) is not None
    assert pause(shift) is None
    assert shift.state_of("call-1").unrecorded_until == shift.effects.clock.now() + PAUSE_MS
    assert shift.floor.record_again("call-1", "ana", ANA) is not None
    assert shift.floor.record_again("call-1", "ana", ANA) is None
    assert shift.story("call-1")[-2:] == ["RecordingPaused", "RecordingResumed"]


def test_a_pause_is_not_made_longer_by_asking_again(shift: Shift) -> None:
    _, first = shift.floor.pause("call-1", "ana")
    shift.floor.paused("call-1", "ana", first, ANA)
    shift.later(60)
    assert shift.floor.pause("call-1", "ana")[1] == first


def test_the_edge_ends_a_pause_that_is_over_and_no_other(shift: Shift) -> None:
    pause(shift)
    edge = shift.state_of("call-1").edge
    assert shift.floor.pause_over("call-1", edge, "news") is None
    shift.later(PAUSE_MS / 1000)
    assert shift.floor.pause_over("call-1", "elsewhere", "news") is None
    assert shift.floor.pause_over("call-1", edge, "news") is not None
    assert shift.floor.pause_over("call-1", edge, "news") is None
    assert shift.story("call-1")[-1] == "RecordingResumed"


def test_only_its_agent_pauses_and_only_while_somebody_is_heard(shift: Shift) -> None:
    with pytest.raises(UnknownError):
        shift.floor.pause("call-1", "bo")
    shift.floor.end_contact("call-1", by="caller", actor=CALLER)
    with pytest.raises(IllegalMoveError):
        shift.floor.pause("call-1", "ana")
