"""In a conference the colleague's sound has been gone for longer than a network change takes."""

from hearthline.events.word import Id, Label, Word


class PartnerLegLost(Word):
    """``partner`` is whose it was: another colleague may be there by the time this is read."""

    contact: Id
    edge: Label
    partner: Id
