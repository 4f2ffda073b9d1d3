"""Dial: ring another telephone, client or SIP address and let the two talk."""

import asyncio
import time
from typing import Final

from local.carrier.audio import RATE
from local.carrier.caller import Key
from local.carrier.conversation import Conversation, Fetch, Outcome
from local.carrier.model import Call, Phone
from local.carrier.twiml import NotSimulatedError, Verb

DEFAULT_TIMEOUT: Final = 30.0  # s of ringing
DEFAULT_LIMIT: Final = 14_400.0  # s of talking
CHUNK: Final = 0.02  # s


async def dial(conversation: Conversation, verb: Verb) -> Outcome:
    """Ring, bridge, and tell the action how it went."""
    address = _address(verb)
    call = conversation.call
    phone = conversation.exchange.phones.get(address)
    leg = Call(
        call.account_sid,
        verb.get("callerId", call.from_),
        address,
        "outbound-dial",
        parent_sid=call.sid,
        script=phone.script if phone else call.script,
    )
    conversation.exchange.calls[leg.sid] = leg
    call.tell("dialling", to=address, leg=leg.sid)
    status, talked = "failed", 0.0
    try:
        status = await _ring(phone, verb.number("timeout", DEFAULT_TIMEOUT))
        if status == "completed" and phone:
            leg.tell("answered")
            call.tell("dialled party answered", leg=leg.sid)
            began = time.monotonic()
            await _bridge(conversation, phone, verb)
            talked = time.monotonic() - began
    finally:
        leg.status = status
        leg.tell("ended", why=status)
        leg.done.set()
        call.tell("dialling ended", result=status, seconds=round(talked, 2))
    told = {"DialCallStatus": status, "DialCallSid": leg.sid, "DialBridged": str(status == "completed").lower()}
    if status == "completed":
        told["DialCallDuration"] = str(round(talked))
    return Fetch(conversation.target(verb, verb.get("action")), told) if verb.get("action") else None


def _address(verb: Verb) -> str:
    if len(verb.children) > 1:
        raise NotSimulatedError("<Dial> of several parties at once")
    if not verb.children:
        return verb.text
    noun = verb.children[0]
    return f"client:{noun.text}" if noun.name == "Client" else noun.text


async def _ring(phone: Phone | None, timeout: float) -> str:
    if phone is None or phone.behaviour == "failed":
        return "failed"  # nobody has that address
    if phone.behaviour == "busy":
        return "busy"
    if phone.behaviour == "no-answer" or phone.rings_for > timeout:
        await asyncio.sleep(timeout)
        return "no-answer"
    await asyncio.sleep(phone.rings_for)
    return "completed"


async def _bridge(conversation: Conversation, phone: Phone, verb: Verb) -> None:
    """Both hear each other until the dialled party, the star key or the time limit ends it."""
    call = conversation.call
    other = Call(call.account_sid, call.from_, call.to, "outbound-dial", script=phone.script)
    from local.carrier.caller import Caller

    voice = Caller(other).voice
    conversation.caller.connected()
    if voice is not None:
        conversation.hear(voice[: round(phone.talk_seconds * RATE)])
    limit = min(phone.talk_seconds, verb.number("timeLimit", DEFAULT_LIMIT))
    stars = verb.flag("hangupOnStar", False)
    deadline = time.monotonic() + limit
    try:
        while (left := deadline - time.monotonic()) > 0:
            heard = await asyncio.wait_for(conversation.caller.inputs.get(), left)
            if stars and isinstance(heard, Key) and heard.digit == "*":
                return
    except TimeoutError:
        return
    finally:
        call.heard.cut(call.position())
