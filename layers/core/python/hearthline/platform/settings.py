"""The environment, read once and lazily, through a model: a missing name is told by name."""

import os
from functools import cache
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, Json, ValidationError

Seconds = Annotated[int, Field(ge=1, le=900)]


class SettingsError(Exception):
    """The deployment did not give this function what it needs; the message names each variable."""


class Edge(BaseModel):
    """A media edge: ``url`` for browsers and control, ``stream`` exactly as the carrier will call it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    url: str
    stream: str


class Settings(BaseModel):
    """Names are the environment's, in lower case."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    stage: str = "local"
    tenant: str
    stack_id: str
    table_prefix: str
    queue_url_prefix: str
    seal_key_id: str = ""
    index_key_id: str = ""
    public_url: str = ""
    carrier_api_url: str = ""
    carrier_account_sid: str = ""
    carrier_number: str = ""
    carrier_secret: str = ""
    media_secret: str = ""
    edges: Json[tuple[Edge, ...]] = ()
    ws_endpoint: str = ""
    bus_name: str = ""
    recordings_bucket: str = ""
    ring_seconds: Seconds = 15
    join_seconds: Seconds = 10
    wrap_up_seconds: Seconds = 60
    gone_seconds: Seconds = 15
    utc_offset_minutes: Annotated[int, Field(ge=-840, le=840)] = 480
    """The company's clock, by which a day begins; China's by default."""


def read_settings(environment: dict[str, str]) -> Settings:
    """Raises SettingsError."""
    named = {name.lower(): value for name, value in environment.items() if name.lower() in Settings.model_fields}
    try:
        return Settings.model_validate(named)
    except ValidationError as error:
        wrong = ", ".join(f"{str(each['loc'][0]).upper()}: {each['msg']}" for each in error.errors(include_input=False))
        raise SettingsError(f"environment: {wrong}") from error


@cache
def settings() -> Settings:
    return read_settings(dict(os.environ))
