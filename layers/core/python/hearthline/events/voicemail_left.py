"""A caller spoke a message; the carrier holds it until it is fetched."""

from typing import Annotated

from pydantic import Field

from hearthline.events.word import Id, Label, Language, Milliseconds, Word


class VoicemailLeft(Word):
    """``recording`` is the carrier's name of it; ``queued_at`` as in ``VoicemailBegun``."""

    contact: Id
    queue: Label
    matter: Label
    lang: Language
    queued_at: Milliseconds
    recording: Annotated[str, Field(pattern=r"^RE[0-9a-f]{32}$")]
    length_ms: Milliseconds
