"""The AWS engines by name: ``make up ENGINE=localstack``."""

import os
from pathlib import Path

from local.engine import Engine, start_ministack
from local.localstack.engine import start_localstack
from local.places import STATE

ENGINES = {"ministack": start_ministack, "localstack": start_localstack}


def chosen() -> str:
    """The name in the environment variable ENGINE. Raises KeyError for one that is not known."""
    name = os.environ.get("ENGINE") or "ministack"
    if name not in ENGINES:
        raise KeyError(f"ENGINE={name}: known are {', '.join(ENGINES)}")
    return name


def start_engine(port: int, *, state: Path = STATE) -> Engine:
    """Starts the chosen engine on ``port`` of the loopback."""
    return ENGINES[chosen()](port, state=state)
