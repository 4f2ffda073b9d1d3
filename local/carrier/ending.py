"""Hangup, Reject, Redirect: where a document ends or leads on."""

from local.carrier.conversation import Conversation, End, Fetch, Outcome
from local.carrier.twiml import TwimlError, Verb


async def hangup(conversation: Conversation, verb: Verb) -> Outcome:
    """End the call."""
    conversation.call.tell("hangup verb")
    return End(why="Hangup")


async def reject(conversation: Conversation, verb: Verb) -> Outcome:
    """Refuse the call without answering it; after an answer it only hangs up."""
    if conversation.call.answered:
        return End(why="Reject after the answer")
    reason = verb.get("reason", "rejected")
    if reason not in ("rejected", "busy"):
        raise TwimlError(12200, f"reason={reason!r} of <Reject>")
    return End("busy" if reason == "busy" else "no-answer", f"Reject {reason}")


async def redirect(conversation: Conversation, verb: Verb) -> Outcome:
    """Go on with another document."""
    return Fetch(conversation.target(verb, verb.text))
