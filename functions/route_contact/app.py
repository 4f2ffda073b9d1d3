"""SQS ``route`` -> ring exactly one agent for a waiting contact. Nobody free is an answer."""

from collections.abc import Callable

from hearthline.events.contact_queued import ContactQueued
from hearthline.events.offer_lapsed import OfferLapsed
from hearthline.events.word import Envelope, Word
from hearthline.floor.store import Floor
from hearthline.platform.consume import queue_reader
from hearthline.platform.effects import Effects, aws
from hearthline.platform.logging import logger
from hearthline.platform.store import BusyError
from hearthline.presence.flow import announce
from hearthline.presence.store import Presence
from hearthline.routing.model import KeepWaiting, Need, choose_agent

RACES = 4
effects: Callable[[], Effects] = aws
log = logger("route_contact")


def ring_for(contact_id: str, cause: str) -> bool:
    """Whether somebody rings now. Raises BusyError when each agent chosen was taken by somebody faster."""
    floor = Floor(effects())
    for _ in range(RACES):
        contact = floor.routable(contact_id)
        if contact is None:
            return False
        free = floor.slots(contact.queue)
        choice = choose_agent(Need(contact_id, contact.lang), free, lambda agent: still_there(floor, agent))
        if isinstance(choice, KeepWaiting):
            log.info("keeps waiting", contact=contact_id, free=len(free), skilled=choice.skilled)
            return False
        if step := floor.claim(contact, choice.agent, choice.why, cause):
            announce(effects(), step.event, choice.agent.agent)
            log.info("offered", contact=contact_id, agent=choice.agent.agent)
            return True
    raise BusyError("every choice was taken")


def still_there(floor: Floor, agent: str) -> bool:
    """Whether the agent's screen can ring; who is gone stops being available."""
    there = Presence(effects()).is_there(agent)
    if not there:
        floor.gone(agent)
    return there


def route_one(envelope: Envelope, word: Word) -> None:
    if isinstance(word, ContactQueued | OfferLapsed):
        ring_for(word.contact, envelope.id)
        return
    agent = str(envelope.data.get("agent", ""))
    waiting = Floor(effects()).waiting_for(agent)
    rang = any(ring_for(each.contact, envelope.id) for each in waiting)
    log.info("looked for work", agent=agent, waiting=len(waiting), rang=rang)


handler = queue_reader("route", route_one, lambda: effects(), log)
