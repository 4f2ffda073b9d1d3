"""Media edges and how far they are, as they go in and out."""

from typing import Annotated

from pydantic import Field

from chalicelib.shapes import In, Out

EdgeName = Annotated[str, Field(min_length=1, max_length=64)]
RoundTrip = Annotated[int, Field(ge=0, le=10_000, description="ms")]


class EdgePlace(Out):
    name: str
    probe: str


class Edges(Out):
    edges: list[EdgePlace]


class RoundTrips(In):
    """How far each edge is from a screen."""

    ms: Annotated[dict[EdgeName, RoundTrip], Field(max_length=200)]
