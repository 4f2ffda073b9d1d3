"""An agent asks a colleague for a word about his contact; the colleague's screen rings, the caller is on hold."""

from hearthline.events.word import Id, Milliseconds, Word


class ConsultOffered(Word):
    """``agent`` has the contact and keeps it; ``partner`` is asked until ``expires_at``."""

    contact: Id
    offer: Id
    agent: Id
    partner: Id
    expires_at: Milliseconds
