"""SQS ``media`` -> what an edge reports: sound joined, room ended, somebody's sound lost, recording stored."""

from collections.abc import Callable

from hearthline.callflow.edge_news import noted
from hearthline.callflow.silence import agent_lost, caller_left, met, partner_lost
from hearthline.events.agent_leg_lost import AgentLegLost
from hearthline.events.media_ended import MediaEnded
from hearthline.events.media_joined import MediaJoined
from hearthline.events.partner_leg_lost import PartnerLegLost
from hearthline.events.recording_pause_over import RecordingPauseOver
from hearthline.events.word import Envelope, Word
from hearthline.floor.store import Floor
from hearthline.media.store import keep_ending
from hearthline.platform.consume import queue_reader
from hearthline.platform.effects import Effects, aws
from hearthline.platform.logging import logger
from hearthline.presence.flow import announce

effects: Callable[[], Effects] = aws
log = logger("close_media")


def report_one(envelope: Envelope, word: Word) -> None:
    if noted(effects(), envelope, word):
        return
    floor = Floor(effects())
    contact_id, step = str(envelope.data.get("contact", "")), None
    contact = floor.contact(contact_id)
    if isinstance(word, MediaJoined):
        step = met(effects(), contact, word, envelope.id)
    elif isinstance(word, MediaEnded):
        keep_ending(effects(), envelope, word)
        step = caller_left(floor, contact, envelope, word) if contact and contact.edge == word.edge else None
    elif isinstance(word, RecordingPauseOver):
        step = floor.pause_over(contact_id, word.edge, envelope.id)
    elif isinstance(word, AgentLegLost):
        step = agent_lost(effects(), contact, word, envelope.id)
    elif isinstance(word, PartnerLegLost):
        step = partner_lost(effects(), word, envelope.id)
    if step:
        announce(effects(), step.event, *step.people)
    log.info("edge reported", report=envelope.type, contact=contact_id, changed=bool(step))


handler = queue_reader("media", report_one, lambda: effects(), log)
