"""The colleague is out of it again, and the contact's agent goes on alone."""

from typing import Literal

from hearthline.events.word import Id, Word


class ConsultEnded(Word):
    """``how_far`` he was drawn in: who was in the conference wraps up, the others stand in line again.

    ``why``: the agent called it off, the colleague left, or his sound was lost. An offer that nobody answered is an
    ``OfferLapsed`` instead.
    """

    contact: Id
    agent: Id
    partner: Id
    how_far: Literal["asked", "talking", "conference"]
    why: Literal["called_off", "left", "lost"]
