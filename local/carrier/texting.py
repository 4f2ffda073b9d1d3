"""Sms and Message: a text to a telephone, kept in the simulator's inbox."""

from local.carrier.conversation import Conversation, Fetch, Outcome
from local.carrier.twiml import TwimlError, Verb


async def sms(conversation: Conversation, verb: Verb) -> Outcome:
    """Send a text to the caller or to whom the verb names."""
    bodies = [child.text for child in verb.children if child.name == "Body"]
    text = bodies[0] if bodies else verb.text
    if not text:
        raise TwimlError(12200, f"<{verb.name}> without a text")
    call = conversation.call
    callback = conversation.target(verb, verb.get("statusCallback")) if verb.get("statusCallback") else None
    message = conversation.exchange.send_message(verb.get("from", call.to), verb.get("to", call.from_), text, callback)
    call.tell("message sent", sid=message.sid)
    if not verb.get("action"):
        return None
    return Fetch(
        conversation.target(verb, verb.get("action")),
        {"MessageSid": message.sid, "MessageStatus": "sent", "SmsSid": message.sid, "SmsStatus": "sent"},
    )
