"""One browser's transport: ICE-lite, DTLS, SRTP. Datagrams in and out; no socket, no clock of its own.

Media is sent to the address of the newest authenticated check that nominated, or of newer authenticated media: a
phone that changes its network address is followed at once. See ``routes`` for what a silent browser gets.
"""

from collections import OrderedDict
from collections.abc import Callable

from pylibsrtp import Error as SrtpError

from media_edge.wire import dtls, rtp, stun
from media_edge.wire.routes import Route, Routes
from media_edge.wire.sdp import Offer

MAX_DATAGRAM = 1_500
MAX_SOURCES = 16  # SSRCs a peer may use in its life: libsrtp keeps a state for each
MAX_TRANSACTIONS = 64  # STUN transaction ids remembered, so that a replay moves nothing
MAX_JUNK_LOGGED = 1


Send = Callable[[bytes, Route], None]
Deliver = Callable[[bytes, float], None]


class Peer:
    """``send`` puts a datagram on a route; ``rtp`` and ``rtcp`` get what was authenticated and decrypted."""

    def __init__(self, offer: Offer, identity: dtls.Identity, ice: tuple[str, str], send: Send) -> None:
        self.ufrag, self.password = ice
        self.remote_ufrag, self.mid = offer.ufrag, offer.audio_mid
        self.former: tuple[str, str, str] | None = None  # what ``restart`` replaced: our ufrag, theirs, our password
        self._send = send
        self._handshake = dtls.Handshake(identity, offer.fingerprints)
        self._sealed: dtls.Sealed | None = None
        self._transactions: OrderedDict[bytes, None] = OrderedDict()
        self.routes = Routes()
        self._moved = False  # a check with the newest credentials has nominated
        self.deliver_rtp: Deliver = _drop
        self.deliver_rtcp: Deliver = _drop
        self.source = 0  # SSRC of the newest media
        self._sources: set[bytes] = set()
        self._newest = 0  # its sequence number
        self.heard_at: float | None = None  # anything authenticated
        self.refused = 0
        self.failed = ""
        # Asked for many times a tick, changed twice in a life.
        self.live = self.closed = False

    def receive(self, datagram: bytes, route: Route, now: float) -> None:
        if self._sealed and _is_media(datagram):
            self._media(datagram, route, now)
        elif stun.looks_like_stun(datagram):
            self._check(datagram, route, now)
        elif route.address not in self.routes:
            self.refused += 1
        elif dtls.is_dtls(datagram):
            self._shake(datagram, now)

    def poll(self, now: float) -> None:
        self.routes.look(now)
        if not self._sealed:
            self._handshake.poll()
            self._flush()
            self._judge()

    def send_rtp(self, packet: bytes) -> None:
        if self._sealed and self.routes.targets:
            sealed = self._sealed.outbound.protect(packet)
            for route in self.routes.targets:
                self._send(sealed, route)

    def send_rtcp(self, packet: bytes) -> None:
        if self._sealed and self.routes.targets:
            sealed = self._sealed.outbound.protect_rtcp(packet)
            for route in self.routes.targets:
                self._send(sealed, route)

    def restart(self, ice: tuple[str, str], remote_ufrag: str) -> None:
        """New credentials (RFC 8445 section 9); DTLS, SRTP and media's way stay until a new check nominates.

        The browser goes on checking with the former ones until it has found its new way.
        """
        self.former = (self.ufrag, self.remote_ufrag, self.password)
        (self.ufrag, self.password), self.remote_ufrag = ice, remote_ufrag
        self._moved = False

    def close(self) -> None:
        self._handshake.close()
        self._flush()
        self.failed = self.failed or "closed"
        self._judge()

    def _judge(self) -> None:
        self.closed = self._handshake.closed or bool(self.failed)
        self.live = self._sealed is not None and not self.closed

    def _check(self, datagram: bytes, route: Route, now: float) -> None:
        try:
            request = stun.parse_request(datagram)
        except stun.StunError:
            self.refused += 1
            return
        password = self._password_of(request.username)
        if password is None or not request.signed_by(password):
            self.refused += 1
            return
        newest = password is self.password
        replayed = request.transaction in self._transactions
        self._transactions[request.transaction] = None
        if len(self._transactions) > MAX_TRANSACTIONS:
            self._transactions.popitem(last=False)
        if not replayed:
            self.routes.validated(route, now)
            self.heard_at = now
            if self.routes.settled is None or (request.nominated and (newest or not self._moved)):
                self.routes.settle(route)
                self._moved = newest
        self._send(stun.success(request.transaction, route.address, password), route)

    def _password_of(self, username: str) -> str | None:
        """Ours, for who names a pair of user fragments that is ours and theirs."""
        if username == f"{self.ufrag}:{self.remote_ufrag}":
            return self.password
        if self.former and username == f"{self.former[0]}:{self.former[1]}":
            return self.former[2]
        return None

    def _shake(self, datagram: bytes, now: float) -> None:
        try:
            self._sealed = self._handshake.receive(datagram) or self._sealed
        except dtls.WrongFingerprintError:
            self.failed = "wrong_fingerprint"
        except dtls.DtlsError:
            self.failed = "dtls_failed"
        if self._sealed:
            self.heard_at = now
        self._flush()
        self._judge()

    def _media(self, datagram: bytes, route: Route, now: float) -> None:
        if self._sealed is None or len(datagram) > MAX_DATAGRAM:
            return
        control = rtp.is_rtcp(datagram)
        source = datagram[4:8] if control else datagram[8:12]
        if source not in self._sources and len(self._sources) >= MAX_SOURCES:
            self.refused += 1
            return
        try:
            inbound = self._sealed.inbound
            plain = inbound.unprotect_rtcp(datagram) if control else inbound.unprotect(datagram)
        except (SrtpError, ValueError):
            self.refused += 1
            return
        self._sources.add(source)
        self.heard_at = now
        if control:
            self.deliver_rtcp(plain, now)
            return
        self._follow(plain, route, now)
        self.deliver_rtp(plain, now)

    def _follow(self, packet: bytes, route: Route, now: float) -> None:
        """Newer authenticated media tells where the browser is now; libsrtp has refused what was replayed."""
        source, sequence = int.from_bytes(packet[8:12], "big"), int.from_bytes(packet[2:4], "big")
        if source == self.source and not 0 < (sequence - self._newest) & 0xFFFF < 0x8000:
            return
        self.source, self._newest = source, sequence
        self.routes.heard(route, now)

    def _flush(self) -> None:
        if self.routes.settled is None:
            return
        for datagram in self._handshake.outgoing():
            self._send(datagram, self.routes.settled)


def _is_media(datagram: bytes) -> bool:
    """RTP or RTCP (RFC 7983)."""
    return len(datagram) >= rtp.MIN_BYTES and 128 <= datagram[0] <= 191


def _drop(_data: bytes, _now: float) -> None:
    """Before a leg has taken the peer."""
