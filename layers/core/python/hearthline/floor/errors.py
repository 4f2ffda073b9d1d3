"""What a caller of the floor can do about a refusal.

FloorError
|- UnknownError      there is no such contact, agent or offer: give up
|- OfferGoneError    the offer was answered, withdrawn or ran out: tell the agent, nothing to retry
|- StaleTrainingError  somebody else retrained the agent: read again
|- BusyAgentError    the agent is offered or on a contact: finish that first
|- HoldsMessagesError  the agent would leave messages behind: finish them or give them on first
|- NotFreeError      the colleague who is asked is not available: ask somebody else
|- WatchedEnoughError  as many supervisors as may be are on the contact: wait until one leaves
|- SealedContactError  two pages seal this contact end to end, and nobody else can be on it: give up
|- IllegalMoveError  the state machine has no such move: a programming error or a very late message
"""


class FloorError(Exception):
    """Root of what the floor refuses."""


class UnknownError(FloorError):
    pass


class OfferGoneError(FloorError):
    pass


class StaleTrainingError(FloorError):
    pass


class BusyAgentError(FloorError):
    pass


class HoldsMessagesError(FloorError):
    pass


class NotFreeError(FloorError):
    pass


class WatchedEnoughError(FloorError):
    pass


class SealedContactError(FloorError):
    pass


class IllegalMoveError(FloorError):
    def __init__(self, what: str, before: str, after: str) -> None:
        super().__init__(f"{what} does not move from {before} to {after}")
