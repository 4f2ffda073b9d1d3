"""The only exit of a contact, whoever reported it first."""

from typing import Literal

from hearthline.events.word import Channel, Id, Word

Outcome = Literal["answered", "abandoned", "failed", "left_in_menu", "unreachable", "voicemail"]


class ContactEnded(Word):
    """``agent`` is who was on it (empty where nobody was); ``edge`` where its sound was.

    ``partner`` is the colleague who was asked, consulted or in conference then.
    """

    contact: Id
    channel: Channel
    outcome: Outcome
    by: Literal["caller", "agent", "system"]
    agent: str = ""
    edge: str = ""
    queue: str = ""
    matter: str = ""
    call_sid: str = ""
    partner: str = ""
