"""Record: a voice message."""

import asyncio
import time
from datetime import UTC, datetime
from typing import Final

import numpy as np

from local.carrier.audio import RATE, tone
from local.carrier.caller import Key, Speech
from local.carrier.conversation import Conversation, Fetch, Outcome
from local.carrier.model import HungUp, new_sid, rfc2822
from local.carrier.twiml import Verb

SILENT_BELOW: Final = 200  # mean amplitude of int16 over a fifth of a second
LOOK_EVERY: Final = 0.2  # s


async def record(conversation: Conversation, verb: Verb) -> Outcome:
    """Record until silence, a key, the longest time or a hang-up; nothing said means no action."""
    call = conversation.call
    if verb.flag("playBeep", True):
        await conversation.hear_out(tone(1000, 0.3))
    start, ended_by = call.position(), "hangup"
    call.tell("recording")
    try:
        ended_by = await _until_over(conversation, verb, start)
    finally:
        silent = ended_by == "silence" and not np.any(call.spoken.read(start, call.position() - start))
        told = {} if silent else _keep(conversation, start, ended_by)
        if told and verb.get("recordingStatusCallback"):  # of an absent recording only who asked for that is told
            callback = conversation.target(verb, verb.get("recordingStatusCallback"), "recordingStatusCallbackMethod")
            done = {
                "RecordingStatus": "completed",
                "RecordingChannels": "1",
                "RecordingSource": "RecordVerb",
                "RecordingStartTime": rfc2822(datetime.now(UTC)) or "",
            }
            conversation.tell_and_forget(callback, {**told, **done})
        if verb.get("action") and isinstance(conversation.interruption, HungUp):
            conversation.tell_and_forget(conversation.target(verb, verb.get("action")), told)
    if silent:
        call.tell("nothing recorded")
        return None
    return Fetch(conversation.target(verb, verb.get("action")), told)


async def _until_over(conversation: Conversation, verb: Verb, start: int) -> str:
    """What ended it: a key, "silence" or "max-length"."""
    call, caller = conversation.call, conversation.caller
    silence, longest = verb.number("timeout", 5), verb.number("maxLength", 3600)
    finish_on = verb.get("finishOnKey", "1234567890*#")
    began = last_sound = time.monotonic()
    speaking_until = began
    while time.monotonic() - began < longest:
        try:
            heard = await asyncio.wait_for(caller.inputs.get(), min(LOOK_EVERY, longest))
            if isinstance(heard, Key) and heard.digit in finish_on:
                return heard.digit
            if isinstance(heard, Speech):
                speaking_until = time.monotonic() + heard.seconds
        except TimeoutError:
            pass
        latest = call.spoken.read(max(start, call.position() - round(LOOK_EVERY * RATE)), round(LOOK_EVERY * RATE))
        if time.monotonic() < speaking_until or np.abs(latest.astype(np.int32)).mean() > SILENT_BELOW:
            last_sound = time.monotonic()
        if time.monotonic() - last_sound >= silence:
            return "silence"
    return "max-length"


def _keep(conversation: Conversation, start: int, ended_by: str) -> dict[str, str]:
    call = conversation.call
    sound = call.spoken.read(start, max(0, call.position() - start)).copy()
    sid = new_sid("RE")
    conversation.exchange.recordings[sid] = sound
    call.tell("recorded", sid=sid, seconds=round(len(sound) / RATE, 2), ended_by=ended_by)
    url = f"{conversation.exchange.address}/2010-04-01/Accounts/{call.account_sid}/Recordings/{sid}"
    told = {"RecordingSid": sid, "RecordingUrl": url, "RecordingDuration": str(round(len(sound) / RATE))}
    return told | ({"Digits": ended_by} if len(ended_by) == 1 or ended_by == "hangup" else {})
