"""Fragments of session descriptions that restart or trickle ICE (RFC 8840 section 9, RFC 9725 section 4.3)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from media_edge.wire.sdp import MAX_LINE, SdpError, candidates

KIND = "application/trickle-ice-sdpfrag"
MAX_LINES = 256
_UFRAG = re.compile(r"^[A-Za-z0-9+/]{4,256}$")
_PASSWORD = re.compile(r"^[A-Za-z0-9+/]{22,256}$")


@dataclass(frozen=True, slots=True)
class Fragment:
    """The credentials of the ICE session it speaks of. Its candidates are not kept: whom we answer is who checks us."""

    ufrag: str
    password: str


def parse(text: str) -> Fragment:
    """Raises SdpError: sdp_malformed, or no_ice where there is not exactly one pair of credentials."""
    lines = text.splitlines()
    if len(lines) > MAX_LINES or any(len(line) > MAX_LINE or line[1:2] != "=" for line in lines if line):
        raise SdpError("sdp_malformed", "not a fragment of a session description")
    ufrag, password = _only(lines, "a=ice-ufrag:"), _only(lines, "a=ice-pwd:")
    if not _UFRAG.match(ufrag) or not _PASSWORD.match(password):
        raise SdpError("no_ice", "the fragment has no usable ICE credentials")
    return Fragment(ufrag, password)


def _only(lines: list[str], name: str) -> str:
    """All sections are bundled, so they say the same."""
    values = {line[len(name) :].strip() for line in lines if line.startswith(name)}
    return values.pop() if len(values) == 1 else ""


def write(mid: str, ufrag: str, password: str, addresses: Sequence[str], port: int) -> str:
    """Our side of a restarted ICE session."""
    lines = [
        "a=ice-lite",
        f"a=group:BUNDLE {mid}",
        "m=audio 9 UDP/TLS/RTP/SAVPF 0",
        f"a=mid:{mid}",
        f"a=ice-ufrag:{ufrag}",
        f"a=ice-pwd:{password}",
        *candidates(addresses, port),
        "a=end-of-candidates",
    ]
    return "\r\n".join(lines) + "\r\n"
