"""The playout buffer under loss, reordering, late packets, silence and drift."""

import itertools
import random

from hypothesis import given, settings
from hypothesis import strategies as st

from media_edge.sound import jitter
from media_edge.sound.jitter import JitterBuffer, Kind

STEP = 960


def play(arrivals: dict[int, list[int]], ticks: int, quiet: bool = False) -> tuple[list[str], JitterBuffer]:
    """``arrivals``: tick -> frame numbers that arrive just before it. What was played, frame by frame."""
    buffer, played = JitterBuffer(STEP), []
    for tick in range(ticks):
        for number in arrivals.get(tick, []):
            buffer.put((number * STEP) & 0xFFFFFFFF, str(number).encode(), tick * 20.0)
        taken = buffer.take(lambda: quiet)
        played.append({Kind.FRAME: taken.payload.decode()}.get(taken.kind, taken.kind.value))
    return played, buffer


def frames(played: list[str]) -> list[int]:
    return [int(p) for p in played if p.isdigit()]


def test_a_steady_sender_is_played_in_order_with_little_delay() -> None:
    played, buffer = play({n: [n] for n in range(100)}, 100)
    assert frames(played) == list(range(100))
    assert buffer.depth <= 1


def test_a_lost_frame_is_taken_from_the_next_ones_redundancy() -> None:
    # One frame in hand (the first two came together) is what has the next one there in time.
    arrivals = {n: [n, n + 1] if n == 0 else [n + 1] for n in range(50) if n != 19}
    played, _ = play(arrivals, 45)
    assert played[played.index("fec") - 1 : played.index("fec") + 2] == ["19", "fec", "21"]


def test_two_lost_frames_are_concealed_then_recovered() -> None:
    # Two frames in hand, then a hole of two.
    arrivals = {n: [n, n + 1, n + 2] if n == 0 else [n + 2] for n in range(50) if n not in (18, 19)}
    played, _ = play(arrivals, 45)
    at = played.index("lost")
    assert played[at - 1 : at + 3] == ["19", "lost", "fec", "22"]


def test_reordered_frames_come_out_in_order() -> None:
    arrivals = {0: [0], 1: [2, 1], 2: [3], 3: [5, 4]} | {n: [n + 2] for n in range(4, 40)}
    played, _ = play(arrivals, 40)
    assert frames(played) == sorted(frames(played))
    assert len(frames(played)) >= 37


def test_silence_of_the_sender_is_not_concealed_for_long() -> None:
    arrivals = {n: [n] for n in range(20)} | {n: [n] for n in range(120, 140)}
    played, buffer = play(arrivals, 140)
    assert played.count("lost") <= jitter.CONCEAL_FRAMES
    assert frames(played)[-15:] == list(range(frames(played)[-15], frames(played)[-1] + 1))
    assert buffer.depth <= 2


def test_a_stall_is_caught_up_and_the_delay_shrinks_again_in_quiet_moments() -> None:
    arrivals = {n: [n] for n in range(50)} | {60: list(range(50, 61))} | {n: [n] for n in range(61, 1500)}
    played, buffer = play(arrivals, 1500, quiet=True)
    assert frames(played)[-1] >= 1497
    assert buffer.dropped <= 12


def test_a_sender_that_is_faster_than_our_clock_does_not_fill_the_buffer() -> None:
    arrivals = {n: [n + n // 100] + ([n + n // 100 + 1] if n % 100 == 99 else []) for n in range(5000)}
    _, buffer = play(arrivals, 5000)
    assert buffer.depth <= jitter.FORCED_SURPLUS + 3


def test_stamps_may_wrap() -> None:
    start = (2**32 - 10 * STEP) // STEP
    buffer = JitterBuffer(STEP)
    played = []
    for n in range(40):
        buffer.put((2**32 - 10 * STEP + n * STEP) % 2**32, str(start + n).encode(), n * 20.0)
        played.append(buffer.take().kind)
    assert played.count(Kind.FRAME) >= 39


def test_junk_stamps_never_hold_more_than_the_bound() -> None:
    buffer, chance = JitterBuffer(STEP), random.Random(1)
    for n in range(5_000):
        buffer.put(chance.randrange(2**32), b"x", n * 5.0)
        assert buffer.depth <= jitter.MAX_FRAMES
        if n % 4 == 0:
            buffer.take()


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32), st.integers(0, 30), st.integers(0, 5))
def test_whatever_the_network_does_no_frame_comes_twice_or_out_of_order(seed: int, loss: int, spread: int) -> None:
    chance = random.Random(seed)
    arrivals: dict[int, list[int]] = {}
    for n in range(300):
        if chance.randrange(100) >= loss:
            arrivals.setdefault(n + chance.randint(0, spread), []).append(n)
    played, buffer = play(arrivals, 320)
    numbers = frames(played)
    assert len(numbers) == len(set(numbers))
    assert all(later > earlier for earlier, later in itertools.pairwise(numbers))
    sent = sum(map(len, arrivals.values()))
    assert len(numbers) >= sent - buffer.late - buffer.dropped - jitter.MAX_TARGET
