"""SQS delay ``gone`` -> who lost the socket and did not come back is offline; the offer rings elsewhere."""

from collections.abc import Callable

from hearthline.events.connection_lost import ConnectionLost
from hearthline.events.word import Envelope, Word
from hearthline.floor.keeper import Step
from hearthline.floor.store import Floor
from hearthline.platform.consume import queue_reader
from hearthline.platform.effects import Effects, aws
from hearthline.platform.logging import logger
from hearthline.presence.flow import announce
from hearthline.presence.store import Presence

effects: Callable[[], Effects] = aws
log = logger("mark_gone")


def mark_one(envelope: Envelope, word: Word) -> None:
    if not isinstance(word, ConnectionLost) or Presence(effects()).is_there(word.person):
        log.info("still there", event=envelope.id)
        return
    floor = Floor(effects())
    agent = floor.agent(word.person)
    if agent is None:
        log.info("not an agent", event=envelope.id)
        return
    steps = [leave_message(floor, contact, envelope.id) for contact in agent.messages]
    lapsing = agent.state == "offered"
    steps.append(floor.lapse(agent.offer, "agent_gone", cause=envelope.id) if lapsing else floor.gone(word.person))
    for step in steps:
        if step:
            announce(effects(), step.event, *step.people)
    log.info("agent gone", agent=word.person, changed=any(steps))


def leave_message(floor: Floor, contact_id: str, cause: str) -> Step | None:
    """Somebody else answers what is written; what only rang rings elsewhere. What is over is filed by its clock."""
    contact = floor.contact(contact_id)
    if contact is None or contact.state == "wrap_up":
        return None
    if contact.state == "offered":
        return floor.lapse(contact.offer, "agent_gone", cause=cause)
    return floor.requeue(contact_id, "agent_lost", cause=cause)


handler = queue_reader("gone", mark_one, lambda: effects(), log)
