"""One-way audio: who cannot be heard is noticed within two seconds, who merely listens is not."""

import numpy as np

from media_edge.legs.leg import LegReport
from media_edge.rooms.happenings import Happening
from media_edge.rooms.oneway import OneWay
from tests.media.running import Pcm, speech
from tests.media.test_room import Hours, Party

NOTICED_SECONDS = 2.0


class Line(Party):
    """A party whose microphone or network can fail; a quiet one sends a packet each 400 ms, as DTX does."""

    def __init__(self, role: str, *, phone: bool = False, noise: float = 8.0, seed: int = 1) -> None:
        super().__init__(f"{role}-leg", role, phone=phone)
        self.talks = self.cut = self.dead = False
        self._noise, self._frame, self._packets = noise, 0, 0
        self._chance = np.random.default_rng(seed)
        self._speech = speech(30, 16_000, seed)

    def take(self) -> Pcm | None:
        self._frame += 1
        resting = not self.talks and not self.phone and self._frame % 20
        if self.cut or resting:
            return None
        self._packets += 1
        size = self.rate // 50
        if self.dead:
            return np.zeros(size, np.int16)
        at = self._frame * size % (len(self._speech) - size)
        said = self._speech[at : at + size] if self.talks else np.zeros(size, np.int16)
        return (said + self._chance.normal(0, self._noise, size)).astype(np.int16) if self._noise else said

    @property
    def packets(self) -> int:
        return self._packets

    def report(self) -> LegReport:
        return LegReport(self.role, 0.0, 0.0, self._packets, phone=self.phone)


def call(*, phone: bool = False, noise: float = 8.0) -> tuple[Hours, Line, Line]:
    hours, caller, agent = Hours(), Line("caller", phone=phone, noise=noise), Line("agent", seed=2)
    hours.room.join(caller)
    hours.room.join(agent)
    return hours, caller, agent


def told(happened: list[Happening]) -> list[OneWay]:
    return [item for item in happened if isinstance(item, OneWay)]


def converse(hours: Hours, one: Line, other: Line, seconds: float, seed: int = 1) -> list[Happening]:
    """Turns of natural lengths with pauses between; each listens to the other, sometimes for long."""
    chance, happened, until = np.random.default_rng(seed), [], hours.now + seconds
    while hours.now < until:
        one.talks, other.talks = bool(chance.random() < 0.5), False
        other.talks = not one.talks
        happened += hours.run(float(chance.uniform(0.5, 12)))
        one.talks = other.talks = False
        happened += hours.run(float(chance.uniform(0.1, 4)))
    return happened


def test_a_leg_whose_packets_stop_is_noticed_within_two_seconds_and_told_once() -> None:
    hours, caller, agent = call()
    converse(hours, caller, agent, 10)
    caller.talks, agent.talks, agent.cut = True, False, True
    began = hours.now
    assert [(item.role, item.kind) for item in told(hours.run(NOTICED_SECONDS))] == [("agent", "no_packets")]
    assert told(hours.run(20)) == []
    assert abs(hours.room.one_ways[0].began - began) < 0.5  # the last packet of a silent codec


def test_a_dead_microphone_is_told_apart_from_a_dead_network() -> None:
    hours, caller, agent = call()
    converse(hours, caller, agent, 10)
    caller.talks, agent.talks = True, False
    hours.run(1)
    agent.dead = True
    assert [(item.role, item.kind) for item in told(hours.run(NOTICED_SECONDS))] == [("agent", "no_sound")]


def test_who_is_heard_again_is_told_once_with_how_long_it_lasted() -> None:
    hours, caller, agent = call()
    caller.talks = agent.cut = True
    hours.run(6)
    agent.cut = False
    (ended,) = told(hours.run(2))
    assert ended.ended is not None
    assert 5.5 < ended.ended - ended.began < 7
    assert hours.room.one_ways == []


def test_an_hour_of_natural_conversation_raises_no_alarm() -> None:
    hours, caller, agent = call()
    assert told(converse(hours, caller, agent, 3_600)) == []


def test_a_caller_on_the_phone_whose_network_sends_true_silence_while_he_listens_raises_none() -> None:
    hours, caller, agent = call(phone=True, noise=0.0)
    caller.talks = True
    hours.run(2)
    caller.talks, agent.talks = False, True
    assert told(hours.run(8)) == []


def test_a_phone_that_sent_nothing_but_silence_is_told_later() -> None:
    hours, caller, agent = call(phone=True, noise=0.0)
    agent.talks, caller.dead = True, True
    assert told(hours.run(8)) == []
    assert [(item.role, item.kind) for item in told(hours.run(4))] == [("caller", "no_sound")]


def test_on_hold_and_alone_nobody_is_missed() -> None:
    hours, caller, agent = call()
    hours.room.held = True
    agent.cut = caller.talks = True
    assert told(hours.run(30)) == []
    hours.room.held = False
    assert told(hours.run(1)) == []
    assert [item.kind for item in told(hours.run(1))] == ["no_packets"]
    hours.room.leave("agent-leg")
    assert [item.ended is not None for item in told(hours.run(1))] == [True]
    assert hours.room.one_ways == []
