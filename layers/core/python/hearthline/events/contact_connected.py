"""Customer and agent hear each other."""

from hearthline.events.word import Id, Label, Word


class ContactConnected(Word):
    contact: Id
    agent: Id
    edge: Label
    queue: Label
    matter: Label
