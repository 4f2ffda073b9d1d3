"""The customer hung up and will be called back when the turn comes; the place in the queue is kept."""

from hearthline.events.word import Id, Label, Milliseconds, Word


class CallbackPromised(Word):
    """``number`` is sealed."""

    contact: Id
    queue: Label
    queued_at: Milliseconds
    number: str
