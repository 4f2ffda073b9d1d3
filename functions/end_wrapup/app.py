"""SQS delay ``wrapup`` -> after-call work has an end: the contact closes and its agent is free again."""

from collections.abc import Callable

from hearthline.events.contact_ended import ContactEnded
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
    if not isinstance(word, ContactEnded) or not word.agent:
        log.info("no after-call work", event=envelope.id)
        return
    floor = Floor(effects())
    contact = floor.contact(word.contact)
    if contact is None or contact.state != "wrap_up":
        log.info("after-call work is over", contact=word.contact)
        return
    early_ms = contact.wrap_up_ends_at - effects().clock.now()
    if early_ms > 0:
        effects().queue.send("wrapup", envelope, -(-early_ms // 1000))
        log.info("after-call work goes on", contact=word.contact)
        return
    step = floor.end_wrapup(word.contact, word.agent, by="clock", actor=CLOCK)
    if step:
        announce(effects(), step.event, word.agent)
    log.info("after-call work ended", contact=word.contact, agent=word.agent, changed=bool(step))


handler = queue_reader("wrapup", end_one, lambda: effects(), log)
