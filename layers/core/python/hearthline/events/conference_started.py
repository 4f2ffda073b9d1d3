"""The colleague comes to the caller: all three talk in the contact's room."""

from hearthline.events.word import Id, Word


class ConferenceStarted(Word):
    """``agent`` still has the contact."""

    contact: Id
    agent: Id
    partner: Id
