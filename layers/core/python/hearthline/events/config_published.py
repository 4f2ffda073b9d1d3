"""A new version of the company's configuration is in force."""

from typing import Annotated

from pydantic import Field

from hearthline.events.word import Word

Count = Annotated[int, Field(ge=0, lt=2**31)]


class ConfigPublished(Word):
    """``before`` is the version it replaced (0: there was none), ``restored`` the older one that it repeats."""

    version: Count
    before: Count
    restored: Count = 0
