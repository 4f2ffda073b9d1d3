"""SQS ``media`` -> what an edge reports: sound joined, room ended, somebody's sound lost, recording stored."""

from collections.abc import Callable

from hearthline.callflow.silence import agent_lost, caller_left, met, partner_lost, tell_unheard
from hearthline.events.agent_leg_lost import AgentLegLost
from hearthline.events.edge_seen import EdgeSeen
from hearthline.events.media_ended import MediaEnded
from hearthline.events.media_joined import MediaJoined
from hearthline.events.one_way_audio import OneWayAudio, OneWayAudioEnded
from hearthline.events.partner_leg_lost import PartnerLegLost
from hearthline.events.recording_begun import RecordingBegun
from hearthline.events.recording_pause_over import RecordingPauseOver
from hearthline.events.recording_stored import RecordingStored
from hearthline.events.word import Envelope, Word
from hearthline.floor.store import Floor
from hearthline.media.registry import Registry
from hearthline.media.store import keep_begun, keep_ending, keep_recording
from hearthline.platform.consume import queue_reader
from hearthline.platform.effects import Effects, aws
from hearthline.platform.logging import logger
from hearthline.presence.flow import announce

effects: Callable[[], Effects] = aws
log = logger("close_media")


def noted(envelope: Envelope, word: Word) -> bool:
    """What changes no contact: of edges, of recordings, that somebody cannot be heard or is heard again."""
    if isinstance(word, EdgeSeen):
        Registry(effects()).seen(word, envelope.at)
    elif isinstance(word, RecordingBegun):
        keep_begun(effects(), word)
    elif isinstance(word, RecordingStored):
        keep_recording(effects(), envelope, word)
    elif isinstance(word, OneWayAudio | OneWayAudioEnded):
        tell_unheard(effects(), envelope, word)
    else:
        return False
    return True


def report_one(envelope: Envelope, word: Word) -> None:
    if noted(envelope, word):
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
