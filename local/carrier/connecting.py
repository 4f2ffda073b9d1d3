"""Connect and Stream: the call's sound goes to a WebSocket of ours until one side ends it."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Final

from local.carrier.conversation import Conversation, Fetch, Outcome
from local.carrier.media_stream import MediaStream, StreamError
from local.carrier.model import HungUp, Target
from local.carrier.twiml import TwimlError, Verb

MAX_PARAMETER: Final = 500  # characters of a Parameter's name and value together


async def connect(conversation: Conversation, verb: Verb) -> Outcome:
    """Carry the call's sound; when the stream ends ask the action, or go on with the next verb."""
    if len(verb.children) != 1:
        raise TwimlError(12200, "<Connect> takes one <Stream>")
    noun = verb.children[0]
    action = conversation.target(verb, verb.get("action")) if verb.get("action") else None
    callback = (
        conversation.target(noun, noun.get("statusCallback"), "statusCallbackMethod")
        if noun.get("statusCallback")
        else None
    )
    stream = MediaStream(conversation, noun.get("url"), noun.get("name"), _parameters(noun))
    ended: dict[str, str] = {"StreamSid": stream.facts.sid} | (
        {"StreamName": stream.facts.name} if stream.facts.name else {}
    )
    _report(conversation, callback, "stream-started", ended)
    try:
        await stream.run()
    except StreamError as error:
        stream.facts.error = error.code
        conversation.call.tell("stream failed", error=error.code, why=str(error))
        ended |= {"StreamError": str(error.code)}
        _report(conversation, callback, "stream-error", ended)
    finally:
        conversation.call.streams.append(asdict(stream.facts))
        _report(conversation, callback, "stream-stopped", ended)
        if action and isinstance(conversation.interruption, HungUp):
            conversation.tell_and_forget(action, ended)
    return Fetch(action, ended) if action else None


def _parameters(noun: Verb) -> dict[str, str]:
    values = {}
    for child in noun.children:
        name, value = child.get("name"), child.get("value")
        if len(name) + len(value) > MAX_PARAMETER:
            raise TwimlError(12200, f"a <Parameter> is longer than {MAX_PARAMETER} characters")
        values[name] = value
    return values


def _report(conversation: Conversation, callback: Target | None, event: str, facts: dict[str, str]) -> None:
    if callback is None:
        return
    told = {**facts, "StreamEvent": event, "Timestamp": datetime.now(UTC).isoformat()}
    conversation.tell_and_forget(callback, told)
