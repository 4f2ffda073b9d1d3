"""A ticket changed its state."""

from hearthline.events.word import Id, Label, Word


class TicketMoved(Word):
    ticket: Id
    contact: Id
    before: Label
    after: Label
