"""The agent stopped the recording while a card is read out."""

from hearthline.events.word import Id, Milliseconds, Word


class RecordingPaused(Word):
    """``until``: from then on it goes on by itself."""

    contact: Id
    agent: Id
    until: Milliseconds
