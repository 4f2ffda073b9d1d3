"""A contact meets at another edge than before: both sides of it, or a browser caller who still waits."""

from hearthline.events.word import Id, Label, Word


class MediaMoved(Word):
    """``agent`` is empty while the caller waits, ``before`` where the edge was not known."""

    contact: Id
    agent: str = ""
    before: str = ""
    edge: Label
