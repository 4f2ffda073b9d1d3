"""The agent took the contact; sound is to be joined."""

from hearthline.events.word import Channel, Id, Word


class OfferAccepted(Word):
    """``edge`` is the media edge at which both sides meet, '' for a message; ``by_phone``: the agent is to be rung."""

    contact: Id
    offer: Id
    agent: Id
    channel: Channel
    edge: str
    by_phone: bool = False
