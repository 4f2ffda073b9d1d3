"""Where a task is: what its template cannot know before it runs (``DERIVED``), found out and made known."""

import time
from collections.abc import Mapping
from typing import Final

import boto3
from botocore.config import Config
from pydantic import BaseModel, ConfigDict, Field

from media_edge.cloud import names, task
from media_edge.cloud.keeper import Keeper

DERIVED: Final = frozenset({"EDGE_NAME", "EDGE_PUBLIC_URL", "EDGE_STREAM_URL", "EDGE_PUBLIC_IP", "EDGE_PUBLIC_IP6"})
"""Settings that come from here and not from the template."""
HTTPS: Final = 443


class CloudSettings(BaseModel):
    """``EDGE_DOMAIN`` is under the certificate of all edges (``*.EDGE_DOMAIN``); the last two are ECS's own."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    EDGE_ZONE_ID: str = Field(min_length=1)
    EDGE_DOMAIN: str = Field(min_length=1)
    EDGE_VPC_ID: str = Field(min_length=1)
    EDGE_PORT: int
    EDGE_WORKERS: int = Field(default=1, ge=1, le=1)
    """A task is one worker: it is protected and drained as one."""
    ECS_CONTAINER_METADATA_URI_V4: str = Field(min_length=1)
    ECS_AGENT_URI: str = Field(min_length=1)


def found(base: Mapping[str, str]) -> tuple[dict[str, str], Keeper | None]:
    """The environment of the edge, its name known to the world. Without ``EDGE_ZONE_ID`` there is no cloud.

    Raises pydantic's ValidationError, TaskUnknownError, NoAddressError, and what boto3 raises.
    """
    if not base.get("EDGE_ZONE_ID"):
        return dict(base), None
    given = CloudSettings.model_validate({name: base[name] for name in CloudSettings.model_fields if base.get(name)})
    config = Config(connect_timeout=3, read_timeout=20, retries={"max_attempts": 4})
    session = boto3.session.Session()
    ec2, route53, ecs = (session.client(name, config=config) for name in ("ec2", "route53", "ecs"))
    own = task.read(given.ECS_CONTAINER_METADATA_URI_V4)
    zone = names.Zone(route53, given.EDGE_ZONE_ID, given.EDGE_DOMAIN)
    name, ip = names.name_of(own.id), names.public_ip(ec2, own.private_ip, given.EDGE_VPC_ID)
    zone.take(name, {"A": ip, "AAAA": own.ip6})
    keeper = Keeper(own, given.ECS_AGENT_URI, ecs, zone, name, time.monotonic)
    return {**base, **settings_of(name, given, ip, own.ip6)}, keeper


def settings_of(name: str, given: CloudSettings, ip: str, ip6: str) -> dict[str, str]:
    """``DERIVED``, of a task with this name and these addresses.

    The carrier signs the stream's address as it stands, so the port that goes without saying is not said.
    """
    host = f"{name}.{given.EDGE_DOMAIN}" + ("" if given.EDGE_PORT == HTTPS else f":{given.EDGE_PORT}")
    return {
        "EDGE_NAME": name,
        "EDGE_PUBLIC_URL": f"https://{host}",
        "EDGE_STREAM_URL": f"wss://{host}/stream",
        "EDGE_PUBLIC_IP": ip,
        "EDGE_PUBLIC_IP6": ip6,
    }
