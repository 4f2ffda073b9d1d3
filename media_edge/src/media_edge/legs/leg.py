"""What a room asks of a leg."""

from dataclasses import dataclass
from typing import Protocol

from media_edge.sound.pcm import Pcm

MAX_PRESSED = 32  # keys of one tick


@dataclass(frozen=True, slots=True)
class LegReport:
    """What a leg received: share lost 0..1, jitter in ms, packets; frames concealed and held."""

    role: str
    loss: float
    jitter_ms: float
    packets: int
    concealed: int = 0
    depth: int = 0
    phone: bool = False
    recent_loss: float = 0.0  # of the last seconds, as they came over the wire
    heard_loss: float = 0.0  # the same after copies mended and lateness spoilt
    burst_ratio: float = 1.0  # ITU-T G.107's BurstR of the last seconds
    round_trip_ms: float | None = None  # None: not known


class Leg(Protocol):
    """One party's sound. ``phone`` legs speak 8 kHz and set the rate of their room."""

    @property
    def id(self) -> str: ...
    @property
    def role(self) -> str: ...
    @property
    def who(self) -> str: ...
    @property
    def phone(self) -> bool: ...
    @property
    def live(self) -> bool:
        """Sound can flow both ways."""
        ...

    @property
    def gone(self) -> bool:
        """It will never carry sound again."""
        ...

    @property
    def pressed(self) -> list[str]:
        """Keys since it was last emptied, in order."""
        ...

    @property
    def packets(self) -> int:
        """Received so far."""
        ...

    def set_rate(self, rate: int) -> None: ...
    def poll(self, now: float) -> None:
        """Timers."""
        ...

    def take(self) -> Pcm | None:
        """The next 20 ms at the room's rate, good until the next call; None is silence."""
        ...

    def give(self, pcm: Pcm | None) -> None:
        """What to say next, good until ``send``; None is silence. Nothing leaves yet."""
        ...

    def encode(self) -> None:
        """The codec's work on what was given, if it has any."""
        ...

    def send(self) -> None:
        """What was given leaves."""
        ...

    def close(self) -> None: ...
    def report(self) -> LegReport: ...
