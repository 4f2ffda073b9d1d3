"""The first part of a contact's recording is stored: from here on an edge that dies leaves something to hear."""

from pydantic import Field

from hearthline.events.word import Id, Label, Milliseconds, Word


class RecordingBegun(Word):
    """``key`` begins the names of its parts, each ``part_ms`` long but for the last."""

    contact: Id
    edge: Label
    bucket: str
    key: str
    started_at: Milliseconds
    part_ms: int = Field(default=10_000, gt=0)  # of an edge that does not say it
