"""An agent whose sound comes by a call of the carrier instead of the headset: chosen, wanted, moved on."""

from typing import Literal

from hearthline.events.word import Id, Milliseconds, Word

PhoneState = Literal["dialling", "ringing", "asked", "led", "over"]


class AgentPhoneSet(Word):
    """By what an agent hears and speaks from now on; the number or address itself stands in no event."""

    agent: Id
    by: Literal["headset", "phone", "sip"]


class AgentPhoneDue(Word):
    """The agent's phone is to ring for what he took (``dial``), or it is to be seen whether it came back (``look``).

    ``turn`` counts the dialling for one ``offer``; ``seen`` is the intent (ms) that an earlier reader found, 0: none.
    """

    contact: Id
    agent: Id
    offer: Id
    turn: int = 1
    seen: Milliseconds = 0
    do: Literal["dial", "look"] = "dial"


class AgentPhoneMoved(Word):
    """How far the call to an agent's phone is; told to his screens, kept in no ledger."""

    contact: Id
    agent: Id
    state: PhoneState
