"""The carrier's leg: Twilio Media Streams, G.711 at 8 kHz in 20 ms messages, both ways at a steady pace.

``parse`` translates; ``CarrierLeg`` keeps the sound. Numbers in the carrier's messages are strings.
"""

import binascii
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import orjson

from media_edge.legs.leg import MAX_PRESSED, LegReport
from media_edge.sound import g711
from media_edge.sound.jitter import JitterBuffer, Kind
from media_edge.sound.pcm import Pcm

MAX_MESSAGE = 16 * 1024  # bytes
MAX_AUDIO = 4_000  # bytes of one message: half a second
FRAME_BYTES = 160
FRAME_MS = 20
MAX_PARAMETERS = 20
QUIET_PEAK = 300
MAX_BEHIND = 64 * 1024  # bytes that may wait in our socket: some six seconds
FRAME_SECONDS = 0.02
# The carrier plays what we send one after the other: what comes in a burst after a stall would delay all that follows.
MAX_AHEAD = 0.2  # seconds of sound that may wait there
CALM_AHEAD = 0.03  # in quiet moments what is more is left out
FADE = np.linspace(1.0, 0.0, FRAME_BYTES)


class CarrierMessageError(Exception):
    """Not a message of Media Streams."""


LAWS = {"audio/x-mulaw": g711.MU, "audio/x-alaw": g711.A}


@dataclass(frozen=True, slots=True)
class Start:
    stream: str
    call: str
    parameters: dict[str, str] = field(default_factory=dict)
    law: g711.Law = g711.MU


@dataclass(frozen=True, slots=True)
class Media:
    timestamp_ms: int
    audio: bytes  # G.711, in the law that the stream began with


@dataclass(frozen=True, slots=True)
class Key:
    digit: str


@dataclass(frozen=True, slots=True)
class Stop:
    pass


@dataclass(frozen=True, slots=True)
class Other:
    """``connected``, ``mark`` and what may come later: nothing to do."""


Message = Start | Media | Key | Stop | Other


def parse(text: bytes) -> Message:
    """Raises CarrierMessageError."""
    if len(text) > MAX_MESSAGE:
        raise CarrierMessageError("too long")
    try:
        message = orjson.loads(text)
        return _PARSERS.get(message["event"], _other)(message)
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise CarrierMessageError("not a message of Media Streams") from error


def _start(message: Any) -> Start:
    start = message["start"]
    form = start.get("mediaFormat", {})
    law = LAWS.get(form.get("encoding", "audio/x-mulaw"))
    if law is None or int(form.get("sampleRate", 8000)) != 8000:
        raise ValueError("only G.711 at 8 kHz")
    parameters = {str(k): str(v) for k, v in list(start.get("customParameters", {}).items())[:MAX_PARAMETERS]}
    return Start(str(start["streamSid"]), str(start["callSid"]), parameters, law)


def _media(message: Any) -> Message:
    media = message["media"]
    if media.get("track", "inbound") != "inbound":
        return Other()
    audio = binascii.a2b_base64(media["payload"], strict_mode=True)
    if not 0 < len(audio) <= MAX_AUDIO:
        raise ValueError("an unlikely length of sound")
    return Media(int(media["timestamp"]), audio)


def _key(message: Any) -> Key:
    return Key(str(message["dtmf"]["digit"])[:1])


def _stop(_: Any) -> Stop:
    return Stop()


def _other(_: Any) -> Other:
    return Other()


_PARSERS: dict[str, Callable[[Any], Message]] = {"start": _start, "media": _media, "dtmf": _key, "stop": _stop}


class CarrierLeg:
    """See ``leg.Leg``. ``send`` queues one text message, ``waiting`` is what the socket has not yet taken."""

    phone = True

    def __init__(
        self,
        start: Start,
        send: Callable[[bytes], None],
        waiting: Callable[[], int],
        hang_up: Callable[[], None],
        *,
        role: str = "caller",
        who: str = "",
    ) -> None:
        """``who``: the person whose phone it is; a caller is known by the call."""
        self.role = role
        self.id, self.who, self._law = start.stream, who or start.call, start.law
        self._silence = bytes([start.law.silence]) * FRAME_BYTES
        self._send, self._waiting, self._hang_up = send, waiting, hang_up
        self._head = orjson.dumps({"event": "media", "streamSid": start.stream})[:-1] + b',"media":{"payload":"'
        self._buffer = JitterBuffer(FRAME_MS)
        self._rest, self._rest_at = b"", 0
        self._offset: int | None = None
        self._last: Pcm | None = None
        self._received = 0
        self._withheld = 0
        self._now = self._played_until = 0.0
        self.pressed: list[str] = []
        self.gone = False

    @property
    def live(self) -> bool:
        return not self.gone

    @property
    def packets(self) -> int:
        return self._received

    def set_rate(self, rate: int) -> None:
        """The room follows us, not we the room."""

    def poll(self, now: float) -> None:
        """The socket tells when it ends; time is only needed for the pace of what we send."""
        self._now = now

    def heard(self, media: Media, now: float) -> None:
        """Cut into frames of 20 ms, whatever the lengths of the messages."""
        if not self._rest:
            self._rest_at = media.timestamp_ms
        sound = self._rest + media.audio
        whole = len(sound) - len(sound) % FRAME_BYTES
        for at in range(0, whole, FRAME_BYTES):
            # The carrier's clock starts anywhere within a frame: keep our grid.
            self._buffer.put(self._grid(self._rest_at), sound[at : at + FRAME_BYTES], now * 1000)
            self._rest_at += FRAME_MS
        self._rest = sound[whole:]
        self._received += 1

    def key(self, digit: str) -> None:
        if len(self.pressed) < MAX_PRESSED:
            self.pressed.append(digit)

    def _grid(self, ms: int) -> int:
        if self._offset is None:
            self._offset = ms % FRAME_MS
        return round((ms - self._offset) / FRAME_MS) * FRAME_MS

    def take(self) -> Pcm | None:
        kind, payload = self._buffer.take(self._is_quiet)
        if kind is Kind.FRAME:
            self._last = self._law.decode(payload)
            return self._last
        fading, self._last = self._last, None
        return (fading * FADE).astype(np.int16) if fading is not None else None

    def _is_quiet(self) -> bool:
        return _is_low(self._last)

    def give(self, pcm: Pcm | None) -> None:
        if self.gone:
            return
        start = max(self._played_until, self._now)
        ahead = start - self._now
        # A slow reader must not fill our memory either.
        if ahead > MAX_AHEAD or (ahead > CALM_AHEAD and _is_low(pcm)) or self._waiting() > MAX_BEHIND:
            self._withheld += 1
            return
        self._played_until = start + FRAME_SECONDS
        sound = self._law.encode(pcm) if pcm is not None else self._silence
        self._send(self._head + binascii.b2a_base64(sound, newline=False) + b'"}}')

    def encode(self) -> None:
        """A table is no work."""

    def send(self) -> None:
        """It has left: the socket sends by itself."""

    def close(self) -> None:
        if not self.gone:
            self.gone = True
            self._hang_up()

    def report(self) -> LegReport:
        return LegReport(
            self.role,
            0.0,
            0.0,
            self._received,
            concealed=self._buffer.concealed,
            depth=self._buffer.depth,
            phone=True,
        )


def _is_low(pcm: Pcm | None) -> bool:
    return pcm is None or int(np.abs(pcm[::8]).max()) < QUIET_PEAK
