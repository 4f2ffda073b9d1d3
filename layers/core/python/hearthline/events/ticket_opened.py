"""The one ticket of a contact exists."""

from hearthline.events.word import Id, Word


class TicketOpened(Word):
    ticket: Id
    contact: Id
    matter: str
    owner: str = ""
