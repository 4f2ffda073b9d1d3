"""Dial: ring another telephone, client or SIP address and let the two talk."""

import asyncio
import time
from contextlib import suppress
from typing import Final

from local.carrier.audio import RATE
from local.carrier.caller import Caller, Key
from local.carrier.conversation import Conversation, Fetch, Outcome
from local.carrier.model import Call, HungUp, Phone
from local.carrier.twiml import NotSimulatedError, Verb

DEFAULT_TIMEOUT: Final = 30.0  # s of ringing
DEFAULT_LIMIT: Final = 14_400.0  # s of talking


async def dial(conversation: Conversation, verb: Verb) -> Outcome:
    """Ring, bridge, and tell the action how it went."""
    address, call = _address(verb), conversation.call
    phone = conversation.exchange.phones.get(address)
    leg = Call(call.account_sid, verb.get("callerId", call.from_), address, "outbound-dial", parent_sid=call.sid)
    leg.script = phone.script if phone else leg.script
    conversation.exchange.calls[leg.sid] = leg
    call.tell("dialling", to=address, leg=leg.sid)
    told = {"DialCallSid": leg.sid, "DialCallStatus": "canceled", "DialBridged": "false"}
    action = conversation.target(verb, verb.get("action")) if verb.get("action") else None
    try:
        told["DialCallStatus"] = await _ring(phone, verb.number("timeout", DEFAULT_TIMEOUT))
        if told["DialCallStatus"] == "completed" and phone:
            told["DialBridged"] = "true"
            began = time.monotonic()
            try:
                await _bridge(conversation, leg, phone, verb)
            finally:
                told["DialCallDuration"] = str(round(time.monotonic() - began))
    finally:
        _finish(conversation, leg, told)
        if action and isinstance(conversation.interruption, HungUp):
            conversation.tell_and_forget(action, told)
    return Fetch(action, told) if action else None


def _finish(conversation: Conversation, leg: Call, told: dict[str, str]) -> None:
    leg.status = told["DialCallStatus"]
    leg.tell("ended", why=leg.status)
    leg.done.set()
    conversation.call.tell("dialling ended", result=leg.status, bridged=told["DialBridged"])


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


async def _bridge(conversation: Conversation, leg: Call, phone: Phone, verb: Verb) -> None:
    """Both hear each other until the dialled party, the star key or the time limit ends it."""
    call = conversation.call
    began = call.position()
    call.tell("dialled party answered", leg=leg.sid)
    conversation.caller.connected()
    limit = min(phone.talk_seconds, verb.number("timeLimit", DEFAULT_LIMIT))
    voice = Caller(leg).voice
    if voice is not None:
        leg.spoken.write(0, voice[: round(limit * RATE)])
        conversation.hear(leg.spoken.all())
    try:
        with suppress(TimeoutError):
            async with asyncio.timeout(limit):
                await _star(conversation, verb.flag("hangupOnStar", False))
    finally:
        call.heard.cut(call.position())
        leg.heard.write(0, call.spoken.read(began, call.position() - began))


async def _star(conversation: Conversation, ends: bool) -> None:
    while True:
        heard = await conversation.caller.inputs.get()
        if ends and isinstance(heard, Key) and heard.digit == "*":
            return
