"""The agent's sound has been gone for longer than a network change takes; the caller waits alone."""

from hearthline.events.word import Id, Label, Word


class AgentLegLost(Word):
    contact: Id
    edge: Label
