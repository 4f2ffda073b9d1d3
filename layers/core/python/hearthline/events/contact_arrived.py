"""A customer reached the contact centre."""

from hearthline.events.word import Channel, Id, Language, Word


class ContactArrived(Word):
    """``caller`` is the sealed number (empty where there is none); ``call_sid`` the carrier's id of the call."""

    contact: Id
    channel: Channel
    lang: Language = "zh"
    call_sid: str = ""
    caller: str = ""
