"""The whole of Hearthline in a world of its own, started as a newcomer starts it, without its caller loop."""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from local.places import PYTHON, ROOT, python_environment

UP_SECONDS = 240


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """endpoints.json of a world that is up: our own, or the one that WORLD names while a test is written."""
    if running := os.environ.get("WORLD"):
        yield json.loads(Path(running).read_text())
        return
    state = tmp_path_factory.mktemp("world")
    environment = {**os.environ, **python_environment(), "HEARTHLINE_STATE": str(state), "DETACH": "1", "CALLERS": "0"}
    try:
        began = subprocess.run(  # noqa: S603  # our own command
            [PYTHON, "-m", "local.up"],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            timeout=UP_SECONDS,
            check=False,
        )
        assert began.returncode == 0, f"{began.stdout}\n{began.stderr}"
        yield json.loads((state / "endpoints.json").read_text())
    finally:
        down = [str(PYTHON), "-m", "local.down"]
        subprocess.run(down, cwd=ROOT, env=environment, check=False, timeout=60)  # noqa: S603  # our own command
