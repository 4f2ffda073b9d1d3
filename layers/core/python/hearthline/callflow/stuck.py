"""What is wrong with something that nobody looked at in time, and the step that mends it."""

from typing import Final, Literal

from hearthline.callflow.ends import Ends
from hearthline.callflow.silence import has_left, silence_of, sound_failed
from hearthline.floor.keeper import Step
from hearthline.floor.model import (
    LONGEST_MESSAGE_MS,
    LONGEST_TALK_MS,
    ROUTABLE,
    SWEEP_GRACE_MS,
    TALKING,
    Agent,
    Contact,
)
from hearthline.floor.store import Floor
from hearthline.platform.effects import Effects
from hearthline.platform.ledger import CLOCK

WAITS: Final = "waits"
"""Nothing is wrong: somebody waits, and routing is asked again in case the news of a free agent was lost."""
TALKS: Final = "talks"
"""Nothing is wrong: somebody has been on the line for a while, and still is."""
WELL: Final = frozenset({WAITS, TALKS})


def mend(effects: Effects, ends: Ends, overdue: Contact | Agent) -> tuple[str, Step | None]:
    """The cause, and what was done; None where it moved on by itself meanwhile, or nothing is wrong."""
    floor = Floor(effects)
    if isinstance(overdue, Agent):  # the wrap-up of a contact that went on to somebody else has lost its clock
        return "wrap_up_expired", floor.end_own_wrapup(overdue.id, overdue.contact, by="clock", actor=CLOCK)
    if overdue.consult == "asked":
        return "consult_expired", floor.lapse(overdue.consult_offer, "timed_out")
    if overdue.state in ROUTABLE or overdue.state == "offered":
        return _waits(effects, floor, ends, overdue)
    if overdue.channel == "message" and overdue.state in TALKING:
        return _written(effects, floor, overdue)
    if overdue.state == "connecting":
        return "join_expired", sound_failed(effects, overdue)
    if overdue.state == "wrap_up":
        return "wrap_up_expired", floor.end_wrapup(overdue.id, overdue.agent, by="clock", actor=CLOCK)
    if overdue.state == "leaving_message":  # what is known of the message is the outcome
        return "message_late", _end(floor, overdue, by="system")
    return _on_the_line(effects, floor, ends, overdue)


def _waits(effects: Effects, floor: Floor, ends: Ends, overdue: Contact) -> tuple[str, Step | None]:
    if overdue.state == "offered":
        offer = floor.offer(overdue.offer)
        if offer and effects.clock.now() > offer.expires_at + SWEEP_GRACE_MS:
            return "offer_expired", floor.lapse(offer.id, "timed_out")
    elif has_left(silence_of(effects, overdue)):
        return "page_lost", _end(floor, overdue, by="caller")
    elif ends.was_told(overdue):
        return "end_lost", _end(floor, overdue, by="caller")
    return WAITS, None


def _written(effects: Effects, floor: Floor, overdue: Contact) -> tuple[str, Step | None]:
    """A message in the hands of nobody, or of nobody any more."""
    agent = floor.agent(overdue.agent)
    if agent is None or agent.state == "offline":
        return "agent_gone", floor.requeue(overdue.id, "agent_lost")
    if overdue.state == "connecting":
        return "join_expired", floor.connected(overdue.id, "")
    if effects.clock.now() - overdue.connected_at >= LONGEST_MESSAGE_MS:
        return "too_long", _end(floor, overdue, by="system", failed=True)
    return TALKS, None


def _on_the_line(effects: Effects, floor: Floor, ends: Ends, overdue: Contact) -> tuple[str, Step | None]:
    """Talking, or in the menu."""
    if ends.is_over(overdue):
        return "end_lost", _end(floor, overdue, by="caller")
    if effects.clock.now() - (overdue.connected_at or overdue.arrived_at) >= LONGEST_TALK_MS:
        return "too_long", _end(floor, overdue, by="system", failed=True)
    return TALKS, None


def _end(floor: Floor, seen: Contact, *, by: Literal["caller", "system"], failed: bool = False) -> Step | None:
    """None for one that moved since it was looked at: whatever is lost, somebody has news of it."""
    outcome: Literal["failed"] | None = "failed" if failed else None
    return floor.end_contact(seen.id, by=by, actor=CLOCK, outcome=outcome, seen=seen.version)
