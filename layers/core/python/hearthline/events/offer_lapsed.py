"""The ringing ended without an answer."""

from typing import Literal

from hearthline.events.word import Id, Word


class OfferLapsed(Word):
    """``why``: the agent declined, time ran out, the caller left, or the agent's connection was lost.

    A ``consult`` was a colleague's question; its contact goes on with who asked.
    """

    contact: Id
    offer: Id
    agent: Id
    why: Literal["declined", "timed_out", "caller_left", "agent_gone"]
    kind: Literal["contact", "consult"] = "contact"
