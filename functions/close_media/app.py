"""SQS ``media`` -> what an edge reports: sound joined, room ended, somebody's sound lost, recording stored."""

from collections.abc import Callable

from hearthline.callflow.silence import agent_lost, partner_lost
from hearthline.events.agent_leg_lost import AgentLegLost
from hearthline.events.edge_seen import EdgeSeen
from hearthline.events.media_ended import MediaEnded
from hearthline.events.media_joined import MediaJoined
from hearthline.events.partner_leg_lost import PartnerLegLost
from hearthline.events.recording_stored import RecordingStored
from hearthline.events.word import Envelope, Word
from hearthline.floor.keeper import Step
from hearthline.floor.model import Contact
from hearthline.floor.store import Floor
from hearthline.media.registry import Registry
from hearthline.media.store import keep_ending, keep_recording
from hearthline.platform.consume import queue_reader
from hearthline.platform.effects import Effects, aws
from hearthline.platform.logging import logger
from hearthline.presence.flow import announce

effects: Callable[[], Effects] = aws
log = logger("close_media")


def end_room(floor: Floor, contact: Contact, envelope: Envelope, word: MediaEnded) -> Step | None:
    """A caller who left ends the contact; an edge that was told to close, or drains, does not.

    Who is called back leaves his page, which ends nothing: the phone is his place by then.
    """
    callers = {leg.by for leg in word.legs if leg.role == "caller"}
    if word.reason != "caller_left" or (contact.channel == "phone" and callers == {"page"}):
        return None
    return floor.end_contact(word.contact, by="caller", actor=envelope.actor, cause=envelope.id)


def report_one(envelope: Envelope, word: Word) -> None:
    if isinstance(word, EdgeSeen):
        Registry(effects()).seen(word, envelope.at)
        return
    floor = Floor(effects())
    contact_id, step = str(envelope.data.get("contact", "")), None
    contact = floor.contact(contact_id)
    if isinstance(word, RecordingStored):
        keep_recording(effects(), envelope, word)
    elif isinstance(word, MediaJoined):
        step = floor.connected(contact_id, word.edge, cause=envelope.id)
    elif isinstance(word, MediaEnded):
        keep_ending(effects(), envelope, word)
        step = end_room(floor, contact, envelope, word) if contact and contact.edge == word.edge else None
    elif isinstance(word, AgentLegLost):
        step = agent_lost(effects(), contact, word, envelope.id)
    elif isinstance(word, PartnerLegLost):
        step = partner_lost(effects(), word, envelope.id)
    if step:
        announce(effects(), step.event, *step.people)
    log.info("edge reported", report=envelope.type, contact=contact_id, changed=bool(step))


handler = queue_reader("media", report_one, lambda: effects(), log)
