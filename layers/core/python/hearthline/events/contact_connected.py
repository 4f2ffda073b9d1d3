"""Customer and agent hear each other, or the agent took a message."""

from hearthline.events.word import Id, Label, Word


class ContactConnected(Word):
    """``edge`` is '' for a message."""

    contact: Id
    agent: Id
    edge: str
    queue: Label
    matter: Label
