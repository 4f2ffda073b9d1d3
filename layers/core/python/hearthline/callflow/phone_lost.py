"""An agent's phone was not picked up, or put down: the caller waits for another agent, or this one is rung anew."""

from typing import Final

from hearthline.callflow.silence import stands_in_line
from hearthline.events.agent_phone import AgentPhoneDue, AgentPhoneMoved
from hearthline.floor.keeper import Step
from hearthline.floor.model import HEARD, Contact
from hearthline.floor.phones import AgentCall, Seat, seat_of
from hearthline.floor.store import Floor
from hearthline.media.edge import Control, edges
from hearthline.platform.effects import Effects
from hearthline.platform.logging import logger
from hearthline.presence.flow import announce, hint

log = logger("phone_lost")
BACK_SECONDS: Final = 30
"""So long an agent who was heard may be rung anew; a page has as long to come back."""


def phone_over(effects: Effects, agent: str, offer: str, turn: int, call_sid: str, cause: str = "") -> None:
    """A call to an agent's phone is over. Who never took the contact loses it now, who did has ``BACK_SECONDS``."""
    floor = Floor(effects)
    floor.call_rings(agent, offer, turn, call_sid)  # it may have ended before anybody noted it
    call = floor.call_moves(agent, call_sid, "over")
    contact = floor.contact(call.contact) if call else None
    seat = seat_of(agent, contact)
    if call is None or contact is None or seat is None:
        return
    tell_screens(effects, call)
    if call.room:
        due = AgentPhoneDue(contact=call.contact, agent=agent, offer=offer, turn=turn, do="look")
        effects.queue.send("join", floor.phone_news(due), BACK_SECONDS)
    else:
        tell_step(effects, _unanswered(effects, call, contact, seat, cause))


def phone_lost(effects: Effects, due: AgentPhoneDue, cause: str) -> Step | None:
    """Half a minute after a phone was put down: its agent is lost unless he is heard, or came back and left anew."""
    floor = Floor(effects)
    call, contact = floor.call_of(due.agent), floor.contact(due.contact)
    seat = seat_of(due.agent, contact)
    if call is None or contact is None or seat is None or not _is_missing(call, due):
        return None
    there = next((each for each in edges(effects) if each.name == seat.edge), None)
    if there and Control(effects, there).hears(seat.room, seat.part):
        return None
    if contact.agent != due.agent:
        return floor.partner_lost(contact.id, room=seat.room, partner=due.agent, cause=cause)
    return _thrown_back(effects, contact, "agent_lost", cause) if contact.state in HEARD else None


def tell_screens(effects: Effects, call: AgentCall) -> None:
    """How far the call is, to the agent's own screens."""
    word = AgentPhoneMoved(contact=call.contact, agent=call.agent, state=call.state)
    hint(effects, call.agent, Floor(effects).phone_news(word))


def tell_step(effects: Effects, step: Step | None) -> None:
    if step:
        announce(effects, step.event, *step.people)


def _is_missing(call: AgentCall, due: AgentPhoneDue) -> bool:
    if call.offer != due.offer:
        return False
    return call.state == "over" if call.turn == due.turn else not call.room


def _unanswered(effects: Effects, call: AgentCall, contact: Contact, seat: Seat, cause: str) -> Step | None:
    """Busy, no answer, a voicemail, a number out of service. Who was rung anew may try again while there is time."""
    log.info("agent's phone not answered", agent=call.agent, contact=contact.id)
    if contact.agent != call.agent:
        return Floor(effects).partner_lost(contact.id, room=seat.room, partner=call.agent, cause=cause)
    return _thrown_back(effects, contact, "phone_unanswered", cause) if contact.state == "connecting" else None


def _thrown_back(effects: Effects, contact: Contact, why: str, cause: str) -> Step | None:
    step = Floor(effects).requeue(contact.id, "agent_lost" if why == "agent_lost" else "phone_unanswered", cause=cause)
    if step:
        stands_in_line(effects, contact)
    return step
