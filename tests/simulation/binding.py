"""The real functions on the effects of one world: their modules, the seams of the network, chance and logs."""

import io
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from random import Random
from types import ModuleType, SimpleNamespace
from typing import Any, Final
from unittest.mock import patch

from chalice.app import Chalice, Request
from twilio.http.http_client import TwilioHttpClient  # type: ignore[import-untyped]

from functions.agent_socket import app as agent_socket
from functions.api import app as api
from functions.close_media import app as close_media
from functions.end_wrapup import app as end_wrapup
from functions.expire_offer import app as expire_offer
from functions.join_media import app as join_media
from functions.keep_daybook import app as keep_daybook
from functions.keep_voicemail import app as keep_voicemail
from functions.mark_gone import app as mark_gone
from functions.open_ticket import app as open_ticket
from functions.relay_ledger import app as relay_ledger
from functions.release_media import app as release_media
from functions.route_contact import app as route_contact
from functions.sweep_floor import app as sweep_floor
from functions.try_policy import app as try_policy
from functions.voice_webhook import app as voice_webhook
from hearthline.media import edge as media_edge
from hearthline.people import passes, sessions
from hearthline.platform import seal
from hearthline.platform.effects import Effects
from hearthline.platform.logging import logger
from hearthline.presence import store as presence_store
from hearthline.presence.socket import Pace
from hearthline.telephony import carrier as telephony_carrier
from tests.shift import bound

READERS: Final[dict[str, ModuleType]] = {
    "route": route_contact,
    "expire": expire_offer,
    "join": join_media,
    "release": release_media,
    "wrapup": end_wrapup,
    "gone": mark_gone,
    "media": close_media,
    "ticket": open_ticket,
    "daybook": keep_daybook,
    "trial": try_policy,
    "voicemail": keep_voicemail,
}
MEDIA_KEY: Final[dict[str, Any]] = {
    "private_key": {
        "kty": "OKP",
        "crv": "Ed25519",
        "d": "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
        "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
    }
}
"""The key pair of RFC 8037, appendix A.1."""
MODULES: Final = (*READERS.values(), relay_ledger, sweep_floor, voice_webhook, agent_socket, api)
LOGGERS: Final = (*(each.__name__.split(".")[1] for each in MODULES), "nudge", "presence", "ring", "silence")
QUIET: Final = "CRITICAL"
_request: ContextVar[Request | None] = ContextVar("request", default=None)


class OneRequestEach(Chalice):
    """A function serves one request at a time; here several are under way, each sees its own."""

    @property
    def current_request(self) -> Request | None:  # a plain value there
        return _request.get()

    @current_request.setter
    def current_request(self, request: Request | None) -> None:
        _request.set(request)


@contextmanager
def functions_of(
    effects: Effects, seed: int, carrier: Any, fetch: Callable[..., Any], ask: Callable[..., Any]
) -> Iterator[None]:
    """``carrier`` answers the carrier's client, ``fetch`` gives its recordings, ``ask`` stands for the edges."""
    with ExitStack() as stack:
        for app in MODULES:
            stack.enter_context(bound(app, effects))
        for chalice in (voice_webhook.app, api.app):
            stack.callback(setattr, chalice, "__class__", chalice.__class__)
            chalice.__class__ = OneRequestEach
        stack.enter_context(patch.object(TwilioHttpClient, "request", lambda client, *a, **k: carrier(client, *a, **k)))
        stack.enter_context(patch.object(media_edge, "_ask", ask))
        stack.enter_context(patch.object(telephony_carrier, "get", fetch))
        stack.enter_context(patch.object(agent_socket, "pace", Pace()))
        chance = Random(seed)
        stack.enter_context(patch.object(seal, "os", SimpleNamespace(urandom=chance.randbytes)))
        for module in (presence_store, sessions, passes):
            stack.enter_context(patch.object(module, "secrets", SimpleNamespace(token_urlsafe=_tokens(chance))))
        yield


@contextmanager
def logs_of(lines: io.StringIO | None) -> Iterator[None]:
    """What the functions log goes to ``lines``; None: they are quiet, which saves their time."""
    with ExitStack() as stack:
        for name in LOGGERS:
            log: Any = logger(name)
            if lines is None:
                stack.callback(log.setLevel, log.log_level)
                log.setLevel(QUIET)
            else:
                handler = log.registered_handler
                stack.callback(handler.setStream, handler.setStream(lines))
        yield


def _tokens(chance: Random) -> Callable[[int], str]:
    return lambda size: chance.randbytes(size).hex()
