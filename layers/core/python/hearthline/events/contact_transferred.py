"""An agent gave the contact on without waiting for an answer; it stands at the head of a queue again."""

from typing import Literal

from hearthline.events.word import Channel, Id, Label, Language, Milliseconds, Word


class ContactTransferred(Word):
    """``agent`` gave it on and wraps up. ``wants`` is the agent asked for by name, '' for anybody of ``queue``."""

    contact: Id
    agent: Id
    kind: Literal["blind"]
    channel: Channel
    before: Label
    queue: Label
    wants: str = ""
    matter: Label
    lang: Language
    queued_at: Milliseconds
