"""Automatic level: who is too quiet or too loud comes near to the others, and a usual voice is not touched."""

import numpy as np
import pytest

from media_edge.rooms.seat import Seat
from media_edge.sound.level import levels
from media_edge.sound.steady import LOUD_DBOV, QUIET_DBOV, WANTED_DBOV
from tests.media.running import Pcm, speech
from tests.media.test_room import Party

RATE, STEP = 16_000, 320


def voice(dbov: float, seconds: float) -> Pcm:
    """Speech whose loud frames lie at this level."""
    said = speech(seconds, RATE).astype(float)
    frames = np.sqrt((said.reshape(-1, STEP) ** 2).mean(1))
    active = np.sqrt((frames[frames > frames.max() / 30] ** 2).mean())
    scaled: Pcm = np.clip(said * 32_768 * 10 ** (dbov / 20) / active, -32_768, 32_767).astype(np.int16)
    return scaled


def through(said: Pcm) -> tuple[Pcm, Seat]:
    """As a room does it: each frame measured, a look ten times a second."""
    party = Party("a", "agent", says=said)
    party.set_rate(RATE)
    seat, heard = Seat(party), []
    for number in range(len(said) // STEP):
        seat.hear()
        assert seat.pcm is not None
        (seat.rms,) = levels([seat.pcm])
        seat.settle(told=True)
        heard.append(seat.pcm)
        if number % 5 == 0:
            seat.look()
    return np.concatenate(heard), seat


def level_of(sound: Pcm) -> float:
    frames = np.sqrt((sound.astype(float).reshape(-1, STEP) ** 2).mean(1))
    active = np.sqrt((frames[frames > frames.max() / 30] ** 2).mean())
    return float(20 * np.log10(active / 32_768))


@pytest.mark.parametrize("dbov", [-28, -22, -17])
def test_a_usual_voice_goes_through_bit_by_bit(dbov: int) -> None:
    said = voice(dbov, 20)
    heard, seat = through(said)
    assert seat.steady.idle
    assert np.array_equal(heard, said)


@pytest.mark.parametrize("dbov", [-44, -38, -34])
def test_a_quiet_voice_comes_up_to_what_is_usual(dbov: int) -> None:
    heard, seat = through(voice(dbov, 40))
    assert 4 < seat.steady.db <= 15
    assert level_of(heard[-10 * RATE :]) == pytest.approx(min(WANTED_DBOV, dbov + 15), abs=4.5)


def test_a_loud_voice_comes_down_and_nothing_clips() -> None:
    heard, seat = through(voice(-10, 40))
    assert seat.steady.db < -4
    assert QUIET_DBOV < level_of(heard[-10 * RATE :]) < LOUD_DBOV
    late = np.abs(heard[20 * RATE :].astype(np.int32))
    assert late.max() < 32_700


def test_a_shout_after_a_whisper_is_turned_down_at_once_not_cut_off() -> None:
    quiet, shout = voice(-40, 30), voice(-8, 1)
    heard, _ = through(np.concatenate([quiet, shout]))
    end = np.abs(heard[len(quiet) :].astype(np.int32))
    assert end.max() <= 32_700


def test_the_gain_moves_too_slowly_to_be_heard_and_never_in_a_pause() -> None:
    said = np.concatenate([voice(-40, 20), np.zeros(RATE * 20, np.int16)])
    heard, seat = through(said)
    before = seat.steady.db
    assert before > 5
    step = np.zeros(STEP, np.int16)
    party = seat.leg
    assert isinstance(party, Party)
    for _ in range(200):
        seat.pcm, seat.rms = step, 0.0
        seat.settle(told=True)
        seat.look()
    assert seat.steady.db == before
    assert not heard[21 * RATE :].any()
