"""Both sides of a contact send and receive sound at an edge."""

from hearthline.events.word import Id, Label, Word


class MediaJoined(Word):
    contact: Id
    edge: Label
    roles: tuple[str, ...]
