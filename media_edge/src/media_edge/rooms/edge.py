"""One worker: its rooms, who may enter, what is told when something happens. Called from one thread only."""

import logging
import secrets
from dataclasses import dataclass, field
from typing import Any

from media_edge.entry.tokens import Gate, Pass
from media_edge.kept.reports import Reporter
from media_edge.kept.upload import Recording
from media_edge.legs.browser import BrowserLeg, Codec
from media_edge.legs.carrier import CarrierLeg
from media_edge.legs.leg import Leg
from media_edge.legs.sealed import SealedLeg
from media_edge.rooms import session, telling, ticking, view
from media_edge.rooms.happenings import Ended, Happening, Reason
from media_edge.rooms.hearing import SUPERVISOR, Mode
from media_edge.rooms.measured import Measured
from media_edge.rooms.oneway import OneWay
from media_edge.rooms.sealed import MixedError, check_fits, new_room
from media_edge.rooms.seat import Seen
from media_edge.rooms.telling import Clock
from media_edge.wire import fragment, sdp, stun
from media_edge.wire.dtls import Identity
from media_edge.wire.peer import Peer, Send
from media_edge.wire.routes import Route

log = logging.getLogger("media_edge.rooms.edge")

FORGET_TICKS = 50  # a leg that failed leaves nothing behind after a second


class RefusedError(Exception):
    """``code`` is stable; ``status`` is the HTTP status it answers with."""

    def __init__(self, code: str, status: int) -> None:
        super().__init__(code)
        self.code, self.status = code, status


@dataclass(slots=True)
class OpenRoom:
    room: session.Room
    started_at: int  # ms since the epoch
    recording: Recording | None = None


@dataclass(slots=True)
class Counters:
    ticks: int = 0
    late_ticks: int = 0
    skipped_ticks: int = 0
    refused: int = 0
    datagrams: int = 0
    reports: dict[str, int] = field(default_factory=dict)


class Edge:
    """``address`` is what browsers are told, ``also`` those of another family; ``send`` puts a datagram on the wire."""

    def __init__(
        self,
        name: str,
        gate: Gate,
        reporter: Reporter,
        codec: Codec,
        identity: Identity,
        *,
        address: tuple[str, int],
        also: tuple[str, ...] = (),
        send: Send,
        max_rooms: int,
        records: bool = True,
        clock: Clock | None = None,
    ) -> None:
        self.name, self.gate = name, gate
        self._reporter, self._codec, self._identity = reporter, codec, identity
        self._address, self._also, self._send, self._max_rooms = address, also, send, max_rooms
        self.clock, self._records = clock or Clock(), records
        self.counters, self.measured = Counters(), Measured()
        self.draining = False
        self._rooms: dict[str, OpenRoom] = {}
        self._peers: dict[str, Peer] = {}  # by our ufrag, which is also the WHIP session's id
        self._addresses: dict[stun.Address, Peer] = {}
        self._sources: dict[int, Peer] = {}  # by SSRC: finds a browser whose address has changed
        self._sessions: dict[str, tuple[str, str]] = {}  # WHIP session -> contact, leg

    @property
    def rooms(self) -> int:
        return len(self._rooms)

    @property
    def max_rooms(self) -> int:
        return self._max_rooms

    @property
    def reports_waiting(self) -> int:
        return self._reporter.waiting

    @property
    def one_way_legs(self) -> int:
        """Legs that cannot be heard at this moment."""
        return sum(len(entry.room.one_ways) for entry in self._rooms.values())

    def seen(self) -> list[Seen]:
        """Every leg of every room."""
        return [seen for entry in self._rooms.values() for seen in entry.room.seen()]

    # -- who comes and goes

    def answer(self, admitted: Pass, offer_text: str) -> tuple[str, str]:
        """A browser joins: the WHIP session's id and our answer. Raises SdpError or RefusedError."""
        offer = sdp.parse_offer(offer_text)
        supervises = admitted.role == SUPERVISOR  # never before there is something to hear
        entry = self._open(admitted.contact) if supervises else self._room_for(admitted)
        id, password, ssrc = secrets.token_urlsafe(24), secrets.token_urlsafe(24), secrets.randbits(31) | 1
        ufrag = id.replace("-", "+").replace("_", "/")[:16]
        peer = Peer(offer, self._identity, (ufrag, password), self._send)
        kind = SealedLeg if admitted.sealed else BrowserLeg
        leg = kind(id, admitted.role, admitted.leg, peer, offer, self._codec, self.clock.wall, ssrc)
        self._seat(entry, leg, admitted.mode)
        self._peers[ufrag] = peer
        self._sessions[id] = (admitted.contact, ufrag)
        our = sdp.Answering(
            ufrag,
            password,
            self._identity.fingerprint,
            *self._address,
            ssrc,
            secrets.randbits(62),
            bitrate=self._codec.bitrate,
            sealed=admitted.sealed,
            also=self._also,
        )
        return id, sdp.write_answer(offer, our)

    def restart(self, whip_session: str, text: str, tag: str) -> str:
        """A fragment for an ICE session (RFC 9725 section 4.3): ours where it restarts, nothing where it trickles.

        ``tag`` names the ICE session that trickles, or is ``*`` for a restart. Asked again because the answer was lost,
        it answers the same. Raises SdpError or RefusedError.
        """
        contact, former = self._sessions.get(whip_session, ("", ""))
        peer = self._peers.get(former)
        if peer is None or peer.closed:
            raise RefusedError("session_unknown", 404)
        asked = fragment.parse(text)
        if tag not in ("*", peer.ufrag) or (tag != "*" and asked.ufrag != peer.remote_ufrag):
            raise RefusedError("ice_changed", 412)
        if tag != "*":
            return ""
        if asked.ufrag != peer.remote_ufrag:
            if peer.former:
                self._peers.pop(peer.former[0], None)
            peer.restart((secrets.token_hex(8), secrets.token_hex(16)), asked.ufrag)
            self._peers[peer.ufrag] = peer
            self._sessions[whip_session] = (contact, peer.ufrag)
        host, port = self._address
        return fragment.write(peer.mid, peer.ufrag, peer.password, (host, *self._also), port)

    def ice_tag(self, whip_session: str) -> str:
        """Names the ICE session that a browser is in."""
        return self._sessions[whip_session][1]

    def join_carrier(self, admitted: Pass, leg: CarrierLeg) -> None:
        """Raises RefusedError."""
        self._seat(self._room_for(admitted), leg)

    def leave(self, whip_session: str) -> None:
        """Raises RefusedError where there is no such session (any more)."""
        contact, _ = self._sessions.get(whip_session, ("", ""))
        entry = self._rooms.get(contact)
        if entry is None:
            raise RefusedError("session_unknown", 404)
        self._happened(entry, entry.room.leave(whip_session))

    def leave_carrier(self, contact: str, leg: CarrierLeg) -> None:
        entry = self._rooms.get(contact)
        leg.gone = True
        if entry is not None:
            self._happened(entry, entry.room.leave(leg.id))

    def room(self, contact: str) -> dict[str, Any]:
        """Who is in a room. Raises RefusedError."""
        return self._describe(self._open(contact))

    def control(self, contact: str, *, held: bool) -> dict[str, Any]:
        """Raises RefusedError."""
        entry = self._open(contact)
        entry.room.held = held
        return self._describe(entry)

    def pause_recording(self, contact: str, until: int, version: int) -> dict[str, Any]:
        """``until`` in ms since the epoch; a moment past resumes. Raises RefusedError."""
        entry = self._open(contact)
        self._pause(entry, until, version)
        return self._describe(entry)

    def supervise(self, contact: str, who: str, mode: Mode | None) -> dict[str, Any]:
        """``mode`` None: that supervisor leaves. Raises RefusedError."""
        entry = self._open(contact)
        try:
            self._happened(entry, entry.room.supervise(who, mode))
        except session.NotHereError:
            raise RefusedError("supervisor_unknown", 404) from None
        return self._describe(entry)

    def end(self, contact: str, reason: Reason = "closed") -> None:
        """Raises RefusedError."""
        entry = self._open(contact)
        self._happened(entry, entry.room.end(reason))

    def drain(self) -> None:
        self.draining = True

    def end_all(self, reason: Reason) -> None:
        for contact in list(self._rooms):
            self.end(contact, reason)

    # -- what is called again and again

    def datagram(self, data: bytes, route: Route) -> None:
        self.counters.datagrams += 1
        if stun.looks_like_stun(data):
            known, peer = None, self._peers.get(_our_ufrag(data))
        else:
            known = self._addresses.get(route.address)
            peer = known or self._sources.get(_source(data))
        if peer is None:
            self.counters.refused += 1
            return
        peer.receive(data, route, self.clock.steady())
        if known is None and route.address in peer.routes:
            self._addresses[route.address] = peer

    def tick(self, now: float) -> None:
        """20 ms of every room."""
        self.counters.ticks += 1
        entries = list(self._rooms.values())
        ticking.tick([entry.room for entry in entries], now)
        for entry in entries:
            happened = entry.room.take_happened()
            recorder = entry.room.recorder
            if recorder.started and entry.recording is None:
                entry.recording = self._reporter.record(self._codec.lib, entry.room.contact, self.clock.wall_ms())
            if recorder.ready and entry.recording is not None:
                entry.recording.write(recorder.take())
            if happened:
                self._happened(entry, happened)
        if self.counters.ticks % FORGET_TICKS == 0:
            self._forget_closed_peers()
            self.measured.sample(self.seen())

    def skip(self, ticks: int) -> None:
        """The machine stood still for this many ticks."""
        self.counters.skipped_ticks += ticks
        for entry in self._rooms.values():
            entry.room.recorder.skip(ticks)

    def health(self) -> dict[str, Any]:
        legs = [leg.report() for entry in self._rooms.values() for leg in entry.room.legs]
        return {
            "name": self.name,
            "state": "draining" if self.draining else "up",
            "rooms": len(self._rooms),
            "max_rooms": self._max_rooms,
            "legs": len(legs),
            "loss": round(max((leg.loss for leg in legs), default=0.0), 4),
            "jitter_ms": round(max((leg.jitter_ms for leg in legs), default=0.0), 2),
            "ticks": self.counters.ticks,
            "late_ticks": self.counters.late_ticks,
            "skipped_ticks": self.counters.skipped_ticks,
            "datagrams": self.counters.datagrams,
            "refused": self.counters.refused,
            "reports_waiting": self._reporter.waiting,
        }

    # -- inside

    def _open(self, contact: str) -> OpenRoom:
        entry = self._rooms.get(contact)
        if entry is None:
            raise RefusedError("room_unknown", 404)
        return entry

    def _room_for(self, admitted: Pass) -> OpenRoom:
        """The room of a contact, unrecorded where the contact was when the token was made."""
        entry = self._rooms.get(admitted.contact)
        if entry is not None:
            self._pause_as(entry, admitted)
            return entry
        if self.draining:
            raise RefusedError("draining", 503)
        if len(self._rooms) >= self._max_rooms:
            raise RefusedError("edge_full", 503)
        room = new_room(admitted.contact, self.clock.steady(), sealed=admitted.sealed, records=self._records)
        entry = OpenRoom(room, self.clock.wall_ms())
        self._rooms[admitted.contact] = entry
        self._pause_as(entry, admitted)
        return entry

    def _pause_as(self, entry: OpenRoom, admitted: Pass) -> None:
        if admitted.unrecorded is not None:
            self._pause(entry, *admitted.unrecorded)

    def _pause(self, entry: OpenRoom, until: int, version: int) -> None:
        now = self.clock.steady()
        entry.room.pause_recording(now, now + (until - self.clock.wall_ms()) / 1000, version)

    def _seat(self, entry: OpenRoom, leg: Leg, mode: Mode = "listen") -> None:
        try:
            check_fits(entry.room, leg)
            happened = entry.room.join(leg, mode)
        except session.RoomFullError:
            raise RefusedError("room_full", 409) from None
        except MixedError as mixed:
            raise RefusedError(mixed.code, 403) from None
        self._happened(entry, happened)

    def _describe(self, entry: OpenRoom) -> dict[str, Any]:
        room = entry.room
        return {"contact": room.contact, "started_at": entry.started_at} | view.of(room)

    def _happened(self, entry: OpenRoom, happened: list[Happening]) -> None:
        for item in happened:
            if isinstance(item, OneWay) and item.ended is None:
                self.measured.one_way[item.role, item.kind] += 1
            word = telling.word(item, entry.room, self.name, entry.started_at, self.clock)
            self.counters.reports[type(word).__name__] = self.counters.reports.get(type(word).__name__, 0) + 1
            self._reporter.tell(entry.room.contact, word, self.clock.wall_ms())
            if isinstance(item, Ended):
                self._close(entry)
        self._forget_closed_peers()

    def _close(self, entry: OpenRoom) -> None:
        recorder = entry.room.recorder
        if entry.recording is not None:
            left = recorder.finish()
            entry.recording.finish(left, round(recorder.seconds * 1000), recorder.gaps)
        self._rooms.pop(entry.room.contact, None)

    def _forget_closed_peers(self) -> None:
        for ufrag in [ufrag for ufrag, peer in self._peers.items() if peer.closed]:
            peer = self._peers.pop(ufrag)
            self._addresses = {at: other for at, other in self._addresses.items() if other is not peer}
        self._sessions = {id: at for id, at in self._sessions.items() if at[1] in self._peers}
        self._sources = {peer.source: peer for peer in self._peers.values() if peer.source}


def _source(data: bytes) -> int:
    return int.from_bytes(data[8:12], "big") if len(data) >= 12 and 128 <= data[0] <= 191 else 0


def _our_ufrag(data: bytes) -> str:
    try:
        return stun.parse_request(data).username.partition(":")[0]
    except stun.StunError:
        return ""
