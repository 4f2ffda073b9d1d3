"""Somebody wants to know how a day would have gone under another configuration."""

from typing import Annotated

from pydantic import Field

from hearthline.events.word import Id, Word


class TrialAsked(Word):
    """``against`` is the version compared with; ``candidate`` the one tried, 0 for a draft."""

    trial: Id
    day: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]
    against: int
    candidate: int
