"""Words of the workspace's socket: the ticket in the handshake, the heartbeat, the answer to it."""

import json
import re
from collections import OrderedDict
from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

PROTOCOL: Final = "hearthline"
TICKET: Final = re.compile(r"[A-Za-z0-9_-]{20,128}")
MAX_MESSAGE_BYTES: Final = 1_024
SHORTEST_PAUSE_MS: Final = 500
"""Between two messages of one connection; a heartbeat comes every five seconds."""
CONNECTIONS_KEPT: Final = 2_048
REFUSED: Final = '{"type": "refused"}'
SIGNED_OUT: Final = '{"type": "signed_out"}'
"""The session behind the socket is over: a screen that gets this asks for the log-in."""

Version = Annotated[int, Field(ge=0, lt=2**53)]


class Versions(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True)

    agent: Version
    contact: Version = 0


class Heartbeat(BaseModel):
    """What the screen knows, so that the server can tell whether it is behind."""

    model_config = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True)

    type: Literal["heartbeat"]
    versions: Versions


def header(headers: Mapping[str, Any], name: str) -> str:
    return next((str(value) for key, value in headers.items() if key.lower() == name), "")


def ticket_in(headers: Mapping[str, Any]) -> str:
    """The ticket offered beside our protocol; '' when there is none."""
    offered = [part.strip() for part in header(headers, "sec-websocket-protocol").split(",")]
    if len(offered) != 2 or offered[0] != PROTOCOL or TICKET.fullmatch(offered[1]) is None:
        return ""
    return offered[1]


def from_here(headers: Mapping[str, Any], public_url: str) -> bool:
    """Whether a page came from our origin; what is no browser names none and needs the ticket all the same."""
    origin = header(headers, "origin")
    return not origin or not public_url or origin == public_url.rstrip("/")


def read_heartbeat(body: str) -> Heartbeat | None:
    """None for anything else, however long or broken."""
    if len(body) > MAX_MESSAGE_BYTES:
        return None
    try:
        return Heartbeat.model_validate_json(body)
    except ValidationError:
        return None


def answer(beat: Heartbeat, agent_version: int, contact_version: int) -> str:
    """``behind`` when the server knows more than the screen."""
    behind = agent_version > beat.versions.agent or contact_version > beat.versions.contact
    return json.dumps({"type": "behind" if behind else "ok"})


class Pace:
    """Holds back who talks too fast, without asking the store: a bound for each process is bound enough."""

    def __init__(self) -> None:
        self._last: OrderedDict[str, int] = OrderedDict()

    def allows(self, connection: str, now: int) -> bool:
        before = self._last.get(connection)
        if before is not None and now - before < SHORTEST_PAUSE_MS:
            return False
        self._last[connection] = now
        self._last.move_to_end(connection)
        while len(self._last) > CONNECTIONS_KEPT:
            self._last.popitem(last=False)
        return True
