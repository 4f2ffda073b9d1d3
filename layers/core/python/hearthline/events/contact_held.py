"""The agent put the customer on hold."""

from hearthline.events.word import Id, Word


class ContactHeld(Word):
    contact: Id
    agent: Id
