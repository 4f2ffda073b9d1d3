"""A supervisor let go of a contact that goes on; the end of a contact ends it without this."""

from hearthline.events.supervisor_joined import Mode
from hearthline.events.word import Id, Word


class SupervisorLeft(Word):
    """``mode`` is what he did last."""

    contact: Id
    agent: Id
    supervisor: Id
    mode: Mode
