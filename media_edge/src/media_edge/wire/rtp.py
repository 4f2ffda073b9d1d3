"""RTP packets (RFC 3550 section 5), header extensions skipped (RFC 8285), telephone events (RFC 4733 section 2.3)."""

import struct
from dataclasses import dataclass
from typing import NamedTuple

MIN_BYTES = 12
CLOCK = 48_000  # of Opus, whatever the codec's own rate (RFC 7587 section 4.1)
FRAME = CLOCK // 50  # clock ticks in 20 ms
_HEADER = struct.Struct("!BBHII")


class RtpError(Exception):
    """Not an RTP packet."""


class Packet(NamedTuple):
    payload_type: int
    marker: bool
    sequence: int
    timestamp: int
    ssrc: int
    payload: bytes


def parse(data: bytes) -> Packet:
    """Raises RtpError for what does not follow RFC 3550."""
    if len(data) < MIN_BYTES:
        raise RtpError("too short")
    first, second, sequence, timestamp, ssrc = _HEADER.unpack_from(data)
    if first >> 6 != 2:
        raise RtpError("not version 2")
    start = MIN_BYTES + 4 * (first & 0x0F)
    if first & 0x10:
        if len(data) < start + 4:
            raise RtpError("the extension is cut short")
        start += 4 + 4 * int.from_bytes(data[start + 2 : start + 4], "big")
    end = len(data) - (data[-1] if first & 0x20 else 0)
    if start > end:
        raise RtpError("no room for a payload")
    return Packet(second & 0x7F, bool(second & 0x80), sequence, timestamp, ssrc, data[start:end])


def pack(
    payload_type: int, marker: bool, sequence: int, timestamp: int, ssrc: int, payload: bytes, extension: bytes = b""
) -> bytes:
    """``extension`` is a whole header extension, as ``numbered`` makes one."""
    first = 0x90 if extension else 0x80
    return _HEADER.pack(first, payload_type | (marker << 7), sequence, timestamp, ssrc) + extension + payload


def numbered(id: int, number: int) -> bytes:
    """An extension of one element (RFC 8285 section 4.2), ``id`` 1 to 14: sixteen bits."""
    return struct.pack("!HHBHx", 0xBEDE, 1, id << 4 | 1, number & 0xFFFF)


def is_rtcp(data: bytes) -> bool:
    """Tell RTCP from RTP on one port (RFC 5761 section 4)."""
    return len(data) >= 2 and 192 <= data[1] <= 223


def ahead(later: int, earlier: int, bits: int) -> int:
    """How far ``later`` is ahead on a wheel of ``bits``; negative when it is behind."""
    half, wheel = 1 << (bits - 1), 1 << bits
    return (later - earlier + half) % wheel - half


@dataclass(frozen=True, slots=True)
class Key:
    """A telephone event; ``ended`` is told up to three times."""

    digit: str
    ended: bool


DIGITS = "0123456789*#ABCD"


def parse_key(payload: bytes) -> Key | None:
    """The key of an RFC 4733 payload; None for other events."""
    if len(payload) < 4 or payload[0] >= len(DIGITS):
        return None
    return Key(DIGITS[payload[0]], bool(payload[1] & 0x80))
