"""What a task of ECS is told of itself (task metadata endpoint, version 4), and its protection from scale-in."""

import json
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

TIMEOUT_SECONDS = 3.0
MAX_ANSWER_BYTES = 256 * 1024
PROTECTED_MINUTES = 30
"""Renewed long before; a process that hangs is protected no longer than this."""


class TaskUnknownError(Exception):
    """The endpoint did not answer, or not as ECS does."""


@dataclass(frozen=True, slots=True)
class Task:
    """``id`` is the last word of the task's ARN; ``service`` is empty for a task that belongs to none."""

    arn: str
    cluster: str
    service: str
    definition: str
    """``family:revision``."""
    private_ip: str
    ip6: str

    @property
    def id(self) -> str:
        return self.arn.rsplit("/", 1)[-1]


def of(metadata: Mapping[str, Any]) -> Task:
    """Raises TaskUnknownError. IPv6 addresses of a network with public ones are public as they are."""
    try:
        network = metadata["Containers"][0]["Networks"][0]
        return Task(
            arn=_arn(metadata["TaskARN"]),
            cluster=str(metadata["Cluster"]),
            service=str(metadata.get("ServiceName", "")),
            definition=f"{metadata['Family']}:{metadata['Revision']}",
            private_ip=str(network["IPv4Addresses"][0]),
            ip6=str(next(iter(network.get("IPv6Addresses") or []), "")),
        )
    except (KeyError, IndexError, TypeError) as error:
        raise TaskUnknownError("the task's metadata lack what ECS says") from error


def _arn(value: object) -> str:
    if not isinstance(value, str) or "/" not in value:
        raise TypeError("not the name of a task")
    return value


def read(endpoint: str) -> Task:
    """``endpoint``: ``ECS_CONTAINER_METADATA_URI_V4``. Raises TaskUnknownError."""
    return of(_ask(f"{endpoint}/task"))


def protect(agent: str, *, wanted: bool) -> None:
    """A protected task is ended by no scale-in and no deployment. ``agent``: ``ECS_AGENT_URI``.

    Raises TaskUnknownError.
    """
    wish: dict[str, Any] = {"ProtectionEnabled": wanted}
    if wanted:
        wish["ExpiresInMinutes"] = PROTECTED_MINUTES
    told = _ask(f"{agent}/task-protection/v1/state", wish).get("protection", {})
    if told.get("ProtectionEnabled") is not wanted:
        raise TaskUnknownError("the protection of the task was not changed")


def _ask(url: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """GET, or PUT where there is a body. The address comes from ECS itself."""
    data = json.dumps(body).encode() if body is not None else None
    request = urllib.request.Request(  # noqa: S310 - see above
        url, data, {"Content-Type": "application/json"}, method="PUT" if data else "GET"
    )
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310 - see above
            told = json.loads(answer.read(MAX_ANSWER_BYTES))
    except (OSError, ValueError) as error:
        raise TaskUnknownError(f"{type(error).__name__} of the task's own endpoint") from error
    return told if isinstance(told, dict) else {}
