"""SQS delay ``wrapup`` -> after-call work has an end: the contact closes and its agent is free again."""

from collections.abc import Callable

from hearthline.events.contact_ended import ContactEnded
from hearthline.events.contact_transferred import ContactTransferred
from hearthline.events.word import Envelope, Word
from hearthline.floor.store import Floor
from hearthline.platform.consume import queue_reader
from hearthline.platform.effects import Effects, aws
from hearthline.platform.ledger import CLOCK
from hearthline.platform.logging import logger
from hearthline.presence.flow import announce

effects: Callable[[], Effects] = aws
log = logger("end_wrapup")


def end_one(envelope: Envelope, word: Word) -> None:
    floor = Floor(effects())
    ends_at = own_end(floor, word) if isinstance(word, ContactTransferred) else end_of(floor, word)
    if not ends_at:
        log.info("no after-call work", event=envelope.id)
        return
    early_ms = ends_at - effects().clock.now()
    if early_ms > 0:
        effects().queue.send("wrapup", envelope, -(-early_ms // 1000))
        log.info("after-call work goes on", event=envelope.id)
        return
    contact, agent = str(envelope.data["contact"]), str(envelope.data["agent"])
    if isinstance(word, ContactTransferred):
        step = floor.end_own_wrapup(agent, contact, by="clock", actor=CLOCK)
    else:
        step = floor.end_wrapup(contact, agent, by="clock", actor=CLOCK)
    if step:
        announce(effects(), step.event, agent)
    log.info("after-call work ended", contact=contact, agent=agent, changed=bool(step))


def end_of(floor: Floor, word: Word) -> int:
    """When the after-call work on a contact that ended is over; 0 when there is none."""
    contact = floor.contact(word.contact) if isinstance(word, ContactEnded) and word.agent else None
    return contact.wrap_up_ends_at if contact and contact.state == "wrap_up" else 0


def own_end(floor: Floor, word: ContactTransferred) -> int:
    """When the after-call work of who gave the contact on is over; 0 when it is."""
    agent = floor.agent(word.agent)
    return agent.wrap_up_ends_at if agent and agent.state == "wrap_up" and agent.contact == word.contact else 0


handler = queue_reader("wrapup", end_one, lambda: effects(), log)
