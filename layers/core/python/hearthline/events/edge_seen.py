"""A media edge says where it is, whether it takes new rooms and how full it is: every ten seconds, and at a change."""

from typing import Annotated, Literal

from pydantic import Field

from hearthline.events.word import Label, Word

Address = Annotated[str, Field(max_length=300, pattern=r"^(https?|wss?)://[^\s]+$")]
Rooms = Annotated[int, Field(ge=0, le=100_000)]


class EdgeSeen(Word):
    """``url`` is for browsers and control, ``stream`` exactly as the carrier will call it."""

    edge: Label
    url: Address
    stream: Address
    state: Literal["up", "draining", "stopped"]
    rooms: Rooms
    max_rooms: Rooms
