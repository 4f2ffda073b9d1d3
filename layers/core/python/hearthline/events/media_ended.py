"""The room of a contact at an edge is closed."""

from typing import Annotated, Literal

from pydantic import Field

from hearthline.events.word import Id, Label, Milliseconds, Word

Count = Annotated[int, Field(ge=0)]


class Leg(Word):
    """What one leg received: share lost in parts per million, interarrival jitter in microseconds, packets.

    ``by`` is how the party was there; edges of before do not say.
    """

    role: Label
    lost_ppm: Annotated[int, Field(ge=0, le=1_000_000)]
    jitter_us: Count
    packets: Count
    by: Literal["page", "phone", ""] = ""


class MediaEnded(Word):
    """``sealed``: the parties sealed their sound end to end, so there is no recording of it."""

    contact: Id
    edge: Label
    reason: Literal["caller_left", "closed", "drained"]
    started_at: Milliseconds
    ended_at: Milliseconds
    legs: tuple[Leg, ...] = ()
    sealed: bool = False
