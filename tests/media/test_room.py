"""A room: who hears whom, who takes whose place, when it ends. Time is passed in."""

import numpy as np
import pytest

from media_edge.legs.leg import LegReport
from media_edge.rooms import presence, session
from media_edge.rooms.happenings import AgentLost, Ended, Happening, Joined, PartnerLost, Spoke
from media_edge.rooms.session import Room, RoomFullError
from media_edge.rooms.ticking import tick
from tests.media.running import Pcm, speech


class Party:
    """A leg that says what it is given and keeps what it hears."""

    def __init__(self, id: str, role: str, *, phone: bool = False, says: Pcm | None = None) -> None:
        self.id, self.role, self.who, self.phone = id, role, id, phone
        self.live, self.gone, self.closed = True, False, False
        self.rate = 0
        self.pressed: list[str] = []
        self.heard: list[Pcm | None] = []
        self._says, self._at = says, 0

    def set_rate(self, rate: int) -> None:
        self.rate = rate

    def poll(self, now: float) -> None: ...

    def take(self) -> Pcm | None:
        if self._says is None:
            return None
        step, self._at = self.rate // 50, self._at + self.rate // 50
        return self._says[self._at - step : self._at]

    def give(self, pcm: Pcm | None) -> None:
        self.heard.append(pcm)

    def encode(self) -> None: ...
    def send(self) -> None: ...

    def close(self) -> None:
        self.closed, self.live = True, False

    @property
    def packets(self) -> int:
        return len(self.heard)

    def report(self) -> LegReport:
        return LegReport(self.role, 0.0, 0.0, len(self.heard))


class Hours:
    """Runs a room through time."""

    def __init__(self) -> None:
        self.now = 100.0
        self.room = Room("c1", self.now)

    def run(self, seconds: float) -> list[Happening]:
        happened = []
        for _ in range(round(seconds * 50)):
            tick([self.room], self.now)
            happened += self.room.take_happened()
            self.now += 0.02
        return happened


def caller(**more: object) -> Party:
    return Party("caller-leg", "caller", **more)  # type: ignore[arg-type]


def agent(id: str = "agent-leg", **more: object) -> Party:
    return Party(id, "agent", **more)  # type: ignore[arg-type]


def level(frames: list[Pcm | None]) -> float:
    heard = [f.astype(float) for f in frames if f is not None]
    return float(np.sqrt(np.mean(np.concatenate(heard) ** 2))) if heard else 0.0


def test_caller_and_agent_hear_each_other_and_not_themselves() -> None:
    hours, said, answered = Hours(), speech(2, 16_000), speech(2, 16_000, seed=2)
    one, two = caller(says=said), agent(says=answered)
    hours.room.join(one)
    hours.room.join(two)
    assert Joined(("agent", "caller")) in hours.run(1)
    assert np.array_equal(np.concatenate(two.heard), said[:16_000])  # type: ignore[arg-type]
    assert np.array_equal(np.concatenate(one.heard), answered[:16_000])  # type: ignore[arg-type]


def test_a_lone_caller_hears_the_waiting_tone_until_the_agent_comes() -> None:
    hours, one = Hours(), caller()
    hours.room.join(one)
    hours.run(4)
    assert 100 < level(one.heard) < 1300
    one.heard.clear()
    hours.room.join(agent())
    hours.run(1)
    assert one.heard == [None] * 50


def test_a_held_caller_hears_the_hold_tone_and_neither_hears_the_other() -> None:
    hours = Hours()
    one, two = caller(says=speech(9, 16_000)), agent(says=speech(9, 16_000))
    for leg in (one, two):
        hours.room.join(leg)
    hours.run(1)
    hours.room.held = True
    one.heard.clear()
    two.heard.clear()
    hours.run(5)
    assert two.heard == [None] * 250
    assert 100 < level(one.heard) < 1300
    hours.room.held = False
    two.heard.clear()
    hours.run(1)
    assert all(frame is not None for frame in two.heard)


def test_a_telephone_makes_the_room_narrow_and_a_quiet_line_is_not_dead() -> None:
    hours, two = Hours(), agent()
    hours.room.join(two)
    hours.run(0.1)
    assert two.rate == session.WIDE
    phone = caller(phone=True)
    hours.room.join(phone)
    hours.run(1)
    assert two.rate == session.PHONE
    assert {len(f) for f in phone.heard if f is not None} == {160}
    assert 1 < level(phone.heard) < 20


def test_a_second_agent_leg_takes_over_only_when_it_is_live() -> None:
    hours, one, old, new = Hours(), caller(), agent(), agent("agent-leg-2")
    for leg in (one, old):
        hours.room.join(leg)
    hours.run(1)
    new.live = False
    hours.room.join(new)
    hours.run(1)
    assert not old.closed
    new.live = True
    hours.run(0.02)
    assert old.closed
    assert [leg.id for leg in hours.room.legs] == ["caller-leg", "agent-leg-2"]


def test_a_caller_who_is_gone_for_five_seconds_ends_the_room() -> None:
    hours, one = Hours(), caller()
    hours.room.join(one)
    hours.room.join(agent())
    hours.run(1)
    one.gone = True
    assert not any(isinstance(h, Ended) for h in hours.run(4.9))
    assert Ended("caller_left") in hours.run(0.3)
    assert [r.role for r in hours.room.reports] == ["caller", "agent"]


def test_a_caller_who_comes_back_in_time_goes_on() -> None:
    hours, one = Hours(), caller()
    hours.room.join(one)
    hours.room.join(agent())
    hours.run(1)
    one.gone = True
    hours.run(3)
    hours.room.join(Party("caller-leg-2", "caller"))
    happened = hours.run(10)
    assert Joined(("agent", "caller")) in happened
    assert hours.room.ended is None


def test_an_agent_gone_for_thirty_seconds_is_told_once_and_the_caller_hears_the_tone() -> None:
    hours, one, two = Hours(), caller(), agent()
    hours.room.join(one)
    hours.room.join(two)
    hours.run(1)
    two.gone = True
    one.heard.clear()
    happened = hours.run(29.9)
    assert AgentLost() not in happened
    assert level(one.heard) > 100
    assert (hours.run(60)).count(AgentLost()) == 1


def test_in_a_conference_all_three_hear_each_other_and_who_is_held_hears_neither() -> None:
    hours = Hours()
    voices = {role: speech(6, 16_000, seed) // 4 for seed, role in enumerate(("caller", "agent", "partner"), 1)}
    legs = {role: Party(role, role, says=said) for role, said in voices.items()}
    for leg in legs.values():
        hours.room.join(leg)
    hours.run(1)
    for role, leg in legs.items():
        others = sum(voices[other].astype(int) for other in voices if other != role)
        assert np.array_equal(np.concatenate(leg.heard), others[:16_000])  # type: ignore[index,arg-type]
        leg.heard.clear()
    hours.room.held = True
    hours.run(1)
    assert np.array_equal(np.concatenate(legs["partner"].heard), voices["agent"][16_000:32_000])  # type: ignore[arg-type]
    assert np.array_equal(np.concatenate(legs["agent"].heard), voices["partner"][16_000:32_000])  # type: ignore[arg-type]


def test_a_caller_with_the_colleague_alone_is_not_told_to_wait_and_the_lost_agent_is_told() -> None:
    hours, one, two = Hours(), caller(), agent()
    for leg in (one, two, Party("colleague-leg", "partner")):
        hours.room.join(leg)
    hours.run(1)
    two.gone = True
    one.heard.clear()
    assert hours.run(31).count(AgentLost()) == 1
    assert level(one.heard) == 0


def test_the_recording_has_the_house_on_one_side_whoever_of_it_speaks() -> None:
    hours = Hours()
    said, added = speech(2, 16_000) // 4, speech(2, 16_000, seed=2) // 4
    for leg in (caller(), agent(says=said), Party("colleague-leg", "partner", says=added)):
        hours.room.join(leg)
    hours.run(1)
    frames = np.concatenate([piece.sound.reshape(-1, 2) for piece in hours.room.recorder.finish()])
    assert np.array_equal(frames[:16_000, 1], (said + added)[:16_000])


def test_a_room_nobody_calls_ends() -> None:
    hours = Hours()
    hours.room.join(agent())
    assert Ended("caller_left") in hours.run(presence.NO_CALLER_SECONDS + 1)


def test_no_room_lasts_for_ever() -> None:
    hours = Hours()
    hours.room.join(caller())
    hours.now += presence.MAX_ROOM_SECONDS
    assert Ended("closed") in hours.run(0.02)


def test_a_room_has_a_bound() -> None:
    room = Room("c1", 0.0)
    for n in range(session.MAX_LEGS):
        room.join(Party(str(n), f"role {n}"))
    with pytest.raises(RoomFullError):
        room.join(Party("more", "one more"))


def test_joining_again_and_again_does_not_fill_the_room() -> None:
    room = Room("c1", 0.0)
    for n in range(20):
        leg = agent(str(n))
        leg.live = False
        room.join(leg)
    assert len(room.legs) == 1


def test_a_page_that_joins_all_day_leaves_no_more_than_its_last_reports() -> None:
    room = Room("c1", 0.0)
    for n in range(2 * session.MAX_REPORTS):
        room.join(agent(str(n)))
        room.leave(str(n))
    assert len(room.reports) == session.MAX_REPORTS


def test_turns_are_told_with_their_role() -> None:
    hours = Hours()
    said = np.concatenate([np.zeros(16_000, np.int16), speech(2, 16_000), np.zeros(32_000, np.int16)])
    hours.room.join(caller(says=said))
    hours.room.join(agent())
    (spoke,) = [h for h in hours.run(4.5) if isinstance(h, Spoke)]
    assert spoke.role == "caller"
    assert spoke.turn.started_ms == pytest.approx(1000, abs=100)
    assert spoke.turn.ended_ms == pytest.approx(3000, abs=150)


def test_the_recording_has_every_tick_from_the_first_leg_on() -> None:
    hours = Hours()
    hours.run(1)
    hours.room.join(caller())
    hours.run(2)
    hours.room.join(agent())
    hours.run(3)
    assert hours.room.recorder.seconds == 5.0


def test_an_ended_room_does_nothing_more() -> None:
    hours, one = Hours(), caller()
    hours.room.join(one)
    assert Ended("closed") in hours.room.end("closed")
    assert hours.room.end("closed") == []
    assert hours.run(1) == []
    assert one.closed


def conference() -> tuple[Hours, Party]:
    hours, colleague = Hours(), Party("bo", "partner")
    for leg in (caller(), agent(), colleague):
        hours.room.join(leg)
    hours.run(1)
    return hours, colleague


def test_a_colleague_gone_for_thirty_seconds_is_told_once_with_his_name() -> None:
    hours, colleague = conference()
    colleague.gone = True
    assert PartnerLost("bo") not in hours.run(29.9)
    assert hours.run(60).count(PartnerLost("bo")) == 1


def test_a_colleague_who_comes_back_or_takes_the_contact_over_is_not_lost() -> None:
    hours, colleague = conference()
    colleague.gone = True
    hours.run(20)
    again = Party("bo-2", "partner")
    again.who = "bo"
    hours.room.join(again)
    assert PartnerLost("bo") not in hours.run(40)
    takes_over = Party("bo-3", "agent")
    takes_over.who = "bo"
    hours.room.join(takes_over)
    again.gone = True
    assert PartnerLost("bo") not in hours.run(60)
