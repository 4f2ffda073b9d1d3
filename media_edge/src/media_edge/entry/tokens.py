"""Who may do what here: media tokens (JWT, EdDSA) with one use each, and the carrier's signature."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from media_edge.rooms.hearing import MODES, SUPERVISOR, Mode

MAX_LIFE_SECONDS = 60
LEEWAY_SECONDS = 5
MAX_TOKEN = 4_096  # bytes
MAX_REMEMBERED = 20_000  # used token ids; each is forgotten when it expires
ROLES = frozenset({"caller", "agent", "carrier", "control"})
CARRIER = "carrier"
PHONE_PARTS = frozenset({"caller", "agent", "partner"})  # what the party of a carrier's call may be in a room
ALGORITHMS = ["EdDSA", "Ed25519"]


class TokenRefusedError(Exception):
    """``code``: token_missing, token_refused, token_used, token_role."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Pass:
    """A token that was good: the contact, the part to play in it, the person or call that plays it.

    ``mode`` is how a supervisor begins. ``unrecorded``: until when (ms since the epoch) the contact is not to be
    recorded, and the number of that order. Of a carrier's call, ``plays`` is its part, ``person`` whose phone it is.
    ``sealed``: the frames are sealed end to end.
    """

    contact: str
    role: str
    leg: str
    mode: Mode = "listen"
    unrecorded: tuple[int, int] | None = None
    plays: str = "caller"
    person: str = ""
    sealed: bool = False


class Gate:
    """Knows the public key only."""

    def __init__(self, public_jwk: Mapping[str, str], tenant: str, edge: str) -> None:
        self._key = OKPKey.import_key({**public_jwk})
        self._tenant, self._edge = tenant, edge
        self._used: dict[str, float] = {}

    def admit(self, token: str, roles: frozenset[str], now: float) -> Pass:
        """Check everything, then use the token up. ``now``: seconds since the epoch. Raises TokenRefusedError."""
        if not token or len(token) > MAX_TOKEN:
            raise TokenRefusedError("token_missing")
        claims = self._claims(token)
        issued, expires = claims.get("iat"), claims.get("exp")
        if not isinstance(issued, int | float) or not isinstance(expires, int | float):
            raise TokenRefusedError("token_refused")
        timely = issued - LEEWAY_SECONDS <= now < expires and expires - issued <= MAX_LIFE_SECONDS
        named = (claims.get("iss"), claims.get("tenant"), claims.get("aud")) == ("hearthline", self._tenant, self._edge)
        texts = [claims.get(name) for name in ("sub", "role", "leg", "jti")]
        if not timely or not named or not all(isinstance(text, str) and 0 < len(text) <= 128 for text in texts):
            raise TokenRefusedError("token_refused")
        contact, role, leg, jti = map(str, texts)
        if role not in roles:
            raise TokenRefusedError("token_role")
        mode = MODES.get(str(claims.get("mode"))) if role == SUPERVISOR else "listen"
        if mode is None:
            raise TokenRefusedError("token_refused")
        plays, person = _phone_part(claims) if role == CARRIER else ("caller", "")
        sealed = claims.get("sealed", False)
        if not isinstance(sealed, bool):  # unsure is neither: nobody is heard who was promised not to be
            raise TokenRefusedError("token_refused")
        self._use(jti, float(expires), now)
        return Pass(contact, role, leg, mode, _unrecorded(claims), plays, person, sealed)

    def _claims(self, token: str) -> dict[str, object]:
        try:
            return dict(jwt.decode(token, self._key, algorithms=ALGORITHMS).claims)
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise TokenRefusedError("token_refused") from error

    def _use(self, jti: str, expires: float, now: float) -> None:
        if jti in self._used:
            raise TokenRefusedError("token_used")
        if len(self._used) >= MAX_REMEMBERED:
            self._used = {known: until for known, until in self._used.items() if until > now}
        if len(self._used) >= MAX_REMEMBERED:
            raise TokenRefusedError("token_refused")  # a flood: refuse rather than forget
        self._used[jti] = expires


def _unrecorded(claims: Mapping[str, object]) -> tuple[int, int] | None:
    """Raises TokenRefusedError."""
    match claims.get("unrecorded"):
        case None:
            return None
        case {"until": int(until), "version": int(version)}:
            return until, version
    raise TokenRefusedError("token_refused")


def _phone_part(claims: Mapping[str, object]) -> tuple[str, str]:
    """Who a carrier's call is in the room: a caller unless the token names a person of the house.

    Raises TokenRefusedError.
    """
    plays, person = claims.get("plays", "caller"), claims.get("person", "")
    if plays not in PHONE_PARTS or not isinstance(person, str) or len(person) > 128:
        raise TokenRefusedError("token_refused")
    if plays != "caller" and not person:
        raise TokenRefusedError("token_refused")
    return str(plays), person


def carrier_signature(auth_token: str, url: str) -> str:
    """What the carrier signs its upgrade with: base64 of HMAC-SHA1 over the exact address."""
    return base64.b64encode(hmac.new(auth_token.encode(), url.encode(), hashlib.sha1).digest()).decode()


def signed_by_carrier(auth_token: str, url: str, signature: str) -> bool:
    return hmac.compare_digest(carrier_signature(auth_token, url).encode(), signature.encode("utf-8", "replace"))
