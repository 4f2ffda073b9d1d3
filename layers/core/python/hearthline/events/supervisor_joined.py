"""A supervisor opened the sound of a contact."""

from typing import Literal

from hearthline.events.word import Id, Word

Mode = Literal["listen", "whisper", "barge"]


class SupervisorJoined(Word):
    """``agent`` has the contact. Listening is heard by nobody, a whisper by the agents, barging in by all."""

    contact: Id
    agent: Id
    supervisor: Id
    mode: Mode
