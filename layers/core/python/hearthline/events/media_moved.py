"""Both sides of a running contact meet at another edge than before."""

from hearthline.events.word import Id, Label, Word


class MediaMoved(Word):
    contact: Id
    agent: Id
    before: Label
    edge: Label
