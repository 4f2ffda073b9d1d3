"""DTLS-SRTP as the server side (RFC 5763, RFC 5764, RFC 8827 section 6.5), over OpenSSL's memory BIO.

No socket and no thread: datagrams in, datagrams out. The keys come out only after the peer's certificate matched the
fingerprint of its offer.
"""

import datetime
import hashlib
import hmac
from dataclasses import dataclass
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from OpenSSL import SSL
from pylibsrtp import Policy, Session

MTU = 1_200  # bytes of a datagram that gets through tunnels
RECORD_HEADER = 13
DTLS_1_2 = 0xFEFD
CERTIFICATE_DAYS = 30
EXPORTER = b"EXTRACTOR-dtls_srtp"
# name of OpenSSL: (profile of libsrtp, key bytes, salt bytes)
PROFILES = {
    b"SRTP_AEAD_AES_128_GCM": (Policy.SRTP_PROFILE_AEAD_AES_128_GCM, 16, 12),
    b"SRTP_AES128_CM_SHA1_80": (Policy.SRTP_PROFILE_AES128_CM_SHA1_80, 16, 14),
}


class DtlsError(Exception):
    """The handshake failed; the leg cannot carry sound."""


class WrongFingerprintError(DtlsError):
    """The certificate is not the one of the offer: somebody is in between."""


class Identity:
    """Our certificate, one a process, and the context made from it."""

    def __init__(self, now: datetime.datetime) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "hearthline")])
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(days=1))
            .not_valid_after(now + datetime.timedelta(days=CERTIFICATE_DAYS))
            .sign(key, hashes.SHA256())
        )
        digest = certificate.fingerprint(hashes.SHA256()).hex().upper()
        self.fingerprint = ":".join(digest[at : at + 2] for at in range(0, len(digest), 2))
        self.context = SSL.Context(SSL.DTLS_SERVER_METHOD)
        self.context.use_certificate(certificate)
        self.context.use_privatekey(key)
        # Self-signed on both sides: who it is follows from the fingerprint, checked before any key is used.
        self.context.set_verify(SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT, lambda *_: True)
        self.context.set_min_proto_version(DTLS_1_2)
        self.context.set_options(SSL.OP_NO_QUERY_MTU | SSL.OP_NO_RENEGOTIATION)
        self.context.set_cipher_list(b"ECDHE+AESGCM:ECDHE+CHACHA20")
        # After the handshake a connection says one word more: that it ends. Its buffers need not wait for that.
        self.context.set_mode(SSL.MODE_RELEASE_BUFFERS)
        self.context.set_tlsext_use_srtp(b":".join(PROFILES))


@dataclass(frozen=True, slots=True)
class Sealed:
    """SRTP both ways."""

    inbound: Session
    outbound: Session


def is_dtls(datagram: bytes) -> bool:
    """RFC 7983."""
    return len(datagram) >= RECORD_HEADER and 20 <= datagram[0] <= 63


class Handshake:
    def __init__(self, identity: Identity, expected: tuple[tuple[str, bytes], ...]) -> None:
        self._expected = expected
        self._connection: Any = SSL.Connection(identity.context, None)
        self._connection.set_accept_state()
        self._connection.set_ciphertext_mtu(MTU)
        self._done = False
        self.closed = False

    def receive(self, datagram: bytes) -> Sealed | None:
        """The SRTP sessions when this datagram finished the handshake. Raises DtlsError."""
        if self.closed:
            return None
        try:
            self._connection.bio_write(datagram)
            if not self._done:
                self._connection.do_handshake()
                self._done = True
                return self._keys()
            self._connection.recv(MTU)
        except SSL.WantReadError:
            return None
        except SSL.ZeroReturnError:
            self.closed = True
        except SSL.Error as error:
            self.closed = True
            raise DtlsError("the DTLS handshake failed") from error
        return None

    def poll(self) -> None:
        """Let OpenSSL send again what was not answered in time."""
        if not self._done and not self.closed and self._connection.DTLSv1_get_timeout() == 0:
            try:
                self._connection.DTLSv1_handle_timeout()
            except SSL.Error:
                self.closed = True

    def close(self) -> None:
        if self._done and not self.closed:
            self.closed = True
            try:
                self._connection.shutdown()
            except SSL.Error:
                return

    def outgoing(self) -> list[bytes]:
        """Datagrams to send: the memory BIO joins records, so they are split again at their headers."""
        try:
            waiting = self._connection.bio_read(64 * 1024)
        except SSL.WantReadError:
            return []
        datagrams, at, start = [], 0, 0
        while at + RECORD_HEADER <= len(waiting):
            end = at + RECORD_HEADER + int.from_bytes(waiting[at + 11 : at + 13], "big")
            if end - start > MTU and at > start:
                datagrams.append(waiting[start:at])
                start = at
            at = end
        return [*datagrams, waiting[start:]]

    def _keys(self) -> Sealed:
        self._check_fingerprint()
        profile = PROFILES.get(self._connection.get_selected_srtp_profile())
        if profile is None:
            raise DtlsError("no SRTP profile was agreed")
        number, key, salt = profile
        exported = self._connection.export_keying_material(EXPORTER, 2 * (key + salt))
        client = exported[:key] + exported[2 * key : 2 * key + salt]
        server = exported[key : 2 * key] + exported[2 * key + salt :]
        return Sealed(
            Session(Policy(client, Policy.SSRC_ANY_INBOUND, srtp_profile=number)),
            Session(Policy(server, Policy.SSRC_ANY_OUTBOUND, srtp_profile=number)),
        )

    def _check_fingerprint(self) -> None:
        certificate = self._connection.get_peer_certificate(as_cryptography=True)
        shown = certificate.public_bytes(serialization.Encoding.DER) if certificate else b""
        for name, digest in self._expected:
            if hmac.compare_digest(hashlib.new(name.replace("-", ""), shown).digest(), digest):
                return
        self.closed = True
        raise WrongFingerprintError("the certificate is not the one of the offer")
