"""The sealed recording of a contact lies in the bucket."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from hearthline.events.word import Id, Label, Milliseconds, Word

Count = Annotated[int, Field(ge=0, le=100_000)]


class Gap(BaseModel):
    """Silence that was put there on purpose, in ms since the recording began: it was paused, or keys were pressed."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    from_ms: Milliseconds
    to_ms: Milliseconds
    reason: Literal["paused", "keys"]


class RecordingStored(Word):
    """Stereo: the caller left, the house right; ``length_ms`` counts sound, ``bytes`` what was sealed.

    ``parts`` 0: ``key`` is one object, a WAV file. Else ``key`` begins the names of so many parts of an Ogg Opus file,
    each sealed for itself; ``missing`` of them could not be stored. ``cut``: its edge died, so that the end is missing
    and the length is that of whole parts.
    """

    contact: Id
    edge: Label
    bucket: str
    key: str
    started_at: Milliseconds
    length_ms: Milliseconds
    bytes: Annotated[int, Field(ge=0)]
    format: Literal["wav", "ogg"] = "wav"
    parts: Count = 0
    missing: Count = 0
    cut: bool = False
    gaps: Annotated[tuple[Gap, ...], Field(max_length=1_000)] = ()
