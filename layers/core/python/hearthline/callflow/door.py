"""Before and after each post of the carrier: is it genuine, was it answered before, and what if a step failed."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from aws_lambda_powertools.logging.logger import Logger

from hearthline.callflow.phone import PhoneCall
from hearthline.platform.effects import Effects
from hearthline.platform.store import BusyError
from hearthline.telephony.answers import Answers
from hearthline.telephony.twilio import Post, PostRefusedError, read_post
from hearthline.telephony.words import BUSY, NOT_A_FORM, NOT_FOUND

NUMBER: Final = re.compile(r"[1-9][0-9]{0,2}")
NAMED: Final = {
    "contact": re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
    "lang": re.compile(r"zh|en"),
    "position": re.compile(r"[1-9][0-9]{0,2}(-[1-9][0-9]?)?"),
    "attempt": NUMBER,
    "step": re.compile(r"answered|take|left-[1-9][0-9]?"),
    "offer": re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
    "turn": re.compile(r"[1-9]"),
}
"""What may stand in a path; all of it means the same encoded or not."""
FORM_TYPE: Final = "application/x-www-form-urlencoded"
TRY_AGAIN: Final = PostRefusedError(503, "try_again", BUSY)
SILENT: Final = frozenset({"status", "desk-status"})
"""Nobody listens to these answers: a failure is told to the carrier, which posts again."""


@dataclass(frozen=True, slots=True)
class Knock:
    """A post as it came: ``resource`` is the route, ``named`` the values in its path."""

    resource: str
    named: Mapping[str, str]
    body: bytes
    content_type: str
    signature: str
    has_query: bool

    @property
    def event(self) -> str:
        """The last fixed word of the route."""
        return [part for part in self.resource.split("/") if part and "{" not in part][-1]

    @property
    def path(self) -> str:
        """The path the carrier signed. Raises PostRefusedError for values that no address of ours has."""
        for name, value in self.named.items():
            if NAMED[name].fullmatch(value) is None:
                raise PostRefusedError(404, "no_such_address", NOT_FOUND)
        return self.resource.format_map(self.named)


def knock(request: Any) -> Knock:
    """A request of Chalice as it came."""
    raw, headers = request.raw_body, request.headers
    body = raw if isinstance(raw, bytes) else raw.encode()
    kind, signature = headers.get("content-type", ""), headers.get("x-twilio-signature", "")
    return Knock(request.path, request.uri_params or {}, body, kind, signature, has_query=bool(request.query_params))


class StepFailedError(Exception):
    """A route did not come to an answer."""


def body_of(response: Any) -> str:
    """What a route of Chalice answered. Raises StepFailedError."""
    if response.status_code != 200:
        raise StepFailedError(response.status_code)
    return str(response.body)


class Door:
    """Opens to the carrier alone."""

    def __init__(self, effects: Effects, log: Logger, knock: Knock) -> None:
        self._effects = effects
        self.log = log
        self._knock = knock

    def open(self) -> Post:
        """The genuine post. Raises PostRefusedError, having done nothing."""
        if self._knock.has_query:  # no address of ours has one
            raise PostRefusedError(404, "no_such_address", NOT_FOUND)
        if self._knock.content_type.split(";")[0].strip().lower() != FORM_TYPE:
            raise PostRefusedError(415, "not_a_form", NOT_A_FORM)
        path = self._knock.path
        settings = self._effects.settings
        token = str(self._effects.secret(settings.carrier_secret)["auth_token"])
        return read_post(
            self._knock.body,
            path=path,
            public_url=settings.public_url,
            token=token,
            signature=self._knock.signature,
        )

    def reply(self, post: Post, act: Callable[[], str]) -> str | None:
        """What the caller hears, an apology if need be; None when the step failed and nobody listens."""
        try:
            return self._answer(post, act)
        except Exception:  # the edge of the process: whatever is down, a caller listens
            self.log.exception("step failed", event=self._event(), call=post.call_sid)
        if self._knock.event in SILENT:
            return None
        contact, attempt = self._knock.named.get("contact", ""), int(self._knock.named.get("attempt", 1))
        return PhoneCall(self._effects, post, contact).sorry(self._knock.event, attempt)

    def _answer(self, post: Post, act: Callable[[], str]) -> str:
        """The answer given before, or that of ``act``, kept."""
        event = self._event()
        answers = Answers(self._effects)
        given = answers.given(post.call_sid, event, post.mark)
        if given is not None:
            self.log.info("answered as before", event=event, call=post.call_sid)
            return given
        answer = act()
        try:
            answer = answers.keep(post.call_sid, event, post.mark, answer)
        except BusyError:  # what was to be done is done, and a twin of this post finds it so
            self.log.warning("answer not kept", event=event, call=post.call_sid)
        self.log.info("answered", event=event, call=post.call_sid)
        return answer

    def _event(self) -> str:
        steps = [value for name, value in self._knock.named.items() if name != "contact"]
        return "-".join([self._knock.event, *steps])
