"""A customer reached the contact centre."""

from hearthline.events.word import Channel, Id, Language, Word


class ContactArrived(Word):
    """``caller`` is the sealed number (empty where there is none); ``call_sid`` the carrier's id of the call.

    ``sealed``: the sound is sealed end to end between two pages: nobody records it, writes it down or listens in.
    """

    contact: Id
    channel: Channel
    lang: Language = "zh"
    call_sid: str = ""
    caller: str = ""
    sealed: bool = False
