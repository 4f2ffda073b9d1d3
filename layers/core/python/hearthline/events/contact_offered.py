"""One agent's screen rings for one contact."""

from hearthline.events.word import Id, Label, Milliseconds, Word


class ContactOffered(Word):
    """The offer stands until ``expires_at``."""

    contact: Id
    offer: Id
    agent: Id
    queue: Label
    expires_at: Milliseconds
