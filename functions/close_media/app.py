"""SQS ``media`` -> what an edge reports: sound joined, room ended, agent's sound lost, recording stored."""

from collections.abc import Callable
from typing import Any

from hearthline.events.agent_leg_lost import AgentLegLost
from hearthline.events.media_ended import MediaEnded
from hearthline.events.media_joined import MediaJoined
from hearthline.events.recording_stored import RecordingStored
from hearthline.events.word import Envelope, Word
from hearthline.floor.keeper import Step
from hearthline.floor.store import Floor
from hearthline.media.store import keep_ending, keep_recording
from hearthline.platform.consume import consume
from hearthline.platform.effects import Effects, aws
from hearthline.platform.logging import logger, with_request
from hearthline.platform.nudge import nudge
from hearthline.presence.flow import tell

effects: Callable[[], Effects] = aws
log = logger("close_media")


def announce(step: Step | None, agent: str) -> None:
    if step:
        nudge(effects(), step.event)
        tell(effects(), agent, step.event)


def end_room(floor: Floor, envelope: Envelope, word: MediaEnded) -> Step | None:
    """A caller who left ends the contact; an edge that was told to close, or drains, does not."""
    if word.reason == "caller_left":
        return floor.end_contact(word.contact, by="caller", actor=envelope.actor, cause=envelope.id)
    if word.reason == "agent_lost":
        return floor.requeue(word.contact, "agent_lost", cause=envelope.id)
    return None


def report_one(envelope: Envelope, word: Word) -> None:
    floor = Floor(effects())
    contact_id = str(envelope.data.get("contact", ""))
    contact = floor.contact(contact_id)
    step = None
    if isinstance(word, RecordingStored):
        keep_recording(effects(), envelope, word)
    elif isinstance(word, MediaJoined):
        step = floor.connected(contact_id, word.edge, cause=envelope.id)
    elif isinstance(word, MediaEnded):
        keep_ending(effects(), envelope, word)
        step = end_room(floor, envelope, word) if contact and contact.edge == word.edge else None
    elif isinstance(word, AgentLegLost) and contact and contact.edge == word.edge:
        step = floor.requeue(contact_id, "agent_lost", cause=envelope.id)
    announce(step, contact.agent if contact else "")
    log.info("edge reported", report=envelope.type, contact=contact_id, changed=bool(step))


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    with_request(log, context)
    return consume(event, report_one, name="media", queue=effects().queue, log=log)
