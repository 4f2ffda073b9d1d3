"""Each minute -> find whatever is stuck, move it on, and count the cause. In a healthy system it finds nothing."""

from collections import Counter
from collections.abc import Callable
from typing import Any, Final

from hearthline.floor.keeper import Step
from hearthline.floor.model import QUEUE_PATIENCE_MS, SWEEP_GRACE_MS, Agent, Contact
from hearthline.floor.store import Floor
from hearthline.platform.effects import Effects, aws
from hearthline.platform.ledger import CLOCK
from hearthline.platform.logging import logger, with_request
from hearthline.platform.nudge import nudge
from hearthline.presence.flow import announce

AT_ONCE: Final = 100
"""Contacts looked at in one sweep; more come a minute later."""

effects: Callable[[], Effects] = aws
log = logger("sweep_floor")


def move_on(floor: Floor, contact: Contact) -> tuple[str, Step | None]:
    """What was wrong with an overdue contact, and the step that mended it."""
    match contact.state:
        case "queued" | "callback_promised":
            return "waits", None
        case "offered":
            offer = floor.offer(contact.offer)
            if offer and effects().clock.now() > offer.expires_at + SWEEP_GRACE_MS:
                return "offer_expired", floor.lapse(offer.id, "timed_out")
            return "waits", None
        case "connecting":
            return "join_expired", floor.requeue(contact.id, "media_failed")
        case "wrap_up":
            return "wrap_up_expired", floor.end_wrapup(contact.id, contact.agent, by="clock", actor=CLOCK)
    cause = "menu_lost" if contact.state in {"arrived", "identifying"} else "talk_too_long"
    return cause, floor.end_contact(contact.id, by="system", actor=CLOCK, outcome="failed")


def wrap_up_of(floor: Floor, agent: Agent) -> str:
    """The wrap-up of a contact that went on to somebody else has lost its clock."""
    step = floor.end_own_wrapup(agent.id, agent.contact, by="clock", actor=CLOCK)
    if step:
        announce(effects(), step.event, agent.id)
    return "wrap_up_expired" if step else "moved_on"


def handler(event: dict[str, Any], context: Any) -> dict[str, int]:
    with_request(log, context)
    floor, causes = Floor(effects()), Counter[str]()
    for contact in floor.overdue(AT_ONCE):
        if isinstance(contact, Agent):
            causes[wrap_up_of(floor, contact)] += 1
            continue
        cause, step = move_on(floor, contact)
        # What moved on between the look and the step was not stuck.
        causes[cause if step or cause == "waits" else "moved_on"] += 1
        if cause == "waits":
            floor.look_later(contact, QUEUE_PATIENCE_MS)
            nudge(effects(), floor.still_waits(contact))
        elif step:
            announce(effects(), step.event, contact.agent)
    log.info("swept", causes=dict(causes), stuck=sum(causes.values()) - causes["waits"] - causes["moved_on"])
    return dict(causes)
