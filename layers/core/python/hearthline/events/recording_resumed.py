"""The contact is recorded again."""

from typing import Literal

from hearthline.events.word import Id, Word


class RecordingResumed(Word):
    """``by`` system: the pause had come to its end and the agent had not ended it."""

    contact: Id
    agent: Id
    by: Literal["agent", "system"]
