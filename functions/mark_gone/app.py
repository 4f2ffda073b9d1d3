"""SQS delay ``gone`` -> who lost the socket and did not come back is offline; the offer rings elsewhere."""

from collections.abc import Callable

from hearthline.events.connection_lost import ConnectionLost
from hearthline.events.word import Envelope, Word
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
    lapsing = agent.state == "offered"
    step = floor.lapse(agent.offer, "agent_gone", cause=envelope.id) if lapsing else floor.gone(word.person)
    if step:
        announce(effects(), step.event, *step.people)
    log.info("agent gone", agent=word.person, changed=bool(step))


handler = queue_reader("gone", mark_one, lambda: effects(), log)
