"""The matter is known and the customer waits for a person."""

from typing import Literal

from hearthline.events.word import Channel, Id, Label, Language, Milliseconds, Word


class ContactQueued(Word):
    """``queued_at`` is kept through every return to the queue; ``why`` tells a first entry from a return.

    ``before`` is the queue that an overflow came from; ``freed`` is who was on the contact and is available again;
    ``off`` is who was on it, whatever became of him.
    """

    contact: Id
    channel: Channel
    queue: Label
    matter: Label
    lang: Language
    queued_at: Milliseconds
    why: Literal[
        "matter_known",
        "offer_lapsed",
        "media_failed",
        "phone_unanswered",
        "agent_lost",
        "swept",
        "not_reached",
        "overflowed",
    ] = "matter_known"
    before: str = ""
    freed: str = ""
    off: str = ""
