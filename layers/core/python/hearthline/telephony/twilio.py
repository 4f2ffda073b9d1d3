"""The carrier's posts: is it the carrier, and what did it send. Decides nothing about the call."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl

from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]

from hearthline.telephony.words import MISSING, REFUSED, TOO_LARGE, TOO_LONG, Text

MAX_BODY_BYTES: Final = 32 * 1024
MAX_FIELDS: Final = 100
MAX_VALUE: Final = 4096
"""Characters; the carrier's longest field is a speech result."""
SID: Final = re.compile(r"[A-Za-z0-9]{2,64}")


class PostRefusedError(Exception):
    """The post is not acted on; ``code`` is stable, ``field`` names the parameter where one is at fault."""

    def __init__(self, status: int, code: str, message: Text, field: str = "") -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.message = message
        self.field = field

    def body(self) -> dict[str, object]:
        """JSON for the outside."""
        told: dict[str, object] = {"code": self.code, "message": {"zh": self.message.zh, "en": self.message.en}}
        return told | ({"field": self.field} if self.field else {})


@dataclass(frozen=True, slots=True)
class Post:
    """A genuine post: what it is about, and ``mark``, equal for equal posts and for no others."""

    path: str
    fields: Mapping[str, str]
    mark: str

    @property
    def call_sid(self) -> str:
        return self.fields["CallSid"]

    def get(self, name: str) -> str:
        return self.fields.get(name, "")


def read_post(body: bytes, *, path: str, public_url: str, token: str, signature: str) -> Post:
    """The post as signed for the configured public address and ``path``. Raises PostRefusedError.

    Neither Host nor forwarding headers count: who can choose the address could replay a post elsewhere.
    """
    if len(body) > MAX_BODY_BYTES:
        raise PostRefusedError(413, "body_too_large", TOO_LARGE)
    fields = _fields(body)
    url = public_url.rstrip("/") + path
    validator = RequestValidator(token)
    if not validator.validate(url, fields, signature):
        raise PostRefusedError(403, "signature_refused", REFUSED)
    for name, value in fields.items():
        if len(value) > MAX_VALUE:
            raise PostRefusedError(400, "parameter_too_long", TOO_LONG, name)
    if SID.fullmatch(fields.get("CallSid", "")) is None:
        raise PostRefusedError(400, "parameter_missing", MISSING, "CallSid")
    # The signature is a keyed hash of the address and every field: it names the post and gives nothing of it away.
    mark = hashlib.sha256(validator.compute_signature(url, fields).encode()).hexdigest()[:32]
    return Post(path, fields, mark)


def _fields(body: bytes) -> dict[str, str]:
    """Form fields; a name sent twice or bytes that are not UTF-8 are nothing the carrier ever signed."""
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, errors="strict", max_num_fields=MAX_FIELDS)
    except ValueError as error:
        raise PostRefusedError(403, "signature_refused", REFUSED) from error
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise PostRefusedError(403, "signature_refused", REFUSED)
    return fields
