"""The room of a contact at an edge is closed."""

from typing import Annotated, Literal

from pydantic import Field

from hearthline.events.word import Id, Label, Milliseconds, Word


class Leg(Word):
    """What one leg received: share lost 0..1, interarrival jitter in ms, packets."""

    role: Label
    loss: Annotated[float, Field(ge=0, le=1)]
    jitter_ms: Annotated[float, Field(ge=0)]
    packets: Annotated[int, Field(ge=0)]


class MediaEnded(Word):
    contact: Id
    edge: Label
    reason: Literal["caller_left", "closed", "drained", "agent_lost"]
    started_at: Milliseconds
    ended_at: Milliseconds
    legs: tuple[Leg, ...] = ()
