"""Orders to media edges, and which of them live. Short time-outs: a caller waits behind each.

EdgeBusyError   the edge did not answer or could not do it now: try again, or elsewhere
"""

import json
import math
from collections.abc import Mapping
from functools import cache
from typing import Any, Final, Literal

from hearthline.media.model import EdgeAddress, Mode, Role, Unrecorded, choose_edge, nearest
from hearthline.media.registry import Registry
from hearthline.media.tokens import media_token
from hearthline.platform.effects import Effects
from hearthline.platform.errors import TryAgainError

CONNECT_SECONDS: Final = 0.3
READ_SECONDS: Final = 0.7
MAX_ANSWER_BYTES: Final = 64 * 1024


class EdgeBusyError(TryAgainError):
    """The edge could not be reached or refused for now."""


@cache
def _pool() -> Any:
    import urllib3  # comes with boto3

    return urllib3.PoolManager(
        timeout=urllib3.Timeout(connect=CONNECT_SECONDS, read=READ_SECONDS), retries=False, num_pools=8
    )


def _ask(method: str, url: str, body: bytes | None = None, token: str = "") -> tuple[int, bytes]:
    import urllib3

    headers = {"content-type": "application/json"} if body else {}
    if token:
        headers["authorization"] = f"Bearer {token}"
    try:
        answer = _pool().request(method, url, body=body, headers=headers, redirect=False)
    except (urllib3.exceptions.HTTPError, OSError) as error:
        raise EdgeBusyError(type(error).__name__) from error
    return answer.status, answer.data[:MAX_ANSWER_BYTES]


def _state(edge: EdgeAddress) -> Literal["up", "closed", "gone"]:
    """Takes new rooms; drains or is full; does not answer."""
    try:
        status, body = _ask("GET", f"{edge.url}/health")
        told = json.loads(body)
        if status != 200:
            return "gone"
        fits = told.get("state") == "up" and told.get("rooms", 0) < told.get("max_rooms", math.inf)
        return "up" if fits else "closed"
    except (EdgeBusyError, ValueError, AttributeError, TypeError):
        return "gone"


def lives(edge: EdgeAddress) -> bool:
    """Whether it answers at all: then its rooms are there."""
    return _state(edge) != "gone"


def is_up(edge: EdgeAddress) -> bool:
    """Whether the edge takes new rooms now."""
    return _state(edge) == "up"


def takes(effects: Effects, edge: EdgeAddress, contact: str) -> bool:
    """Whether whoever belongs to this contact is let in: an edge that drains or is full keeps the rooms it has."""
    state = _state(edge)
    if state != "closed":
        return state == "up"
    try:
        return Control(effects, edge).room(contact) is not None
    except EdgeBusyError:
        return False


def edges(effects: Effects) -> list[EdgeAddress]:
    """The edges of this deployment, as they are known now."""
    return Registry(effects).edges()


def nearest_edge(effects: Effects, contact: str, preferred: str, round_trips: Mapping[str, int]) -> EdgeAddress:
    """Where a contact is to meet that may still choose: ``preferred`` while it takes it, else near to who measured.

    Whoever comes later is told the choice (it stands in the contact). Raises EdgeBusyError when no edge takes it.
    """
    known = {edge.name: edge for edge in edges(effects)}
    if preferred in known and takes(effects, known[preferred], contact):
        return known[preferred]
    others = [edge for edge in known.values() if edge.name != preferred]
    for name in nearest(contact, others, round_trips):
        if is_up(known[name]):
            return known[name]
    raise EdgeBusyError("no edge takes it")


def meeting_edge(effects: Effects, contact: str, preferred: str = "") -> EdgeAddress:
    """Where a contact's sides meet now: ``preferred`` while it takes it, else the same other edge for everybody.

    Asks the edge itself, and the next only when it does not take it. Raises EdgeBusyError when none does.
    """
    left = {edge.name: edge for edge in edges(effects)}
    there = left.pop(preferred, None)
    if there is not None and takes(effects, there, contact):
        return there
    while left:
        name = choose_edge(contact, list(left))
        chosen = left.pop(name) if name else None
        if chosen is not None and is_up(chosen):
            return chosen
    raise EdgeBusyError("no edge takes it")


class Control:
    """What the floor orders an edge to do with a contact's room."""

    def __init__(self, effects: Effects, edge: EdgeAddress) -> None:
        self._effects = effects
        self._edge = edge

    def hold(self, contact: str, held: bool) -> None:
        """The caller hears the hold tone and nobody else, or the agent again. Raises EdgeBusyError."""
        status, _ = self._order("PUT", contact, json.dumps({"held": held}).encode())
        if status != 200:
            raise EdgeBusyError(f"status {status}")

    def record(self, contact: str, order: Unrecorded) -> None:
        """Stop recording for a while, or go on; a room that is gone has nothing to go on with.

        Raises EdgeBusyError, also where no agent is in the room that was stopped: the contact is on its way elsewhere.
        """
        status, body = self._order("PUT", contact, json.dumps({"unrecorded": order._asdict()}).encode())
        if status not in ({200} if order.until else {200, 404}):
            raise EdgeBusyError(f"status {status}")
        if order.until and not any(leg["role"] == "agent" and leg["live"] for leg in json.loads(body)["legs"]):
            raise EdgeBusyError("no agent there")

    def supervise(self, contact: str, who: str, mode: Mode | None) -> bool:
        """That supervisor is heard as ``mode`` says, or leaves (None); False where he is not. Raises EdgeBusyError."""
        wish = {"supervisor": {"leg": who, "mode": mode}}
        status, _ = self._order("PUT", contact, json.dumps(wish).encode())
        if status not in {200, 404}:
            raise EdgeBusyError(f"status {status}")
        return status == 200

    def hears(self, contact: str, role: Role) -> bool:
        """Whether that side is heard in the room now; not where the edge does not answer, or has no such room."""
        try:
            status, body = self._order("GET", contact)
        except EdgeBusyError:
            return False
        legs = json.loads(body)["legs"] if status == 200 else []
        return any(leg["role"] == role and leg["live"] for leg in legs)

    def room(self, contact: str) -> dict[str, Any] | None:
        """The live room in the edge's own figures; None where it has no such room. Raises EdgeBusyError."""
        status, body = self._order("GET", contact)
        if status not in {200, 404}:
            raise EdgeBusyError(f"status {status}")
        found: dict[str, Any] | None = json.loads(body) if status == 200 else None
        return found

    def close(self, contact: str) -> None:
        """End the room; one that is gone is closed. Raises EdgeBusyError."""
        status, _ = self._order("DELETE", contact)
        if status not in {200, 204, 404, 410}:
            raise EdgeBusyError(f"status {status}")

    def _order(self, method: str, contact: str, body: bytes | None = None) -> tuple[int, bytes]:
        token = media_token(self._effects, edge=self._edge.name, contact=contact, role="control", leg="control")
        return _ask(method, f"{self._edge.url}/rooms/{contact}", body, token)
