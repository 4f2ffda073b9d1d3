"""Media tokens: short-lived, for one edge, one contact, one role, one use. Signed here, checked by the edge."""

import json
from functools import lru_cache
from typing import Any, Final

from hearthline.media.model import RECORDED, Mode, Phone, Role, Unrecorded, claims
from hearthline.platform.effects import Effects

ALGORITHM: Final = "Ed25519"
"""EdDSA under its name of RFC 9864."""


@lru_cache(maxsize=4)
def _key(jwk: str) -> Any:
    from joserfc.jwk import OKPKey

    return OKPKey.import_key(json.loads(jwk))


def media_token(
    effects: Effects,
    *,
    edge: str,
    contact: str,
    role: Role,
    leg: str,
    mode: Mode | None = None,
    unrecorded: Unrecorded = RECORDED,
    phone: Phone | None = None,
    sealed: bool = False,
) -> str:
    """A fresh token, see ``claims``; raises what the secret store raises when the key cannot be read."""
    from joserfc import jwt

    secret = effects.secret(effects.settings.media_secret)["private_key"]
    jwk = secret if isinstance(secret, str) else json.dumps(secret)
    said = claims(
        tenant=effects.settings.tenant,
        edge=edge,
        contact=contact,
        role=role,
        leg=leg,
        jti=effects.ids.new(),
        now=effects.clock.now(),
        mode=mode,
        unrecorded=unrecorded,
        phone=phone,
        sealed=sealed,
    )
    return jwt.encode({"alg": ALGORITHM}, said, _key(jwk), algorithms=[ALGORITHM])
