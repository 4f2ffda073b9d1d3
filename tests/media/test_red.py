"""Copies at a distance, and the feedback that says when they are worth their bytes."""

import struct
from functools import partial

import pytest
from aiortc.rtp import RtpPacket
from hypothesis import given
from hypothesis import strategies as st

from media_edge.sound.jitter import JitterBuffer, Kind
from media_edge.wire import feedback, red, rtp

frames = st.binary(min_size=1, max_size=200)
VECTOR = bytes.fromhex("ef4b0002ef1e00016fa1a2b1c1c2c3")
"""Opus as 111: a frame of three bytes with copies from five and two frames before; the page's own test has the same."""


def test_a_packet_is_laid_out_as_the_standard_says() -> None:
    copies = [(5 * rtp.FRAME, b"\xa1\xa2"), (2 * rtp.FRAME, b"\xb1")]
    assert red.pack(111, b"\xc1\xc2\xc3", copies) == VECTOR
    assert red.parse(VECTOR, 111) == (b"\xc1\xc2\xc3", copies)


@given(frames, st.lists(st.tuples(st.integers(1, 17), frames), max_size=4))
def test_what_is_packed_is_read_back(payload: bytes, copies: list[tuple[int, bytes]]) -> None:
    told = [(distance * rtp.FRAME if distance * rtp.FRAME <= red.MAX_OFFSET else 1, copy) for distance, copy in copies]
    assert red.parse(red.pack(111, payload, told), 111) == (payload, told)


@given(st.binary(max_size=80))
def test_rubbish_is_refused_or_read_and_nothing_else(data: bytes) -> None:
    try:
        payload, copies = red.parse(data, 111)
    except red.RedError:
        return
    assert len(payload) + sum(len(copy) for _, copy in copies) <= len(data)


def test_blocks_of_another_codec_are_left_out() -> None:
    packed = bytearray(VECTOR)
    packed[0] = 0x80 | 9
    assert red.parse(bytes(packed), 111) == (b"\xc1\xc2\xc3", [(2 * rtp.FRAME, b"\xb1")])


def test_only_what_was_sent_is_repeated_and_silence_has_no_copy() -> None:
    repeater = red.Repeater()
    repeater.distances = red.FAR
    for n in (0, 1, 2, 3, 5):
        repeater.pack(111, n * rtp.FRAME, bytes([n]))
    _, copies = red.parse(repeater.pack(111, 6 * rtp.FRAME, b"now"), 111)
    assert copies == [(5 * rtp.FRAME, b"\x01")]
    _, copies = red.parse(repeater.pack(111, 7 * rtp.FRAME, b"now"), 111)
    assert copies == [(5 * rtp.FRAME, b"\x02"), (2 * rtp.FRAME, b"\x05")]


@pytest.mark.parametrize(
    ("loss", "now", "wanted"),
    [
        (0.0, (), ()),
        (0.019, (), ()),
        (0.02, (), red.NEAR),
        (0.1, (), red.FAR),
        (0.06, red.FAR, red.FAR),
        (0.04, red.FAR, red.NEAR),
        (0.011, red.NEAR, red.NEAR),
        (0.009, red.NEAR, ()),
    ],
)
def test_copies_come_with_loss_and_go_well_below_it(loss: float, now: tuple[int, ...], wanted: tuple[int, ...]) -> None:
    assert red.distances_for(loss, now) == wanted


def told(first: int, count: int, *chunks: int) -> bytes:
    return struct.pack("!IIHHI", 1, 2, first, count, 3 << 8) + struct.pack(f"!{len(chunks)}H", *chunks) + b"\x04" * 8


def test_feedback_says_which_packets_came() -> None:
    assert feedback.parse(told(65_534, 3, 0x2003)) == (65_534, [True, True, True])
    assert feedback.parse(told(7, 4, 0x8000 | 0b10110000000000)) == (7, [True, False, True, True])
    assert feedback.parse(told(7, 8, 0xC000 | 0b01_00_10_01_00_00_01, 0x2001)) == (
        7,
        [True, False, True, True, False, False, True, True],
    )


@pytest.mark.parametrize("body", [b"", told(1, 0, 0x2001), told(1, 2_000, 0x2001), told(1, 9)[:16]])
def test_feedback_that_is_none_is_refused(body: bytes) -> None:
    with pytest.raises(feedback.FeedbackError):
        feedback.parse(body)


def test_loss_follows_what_came_and_news_that_comes_twice_counts_once() -> None:
    arrivals = feedback.Arrivals()
    for n in range(400):
        arrivals.told((65_000 + n) & 0xFFFF, [n % 5 != 0])
    assert arrivals.loss == pytest.approx(0.2, abs=0.03)
    before = arrivals.loss
    arrivals.told((65_000 + 300) & 0xFFFF, [False] * 100)
    assert arrivals.loss == before


def test_our_numbers_are_read_by_another_stack() -> None:
    packet = rtp.pack(111, False, 1, 2, 3, b"sound", rtp.numbered(4, 70_000))
    assert RtpPacket.parse(packet).payload == b"sound"
    assert packet[12:20] == struct.pack("!HHBHx", 0xBEDE, 1, 0x41, 70_000 & 0xFFFF)
    assert rtp.parse(packet).payload == b"sound"


def test_a_buffer_plays_a_copy_in_place_of_what_was_lost() -> None:
    buffer = JitterBuffer(rtp.FRAME)
    buffer.hold = 4
    played = []
    for n in range(12):
        if n not in (4, 5, 6):
            buffer.put(n * rtp.FRAME, bytes([n]), n * 20.0)
            if n >= 3:
                buffer.mend((n - 3) * rtp.FRAME, bytes([n - 3]))
        taken = buffer.take()
        if taken.kind is Kind.FRAME:
            played.append(taken.payload[0])
    assert played == list(range(len(played)))
    assert len(played) >= 8
    assert buffer.concealed == 0


def divides(by: int, number: int) -> bool:
    return number % by == 0


def test_a_buffer_grows_to_what_copies_need_in_quiet_moments_without_losing_a_frame() -> None:
    buffer, played, stretched = JitterBuffer(rtp.FRAME), [], 0
    for n in range(100):
        buffer.put(n * rtp.FRAME, bytes([n]), n * 20.0)
        buffer.hold = 6 if n >= 20 else 0
        taken = buffer.take(partial(divides, 3, n))
        if taken.kind is Kind.FRAME:
            played.append(taken.payload[0])
    assert played == list(range(len(played)))
    assert buffer.depth >= 5
    assert buffer.stretched >= 5 > stretched
