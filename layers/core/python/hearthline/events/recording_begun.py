"""The first part of a contact's recording is stored: from here on an edge that dies leaves something to hear."""

from hearthline.events.word import Id, Label, Milliseconds, Word


class RecordingBegun(Word):
    """``key`` begins the names of its parts."""

    contact: Id
    edge: Label
    bucket: str
    key: str
    started_at: Milliseconds
