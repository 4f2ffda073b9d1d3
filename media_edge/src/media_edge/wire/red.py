"""Redundant audio (RFC 2198): each packet carries its frame and copies of frames before it, at chosen distances.

Copies at a distance outlive a burst that takes a frame and its neighbours. Distances are frames of 20 ms.
"""

import struct
from collections import deque
from collections.abc import Iterator, Sequence
from typing import Final

from media_edge.wire.rtp import FRAME

MAX_OFFSET: Final = (1 << 14) - 1  # clock ticks, RFC 2198 section 3
MAX_BLOCK: Final = (1 << 10) - 1  # bytes
MAX_DISTANCE: Final = 5
MAX_BLOCKS: Final = 8
NEAR: Final = (3,)
FAR: Final = (5, 2)
NEAR_FROM, FAR_FROM = 0.02, 0.10
"""Loss, 0 to 1, from which copies are worth their bytes, and from which two of them are."""

Copy = tuple[int, bytes]
"""How many clock ticks before the packet's own frame, and the frame."""


class RedError(Exception):
    """Not a redundant payload."""


def distances_for(loss: float, now: tuple[int, ...] = ()) -> tuple[int, ...]:
    """Which frames to repeat at this loss. What is repeated ``now`` stays until the loss is well below that."""
    far = FAR_FROM / 2 if now == FAR else FAR_FROM
    near = NEAR_FROM / 2 if now else NEAR_FROM
    return FAR if loss >= far else NEAR if loss >= near else ()


def pack(payload_type: int, payload: bytes, copies: Sequence[Copy]) -> bytes:
    """``copies``, oldest first, before the frame itself; all of one ``payload_type``."""
    fitting = [(offset, copy) for offset, copy in copies if offset <= MAX_OFFSET and len(copy) <= MAX_BLOCK]
    heads = [struct.pack("!I", (0x80 | payload_type) << 24 | offset << 10 | len(copy)) for offset, copy in fitting]
    return b"".join([*heads, bytes([payload_type]), *(copy for _, copy in fitting), payload])


def parse(data: bytes, payload_type: int) -> tuple[bytes, list[Copy]]:
    """The frame and its copies, blocks of other payload types left out. Raises RedError."""
    heads = list(_heads(data))
    at = 4 * (len(heads) - 1) + 1
    copies: list[Copy] = []
    for kind, offset, length in heads[:-1]:
        if at + length > len(data):
            raise RedError("a block is cut short")
        if kind == payload_type and length:
            copies.append((offset, data[at : at + length]))
        at += length
    return (data[at:] if heads[-1][0] == payload_type else b""), copies


def _heads(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Payload type, offset and length of each block; the last one has neither offset nor length."""
    at = 0
    for _ in range(MAX_BLOCKS):
        if at >= len(data):
            break
        if not data[at] & 0x80:
            yield data[at], 0, 0
            return
        if at + 4 > len(data):
            break
        (word,) = struct.unpack_from("!I", data, at)
        yield word >> 24 & 0x7F, word >> 10 & MAX_OFFSET, word & MAX_BLOCK
        at += 4
    raise RedError("no last block")


class Repeater:
    """What was sent of late, for packets to come. A frame that was not sent (silence) has no copy."""

    def __init__(self) -> None:
        self._sent: deque[tuple[int, bytes]] = deque(maxlen=MAX_DISTANCE)
        self.distances: tuple[int, ...] = ()

    def sent(self, timestamp: int, payload: bytes) -> None:
        """Remember a frame for packets to come."""
        self._sent.append((timestamp, payload))

    def pack(self, payload_type: int, timestamp: int, payload: bytes) -> bytes:
        """The frame at ``timestamp`` with the copies that are due; it is remembered."""
        copies = []
        for distance in self.distances:
            stamp = (timestamp - distance * FRAME) & 0xFFFFFFFF
            copies += [(distance * FRAME, kept) for at, kept in self._sent if at == stamp]
        self.sent(timestamp, payload)
        return pack(payload_type, payload, copies)
