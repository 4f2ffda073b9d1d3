"""Pure decisions about where sound meets, and what a token for it says."""

import hashlib
import io
import wave
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, NamedTuple

Role = Literal["caller", "agent", "partner", "supervisor", "carrier", "control"]
"""``partner`` is the colleague beside the agent in a conference."""
Part = Literal["caller", "agent", "partner"]
"""Who the party of a carrier's call is in a room: an agent may talk by phone."""
Mode = Literal["listen", "whisper", "barge"]
"""How a supervisor is heard: by nobody, by the house, by all."""
TOKEN_SECONDS: Final = 60
ALIKE_MS: Final = 20
"""Round trips that differ by less than one frame of sound."""
BUSY: Final = 0.7
"""Load from which an edge is put behind others,"""
CROWD_MS: Final = 100
"""and by how much when it is full."""
ISSUER: Final = "hearthline"


class Unrecorded(NamedTuple):
    """Nothing said is recorded before ``until`` (ms; a moment past means that all is), ordered at that ``version`` of
    the contact: of two orders the later one holds, in whatever order they arrive.
    """

    until: int = 0
    version: int = 0


RECORDED: Final = Unrecorded()


@dataclass(frozen=True, slots=True)
class EdgeAddress:
    """A media edge: ``url`` for browsers and control, ``stream`` exactly as the carrier will call it."""

    name: str
    url: str
    stream: str
    load: float = 0.0
    """Share of its rooms in use, 0 to 1, as it said last."""


def choose_edge(contact: str, healthy: Sequence[str], preferred: str = "") -> str | None:
    """The edge at which everybody of a contact meets, without asking each other; None when there is none.

    ``preferred`` (where the contact met so far) while it lives; else the highest of a hash of contact and edge, so that
    an edge that goes moves only its own contacts.
    """
    if preferred in healthy:
        return preferred
    return max(healthy, key=lambda name: (_weight(contact, name), name), default=None)


def nearest(contact: str, known: Sequence[EdgeAddress], round_trips: Mapping[str, int]) -> list[str]:
    """Names of edges, the one to ask first first: near to who measured (``round_trips``, ms), and not full.

    An edge that was not measured counts as the middle of those that were, so that a new one is neither shunned nor
    stormed. What nobody hears a difference of (``ALIKE_MS``) is spread by a hash, as ``choose_edge`` does.
    """
    measured = sorted(round_trips[edge.name] for edge in known if edge.name in round_trips)
    middle = measured[len(measured) // 2] if measured else 0

    def far(edge: EdgeAddress) -> float:
        crowd = CROWD_MS * max(0.0, edge.load - BUSY) / (1 - BUSY)
        return round_trips.get(edge.name, middle) + crowd

    def order(edge: EdgeAddress) -> tuple[bool, float]:
        return edge.load >= 1, far(edge) if far(edge) > best + ALIKE_MS else best

    best = min((far(edge) for edge in known if edge.load < 1), default=0.0)
    # The second sort keeps the order of the first among equals.
    spread = sorted(known, key=lambda edge: (_weight(contact, edge.name), edge.name), reverse=True)
    return [edge.name for edge in sorted(spread, key=order)]


def _weight(contact: str, edge: str) -> bytes:
    return hashlib.sha256(f"{contact}|{edge}".encode()).digest()


@dataclass(frozen=True, slots=True)
class Phone:
    """The phone of one of the house: the part he has in the room, and who he is."""

    plays: Part
    person: str


def claims(
    *,
    tenant: str,
    edge: str,
    contact: str,
    role: Role,
    leg: str,
    jti: str,
    now: int,
    mode: Mode | None = None,
    unrecorded: Unrecorded = RECORDED,
    phone: Phone | None = None,
    sealed: bool = False,
) -> dict[str, Any]:
    """What a media token says; ``now`` in ms, ``leg`` the person's id or the CallSid. Valid ``TOKEN_SECONDS``.

    ``mode`` is a supervisor's. ``unrecorded`` is told while it lasts. ``phone``: the carrier's call is that of one of
    the house. ``sealed`` sound is forwarded unheard.
    """
    issued = now // 1000
    more: dict[str, Any] = {"mode": mode} if mode else {}
    if phone:
        more |= {"plays": phone.plays, "person": phone.person}
    if sealed:
        more["sealed"] = True
    if unrecorded.until > now:
        more["unrecorded"] = unrecorded._asdict()
    return more | {
        "iss": ISSUER,
        "tenant": tenant,
        "aud": edge,
        "sub": contact,
        "role": role,
        "leg": leg,
        "jti": jti,
        "iat": issued,
        "exp": issued + TOKEN_SECONDS,
    }


def caller_alone(wav: bytes) -> bytes:
    """What the caller said: the left side of a recording, as mono. Raises ValueError for another sound file."""
    both, rate = _samples(wav, 2)
    left = bytearray(len(both) // 2)
    left[0::2], left[1::2] = both[0::4], both[1::4]
    return _wav(bytes(left), 1, rate)


def caller_left(wav: bytes) -> bytes:
    """A message as recordings are kept: the caller left, silence right. Raises ValueError for another sound file."""
    mono, rate = _samples(wav, 1)
    both = bytearray(2 * len(mono))
    both[0::4], both[1::4] = mono[0::2], mono[1::2]
    return _wav(bytes(both), 2, rate)


def _samples(wav: bytes, wanted: int) -> tuple[bytes, int]:
    """The samples of 16 bits and their rate. Raises ValueError unless there are so many channels as ``wanted``."""
    try:
        with wave.open(io.BytesIO(wav)) as file:
            channels, width, rate = file.getnchannels(), file.getsampwidth(), file.getframerate()
            samples = file.readframes(file.getnframes())
    except (wave.Error, EOFError) as error:
        raise ValueError("not a WAV file") from error
    if (channels, width) != (wanted, 2):
        raise ValueError(f"{channels} channels of {8 * width} bits")
    return samples, rate


def _wav(sound: bytes, channels: int, rate: int) -> bytes:
    """16 bits a sample."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(sound)
    return out.getvalue()
