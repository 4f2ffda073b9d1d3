"""Enqueue and Leave: waiting in a queue while wait documents play."""

import asyncio
import time
from collections.abc import Mapping
from typing import Final

from local.carrier.conversation import Conversation, End, Fetch, LeaveQueue, Outcome
from local.carrier.model import HungUp, Queue
from local.carrier.twiml import WAITING_VERBS, NotSimulatedError, Verb

SHORTEST_WAIT_DOCUMENT: Final = 1.0  # s; one that says nothing is not asked for more often


async def enqueue(conversation: Conversation, verb: Verb) -> Outcome:
    """Wait until Leave, a hang-up or the REST API; the action is told how it ended."""
    if not verb.get("waitUrl"):
        raise NotSimulatedError("<Enqueue> without waitUrl (hold music)")
    call = conversation.call
    queue = conversation.exchange.queue(verb.text)
    action = conversation.target(verb, verb.get("action")) if verb.get("action") else None
    if len(queue.members) >= queue.MAX_SIZE:
        call.tell("queue full", queue=queue.name)
        return Fetch(action, {"QueueResult": "queue-full"}) if action else None
    since = queue.members[call.sid] = time.monotonic()
    call.tell("queued", queue=queue.name, position=len(queue.members))
    conversation.caller.queued()
    result = "system-error"
    outcome: Outcome = End("failed")
    try:
        outcome = await _wait(conversation, verb, queue)
        result = "leave" if isinstance(outcome, LeaveQueue) else "hangup"
    except asyncio.CancelledError:
        result = "hangup" if isinstance(conversation.interruption, HungUp) else "redirected"
        raise
    finally:
        queue.members.pop(call.sid, None)
        told = {"QueueResult": result, "QueueSid": queue.sid, "QueueTime": str(int(time.monotonic() - since))}
        call.tell("left the queue", result=result, seconds=round(time.monotonic() - since, 3))
        if action and result != "leave":
            conversation.tell_and_forget(action, told)
    if isinstance(outcome, LeaveQueue):
        return Fetch(action, told) if action else None
    return outcome


async def leave(conversation: Conversation, verb: Verb) -> Outcome:
    """Leave the queue."""
    return LeaveQueue()


async def _wait(conversation: Conversation, verb: Verb, queue: Queue) -> Outcome:
    target = conversation.target(verb, verb.get("waitUrl"), "waitUrlMethod")

    def place() -> Mapping[str, str]:
        return queue.params(conversation.call.sid)

    while True:
        began = time.monotonic()
        outcome = await conversation.follow(Fetch(target), WAITING_VERBS, place)
        if outcome is not None:
            return outcome
        await asyncio.sleep(max(0.0, SHORTEST_WAIT_DOCUMENT - (time.monotonic() - began)))
