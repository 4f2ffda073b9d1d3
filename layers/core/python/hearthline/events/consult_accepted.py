"""The colleague who was asked answers; both agents talk in a room of their own."""

from hearthline.events.word import Id, Label, Word


class ConsultAccepted(Word):
    """``room`` is where the two talk, at ``edge``; the caller does not hear it."""

    contact: Id
    offer: Id
    agent: Id
    partner: Id
    room: Id
    edge: Label
