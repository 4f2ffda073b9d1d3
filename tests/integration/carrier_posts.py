"""The carrier as the webhook sees it: signed form posts in the gateway's wrapping, effects in memory."""

import io
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlencode

from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]

from functions.voice_webhook import app as webhook
from hearthline.events.word import Actor
from hearthline.platform.effects import Effects
from hearthline.platform.effects_memory import memory
from hearthline.platform.logging import logger
from hearthline.platform.settings import Settings
from hearthline.telephony.model import contact_id

PUBLIC = "https://calls.example.test"
TOKEN = "0123456789abcdef0123456789abcdef"
NUMBER = "+862150008000"
CALLER = "+8613812348001"
STACK = "6f1f3f86-3a52-4a35-9d3a-0b7d1e7b1c55"
AGENT = Actor(kind="agent", id="ana")
SID = "CA" + "1" * 32
LOGS = ("voice_webhook", "nudge", "presence")
RESOURCES = sorted(webhook.app.routes, key=len, reverse=True)
MEDIA_KEY: dict[str, str | list[str]] = {
    "kty": "OKP",
    "crv": "Ed25519",
    "d": "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
    "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
}
"""The key pair of RFC 8037, appendix A.1."""


def settings(**more: Any) -> Settings:
    values: dict[str, Any] = {
        "tenant": "demo",
        "stack_id": STACK,
        "table_prefix": "t",
        "queue_url_prefix": "q",
        "public_url": PUBLIC,
        "carrier_account_sid": "AC" + "2" * 32,
        "carrier_number": NUMBER,
        "carrier_secret": "carrier",
        "media_secret": "media",
    }
    return Settings.model_validate(values | more)


def in_memory(pause: Callable[[str], None] = lambda _: None, **more: Any) -> Effects:
    return memory(settings(**more), pause, {"carrier": {"auth_token": TOKEN}, "media": {"private_key": MEDIA_KEY}})


def _tree(body: str) -> ET.Element:
    return ET.fromstring(body)  # noqa: S314 - our own answer


@dataclass(frozen=True)
class Answer:
    status: int
    body: str
    type: str

    @property
    def verbs(self) -> list[str]:
        return [verb.tag for verb in _tree(self.body)]

    @property
    def said(self) -> str:
        return " ".join(each.text or "" for each in _tree(self.body).iter("Say"))

    def find(self, tag: str) -> ET.Element:
        found = _tree(self.body).find(f".//{tag}")
        assert found is not None, self.body
        return found

    def next(self) -> str:
        """The path of the first address the document names; what follows a # stays with the carrier."""
        root = _tree(self.body)
        for each in root.iter():
            for address in (each.get("action"), each.text if each.tag == "Redirect" else None):
                if address:
                    return address.removeprefix(PUBLIC).partition("#")[0]
        raise AssertionError(self.body)


def routed(path: str) -> tuple[str, dict[str, str]] | None:
    """The gateway's choice of resource and its path parameters; None is its own 403."""
    for resource in RESOURCES:
        names = re.findall(r"{(\w+)}", resource)
        found = re.fullmatch(re.sub(r"{\w+}", "([^/]+)", resource), path)
        if found:
            return resource, {n: unquote(v) for n, v in zip(names, found.groups(), strict=True)}
    return None


def fields(call: str = SID, **more: str) -> dict[str, str]:
    return {
        "AccountSid": "AC" + "2" * 32,
        "ApiVersion": "2010-04-01",
        "CallSid": call,
        "CallStatus": "in-progress",
        "Direction": "inbound",
        "From": CALLER,
        "To": NUMBER,
        "FromCity": "",
        **more,
    }


def sign(path: str, form: dict[str, str]) -> str:
    return str(RequestValidator(TOKEN).compute_signature(PUBLIC + path, form))


def knock(
    path: str,
    body: str,
    signature: str,
    *,
    headers: dict[str, str] | None = None,
    query: dict[str, list[str]] | None = None,
    method: str = "POST",
) -> Answer:
    """One request as the gateway hands it over."""
    route = routed(path)
    if route is None:
        return Answer(404, "", "")
    resource, named = route
    event = {
        "httpMethod": method,
        "path": path,
        "headers": {
            "content-type": "application/x-www-form-urlencoded; charset=utf-8",
            "x-twilio-signature": signature,
            "host": "calls.example.test",
            **(headers or {}),
        },
        "multiValueQueryStringParameters": query,
        "pathParameters": named or None,
        "stageVariables": None,
        "requestContext": {"resourcePath": resource, "httpMethod": method, "path": "/live" + path},
        "body": body,
        "isBase64Encoded": False,
    }
    answer = webhook.app(event, None)
    return Answer(answer["statusCode"], answer["body"], answer.get("headers", {}).get("Content-Type", ""))


def post(path: str, form: dict[str, str]) -> Answer:
    """A genuine post of the carrier."""
    return knock(path, urlencode(form), sign(path, form))


def of_contact(*steps: str | int, call: str = SID) -> str:
    return f"/telephony/contacts/{contact_id(STACK, call)}/" + "/".join(map(str, steps))


def queued(call: str = SID) -> str:
    """Ring and ask for billing; the contact's id."""
    post("/telephony/voice", fields(call))
    post(of_contact("menu", call=call), fields(call, Digits="2"))
    return contact_id(STACK, call)


@contextmanager
def written(*names: str) -> Iterator[io.StringIO]:
    """All that these logs (the webhook's, when none is named) write. They write where their first import wrote."""
    lines = io.StringIO()
    with ExitStack() as stack:
        for name in names or LOGS:
            handler: Any = logger(name).registered_handler
            stack.callback(handler.setStream, handler.setStream(lines))
        yield lines
