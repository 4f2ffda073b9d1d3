"""A supervisor on a contact is heard by others than before."""

from hearthline.events.supervisor_joined import Mode
from hearthline.events.word import Id, Word


class SupervisorModeChanged(Word):
    contact: Id
    agent: Id
    supervisor: Id
    before: Mode
    mode: Mode
