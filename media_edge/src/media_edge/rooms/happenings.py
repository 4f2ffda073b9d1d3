"""What may happen in a room."""

from dataclasses import dataclass
from typing import Literal

from media_edge.rooms.oneway import OneWay
from media_edge.sound.voice import Turn

Reason = Literal["caller_left", "closed", "drained"]


@dataclass(frozen=True, slots=True)
class Joined:
    """Caller and agent both carry sound."""

    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AgentLost:
    """No agent has been heard of for long, and the caller waits."""


@dataclass(frozen=True, slots=True)
class PartnerLost:
    """``who`` was beside the agent, and has not been heard of for as long."""

    who: str


@dataclass(frozen=True, slots=True)
class Spoke:
    """``leg_began``: the steady second from which the turn counts."""

    role: str
    turn: Turn
    leg_began: float


@dataclass(frozen=True, slots=True)
class PauseOver:
    """The recording goes on although nobody said so: its pause had come to its end."""


@dataclass(frozen=True, slots=True)
class Ended:
    reason: Reason


Happening = Joined | AgentLost | PartnerLost | Spoke | OneWay | PauseOver | Ended
