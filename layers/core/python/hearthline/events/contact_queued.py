"""The matter is known and the customer waits for a person."""

from typing import Literal

from hearthline.events.word import Channel, Id, Label, Language, Milliseconds, Word


class ContactQueued(Word):
    """``queued_at`` is kept through every return to the queue; ``why`` tells a first entry from a return."""

    contact: Id
    channel: Channel
    queue: Label
    matter: Label
    lang: Language
    queued_at: Milliseconds
    why: Literal["matter_known", "offer_lapsed", "media_failed", "agent_lost", "swept", "not_reached"] = "matter_known"
