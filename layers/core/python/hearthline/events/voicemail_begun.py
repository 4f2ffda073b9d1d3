"""A caller no longer waits for a person and is about to speak a message."""

from typing import Literal

from hearthline.events.word import Id, Label, Language, Milliseconds, Word


class VoicemailBegun(Word):
    """``queued_at`` is 0 where the caller never waited (``why`` closed). The contact is in no queue any more."""

    contact: Id
    queue: Label
    matter: Label
    lang: Language
    queued_at: Milliseconds
    why: Literal["asked", "closed"]
