"""The agent finished the after-call work."""

from typing import Literal

from hearthline.events.word import Id, Word


class WrapUpEnded(Word):
    contact: Id
    agent: Id
    by: Literal["agent", "clock"]
    code: str = ""
