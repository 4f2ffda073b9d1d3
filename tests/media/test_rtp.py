"""RTP and RTCP: round trips, the arithmetic of loss and jitter, and damaged packets."""

import struct

import pytest
from aiortc.rtp import RtcpPacket, RtcpRrPacket, RtcpSrPacket

from media_edge.wire import rtcp, rtp


def test_a_packet_survives_packing() -> None:
    packet = rtp.parse(rtp.pack(111, True, 65535, 2**32 - 1, 7, b"sound"))
    assert packet == rtp.Packet(111, True, 65535, 2**32 - 1, 7, b"sound")


def test_extensions_and_padding_are_skipped() -> None:
    plain = bytearray(rtp.pack(111, False, 1, 2, 3, b""))
    plain[0] |= 0x30
    extension = struct.pack("!HH", 0xBEDE, 1) + b"\x10\xff\x00\x00"
    assert rtp.parse(bytes(plain) + extension + b"sound" + b"\x00\x00\x03").payload == b"sound"


@pytest.mark.parametrize("data", [b"", b"\x80" * 11, b"\x00" * 20, b"\x9f" + b"\x00" * 19, b"\xa0" + b"\xff" * 19])
def test_what_is_not_rtp_is_refused(data: bytes) -> None:
    with pytest.raises(rtp.RtpError):
        rtp.parse(data)


def test_numbers_on_a_wheel_know_who_is_ahead() -> None:
    assert rtp.ahead(2, 65535, 16) == 3
    assert rtp.ahead(65535, 2, 16) == -3


def test_a_key_is_read() -> None:
    assert rtp.parse_key(bytes([11, 0x8A, 0, 160])) == rtp.Key("#", True)
    assert rtp.parse_key(bytes([99, 0, 0, 0])) is None


def test_another_stack_reads_our_reports() -> None:
    block = rtcp.ReportBlock(9, 64, -3, 70_000, 48, 5, 6)
    data = rtcp.pack_sender_report(7, 2**40, 960, 1, 2, (block,)) + rtcp.pack_name(7, "hearthline")
    sender, _ = RtcpPacket.parse(data)
    assert isinstance(sender, RtcpSrPacket)
    assert (sender.sender_info.packet_count, sender.sender_info.octet_count) == (1, 2)
    theirs = sender.reports[0]
    assert (theirs.ssrc, theirs.fraction_lost, theirs.packets_lost, theirs.jitter) == (9, 64, -3, 48)
    (receiver,) = RtcpPacket.parse(rtcp.pack_receiver_report(7, (block,)))
    assert isinstance(receiver, RtcpRrPacket)


def test_our_reports_survive_packing() -> None:
    block = rtcp.ReportBlock(9, 64, -3, 70_000, 48, 5, 6)
    goodbye = struct.pack("!BBHI", 0x81, rtcp.GOODBYE, 1, 42)
    reports, gone = rtcp.parse(rtcp.pack_sender_report(7, 2**40, 960, 1, 2, (block,)) + goodbye)
    assert reports == [rtcp.Report(7, 2**40, (block,))]
    assert gone == {42}


@pytest.mark.parametrize(
    "data", [b"\x80", b"\x00\xc8\x00\x00", b"\x81\xc8\x00\x01\x00\x00\x00\x00", b"\x80\xc8\xff\xff"]
)
def test_what_is_not_rtcp_is_refused(data: bytes) -> None:
    with pytest.raises(rtcp.RtcpError):
        rtcp.parse(data)


def test_loss_is_counted_by_sequence_over_the_wrap() -> None:
    reception = rtcp.Reception(48_000)
    for n in range(100):
        if n % 4:
            reception.heard((65_500 + n) & 0xFFFF, n * 960, n * 0.02)
    assert (reception.expected, reception.received, reception.lost) == (99, 75, 24)
    assert reception.block(1, 2.0).fraction_lost == 24 * 256 // 99


def test_silence_is_not_loss() -> None:
    reception = rtcp.Reception(48_000)
    for n, at in enumerate([0, 1, 2, 150, 151]):
        reception.heard(n, at * 960, at * 0.02)
    assert reception.lost == 0
    assert reception.jitter < 1


def test_jitter_follows_rfc_3550() -> None:
    reception = rtcp.Reception(48_000)
    for n in range(2_000):
        reception.heard(n & 0xFFFF, n * 960, n * 0.02 + (0.005 if n % 2 else 0.0))
    assert reception.jitter == pytest.approx(240, rel=0.01)  # 5 ms at 48 kHz


def test_a_sender_that_begins_anew_is_not_an_ocean_of_loss() -> None:
    reception = rtcp.Reception(48_000)
    for sequence in (10, 11, 12, 40_000, 40_001):
        reception.heard(sequence, 0, 0.0)
    assert reception.lost == 0
