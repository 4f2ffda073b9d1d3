"""STUN binding checks for an ICE-lite endpoint (RFC 8489 sections 5, 6, 14; RFC 8445 sections 7.3 and 2.5)."""

import hashlib
import hmac
import ipaddress
import struct
import zlib
from dataclasses import dataclass

COOKIE = 0x2112A442
BINDING_REQUEST = 0x0001
BINDING_SUCCESS = 0x0101
HEADER_BYTES = 20
MAX_BYTES = 1024
USERNAME, MESSAGE_INTEGRITY, XOR_MAPPED_ADDRESS = 0x0006, 0x0008, 0x0020
USE_CANDIDATE, FINGERPRINT = 0x0025, 0x8028
_FINGERPRINT_XOR = 0x5354554E
_INTEGRITY_BYTES, _FINGERPRINT_BYTES = 24, 8  # with the attribute's header

Address = tuple[str, int]


class StunError(Exception):
    """Not a binding request that we can trust: drop it without an answer."""


@dataclass(frozen=True, slots=True)
class BindingRequest:
    transaction: bytes
    username: str
    nominated: bool
    signed: bytes  # what MESSAGE-INTEGRITY covers, its length field already set
    integrity: bytes

    def signed_by(self, password: str) -> bool:
        return hmac.compare_digest(hmac.new(password.encode(), self.signed, hashlib.sha1).digest(), self.integrity)


def looks_like_stun(datagram: bytes) -> bool:
    return len(datagram) >= HEADER_BYTES and datagram[0] < 4 and datagram[4:8] == COOKIE.to_bytes(4, "big")


def parse_request(datagram: bytes) -> BindingRequest:
    """Raises StunError for anything but a well-formed binding request with user name and integrity."""
    if not looks_like_stun(datagram) or len(datagram) > MAX_BYTES:
        raise StunError("not a STUN message")
    kind, length = struct.unpack_from("!HH", datagram)
    if kind != BINDING_REQUEST or length != len(datagram) - HEADER_BYTES or length % 4:
        raise StunError("not a binding request")
    username, nominated, at = "", False, HEADER_BYTES
    while at + 4 <= len(datagram):
        name, size = struct.unpack_from("!HH", datagram, at)
        value = datagram[at + 4 : at + 4 + size]
        if len(value) != size:
            raise StunError("an attribute is cut short")
        if name == MESSAGE_INTEGRITY:
            return BindingRequest(datagram[8:20], username, nominated, _covered(datagram, at), value)
        if name == USERNAME:
            username = value.decode("utf-8", "replace")
        nominated = nominated or name == USE_CANDIDATE
        at += 4 + size + (-size % 4)
    raise StunError("no message integrity")


def _covered(datagram: bytes, at: int) -> bytes:
    length = at - HEADER_BYTES + _INTEGRITY_BYTES
    return datagram[:2] + struct.pack("!H", length) + datagram[4:at]


def success(transaction: bytes, seen: Address, password: str) -> bytes:
    """The answer that tells the sender the address it was seen from."""
    body = _attribute(XOR_MAPPED_ADDRESS, _xor_address(transaction, seen))
    return _finish(BINDING_SUCCESS, transaction, body, password)


def request(transaction: bytes, username: str, password: str, *, nominate: bool = True) -> bytes:
    """A binding request as a full agent sends it (tests, consent probes)."""
    body = _attribute(USERNAME, username.encode())
    if nominate:
        body += _attribute(USE_CANDIDATE, b"")
    return _finish(BINDING_REQUEST, transaction, body, password)


def _finish(kind: int, transaction: bytes, body: bytes, password: str) -> bytes:
    signed = _header(kind, len(body) + _INTEGRITY_BYTES, transaction) + body
    body += _attribute(MESSAGE_INTEGRITY, hmac.new(password.encode(), signed, hashlib.sha1).digest())
    message = _header(kind, len(body) + _FINGERPRINT_BYTES, transaction) + body
    return message + _attribute(FINGERPRINT, struct.pack("!I", zlib.crc32(message) ^ _FINGERPRINT_XOR))


def _header(kind: int, length: int, transaction: bytes) -> bytes:
    return struct.pack("!HHI", kind, length, COOKIE) + transaction


def _attribute(name: int, value: bytes) -> bytes:
    return struct.pack("!HH", name, len(value)) + value + bytes(-len(value) % 4)


def _xor_address(transaction: bytes, address: Address) -> bytes:
    ip = ipaddress.ip_address(address[0])
    mask = COOKIE.to_bytes(4, "big") + transaction
    port = address[1] ^ (COOKIE >> 16)
    packed = bytes(a ^ b for a, b in zip(ip.packed, mask, strict=False))
    return struct.pack("!BBH", 0, 1 if ip.version == 4 else 2, port) + packed
