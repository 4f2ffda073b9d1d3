"""A browser's leg: RTP and RTCP over a peer, Opus in and out, jitter buffer, loss told both ways."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import numpy as np

from media_edge.legs.leg import MAX_PRESSED, LegReport
from media_edge.legs.quality import Recent
from media_edge.sound.jitter import JitterBuffer, Kind
from media_edge.sound.opus import Decoder, Encoder, OpusError
from media_edge.sound.pcm import Pcm
from media_edge.wire import feedback, red, rtcp, rtp
from media_edge.wire.peer import Peer
from media_edge.wire.runs import Runs
from media_edge.wire.sdp import Offer

REPORT_SECONDS = 1.0
LOOK_SECONDS = 0.1  # between two looks at what takes seconds
SILENT_SECONDS = 10.0  # without a check or a packet: consent (RFC 7675) is gone
JOIN_SECONDS = 15.0  # from the offer to the first key
QUIET_PEAK = 300  # of int16: a frame below it may be dropped unheard
SETTLE_FRAMES = 10  # silence still encoded, so that the codec fades
KEEPALIVE_FRAMES = 20  # then one packet in 400 ms
HEARTBEAT_FRAMES = 5  # in silence something is sent each 100 ms, so that a page sees a dead path
FORGET_COPIES = 250  # packets without a copy from so far, five seconds of speech: the line is better
PAUSE_BYTES = 2  # of Opus: a frame with nothing but its head, the last one before a pause (RFC 6716 section 3.1)
NO_COPIES: Sequence[red.Copy] = ()
CNAME = "hearthline"


@dataclass(frozen=True, slots=True)
class Codec:
    """How we encode. ``lib`` is the opened libopus."""

    lib: Any
    bitrate: int = 24_000
    complexity: int = 5


class BrowserLeg:
    """See ``leg.Leg``. ``wall`` is the wall clock in seconds, for the NTP stamps of sender reports."""

    phone = False
    pause_bytes = PAUSE_BYTES

    def __init__(
        self, id: str, role: str, who: str, peer: Peer, offer: Offer, codec: Codec, wall: Callable[[], float], ssrc: int
    ) -> None:
        self.id, self.role, self.who, self.peer = id, role, who, peer
        self._offer, self._codec, self._wall = offer, codec, wall
        self._ssrc, self._source = ssrc, 0
        self._sequence, self._timestamp = ssrc & 0x7FFF, ssrc
        self._packets = self._octets = self._silent = 0
        self._buffer = JitterBuffer(rtp.FRAME)
        self._reception = rtcp.Reception(rtp.CLOCK)
        self._runs, self._recent = Runs(), Recent()
        self._round_trip_ms: float | None = None
        self._repeater, self._arrivals, self._number = red.Repeater(), feedback.Arrivals(), 0
        self.pressed: list[str] = []
        self._key_at = -1  # RTP time stamp of the newest key: its packets come again and again
        self._without = 0  # packets in a row without a copy from as far as we wait for
        self._marker, self._damaged, self._unsent = True, 0, 0
        self._heartbeat = rtcp.pack_receiver_report(ssrc, ()) + rtcp.pack_name(ssrc, CNAME)
        self._last: Pcm | None = None
        self._said: Pcm | None = None  # to be encoded
        self._payload = b""  # to be sent
        self._born: float | None = None
        self._reported = self._look_at = 0.0
        self.set_rate(16_000)
        peer.deliver_rtp = self._on_rtp
        peer.deliver_rtcp = self._on_rtcp

    def set_rate(self, rate: int) -> None:
        self._rate = rate
        self._decoder = Decoder(self._codec.lib, rate, into=np.empty(rate // 50, np.int16))
        self._encoder = Encoder(self._codec.lib, rate, bitrate=self._codec.bitrate, complexity=self._codec.complexity)
        self._nothing = np.zeros(rate // 50, np.int16)

    @property
    def live(self) -> bool:
        return self.peer.live

    @property
    def gone(self) -> bool:
        return self.peer.closed

    @property
    def packets(self) -> int:
        return self._reception.received

    def poll(self, now: float) -> None:
        if self.peer.live and now < self._look_at and now < self.peer.routes.due:
            return
        self._look_at = now + LOOK_SECONDS
        self._born = now if self._born is None else self._born
        self.peer.poll(now)
        silent_since = self._born if self.peer.heard_at is None else self.peer.heard_at
        if now - silent_since > SILENT_SECONDS or (not self.live and now - self._born > JOIN_SECONDS):
            self.close()
        elif self.live and now - self._reported >= REPORT_SECONDS:
            self._reported = now
            self._recent.sample(self._runs.tally, self._buffer.mended, self._buffer.late)
            self._tell(now)

    def take(self) -> Pcm | None:
        kind, payload = self._buffer.take(self._is_quiet)
        self._last = None if kind is Kind.SILENCE else self._decode(kind, payload)
        return self._last

    def _is_quiet(self) -> bool:
        return self._last is None or int(np.abs(self._last[::8]).max()) < QUIET_PEAK

    def give(self, pcm: Pcm | None) -> None:
        self._said, self._payload = None, b""
        self._silent = 0 if pcm is not None else self._silent + 1
        if self.peer.live and (self._silent <= SETTLE_FRAMES or not self._silent % KEEPALIVE_FRAMES):
            self._said = self._nothing if pcm is None else pcm

    def encode(self) -> None:
        if self._said is not None:
            self._payload = self._encoder.encode(self._said)

    def send(self) -> None:
        timestamp, payload = self._timestamp, self._payload
        self._timestamp = (timestamp + rtp.FRAME) & 0xFFFFFFFF
        if not payload:
            self._say_nothing()
            return
        self._unsent = 0
        packet = self._packet(timestamp, payload)
        self._marker = False
        self._sequence = (self._sequence + 1) & 0xFFFF
        self._packets += 1
        self._octets += len(payload)
        self.peer.send_rtp(packet)

    def _say_nothing(self) -> None:
        """Silence is not sent, but the page must be able to tell it from a dead path."""
        self._marker = True
        self._unsent += 1
        if self._unsent % HEARTBEAT_FRAMES == 0 and self.live:
            self.peer.send_rtcp(self._heartbeat)

    def _packet(self, timestamp: int, payload: bytes) -> bytes:
        """The frame, with copies of older ones where the browser takes them and loses packets."""
        offer, kind = self._offer, self._offer.opus
        if offer.red is not None:
            if self._repeater.distances:
                kind, payload = offer.red, self._repeater.pack(offer.opus, timestamp, payload)
            else:
                self._repeater.sent(timestamp, payload)
        extension = b""
        if offer.numbering:
            extension = rtp.numbered(offer.numbering, self._number)
            self._number = (self._number + 1) & 0xFFFF
        return rtp.pack(kind, self._marker, self._sequence, timestamp, self._ssrc, payload, extension)

    def close(self) -> None:
        if self.live:
            self.peer.send_rtcp(rtcp.pack_receiver_report(self._ssrc, ()) + rtcp.pack_name(self._ssrc, CNAME))
        self.peer.close()

    def report(self) -> LegReport:
        expected = self._reception.expected
        loss = max(0.0, self._reception.lost / expected) if expected else 0.0
        return LegReport(
            self.role,
            round(loss, 4),
            round(self._reception.jitter / rtp.CLOCK * 1000, 2),
            self._reception.received,
            concealed=self._buffer.concealed,
            depth=self._buffer.depth,
            recent_loss=round(self._recent.tally.loss, 4),
            heard_loss=round(self._recent.heard_loss, 4),
            burst_ratio=round(self._recent.tally.burst_ratio, 2),
            round_trip_ms=self._round_trip_ms,
        )

    def _decode(self, kind: Kind, payload: bytes) -> Pcm | None:
        try:
            if kind is Kind.FRAME:
                return self._decoder.decode(payload)
            return self._decoder.recover(payload) if kind is Kind.FEC else self._decoder.conceal()
        except OpusError:
            self._damaged += 1
            return None

    def _on_rtp(self, data: bytes, now: float) -> None:
        try:
            packet = rtp.parse(data)
        except rtp.RtpError:
            return
        if packet.payload_type not in (self._offer.opus, self._offer.red, self._offer.key_events):
            return
        if packet.ssrc != self._source:
            # The page joined its track anew: a new source, a new clock.
            self._source = packet.ssrc
            self._buffer, self._reception = JitterBuffer(rtp.FRAME), rtcp.Reception(rtp.CLOCK)
            self._runs, self._recent = Runs(), Recent()
        self._runs.heard(packet.sequence)
        self._reception.heard(packet.sequence, packet.timestamp, now)
        if packet.payload_type == self._offer.key_events:
            self._on_key(packet)
        elif packet.payload:
            self._buffer_frames(packet, now)

    def _on_key(self, packet: rtp.Packet) -> None:
        """RFC 4733 section 2.5: all packets of one event bear the time stamp of its beginning."""
        key = rtp.parse_key(packet.payload)
        if key is None or packet.timestamp == self._key_at or len(self.pressed) >= MAX_PRESSED:
            return
        self._key_at = packet.timestamp
        self.pressed.append(key.digit)

    def _buffer_frames(self, packet: rtp.Packet, now: float) -> None:
        opus, payload, copies = self._offer.opus, packet.payload, NO_COPIES
        if packet.payload_type == self._offer.red or self._offer.packed:
            try:
                payload, copies = red.parse(payload, opus)
            except red.RedError:
                self._damaged += 1
                return
        if len(payload) <= self.pause_bytes:
            self.peer.routes.pause(now)
        if copies or self._buffer.hold:
            self._hold(copies)
        if payload:
            self._buffer.put(packet.timestamp, payload, now * 1000)
        for offset, copy in copies:
            self._buffer.mend((packet.timestamp - offset) & 0xFFFFFFFF, copy)

    def _hold(self, copies: Sequence[red.Copy]) -> None:
        """Wait for copies while the page sends any: it does so while packets are lost."""
        needed = max(offset for offset, _ in copies) // rtp.FRAME + 1 if copies else 0
        self._without = 0 if needed >= self._buffer.hold else self._without + 1
        if needed > self._buffer.hold or self._without >= FORGET_COPIES:
            self._buffer.hold = needed

    def _on_rtcp(self, data: bytes, now: float) -> None:
        try:
            reports, gone = rtcp.parse(data)
            self._on_feedback(data)
        except rtcp.RtcpError:
            return
        for report in reports:
            if report.ntp is not None and report.sender == self._source:
                self._reception.heard_sender_report(report.ntp, now)
            for block in report.blocks:
                if block.ssrc == self._ssrc:
                    self._on_block(block)
        if self._source in gone:
            self.peer.close()

    def _on_block(self, block: rtcp.ReportBlock) -> None:
        seconds = rtcp.round_trip(block, rtcp.ntp_of(self._wall()))
        if seconds is not None:
            self._round_trip_ms = round(seconds * 1000, 1)
        if not self._offer.numbering:
            self._protect(block.fraction_lost / 256)

    def _on_feedback(self, data: bytes) -> None:
        for kind, form, body in rtcp.parts(data):
            if (kind, form) == (feedback.TRANSPORT, feedback.FORMAT):
                with suppress(feedback.FeedbackError):
                    self._arrivals.told(*feedback.parse(body))
                    self._protect(self._arrivals.loss)

    def _protect(self, loss: float) -> None:
        """Copies at a distance where the browser takes them; else copies inside the next frame, which cost sound."""
        if self._offer.red is not None:
            self._repeater.distances = red.distances_for(loss, self._repeater.distances)
        self._encoder.expect_loss(0 if self._repeater.distances else round(100 * loss))

    def _tell(self, now: float) -> None:
        """A sender report with what we received: browsers send FEC only once it shows loss."""
        blocks = (self._reception.block(self._source, now),) if self._source else ()
        if self._packets:
            ntp = rtcp.ntp_of(self._wall())
            head = rtcp.pack_sender_report(self._ssrc, ntp, self._timestamp, self._packets, self._octets, blocks)
        else:
            head = rtcp.pack_receiver_report(self._ssrc, blocks)
        self.peer.send_rtcp(head + rtcp.pack_name(self._ssrc, CNAME))
