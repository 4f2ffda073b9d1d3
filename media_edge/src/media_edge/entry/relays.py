"""TURN servers for browsers whose network lets nothing else through.

Told in ``Link`` fields of WHIP's answer (RFC 9725 section 4.6), with credentials that end by themselves: the TURN REST
API (draft-uberti-behave-turn-rest-00), coturn's ``use-auth-secret``.
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass

LIFE_SECONDS = 8 * 3600
"""A server asks again at each renewal of an allocation, so it must outlast the call."""


@dataclass(frozen=True, slots=True)
class Relays:
    """``urls`` as of RFC 7065 (``turn:host:port?transport=udp``, ``turns:``); ``secret`` is shared with the servers."""

    urls: tuple[str, ...]
    secret: str

    def links(self, session: str, now: float) -> list[str]:
        """One field for each server. ``now``: seconds since the epoch; the name is the session's, of no person."""
        name = f"{int(now) + LIFE_SECONDS}:{hashlib.sha256(session.encode()).hexdigest()[:12]}"
        word = credential(self.secret, name)
        return [
            f'<{url}>; rel="ice-server"; username="{name}"; credential="{word}"; credential-type="password"'
            for url in self.urls
        ]


def credential(secret: str, name: str) -> str:
    """What the server reckons too: base64 of HMAC-SHA1 over the name."""
    return base64.b64encode(hmac.new(secret.encode(), name.encode(), hashlib.sha1).digest()).decode()
