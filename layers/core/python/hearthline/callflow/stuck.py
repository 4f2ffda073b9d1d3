"""What is wrong with something that nobody looked at in time, and the step that mends it."""

from typing import Final

from hearthline.callflow.silence import has_left, silence_of, sound_failed
from hearthline.floor.keeper import Step
from hearthline.floor.model import SWEEP_GRACE_MS, Agent, Contact
from hearthline.floor.store import Floor
from hearthline.platform.effects import Effects
from hearthline.platform.ledger import CLOCK

WAITS = "waits"
"""Nothing is wrong: somebody waits, and routing is asked again in case the news of a free agent was lost."""

ENDED: Final = {"arrived": "menu_lost", "identifying": "menu_lost", "leaving_message": "message_late"}
"""Why a contact is ended that nothing else can mend, by its state."""


def mend(effects: Effects, overdue: Contact | Agent) -> tuple[str, Step | None]:
    """The cause, and what was done; None where it moved on by itself meanwhile, or only waits."""
    floor = Floor(effects)
    if isinstance(overdue, Agent):  # the wrap-up of a contact that went on to somebody else has lost its clock
        return "wrap_up_expired", floor.end_own_wrapup(overdue.id, overdue.contact, by="clock", actor=CLOCK)
    if overdue.consult == "asked":
        return "consult_expired", floor.lapse(overdue.consult_offer, "timed_out")
    return _mend_contact(effects, floor, overdue)


def _mend_contact(effects: Effects, floor: Floor, overdue: Contact) -> tuple[str, Step | None]:
    match overdue.state:
        case "queued" | "callback_promised":
            if not has_left(silence_of(effects, overdue)):
                return WAITS, None
            return "page_lost", floor.end_contact(overdue.id, by="caller", actor=CLOCK)
        case "offered":
            offer = floor.offer(overdue.offer)
            if offer and effects.clock.now() > offer.expires_at + SWEEP_GRACE_MS:
                return "offer_expired", floor.lapse(offer.id, "timed_out")
            return WAITS, None
        case "connecting":
            return "join_expired", sound_failed(effects, overdue)
        case "wrap_up":
            return "wrap_up_expired", floor.end_wrapup(overdue.id, overdue.agent, by="clock", actor=CLOCK)
    cause = ENDED.get(overdue.state, "talk_too_long")
    # Where somebody may have spoken, what is known of the message is the outcome.
    return cause, floor.end_contact(
        overdue.id, by="system", actor=CLOCK, outcome=None if cause == "message_late" else "failed"
    )
