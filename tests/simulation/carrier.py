"""The carrier of the simulation: its callers, the documents it plays, the posts it signs, the orders it takes.

The posts go through the real webhook, the orders come out of the real client of the carrier; only the network between
is missing. What is not needed for a call of ours is not played.
"""

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any, Final
from urllib.parse import unquote, urlencode, urlsplit

from requests import ConnectionError as Unreachable
from requests import Timeout
from twilio.http.response import Response  # type: ignore[import-untyped]
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]

from functions.voice_webhook import app as webhook
from tests.simulation.edges import Edges
from tests.simulation.faults import Faults
from tests.simulation.loop import Loop, Task
from tests.simulation.messages import Messages

PUBLIC: Final = "https://cc.sim"
TOKEN: Final = "0123456789abcdef0123456789abcdef"
NUMBER: Final = "+862150008000"
ACCOUNT: Final = "AC" + "2" * 32
ROUTES: Final = [
    (resource, re.compile(re.sub(r"{(\w+)}", r"(?P<\1>[^/]+)", resource)))
    for resource in sorted(webhook.app.routes, key=len, reverse=True)
]
VALIDATOR: Final = RequestValidator(TOKEN)
ENDS: Final = frozenset({"completed", "no-answer", "failed"})
WRONG_NUMBERS: Final = 0.04
"""So many hang up as soon as they hear who is there."""
NEVER_HOME: Final = 15
"""Of a hundred customers who asked for a callback so many never pick up."""
MAX_WAITS: Final = 400
"""A caller who hears the waiting text more often than this is caught in it."""


@dataclass
class Call:
    """One call, inbound or placed by us. ``plan``: seconds of patience, of talk, whether a callback is asked for."""

    sid: str
    number: str
    outbound: bool = False
    patience_ms: int = 0
    talk_ms: int = 0
    key: str = "1"
    wants_callback: bool = False
    leaves_message: bool = False
    speaking_to: tuple[str, int] | None = None
    state: str = "live"
    document: int = 0
    queue: dict[str, str] = field(default_factory=dict)
    stream: tuple[str, str, str] | None = None
    waits: int = 0
    placed_ms: int = 0
    status_url: str = "/telephony/status"

    @property
    def name(self) -> str:
        """As the story calls it."""
        return f"{'callback' if self.outbound else 'call'}-{int(self.sid[2:]) % 10**6}"


class Carrier:
    def __init__(self, loop: Loop, faults: Faults, edges: Edges) -> None:
        self._loop = loop
        self._faults = faults
        self._edges = edges
        self.calls: dict[str, Call] = {}
        self.dialled: dict[str, list[str]] = {}
        self.refused: list[tuple[str, int]] = []
        self.messages = Messages(loop, faults)
        self.ends_told: set[str] = set()
        """Calls whose end we were told and took note of."""

    # --- callers

    def ring(self, call: Call) -> None:
        self.calls[call.sid] = call
        self._loop.tell(f"{call.name} dials")
        self._post(call, "/telephony/voice", {"CallStatus": "ringing"}, lambda said: self._play(call, said))
        if self._loop.chance.random() < WRONG_NUMBERS:
            self._loop.after(self._loop.chance.randrange(100, 5_000), lambda: self.hang_up(call))

    def hang_up(self, call: Call, status: str = "completed") -> None:
        """The caller hangs up, or is hung up on."""
        if call.state == "over":
            return
        call.state, call.document = "over", call.document + 1
        self._loop.tell(f"{call.name} hangs up or is hung up")
        if call.queue:
            self._post(call, call.queue["action"], {"QueueResult": "hangup", "CallStatus": status}, None)
        if call.speaking_to:
            action, began = call.speaking_to
            said = self.messages.record((self._loop.now - began) // 1000)
            self._post(call, action, {"Digits": "hangup", "CallStatus": status, **said}, None)
        if call.stream:
            _, contact, action = call.stream
            self._edges.leave(contact, "caller")
            self._post(call, action, {"CallStatus": status}, None)
        late = self._loop.chance.randrange(120_000) if self._faults.strikes("F20") else 50
        self._loop.after(late, lambda: self._post(call, call.status_url, {"CallStatus": status}, None))

    # --- documents

    def _play(self, call: Call, body: str) -> None:
        if call.state != "over" and body:
            call.document += 1
            self._next(call, iter(ET.fromstring(body)), call.document)  # noqa: S314 - the webhook's own answer

    def _next(self, call: Call, verbs: Iterator[ET.Element], document: int) -> None:
        if call.state == "over" or call.document != document:
            return
        verb = next(verbs, None)
        if verb is None:
            if not call.queue:
                self.hang_up(call)
            return
        play: Callable[..., None] | None = getattr(self, f"_{verb.tag.lower()}", None)
        if play is None:
            raise AssertionError(f"the carrier plays no {verb.tag}")
        play(call, verb, lambda: self._next(call, verbs, document))

    def _say(self, call: Call, verb: ET.Element, on: Callable[[], None]) -> None:
        on()

    def _pause(self, call: Call, verb: ET.Element, on: Callable[[], None]) -> None:
        self._loop.after(int(verb.get("length", "1")) * 1000, on)

    def _redirect(self, call: Call, verb: ET.Element, on: Callable[[], None]) -> None:
        self._follow(call, verb.text or "")

    def _hangup(self, call: Call, verb: ET.Element, on: Callable[[], None]) -> None:
        self.hang_up(call)

    def _gather(self, call: Call, verb: ET.Element, on: Callable[[], None]) -> None:
        digits = self._answer(call, verb.get("action", ""))
        document = call.document
        if digits:
            wait = self._loop.chance.randrange(1_000, 6_000)
            self._loop.after(
                wait, lambda: self._follow(call, verb.get("action", ""), {"Digits": digits}, document=document)
            )
        else:
            self._loop.after(int(verb.get("timeout", "5")) * 1000 + 2_000, on)

    def _answer(self, call: Call, action: str) -> str:
        """What the caller keys at a question; '' when he says nothing."""
        if "/menu" in action:
            return call.key if self._loop.chance.random() < 0.9 else ""
        if "/choose" in action or "/callme" in action:
            return "1" if call.wants_callback else "2" if call.leaves_message and "/choose" in action else ""
        return "1" if "/number" in action else ""

    def _enqueue(self, call: Call, verb: ET.Element, on: Callable[[], None]) -> None:
        call.queue = {"wait": verb.get("waitUrl", ""), "action": verb.get("action", "")}
        call.state = "queued"
        self._follow(call, call.queue["wait"])
        if call.patience_ms:
            patience, call.patience_ms = call.patience_ms, 0
            self._loop.after(patience, lambda: self._lose_patience(call))

    def _leave(self, call: Call, verb: ET.Element, on: Callable[[], None]) -> None:
        action, call.queue, call.state = call.queue["action"], {}, "live"
        self._follow(call, action, {"QueueResult": "leave"})

    def _record(self, call: Call, verb: ET.Element, on: Callable[[], None]) -> None:
        """The caller speaks and keys #, is silent, or hangs up in the middle."""
        chance, document = self._loop.chance, call.document
        action, status = verb.get("action", ""), verb.get("recordingStatusCallback", "")
        draw, seconds = chance.random(), chance.randrange(3, 40)
        if draw < 0.15:
            self._loop.after(6_000, on)
            return
        call.speaking_to = (action, self._loop.now)

        def spoken() -> None:
            if call.state == "over" or call.document != document:
                return
            call.speaking_to = None
            said = self.messages.record(seconds)
            self._follow(call, action, {"Digits": "#", **said})
            late = chance.randrange(60_000) if self._faults.strikes("F20") else 200
            done = {"RecordingStatus": "completed", **said}
            self._loop.after(late, lambda: self._post(call, status, done, None))

        self._loop.after(seconds * 1000, spoken if draw < 0.7 else lambda: self.hang_up(call))

    def _lose_patience(self, call: Call) -> None:
        if call.state == "queued":
            self.hang_up(call)

    def _connect(self, call: Call, verb: ET.Element, on: Callable[[], None]) -> None:
        url = verb.find("Stream").get("url", "")  # type: ignore[union-attr]  # there is one in each Connect of ours
        action = verb.get("action", "")
        contact = action.split("/contacts/")[1].split("/")[0]
        edge = url.split("//")[1].split(".")[0]
        call.queue, call.state = {}, "talking"
        stream = call.stream = (edge, contact, action)

        def ended() -> None:
            if call.state == "talking" and call.stream is stream:
                call.stream = None
                self._follow(call, action)

        if not self._edges.join(edge, contact, "caller", ended, by="phone"):
            self._loop.after(1_000, ended)
        elif call.talk_ms:
            talk, call.talk_ms = call.talk_ms, 0
            self._loop.after(talk, lambda: self.hang_up(call))

    # --- posts

    def _follow(self, call: Call, address: str, more: dict[str, str] | None = None, *, document: int = 0) -> None:
        if call.state == "over" or (document and call.document != document):
            return
        call.waits += 1
        if call.waits > MAX_WAITS:
            raise AssertionError(f"{call.name} is led in circles")
        self._post(call, address, more or {}, lambda said: self._play(call, said))

    def _post(
        self, call: Call, address: str, more: dict[str, str], heard: Callable[[str], None] | None, retry: bool = True
    ) -> None:
        path = urlsplit(address).path
        form = {
            "AccountSid": ACCOUNT,
            "CallSid": call.sid,
            "CallStatus": "in-progress",
            "Direction": "outbound-api" if call.outbound else "inbound",
            "From": NUMBER if call.outbound else call.number,
            "To": call.number if call.outbound else NUMBER,
            "SequenceNumber": str(call.waits),
            **more,
        }
        document = call.document

        def told(said: tuple[int, str] | None) -> None:
            if said is not None and said[0] == 200:
                self._note_end(call, path, more)
                if heard and call.document == document:
                    heard(said[1])
            elif heard is None:
                if retry:  # a callback is posted once more
                    self._loop.after(5_000, lambda: self._post(call, address, more, None, retry=False))
            elif call.state != "over" and call.document == document:
                self._fall_back(call, path, heard)

        self._send(path, form, told)
        if self._faults.strikes("F20" if heard is None else "F1"):
            late = self._loop.chance.randrange(20, 90_000)
            self._loop.after(late, lambda: self._send(path, form, lambda said: None))

    def _note_end(self, call: Call, path: str, form: dict[str, str]) -> None:
        if path == urlsplit(call.status_url).path and form.get("CallStatus") in ENDS:
            self.ends_told.add(call.sid)

    def _fall_back(self, call: Call, path: str, heard: Callable[[str], None]) -> None:
        """The document did not come: the second address of the number is asked, and tells the story anew."""
        if self._loop.chance.random() < 0.1:
            self.hang_up(call, "failed")
            return
        self._faults.note("F19", call.name)
        error = {"ErrorCode": "11200", "ErrorUrl": PUBLIC + path}
        self._post(call, "/telephony/voice", error, heard)

    def _send(self, path: str, form: dict[str, str], told: Callable[[tuple[int, str] | None], None]) -> None:
        resource, named = _routed(path)
        event = {
            "httpMethod": "POST",
            "path": path,
            "headers": {
                "content-type": "application/x-www-form-urlencoded",
                "x-twilio-signature": VALIDATOR.compute_signature(PUBLIC + path, form),
            },
            "multiValueQueryStringParameters": None,
            "pathParameters": named or None,
            "stageVariables": None,
            "requestContext": {"resourcePath": resource, "httpMethod": "POST", "path": path},
            "body": urlencode(form),
            "isBase64Encoded": False,
        }

        def act() -> tuple[int, str]:
            answer = webhook.app(event, None)
            return answer["statusCode"], answer["body"]

        def done(said: Any, alive: bool) -> None:
            if alive and said[0] not in {200, 503}:
                self.refused.append((path, said[0]))
            wait = self._loop.chance.randrange(10, 150)
            self._loop.after(wait, lambda: told(said if alive else None))

        skew = self._faults.skew("webhook")
        on_its_way = self._loop.chance.randrange(5_000) if self._faults.strikes("F2", f"the post {path}") else 0
        self._loop.after(on_its_way, lambda: self._loop.start(Task("webhook", act, done, skew)))

    # --- orders

    def request(
        self, client: object, method: str, url: str, first: Any = None, second: Any = None, *_: Any, **kwargs: Any
    ) -> Response:
        """What the carrier's REST interface answers; in place of HTTP."""
        self._loop.pause("carrier.ask")
        if self._faults.strikes("F5"):
            raise Unreachable("no connection")
        params, data = (dict(kwargs.get(name) or given or {}) for name, given in (("params", first), ("data", second)))
        answer = self._order(method, urlsplit(url).path, data, params)
        self._loop.pause("carrier.asked")
        if self._faults.strikes("F4"):
            raise Timeout("the answer was lost")
        return answer

    def _order(self, method: str, path: str, data: dict[str, str], query: dict[str, Any]) -> Response:
        name = path.rsplit("/", 1)[1].removesuffix(".json")
        if "/Recordings/" in path:
            status = self.messages.delete(name)
            return Response(status, "" if status == 204 else json.dumps({"code": 20404, "status": 404, "message": ""}))
        if name == "Calls":
            return self._dial(data) if method == "POST" else self._calls_to(query)
        call = self.calls.get(name)
        if call is not None and method == "GET":
            return Response(200, json.dumps(_shown(call)))
        if call is None or call.state == "over":
            return Response(404, json.dumps({"code": 20404, "message": "not found", "status": 404}))
        if data.get("Status") == "completed":
            self._loop.after(5, lambda: self.hang_up(call))
        elif "Twiml" in data and call.state == "ringing":
            return Response(400, json.dumps({"code": 21220, "message": "not in progress", "status": 400}))
        elif "Twiml" in data:
            self._loop.tell(f"{call.name} is led to its edge")
            call.queue = {}
            self._loop.after(5, lambda: self._play(call, data["Twiml"]))
        return Response(200, json.dumps(_shown(call)))

    def _dial(self, data: dict[str, str]) -> Response:
        sid = f"CB{len(self.calls):030d}"
        call = Call(sid, data["To"], outbound=True, patience_ms=600_000, talk_ms=60_000)
        call.placed_ms, call.state = self._loop.now, "ringing"
        call.status_url = urlsplit(data["StatusCallback"]).path
        self.calls[sid] = call
        contact = data["Url"].split("/contacts/")[1].split("/")[0]
        self.dialled.setdefault(contact, []).append(sid)
        self._loop.tell(f"{call.name} is dialled")
        answers = int(call.number[-2:]) >= NEVER_HOME and self._loop.chance.random() < 0.9
        wait = self._loop.chance.randrange(2_000, 15_000)
        if answers:
            self._loop.after(wait, lambda: self._pick_up(call, data["Url"]))
        else:
            self._loop.after(30_000, lambda: self.hang_up(call, "no-answer"))
        return Response(201, json.dumps(_shown(call)))

    def _pick_up(self, call: Call, address: str) -> None:
        if call.state == "ringing":
            call.state = "live"
            self._follow(call, address)

    def _calls_to(self, query: dict[str, Any]) -> Response:
        number = query.get("To", "")
        found = [call for call in self.calls.values() if call.outbound and call.number == number]
        shown = [_shown(call) for call in sorted(found, key=lambda call: -call.placed_ms)]
        return Response(200, json.dumps({"calls": shown, "next_page_uri": None, "page": 0, "page_size": len(shown)}))


def _shown(call: Call) -> dict[str, Any]:
    status = {"over": "completed", "ringing": "ringing"}.get(call.state, "in-progress")
    placed = format_datetime(datetime.fromtimestamp(call.placed_ms / 1000, UTC))
    return {
        "date_created": placed,
        "sid": call.sid,
        "to": call.number,
        "from": NUMBER,
        "status": status,
        "direction": "outbound-api",
    }


def _routed(path: str) -> tuple[str, dict[str, str]]:
    for resource, form in ROUTES:
        found = form.fullmatch(path)
        if found:
            return resource, {name: unquote(value) for name, value in found.groupdict().items()}
    raise AssertionError(f"no route for {path}")
