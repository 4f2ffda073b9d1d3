"""The local cloud of a run: a world of its own on free ports, started and ended as a person would."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from local.deploy import Account
from local.places import PYTHON, ROOT, python_environment
from local.warm import warm

CROWDED: Final = {"api", "voice_webhook", "route_contact", "agent_socket"}
WORKERS: Final = 6
UP_SECONDS: Final = 240.0
DOWN_SECONDS: Final = 60.0


@contextmanager
def cloud(agents: int) -> Iterator[dict[str, Any]]:
    """endpoints.json of a world that is up, with so many agents. STATE=<folder> keeps its logs there."""
    with TemporaryDirectory() as temporary:
        state = Path(os.environ.get("STATE") or temporary)
        state.mkdir(parents=True, exist_ok=True)
        environment = {
            **os.environ,
            **python_environment(),
            "HEARTHLINE_STATE": str(state),
            "DETACH": "1",
            "CALLERS": "0",
            "AGENTS": str(agents),
        }
        try:
            up = _run("local.up", environment, UP_SECONDS)
            if up.returncode:
                sys.exit(f"the local cloud did not come up:\n{up.stdout}\n{up.stderr}")
            found = json.loads((state / "endpoints.json").read_text())
            warm(Account(found["aws"]), found["tenant"], found, CROWDED, WORKERS)
            yield found
        finally:
            _run("local.down", environment, DOWN_SECONDS)


def _run(module: str, environment: dict[str, str], seconds: float) -> subprocess.CompletedProcess[str]:
    command = [str(PYTHON), "-m", module]
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=seconds, check=False
    )
