"""SQS ``route`` -> ring exactly one agent for a waiting contact.

Asked when a contact begins to wait and when an agent becomes free. Nobody free is an answer: the contact waits, and the
next agent to become free comes back for it.
"""

from collections.abc import Callable
from typing import Any, Final

from hearthline.events.contact_queued import ContactQueued
from hearthline.events.offer_lapsed import OfferLapsed
from hearthline.events.word import Envelope, Word
from hearthline.floor.model import ROUTABLE, Claim
from hearthline.floor.store import Floor
from hearthline.platform.consume import consume
from hearthline.platform.effects import Effects, aws
from hearthline.platform.logging import logger, with_request
from hearthline.platform.nudge import nudge
from hearthline.platform.store import BusyError
from hearthline.presence.flow import tell
from hearthline.presence.store import Presence
from hearthline.routing.model import Candidate, KeepWaiting, Need, choose_agent

RACES: Final = 4
SLOT_PAGE, SLOT_PAGES, WAITING_LOOKED_AT = 50, 4, 25

effects: Callable[[], Effects] = aws
log = logger("route_contact")


def ring_for(contact_id: str, cause: str) -> bool:
    """Whether somebody rings now. Raises BusyError when each agent chosen was taken by somebody faster."""
    floor, here = Floor(effects()), effects()
    for _ in range(RACES):
        contact = floor.contact(contact_id)
        if contact is None or contact.state not in ROUTABLE:
            return False
        slots = floor.slots(contact.queue, limit=SLOT_PAGE, pages=SLOT_PAGES)
        free = [Candidate(s.agent, s.level, s.idle_since, s.skills, s.agent_version) for s in slots]
        choice = choose_agent(Need(contact_id, contact.lang), free, lambda agent: still_there(floor, agent))
        if isinstance(choice, KeepWaiting):
            log.info("keeps waiting", contact=contact_id, free=len(free), skilled=choice.skilled)
            return False
        ends = here.clock.now() + here.settings.ring_seconds * 1000
        agent = choice.agent
        step = floor.claim(
            Claim(here.ids.new(), contact_id, contact.version, agent.agent, agent.version, ends, choice.why), cause
        )
        if step:
            nudge(here, step.event)
            tell(here, agent.agent, step.event)
            log.info("offered", contact=contact_id, agent=agent.agent)
            return True
    raise BusyError("every choice was taken")


def still_there(floor: Floor, agent: str) -> bool:
    """Whether the agent's screen can ring; who is gone stops being available."""
    if Presence(effects()).is_there(agent):
        return True
    step = floor.gone(agent)
    if step:
        log.info("agent gone", agent=agent)
    return False


def route_one(envelope: Envelope, word: Word) -> None:
    if isinstance(word, ContactQueued | OfferLapsed):
        ring_for(word.contact, envelope.id)
        return
    floor, agent_id = Floor(effects()), str(envelope.data.get("agent", ""))
    agent = floor.agent(agent_id) if agent_id else None
    if agent is None or agent.state != "available":
        log.info("nobody became free", event=envelope.id)
        return
    waiting = [each for queue in agent.queues for each in floor.first_waiting(queue, WAITING_LOOKED_AT)]
    waiting.sort(key=lambda each: (each.priority, each.queued_at, each.contact))
    rang = any(ring_for(each.contact, envelope.id) for each in waiting)
    log.info("looked for work", agent=agent_id, waiting=len(waiting), rang=rang)


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    with_request(log, context)
    return consume(event, route_one, name="route", queue=effects().queue, log=log)
