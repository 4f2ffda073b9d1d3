"""The environment of one edge process, read once."""

import ipaddress
import json
import re
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from media_edge.entry.relays import Relays

_TURN = re.compile(r"turns?:[A-Za-z0-9.\-\[\]:]+(\?transport=(udp|tcp))?")


class Settings(BaseModel):
    """``EDGE_HOST`` is loopback unless told otherwise: one address, or one of each family with a comma between.
    ``EDGE_PUBLIC_IP`` and ``EDGE_PUBLIC_IP6`` stand in the candidates.

    Without ``EDGE_METRICS_PORT`` there are no metrics. ``EDGE_COMPLEXITY`` is libopus's: 2 spares CPU, 10 spares bits.
    ``EDGE_TLS_SECRET`` names a secret with ``certificate`` and ``key`` (PEM); without it the port speaks plain HTTP.
    ``EDGE_TURN_URLS`` (RFC 7065, with commas between) are servers that share ``EDGE_TURN_SECRET``. ``EDGE_WORKERS``
    processes, 0 for one a core: see ``workers``.
    """

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    EDGE_NAME: str = Field(min_length=1, max_length=64)
    EDGE_HOST: str = "127.0.0.1"
    EDGE_PORT: int = Field(default=9101, ge=0, le=65535)
    EDGE_METRICS_PORT: int | None = Field(default=None, ge=0, le=65535)
    EDGE_METRICS_HOST: str = "127.0.0.1"
    EDGE_UDP_PORT: int = Field(default=0, ge=0, le=65535)
    EDGE_PUBLIC_URL: str = ""
    EDGE_PUBLIC_IP: str = "127.0.0.1"
    EDGE_PUBLIC_IP6: str = ""
    EDGE_STREAM_URL: str = ""
    EDGE_MAX_ROOMS: int = Field(default=60, ge=1, le=1000)
    EDGE_RECORDS: bool = True
    EDGE_COMPLEXITY: int = Field(default=5, ge=0, le=10)
    EDGE_DRAIN_SECONDS: float = Field(default=3600.0, ge=0)
    EDGE_LIBOPUS: str = ""
    EDGE_TLS_SECRET: str = ""
    EDGE_TURN_URLS: str = ""
    EDGE_TURN_SECRET: str = Field(default="", repr=False)
    EDGE_WORKERS: int = Field(default=1, ge=0, le=64)
    CONSOLE_ORIGIN: str = ""
    CARRIER_AUTH_TOKEN: str = Field(min_length=1, repr=False)
    MEDIA_PUBLIC_JWK: dict[str, str]
    TENANT: str = Field(min_length=1)
    MEDIA_QUEUE_URL: str = Field(min_length=1)
    RECORDINGS_BUCKET: str = Field(min_length=1)
    SEAL_KEY_ID: str = Field(min_length=1)
    LOG_LEVEL: str = "INFO"

    @property
    def hosts(self) -> list[str]:
        return self.EDGE_HOST.split(",")

    @property
    def relays(self) -> Relays:
        return Relays(
            tuple(url.strip() for url in self.EDGE_TURN_URLS.split(",") if url.strip()), self.EDGE_TURN_SECRET
        )

    @model_validator(mode="after")
    def _relays_with_their_secret(self) -> "Settings":
        if self.relays.urls and not self.EDGE_TURN_SECRET:
            raise ValueError("EDGE_TURN_URLS without EDGE_TURN_SECRET")
        return self

    @field_validator("EDGE_TURN_URLS")
    @classmethod
    def _of_turn(cls, value: str) -> str:
        if any(not _TURN.fullmatch(url.strip()) for url in value.split(",") if url.strip()):
            raise ValueError("not the address of a TURN server")
        return value

    @field_validator("EDGE_HOST")
    @classmethod
    def _one_of_a_family(cls, value: str) -> str:
        families = [ipaddress.ip_address(host).version for host in value.split(",")]
        if len(set(families)) < len(families):
            raise ValueError("two addresses of one family")
        return value

    @field_validator("MEDIA_PUBLIC_JWK", mode="before")
    @classmethod
    def _jwk(cls, value: Any) -> Any:
        return json.loads(value) if isinstance(value, str) else value


def read(environment: Mapping[str, str]) -> Settings:
    """Raises pydantic's ValidationError, which names the variables and never their values."""
    return Settings.model_validate({name: environment[name] for name in Settings.model_fields if environment.get(name)})
