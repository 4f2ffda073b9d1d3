"""Entering a queue: what the company's rules say of the place, and who the customer is."""

from typing import Literal

from hearthline.callflow.rules import rules
from hearthline.events.word import Actor
from hearthline.floor.keeper import Step
from hearthline.floor.store import Floor
from hearthline.platform.effects import Effects
from hearthline.platform.seal import Place


def enter_queue(
    effects: Effects,
    contact_id: str,
    *,
    matter: str,
    queue: str,
    lang: Literal["zh", "en"],
    actor: Actor,
    cause: str = "",
    opens_at: int = 0,
) -> Step | None:
    """The contact takes its place, by the priority of its queue. None when it waits already or is over.

    ``opens_at`` (ms) is the opening of a queue that is closed: before that nobody rings, whoever is at work.

    Raises UnknownError for a contact that never arrived.
    """
    here = rules(effects)
    return Floor(effects).enqueue(
        contact_id,
        matter=matter,
        queue=queue,
        lang=lang,
        actor=actor,
        cause=cause,
        priority=here.priority(queue),
        ageing_ms=here.policy(queue).ageing_s * 1000,
        not_before=opens_at,
    )


def customer_of(effects: Effects, number: str) -> str:
    """The blind index of a customer's number; '' without one."""
    return effects.sealer.blind_index(number, Place("floor", "customer", "number")) if number else ""
