"""The agent took the customer back from hold."""

from hearthline.events.word import Id, Word


class ContactResumed(Word):
    contact: Id
    agent: Id
