"""Somebody decided anew what an agent answers and knows."""

from typing import Annotated

from pydantic import Field

from hearthline.events.word import Id, Label, Word

Level = Annotated[int, Field(ge=0, le=5)]


class AgentRetrained(Word):
    """``queues`` are answered at a level, ``skills`` hold languages and the like; ``training`` counts such changes."""

    agent: Id
    queues: dict[Label, Level]
    skills: dict[Label, Level]
    training: int
