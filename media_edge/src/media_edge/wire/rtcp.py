"""RTCP reports (RFC 3550 section 6.4) and reception statistics (appendices A.3 and A.8)."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

SENDER_REPORT, RECEIVER_REPORT, DESCRIPTION, GOODBYE = 200, 201, 202, 203
NTP_EPOCH = 2_208_988_800  # seconds between 1900 and 1970
MAX_ROUND_TRIP = 10  # seconds: more is a clock that was set, or a lie
MAX_REORDER = 3_000  # packets; a longer way back is a new start of the sender


class RtcpError(Exception):
    """Not a compound RTCP packet."""


@dataclass(frozen=True, slots=True)
class ReportBlock:
    """What one receiver says of one sender. ``jitter`` in clock ticks, delays in 1/65536 s."""

    ssrc: int
    fraction_lost: int  # of 256, since the last report
    lost: int
    highest: int
    jitter: int
    last_sr: int
    delay: int


@dataclass(frozen=True, slots=True)
class Report:
    sender: int
    ntp: int | None  # of a sender report, 64 bit
    blocks: tuple[ReportBlock, ...]


def pack_sender_report(
    ssrc: int, ntp: int, timestamp: int, packets: int, octets: int, blocks: tuple[ReportBlock, ...]
) -> bytes:
    body = struct.pack("!IQIII", ssrc, ntp, timestamp, packets & 0xFFFFFFFF, octets & 0xFFFFFFFF)
    return _chunk(SENDER_REPORT, len(blocks), body + b"".join(map(_pack_block, blocks)))


def pack_receiver_report(ssrc: int, blocks: tuple[ReportBlock, ...]) -> bytes:
    return _chunk(RECEIVER_REPORT, len(blocks), struct.pack("!I", ssrc) + b"".join(map(_pack_block, blocks)))


def pack_name(ssrc: int, name: str) -> bytes:
    """The CNAME that every compound packet carries."""
    item = struct.pack("!IBB", ssrc, 1, len(name)) + name.encode()
    return _chunk(DESCRIPTION, 1, item + bytes(4 - len(item) % 4))


def _chunk(kind: int, count: int, body: bytes) -> bytes:
    return struct.pack("!BBH", 0x80 | count, kind, len(body) // 4) + body


def _pack_block(block: ReportBlock) -> bytes:
    lost = (block.fraction_lost << 24) | (max(-0x800000, min(0x7FFFFF, block.lost)) & 0xFFFFFF)
    return struct.pack("!IIIIII", block.ssrc, lost, block.highest, block.jitter, block.last_sr, block.delay)


def parse(data: bytes) -> tuple[list[Report], set[int]]:
    """Reports, and the sources that say goodbye. Raises RtcpError; unknown kinds are skipped."""
    reports: list[Report] = []
    gone: set[int] = set()
    for kind, count, body in parts(data):
        if kind in (SENDER_REPORT, RECEIVER_REPORT):
            reports.append(_parse_report(kind, count, body))
        elif kind == GOODBYE:
            gone.update(struct.unpack_from(f"!{min(count, len(body) // 4)}I", body))
    return reports, gone


def parts(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Each packet of a compound: its kind, its count (or format), what is behind its header. Raises RtcpError."""
    at = 0
    while at < len(data):
        if len(data) - at < 4 or data[at] >> 6 != 2:
            raise RtcpError("not RTCP")
        end = at + 4 + 4 * int.from_bytes(data[at + 2 : at + 4], "big")
        if end > len(data):
            raise RtcpError("cut short")
        yield data[at + 1], data[at] & 0x1F, data[at + 4 : end]
        at = end


def _parse_report(kind: int, count: int, body: bytes) -> Report:
    start = 24 if kind == SENDER_REPORT else 4
    if len(body) < start + 24 * count:
        raise RtcpError("a report is cut short")
    (sender,) = struct.unpack_from("!I", body)
    ntp = int.from_bytes(body[4:12], "big") if kind == SENDER_REPORT else None
    return Report(sender, ntp, tuple(_parse_block(body, start + 24 * n) for n in range(count)))


def _parse_block(body: bytes, at: int) -> ReportBlock:
    ssrc, lost, highest, jitter, last_sr, delay = struct.unpack_from("!IIIIII", body, at)
    total = lost & 0xFFFFFF
    return ReportBlock(ssrc, lost >> 24, total - (total >> 23 << 24), highest, jitter, last_sr, delay)


def round_trip(block: ReportBlock, ntp: int) -> float | None:
    """Seconds there and back, from when our sender report left (section 6.4.1); None before one was heard."""
    if not block.last_sr:
        return None
    passed = ((ntp >> 16) - block.last_sr - block.delay) & 0xFFFFFFFF
    return passed / 65536 if passed < MAX_ROUND_TRIP * 65536 else None


def ntp_of(unix_seconds: float) -> int:
    return int((unix_seconds + NTP_EPOCH) * 2**32) & (2**64 - 1)


class Reception:
    """Loss and jitter of one incoming source. Times are seconds of any steady clock."""

    def __init__(self, clock_rate: int) -> None:
        self._rate = clock_rate
        self._base = -1
        self._highest = -1  # extended sequence number
        self.received = 0
        self.jitter = 0.0  # clock ticks
        self._transit: float | None = None
        self._at_report = (0, 0)  # expected, received
        self._last_sr = (0, 0.0)  # middle 32 bits of NTP, heard at

    def heard(self, sequence: int, timestamp: int, now: float) -> None:
        steps = (sequence - self._highest) & 0xFFFF  # on the wheel: what is behind is nearly all the way round
        if self._highest < 0 or MAX_REORDER < steps < 0x10000 - MAX_REORDER:
            self._restart(sequence)
        elif steps <= MAX_REORDER:
            self._highest += steps
        self.received += 1
        transit = now * self._rate - timestamp
        if self._transit is not None:
            difference = abs(transit - self._transit)
            if difference < self._rate:  # a jump of the sender's clock (silence, wrap) is not jitter
                self.jitter += (difference - self.jitter) / 16
        self._transit = transit

    def _restart(self, sequence: int) -> None:
        kept = self.expected
        self._highest = sequence + 0x10000
        self._base = self._highest - kept  # what was expected before stays counted

    def heard_sender_report(self, ntp: int, now: float) -> None:
        self._last_sr = ((ntp >> 16) & 0xFFFFFFFF, now)

    @property
    def expected(self) -> int:
        return self._highest - self._base + 1 if self._highest >= 0 else 0

    @property
    def lost(self) -> int:
        return self.expected - self.received

    def block(self, ssrc: int, now: float) -> ReportBlock:
        """What to tell the sender; starts the next interval."""
        expected, received = self.expected, self.received
        interval = expected - self._at_report[0]
        missing = interval - (received - self._at_report[1])
        self._at_report = (expected, received)
        fraction = min(255, (missing << 8) // interval) if interval > 0 and missing > 0 else 0
        last_sr, heard_at = self._last_sr
        delay = int((now - heard_at) * 65536) & 0xFFFFFFFF if last_sr else 0
        return ReportBlock(ssrc, fraction, self.lost, self._highest & 0xFFFFFFFF, int(self.jitter), last_sr, delay)
