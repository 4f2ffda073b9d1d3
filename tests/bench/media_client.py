"""The lightest honest clients: DTLS, SRTP and Opus as a browser's, but sound encoded once and never decoded."""

import asyncio
import contextlib
import datetime
import re
import secrets
import socket

import aiohttp
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from OpenSSL import SSL
from pylibsrtp import Policy, Session

from media_edge.wire import dtls, rtp, stun

PROFILE, KEY, SALT = dtls.PROFILES[b"SRTP_AEAD_AES_128_GCM"]
SSRC = 4242
NUDGE_SECONDS = 0.05


def _socket(here: str) -> socket.socket:
    made = socket.socket(socket.AF_INET6 if ":" in here else socket.AF_INET, socket.SOCK_DGRAM)
    made.setblocking(False)
    made.bind((here, 0))
    return made


class LightBrowser:
    """Joins by WHIP; then ``send`` one packet each 20 ms."""

    here = "127.0.0.1"  # its own address, and the edge's
    extra_codecs, extra_lines, setup = "", "", "actpass"  # of the offer

    def __init__(self, url: str, token: str, packets: list[bytes]) -> None:
        self._url, self._token, self._packets = url, token, packets
        self._ufrag, self._password = secrets.token_hex(4), secrets.token_hex(12)
        context = SSL.Context(SSL.DTLS_CLIENT_METHOD)
        context.use_certificate(self._certificate())
        context.use_privatekey(self._key)
        context.set_tlsext_use_srtp(b"SRTP_AEAD_AES_128_GCM")
        self._tls = SSL.Connection(context, None)
        self._tls.set_connect_state()
        self._tls.set_ciphertext_mtu(dtls.MTU)
        self._out: Session | None = None
        self._number = 0
        self.received = self.answered = 0  # media packets, checks
        self._socket = _socket(self.here)

    def _certificate(self) -> x509.Certificate:
        self._key = ec.generate_private_key(ec.SECP256R1())
        name, now = x509.Name([]), datetime.datetime.now(datetime.UTC)
        builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(self._key.public_key())
        builder = builder.serial_number(7).not_valid_before(now).not_valid_after(now + datetime.timedelta(days=1))
        made = builder.sign(self._key, hashes.SHA256())
        digest = made.fingerprint(hashes.SHA256()).hex().upper()
        self._print = ":".join(digest[at : at + 2] for at in range(0, len(digest), 2))
        return made

    def offer(self) -> str:
        return (
            "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111"
            f"{self.extra_codecs}\r\na=mid:0\r\n"
            f"a=ice-ufrag:{self._ufrag}\r\na=ice-pwd:{self._password}\r\na=fingerprint:sha-256 {self._print}\r\n"
            f"a=setup:{self.setup}\r\na=rtcp-mux\r\na=rtpmap:111 opus/48000/2\r\n"
            f"{self.extra_lines}"
        )

    async def join(self, http: aiohttp.ClientSession) -> None:
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/sdp"}
        async with http.post(f"{self._url}/whip", data=self.offer(), headers=headers) as answer:
            text = await answer.text()
            assert answer.status == 201, text
            self.session, self.tag = self._url + answer.headers["Location"], answer.headers["ETag"]
        self._take(text)
        port = re.search(r"m=audio (\d+)", text)
        assert port
        self._edge = (self.here, int(port[1]))
        self.check()
        asyncio.get_running_loop().add_reader(self._socket, self._read)
        async with asyncio.timeout(10):
            while self._out is None:
                await asyncio.sleep(NUDGE_SECONDS)
                self._tls.DTLSv1_handle_timeout()  # what it writes leaves with the answer to the check
                self.check()

    def fragment(self) -> str:
        """What this browser would trickle in its ICE session."""
        return f"a=ice-ufrag:{self._ufrag}\r\na=ice-pwd:{self._password}\r\nm=audio 9 RTP/AVP 0\r\na=mid:0\r\n"

    async def patch(self, http: aiohttp.ClientSession, text: str, **headers: str) -> tuple[int, str, str]:
        """Status, body and tag of the answer."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        kind = {"Content-Type": "application/trickle-ice-sdpfrag"}
        async with http.patch(self.session, data=text, headers=kind | named) as answer:
            return answer.status, await answer.text(), answer.headers.get("ETag", "")

    async def restart(self, http: aiohttp.ClientSession) -> None:
        """Plans a move: new credentials on both ends."""
        self._ufrag, self._password = secrets.token_hex(4), secrets.token_hex(12)
        status, text, self.tag = await self.patch(http, self.fragment(), If_Match="*")
        assert status == 200, text
        self._take(text)

    def _take(self, text: str) -> None:
        found = {name: re.search(rf"a={name}:(\S+)", text) for name in ("ice-ufrag", "ice-pwd")}
        ufrag, password = (match[1] for match in found.values() if match)
        self._check = (f"{ufrag}:{self._ufrag}", password)

    def send(self, *, lost: bool = False) -> None:
        """One packet; every two seconds a consent check. ``lost``: it counts, but never leaves."""
        if self._out is None:
            return
        n, self._number = self._number, self._number + 1
        packet = rtp.pack(111, False, n & 0xFFFF, n * rtp.FRAME, SSRC, self._packets[n % len(self._packets)])
        protected = self._out.protect(packet)
        with contextlib.suppress(BlockingIOError):
            if not lost:
                self._socket.sendto(protected, self._edge)
        if n % 100 == 99:
            self.check()

    def play(self, packets: list[bytes]) -> None:
        """Other sound from now on."""
        self._packets = packets

    def move(self, link: socket.socket | None = None) -> None:
        """Another address from now on (or this link), without telling anybody."""
        asyncio.get_running_loop().remove_reader(self._socket)
        self._socket.close()
        self._socket = link or _socket(self.here)
        asyncio.get_running_loop().add_reader(self._socket, self._read)

    def move_to(self, here: str) -> None:
        """An address of another family from now on."""
        self.here, self._edge = here, (here, self._edge[1])
        self.move()

    def reserve(self) -> socket.socket:
        """A second link, checked and not nominated; what comes there is not counted. The caller closes it."""
        made = _socket(self.here)
        made.sendto(stun.request(secrets.token_bytes(12), *self._check, nominate=False), self._edge)
        return made

    def forge(self, victim: "LightBrowser", sequence: int) -> None:
        """A packet with the victim's source and no knowledge of its key."""
        packet = rtp.pack(111, False, sequence, sequence * rtp.FRAME, SSRC, secrets.token_bytes(80))
        self._socket.sendto(packet, victim._edge)

    def close(self) -> None:
        asyncio.get_running_loop().remove_reader(self._socket)
        self._socket.close()

    def check(self) -> None:
        """Over the present link, with the newest credentials; nominates."""
        self._socket.sendto(stun.request(secrets.token_bytes(12), *self._check), self._edge)

    def _read(self) -> None:
        for _ in range(16):
            try:
                data = self._socket.recv(2048)
            except BlockingIOError:
                return
            if data[0] >= 128:
                self.received += 1
            else:
                self.answered += stun.looks_like_stun(data)
                self._control(data)

    def _control(self, data: bytes) -> None:
        if dtls.is_dtls(data):
            self._tls.bio_write(data)
        if self._out is not None:
            return
        try:
            self._tls.do_handshake()
            exported = self._tls.export_keying_material(dtls.EXPORTER, 2 * (KEY + SALT))
            ours = exported[:KEY] + exported[2 * KEY : 2 * KEY + SALT]
            self._out = Session(Policy(ours, Policy.SSRC_ANY_OUTBOUND, srtp_profile=PROFILE))
        except SSL.WantReadError:
            pass
        with contextlib.suppress(SSL.WantReadError):
            waiting, at = self._tls.bio_read(64 * 1024), 0
            while at < len(waiting):
                end = at + dtls.RECORD_HEADER + int.from_bytes(waiting[at + 11 : at + 13], "big")
                self._socket.sendto(waiting[at:end], self._edge)
                at = end
