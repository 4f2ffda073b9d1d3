"""The simulator's own interface under ``/sim``: place calls, press keys, set numbers, telephones and faults, read
stories and sound.
"""

import asyncio
from contextlib import suppress
from dataclasses import asdict
from typing import Any, Final

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from local.carrier.audio import wav_bytes
from local.carrier.caller import clip
from local.carrier.model import Call, Faults, HungUp, Number, Phone, Script
from local.carrier.rest import EXCHANGE

routes = web.RouteTableDef()
MAX_WAIT: Final = 600.0  # s a reader may wait for a call's end


class PlaceCall(BaseModel):
    """A call from ``from`` to a number of the company, by a caller who follows ``script``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    from_: str = Field(alias="from", min_length=1, max_length=64)
    to: str = Field(min_length=1, max_length=64)
    script: Script = Script()
    faults: Faults = Faults()
    say_speed: float = Field(
        1.0, gt=0, le=100
    )  # how many times faster than a person the carrier's silence-for-speech passes


class Act(BaseModel):
    """Something a caller does now."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    keys: str = Field("", pattern=r"^[0-9*#A-D]*$")
    says: str = ""
    wav: str = ""  # path; sounds at once
    hang_up: bool = False


@web.middleware
async def refuse_bad_input(request: web.Request, handler: Any) -> web.StreamResponse:
    """Bodies that do not fit become 400 with the reason."""
    try:
        answer: web.StreamResponse = await handler(request)
        return answer
    except (ValidationError, ValueError, OSError) as error:
        return web.json_response({"code": "bad_request", "message": str(error)}, status=400)


def call_json(call: Call) -> dict[str, Any]:
    """All there is to tell of a call; sound comes by its own addresses. Lengths are samples at 8 kHz."""
    began = int(call.answered.timestamp() * 1000) if call.answered else None
    return {
        "sid": call.sid, "from": call.from_, "to": call.to, "direction": call.direction, "status": call.status,
        "answered_at": began,
        "ended": call.done.is_set(), "seconds": call.seconds, "story": call.story, "streams": call.streams,
        "spoken_samples": call.spoken.length, "heard_samples": call.heard.length,
    }  # fmt: skip


def _call(request: web.Request) -> Call:
    call = request.app[EXCHANGE].calls.get(request.match_info["sid"])
    if call is None:
        raise web.HTTPNotFound(text='{"code":"no_such_call"}', content_type="application/json")
    return call


@routes.post("/sim/calls")
async def place(request: web.Request) -> web.Response:
    """Place a call."""
    wanted = PlaceCall.model_validate_json(await request.read())
    exchange = request.app[EXCHANGE]
    if wanted.to not in exchange.numbers:
        return web.json_response(
            {"code": "no_such_number", "message": f"{wanted.to} is not a number of this carrier"}, status=404
        )
    clip(wanted.script.wav, wanted.script.tone)  # a file that is no WAV is refused now, not in mid-call
    call = exchange.call_in(wanted.from_, wanted.to, wanted.script, wanted.faults, wanted.say_speed)
    return web.json_response(call_json(call), status=201)


@routes.get("/sim/calls")
async def calls(request: web.Request) -> web.Response:
    """All calls kept, oldest first, without their stories."""
    return web.json_response(
        {
            "calls": [
                {k: v for k, v in call_json(call).items() if k != "story"}
                for call in request.app[EXCHANGE].calls.values()
            ]
        }
    )


@routes.get("/sim/calls/{sid}")
async def story(request: web.Request) -> web.Response:
    """A call and its story; ``?wait=30`` answers when it has ended, or after that many seconds."""
    call = _call(request)
    if wait := min(MAX_WAIT, float(request.query.get("wait", "0"))):
        with suppress(TimeoutError):
            await asyncio.wait_for(call.done.wait(), wait)
    return web.json_response(call_json(call))


@routes.get("/sim/calls/{sid}/{side:heard|spoken}.wav")
async def sound(request: web.Request) -> web.Response:
    """What the caller heard, or said, since the answer."""
    call = _call(request)
    line = call.heard if request.match_info["side"] == "heard" else call.spoken
    return web.Response(body=wav_bytes(line.all()), content_type="audio/x-wav")


@routes.post("/sim/calls/{sid}/act")
async def act(request: web.Request) -> web.Response:
    """Let the caller do something now."""
    call = _call(request)
    wanted = Act.model_validate_json(await request.read())
    conversation = request.app[EXCHANGE].conversations.get(call.sid)
    if conversation is None:
        return web.json_response({"code": "call_over"}, status=409)
    if wanted.keys:
        conversation.caller.press(wanted.keys)
    if wanted.says:
        conversation.caller.say(wanted.says)
    if wanted.wav:
        conversation.caller.say("", clip(wanted.wav, 0))
    if wanted.hang_up:
        call.interrupt(HungUp("caller"))
    return web.json_response(call_json(call))


@routes.put("/sim/numbers/{number}")
async def set_number(request: web.Request) -> web.Response:
    """Configure a number of the company."""
    number = Number.model_validate_json(await request.read())
    request.app[EXCHANGE].numbers[request.match_info["number"]] = number
    return web.json_response(number.model_dump())


@routes.put("/sim/phones/{address}")
async def set_phone(request: web.Request) -> web.Response:
    """Say how a telephone behaves when it is rung."""
    phone = Phone.model_validate_json(await request.read())
    request.app[EXCHANGE].phones[request.match_info["address"]] = phone
    return web.json_response(phone.model_dump())


@routes.put("/sim/faults")
async def set_faults(request: web.Request) -> web.Response:
    """Faults of the whole carrier, beside those of each call."""
    faults = Faults.model_validate_json(await request.read())
    request.app[EXCHANGE].webhooks.faults = faults
    return web.json_response(faults.model_dump())


@routes.get("/sim/messages")
async def inbox(request: web.Request) -> web.Response:
    """Texts sent, oldest first."""
    kept = [asdict(message) | {"created": message.created.isoformat()} for message in request.app[EXCHANGE].messages]
    return web.json_response({"messages": kept})


@routes.get("/sim/health")
async def health(request: web.Request) -> web.Response:
    """Alive, and how much is going on."""
    exchange = request.app[EXCHANGE]
    return web.json_response(
        {"status": "ok", "numbers": sorted(exchange.numbers), "calls": len(exchange.conversations)}
    )
