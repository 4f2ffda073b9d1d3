"""Which of our packets arrived: transport-wide feedback (draft-holmer-rmcat-transport-wide-cc-extensions-01).

A browser tells it about every 80 ms, where receiver reports (RFC 3550) come every few seconds.
"""

import struct
from collections.abc import Iterator
from typing import Final

TRANSPORT, FORMAT = 205, 15  # RTPFB (RFC 4585 section 6.2), and its kind
URI: Final = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"
MAX_PACKETS: Final = 1_000  # a packet that tells of more is no honest one
HALF_LIFE: Final = 50.0  # packets, one second of speech
_FIXED: Final = struct.Struct("!IIHHI")


class FeedbackError(Exception):
    """Not transport-wide feedback."""


def parse(body: bytes) -> tuple[int, list[bool]]:
    """``body`` is behind the common header. The first transport sequence number, and what arrived from there on.

    Raises FeedbackError. When each one arrived is not read: delays are not what is steered by.
    """
    if len(body) < _FIXED.size:
        raise FeedbackError("cut short")
    _, _, first, count, _ = _FIXED.unpack_from(body)
    if not 0 < count <= MAX_PACKETS:
        raise FeedbackError("tells of no packet, or of too many")
    arrived: list[bool] = []
    for chunk in _chunks(body):
        arrived += chunk
        if len(arrived) >= count:
            return first, arrived[:count]
    raise FeedbackError("cut short")


def _chunks(body: bytes) -> Iterator[list[bool]]:
    for at in range(_FIXED.size, len(body) - 1, 2):
        (chunk,) = struct.unpack_from("!H", body, at)
        if not chunk & 0x8000:  # a run: two bits of status, thirteen of length
            yield [0 < (chunk >> 13 & 3) < 3] * (chunk & 0x1FFF)
        elif chunk & 0x4000:  # seven statuses of two bits
            yield [0 < (chunk >> shift & 3) < 3 for shift in range(12, -1, -2)]
        else:  # fourteen of one bit
            yield [bool(chunk >> shift & 1) for shift in range(13, -1, -1)]


class Arrivals:
    """The share of our packets that was lost of late, from feedback that itself may be lost or come twice."""

    def __init__(self) -> None:
        self._next = -1  # transport sequence number
        self.loss = 0.0  # 0 to 1, of about the last two seconds

    def told(self, first: int, arrived: list[bool]) -> None:
        for n, here in enumerate(arrived):
            number = (first + n) & 0xFFFF
            if self._next >= 0 and (number - self._next) & 0x8000:
                continue  # told before
            self._next = (number + 1) & 0xFFFF
            self.loss += ((0.0 if here else 1.0) - self.loss) * (1 - 0.5 ** (1 / HALF_LIFE))
