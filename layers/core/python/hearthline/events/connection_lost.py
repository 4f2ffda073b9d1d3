"""A person's socket closed; whether the person is gone shows a moment later."""

from hearthline.events.word import Id, Word


class ConnectionLost(Word):
    """Not in the ledger: connections come and go without changing the floor."""

    person: Id
    connection: str
