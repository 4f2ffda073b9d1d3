"""The sealed recording of a contact lies in the bucket."""

from typing import Annotated

from pydantic import Field

from hearthline.events.word import Id, Label, Milliseconds, Word


class RecordingStored(Word):
    """Stereo: the caller left, the agent right; ``length_ms`` counts sound, ``bytes`` the sealed object."""

    contact: Id
    edge: Label
    bucket: str
    key: str
    started_at: Milliseconds
    length_ms: Milliseconds
    bytes: Annotated[int, Field(ge=0)]
