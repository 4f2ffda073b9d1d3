"""Sealing v1: personal fields and recordings leave the process only under an envelope key.

Envelope, big-endian:  ``HS`` | version u8 | algorithm u8 | key id length u16, key id
| wrapped key length u16, wrapped key | nonce 12 | cipher text and tag.
The algorithm id leaves room for a national cipher without a new version.

    SealError
    ├── TamperedError     changed, or opened in another place or by another tenant: give up, tell security
    ├── KeysBusyError     the key service did not answer: retry
    └── KeysRefusedError  the key service said no (disabled, denied, deleted): an operator must act
"""

import hashlib
import hmac
import os
import struct
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

MAGIC = b"HS"
VERSION = 1
AES_256_GCM = 1
NONCE_BYTES = 12
TAG_BYTES = 16
MESSAGES_PER_KEY = 2**32  # random 96-bit nonces: beyond this a repeat is no longer negligible
SEAL_KEY_SECONDS = 24 * 3600
OPEN_KEY_SECONDS = 300  # how long a key that was shredded can still open what this process has seen
OPEN_KEYS_KEPT = 512
INDEX_LABEL = b"hearthline|blind index|1|"
# What the key service means by "these bytes were never mine, or not in this context".
TAMPER_CODES = frozenset({"InvalidCiphertextException", "IncorrectKeyException"})
REFUSED_CODES = frozenset(
    {
        "AccessDeniedException",
        "AccessDenied",
        "DisabledException",
        "InvalidArnException",
        "InvalidKeyUsageException",
        "KMSInvalidStateException",
        "NotFoundException",
        "UnrecognizedClientException",
        "ValidationException",
    }
)
MALFORMED = "ParamValidationError"  # botocore's own refusal, before the service is asked


class SealError(Exception):
    """Something about sealing failed; the subclasses say what the caller can do."""


class TamperedError(SealError):
    """The bytes were changed, or they belong to another place or tenant. Never retry."""


class KeysBusyError(SealError):
    """The key service could not be reached or is throttling. Retry later."""


class KeysRefusedError(SealError):
    """The key service refused: the key is disabled, deleted or not ours. Retrying does not heal it."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sealed value lives; it opens nowhere else."""

    table: str
    pk: str
    attribute: str


@dataclass(frozen=True, slots=True)
class DataKey:
    """A fresh 256-bit key, in the clear and as the key service wrapped it."""

    key_id: str
    plain: bytes
    wrapped: bytes


class KeySource(Protocol):
    """Who makes and unwraps data keys. ``context`` is bound to the wrapped key by the service."""

    def fresh(self, context: Mapping[str, str]) -> DataKey: ...

    def unwrap(self, key_id: str, wrapped: bytes, context: Mapping[str, str]) -> bytes:
        """The plain key. Raises TamperedError, KeysBusyError or KeysRefusedError."""
        ...

    def index_key(self, tenant: str) -> bytes:
        """The tenant's 256-bit key of blind indexes: the same for ever."""
        ...


class KmsKeys:
    """AWS KMS. ``client`` is a boto3 KMS client; ``index_key_id`` names an ``HMAC_256`` key for blind indexes."""

    def __init__(self, client: Any, key_id: str, index_key_id: str = "") -> None:
        self._client = client
        self._key_id = key_id
        self._index_key_id = index_key_id

    def fresh(self, context: Mapping[str, str]) -> DataKey:
        made = self._call("generate_data_key", KeyId=self._key_id, KeySpec="AES_256", EncryptionContext=dict(context))
        return DataKey(made["KeyId"], made["Plaintext"], made["CiphertextBlob"])

    def unwrap(self, key_id: str, wrapped: bytes, context: Mapping[str, str]) -> bytes:
        # KeyId is given so that a blob wrapped under somebody else's key is refused by the service itself.
        made = self._call("decrypt", KeyId=key_id, CiphertextBlob=wrapped, EncryptionContext=dict(context))
        return bytes(made["Plaintext"])

    def index_key(self, tenant: str) -> bytes:
        if not self._index_key_id:
            raise KeysRefusedError("no key for blind indexes is configured")
        message = INDEX_LABEL + tenant.encode()
        made = self._call("generate_mac", KeyId=self._index_key_id, MacAlgorithm="HMAC_SHA_256", Message=message)
        return bytes(made["Mac"])

    def _call(self, operation: str, **parameters: Any) -> Any:
        try:
            return getattr(self._client, operation)(**parameters)
        except Exception as error:  # botocore is not importable here: its errors are told apart by shape
            raise _named(error, operation) from error


def _named(error: Exception, operation: str) -> SealError:
    response = getattr(error, "response", None)
    code = str(response.get("Error", {}).get("Code", "")) if isinstance(response, dict) else ""
    if code in TAMPER_CODES:
        return TamperedError(f"the key service does not know these bytes in this place ({operation})")
    if code in REFUSED_CODES or type(error).__name__ == MALFORMED:
        return KeysRefusedError(f"the key service refused {operation}: {code or MALFORMED}")
    return KeysBusyError(f"the key service did not answer {operation}: {code or type(error).__name__}")


class MemoryKeys:
    """The same promises within one process: keys wrapped under a master key that dies with it (or is passed in)."""

    def __init__(self, master: bytes | None = None, key_id: str = "memory") -> None:
        self._master = master or AESGCM.generate_key(256)
        self.key_id = key_id
        self.down = False  # a test's knob: the service does not answer

    def fresh(self, context: Mapping[str, str]) -> DataKey:
        self._answer()
        plain, nonce = AESGCM.generate_key(256), os.urandom(NONCE_BYTES)
        return DataKey(self.key_id, plain, nonce + AESGCM(self._master).encrypt(nonce, plain, _context(context)))

    def unwrap(self, key_id: str, wrapped: bytes, context: Mapping[str, str]) -> bytes:
        self._answer()
        if key_id != self.key_id:
            raise KeysRefusedError("no key of this name")
        try:
            nonce = wrapped[:NONCE_BYTES]
            return AESGCM(self._master).decrypt(nonce, wrapped[NONCE_BYTES:], _context(context))
        except (InvalidTag, ValueError) as error:
            raise TamperedError("this key was not wrapped here, or for another tenant") from error

    def index_key(self, tenant: str) -> bytes:
        self._answer()
        return hmac.new(self._master, INDEX_LABEL + tenant.encode(), hashlib.sha256).digest()

    def _answer(self) -> None:
        if self.down:
            raise KeysBusyError("the key service did not answer")


def _context(context: Mapping[str, str]) -> bytes:
    return "\n".join(f"{name}={context[name]}" for name in sorted(context)).encode()


class Sealer:
    """Seals and opens bytes of one tenant. Safe to share between threads."""

    def __init__(
        self,
        tenant: str,
        keys: KeySource,
        *,
        clock: Callable[[], float] = time.monotonic,
        messages_per_key: int = MESSAGES_PER_KEY,
    ) -> None:
        self._tenant = tenant
        self._keys = keys
        self._clock = clock
        self._messages_per_key = messages_per_key
        self._context = {"tenant": tenant, "purpose": "seal"}
        self._current: tuple[DataKey, float] | None = None
        self._sealed = 0
        self._opening: OrderedDict[tuple[str, bytes], tuple[bytes, float]] = OrderedDict()
        self._index: bytes | None = None
        self._lock = threading.Lock()

    def seal(self, plain: bytes, place: Place) -> bytes:
        """The envelope of ``plain`` for ``place``. Raises KeysBusyError or KeysRefusedError."""
        key = self._sealing_key()
        nonce = os.urandom(NONCE_BYTES)
        text = AESGCM(key.plain).encrypt(nonce, plain, _bound_to(self._tenant, place, key.key_id))
        return _header(key.key_id, key.wrapped) + nonce + text

    def open(self, blob: bytes, place: Place) -> bytes:
        """What was sealed for ``place``. Raises TamperedError, KeysBusyError or KeysRefusedError."""
        key_id, wrapped, nonce, text = _read(blob)
        try:
            key = AESGCM(self._opening_key(key_id, wrapped))
            return key.decrypt(nonce, text, _bound_to(self._tenant, place, key_id))
        except (InvalidTag, ValueError) as error:
            raise TamperedError("sealed bytes were changed or belong to another place") from error

    def blind_index(self, value: str, place: Place) -> str:
        """64 hex digits, equal for equal ``value`` in the same table and attribute (any pk); reveals nothing else.

        The caller brings ``value`` into one form first (E.164, lower case).
        """
        with self._lock:
            if self._index is None:
                self._index = self._keys.index_key(self._tenant)
            key = self._index
        message = "|".join(map(_plain, (self._tenant, place.table, place.attribute, value)))
        return hmac.new(key, message.encode(), hashlib.sha256).hexdigest()

    def _sealing_key(self) -> DataKey:
        with self._lock:
            now = self._clock()
            worn = self._sealed >= self._messages_per_key
            if self._current is None or worn or now - self._current[1] >= SEAL_KEY_SECONDS:
                self._current = (self._keys.fresh(self._context), now)
                self._sealed = 0
            self._sealed += 1
            return self._current[0]

    def _opening_key(self, key_id: str, wrapped: bytes) -> bytes:
        with self._lock:
            kept = self._opening.get((key_id, wrapped))
            if kept is not None and self._clock() - kept[1] < OPEN_KEY_SECONDS:
                return kept[0]
        plain = self._keys.unwrap(key_id, wrapped, self._context)
        with self._lock:
            self._opening[(key_id, wrapped)] = (plain, self._clock())
            self._opening.move_to_end((key_id, wrapped))
            while len(self._opening) > OPEN_KEYS_KEPT:
                self._opening.popitem(last=False)
        return plain


def _plain(part: str) -> str:
    """``part`` without the separator, so that two different places never bind to the same bytes."""
    return part.replace("%", "%25").replace("|", "%7C")


def _bound_to(tenant: str, place: Place, key_id: str) -> bytes:
    return "|".join(map(_plain, (tenant, place.table, place.pk, place.attribute, key_id))).encode()


def _header(key_id: str, wrapped: bytes) -> bytes:
    name = key_id.encode()
    fixed = MAGIC + bytes((VERSION, AES_256_GCM))
    return fixed + struct.pack("!H", len(name)) + name + struct.pack("!H", len(wrapped)) + wrapped


def _read(blob: bytes) -> tuple[str, bytes, bytes, bytes]:
    """Key id, wrapped key, nonce, cipher text of an envelope."""
    if blob[:2] != MAGIC or blob[2:4] != bytes((VERSION, AES_256_GCM)):
        raise TamperedError("not an envelope of a known version and algorithm")
    name, rest = _field(blob[4:])
    wrapped, rest = _field(rest)
    if len(rest) < NONCE_BYTES + TAG_BYTES:
        raise TamperedError("the envelope is cut short")
    try:
        return name.decode(), wrapped, rest[:NONCE_BYTES], rest[NONCE_BYTES:]
    except UnicodeDecodeError as error:
        raise TamperedError("the key id of the envelope is not text") from error


def _field(data: bytes) -> tuple[bytes, bytes]:
    if len(data) < 2:
        raise TamperedError("the envelope is cut short")
    (length,) = struct.unpack_from("!H", data)
    if len(data) < 2 + length:
        raise TamperedError("the envelope is cut short")
    return data[2 : 2 + length], data[2 + length :]
