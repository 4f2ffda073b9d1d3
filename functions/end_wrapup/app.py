"""SQS delay ``wrapup`` -> after-call work has an end: each agent is free again, and his contact closes."""

from collections.abc import Callable

from hearthline.events.consult_ended import ConsultEnded
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
    if isinstance(word, ContactEnded):
        ends = {word.agent: end_of(word), word.partner: own_end(word.partner, word.contact)}
    elif isinstance(word, ContactTransferred):
        ends = {word.agent: own_end(word.agent, word.contact)}
    else:
        ends = {word.partner: own_end(word.partner, word.contact)} if isinstance(word, ConsultEnded) else {}
    early_ms = max(ends.values(), default=0) - effects().clock.now()
    if early_ms > 0:
        effects().queue.send("wrapup", envelope, -(-early_ms // 1000))
        log.info("after-call work goes on", event=envelope.id)
        return
    for agent in (agent for agent, ends_at in ends.items() if ends_at):
        free(str(envelope.data["contact"]), agent, word)


def free(contact: str, agent: str, word: Word) -> None:
    floor = Floor(effects())
    if isinstance(word, ContactEnded) and agent == word.agent:
        step = floor.end_wrapup(contact, agent, by="clock", actor=CLOCK)
    else:
        step = floor.end_own_wrapup(agent, contact, by="clock", actor=CLOCK)
    if step:
        announce(effects(), step.event, *step.people)
    log.info("after-call work ended", contact=contact, agent=agent, changed=bool(step))


def end_of(word: ContactEnded) -> int:
    """When the after-call work on a contact that ended is over; 0 when there is none."""
    contact = Floor(effects()).contact(word.contact) if word.agent else None
    return contact.wrap_up_ends_at if contact and contact.state == "wrap_up" else 0


def own_end(agent: str, contact: str) -> int:
    """When the after-call work of an agent is over whose contact is another's; 0 when it is."""
    known = Floor(effects()).agent(agent) if agent else None
    return known.wrap_up_ends_at if known and known.state == "wrap_up" and known.contact == contact else 0


handler = queue_reader("wrapup", end_one, lambda: effects(), log)
