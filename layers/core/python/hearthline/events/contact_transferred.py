"""A contact was given on: to a queue without waiting for an answer, or to a colleague who has it from now on."""

from typing import Literal

from hearthline.events.word import Channel, Id, Label, Language, Milliseconds, Word


class ContactTransferred(Word):
    """``agent`` gave it on and wraps up.

    ``blind``: it waits at the head of ``queue`` again; ``wants`` is the agent asked for by name, '' for anybody.
    ``attended``: ``to`` was consulted, or in conference, and has it now. ``taken_over``: the same, but because the
    sound of ``agent`` was lost in a conference; he is offline and gave nothing on. ``again``: an agent gave this
    contact on before, so that who counts contacts leaves it out.
    """

    contact: Id
    agent: Id
    kind: Literal["blind", "attended", "taken_over"]
    channel: Channel
    before: Label
    queue: Label
    wants: str = ""
    to: str = ""
    again: bool = False
    matter: Label
    lang: Language
    queued_at: Milliseconds
