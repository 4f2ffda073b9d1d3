"""Twilio's REST interface, as much of it as placing, reading and changing calls and messages takes."""

import base64
import hmac
from collections.abc import Mapping
from typing import Any, Final, cast

from aiohttp import web

from local.carrier.audio import wav_bytes
from local.carrier.exchange import Exchange
from local.carrier.model import FINAL, Call, HungUp, Moved, Target
from local.carrier.shapes import call_json, message_json

EXCHANGE: Final = web.AppKey("exchange", Exchange)
routes = web.RouteTableDef()
_BASE: Final = "/2010-04-01/Accounts/{account}"


def _error(status: int, code: int, message: str) -> web.Response:
    body = {
        "code": code,
        "message": message,
        "more_info": f"https://www.twilio.com/docs/errors/{code}",
        "status": status,
    }
    return web.json_response(body, status=status)


@web.middleware
async def authenticate(request: web.Request, handler: Any) -> web.StreamResponse:
    """Basic authentication on the Twilio-like part; the simulator's own ``/sim`` is open to this machine."""
    exchange = request.app[EXCHANGE]
    if request.path.startswith("/2010-04-01/"):
        expected = "Basic " + base64.b64encode(f"{exchange.account_sid}:{exchange.auth_token}".encode()).decode()
        if not hmac.compare_digest(request.headers.get("Authorization", "").encode(), expected.encode()):
            return _error(401, 20003, "Authenticate")
        if request.match_info.get("account", exchange.account_sid) != exchange.account_sid:
            return _error(404, 20404, f"The requested resource {request.path} was not found")
    return cast(web.StreamResponse, await handler(request))


@routes.post(_BASE + "/Calls.json")
async def create_call(request: web.Request) -> web.Response:
    """Place a call."""
    form = await request.post()
    said = {name: str(value) for name, value in form.items()}
    for name, code in (("To", 21201), ("From", 21213)):
        if not said.get(name):
            return _error(400, code, f"No '{name}' number is specified")
    if not said.get("Url") and not said.get("Twiml"):
        return _error(400, 21205, "Url parameter is required")
    exchange = request.app[EXCHANGE]
    call = Call(exchange.account_sid, said["From"], said["To"], "outbound-api", _voice(said), said.get("Twiml", ""))
    call.ring_seconds = float(said.get("Timeout", "60"))
    _set_callback(call, said)
    call.status_events = frozenset(str(event) for event in form.getall("StatusCallbackEvent", ["completed"]))
    exchange.call_out(call)
    return web.json_response(call_json(call), status=201)


@routes.get(_BASE + "/Calls.json")
async def list_calls(request: web.Request) -> web.Response:
    """Calls, newest first, by ``Status``, ``To`` and ``From``."""
    wanted = {"Status": "status", "To": "to", "From": "from_"}
    calls = list(reversed(request.app[EXCHANGE].calls.values()))
    for name, attribute in wanted.items():
        if name in request.query:
            calls = [call for call in calls if getattr(call, attribute) == request.query[name]]
    size = int(request.query.get("PageSize", "50"))
    page = {
        "calls": [call_json(call) for call in calls[:size]],
        "page": 0,
        "page_size": size,
        "start": 0,
        "end": len(calls[:size]) - 1,
    }
    links = {"uri": request.path, "first_page_uri": request.path, "next_page_uri": None, "previous_page_uri": None}
    return web.json_response({**page, **links})


@routes.get(_BASE + "/Calls/{sid}.json")
async def fetch_call(request: web.Request) -> web.Response:
    """One call."""
    call = request.app[EXCHANGE].calls.get(request.match_info["sid"])
    return (
        web.json_response(call_json(call))
        if call
        else _error(404, 20404, f"The requested resource {request.path} was not found")
    )


@routes.post(_BASE + "/Calls/{sid}.json")
async def update_call(request: web.Request) -> web.Response:
    """Give a call new instructions, or end it."""
    call = request.app[EXCHANGE].calls.get(request.match_info["sid"])
    if call is None:
        return _error(404, 20404, f"The requested resource {request.path} was not found")
    said = {name: str(value) for name, value in (await request.post()).items()}
    if call.status in FINAL:
        return _error(400, 21220, "Call is not in-progress. Cannot redirect.")
    _set_callback(call, said)
    refused = _change(call, said)
    return refused or web.json_response(call_json(call))


def _change(call: Call, said: Mapping[str, str]) -> web.Response | None:
    if status := said.get("Status"):
        if status not in ("completed", "canceled"):
            return _error(400, 21218, f"Invalid status {status!r}")
        if status == "canceled" and call.answered:
            return _error(400, 21220, "Call is in progress and cannot be canceled.")
        call.tell("REST update", status=status)
        call.interrupt(HungUp("REST API", "canceled" if not call.answered else "completed"))
    elif said.get("Twiml") or said.get("Url"):
        call.tell("REST update", url=said.get("Url", ""), twiml=bool(said.get("Twiml")))
        if not call.interrupt(Moved(_voice(said), said.get("Twiml", ""))):
            return _error(400, 21220, "Call is not in-progress. Cannot redirect.")
    return None


def _voice(said: Mapping[str, str]) -> Target | None:
    if not said.get("Url"):
        return None
    fallback = said.get("FallbackUrl", "")
    return Target(said["Url"], said.get("Method", "POST").upper(), fallback, said.get("FallbackMethod", "POST").upper())


def _set_callback(call: Call, said: Mapping[str, str]) -> None:
    if said.get("StatusCallback"):
        call.status_callback = Target(said["StatusCallback"], said.get("StatusCallbackMethod", "POST").upper())


@routes.post(_BASE + "/Messages.json")
async def create_message(request: web.Request) -> web.Response:
    """Send a text."""
    said = {name: str(value) for name, value in (await request.post()).items()}
    for name, code in (("To", 21604), ("From", 21603), ("Body", 21602)):
        if not said.get(name):
            return _error(400, code, f"A '{name}' is required")
    if len(said["Body"]) > 1600:
        return _error(400, 21617, "The concatenated message body exceeds the 1600 character limit")
    exchange = request.app[EXCHANGE]
    callback = Target(said["StatusCallback"]) if said.get("StatusCallback") else None
    message = exchange.send_message(said["From"], said["To"], said["Body"], callback)
    return web.json_response(message_json(message, exchange.account_sid), status=201)


@routes.get(_BASE + "/Messages/{sid}.json")
async def fetch_message(request: web.Request) -> web.Response:
    """One message."""
    exchange = request.app[EXCHANGE]
    found = [message for message in exchange.messages if message.sid == request.match_info["sid"]]
    return (
        web.json_response(message_json(found[0], exchange.account_sid))
        if found
        else _error(404, 20404, "The requested resource was not found")
    )


@routes.get(_BASE + "/Recordings/{sid:RE[0-9a-f]{32}}{suffix:(\\.wav)?}")
async def fetch_recording(request: web.Request) -> web.Response:
    """The sound of a recording."""
    sound = request.app[EXCHANGE].recordings.get(request.match_info["sid"])
    if sound is None:
        return _error(404, 20404, "The requested resource was not found")
    return web.Response(body=wav_bytes(sound), content_type="audio/x-wav")


@routes.delete(_BASE + "/Recordings/{sid:RE[0-9a-f]{32}}{suffix:(\\.json)?}")
async def delete_recording(request: web.Request) -> web.Response:
    """Gone for good."""
    if request.app[EXCHANGE].recordings.pop(request.match_info["sid"], None) is None:
        return _error(404, 20404, "The requested resource was not found")
    return web.Response(status=204)
