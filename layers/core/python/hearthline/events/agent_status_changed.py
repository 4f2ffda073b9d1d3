"""An agent became available or stopped being so, by himself or because something happened to him."""

from typing import Literal

from hearthline.events.word import Id, Word

AgentState = Literal["offline", "not_ready", "available", "offered", "on_contact", "wrap_up"]


class AgentStatusChanged(Word):
    agent: Id
    before: AgentState
    after: AgentState
    reason: str = ""
    queues: tuple[str, ...] = ()
