"""``make soak NAME=model``: 20,000 histories of 60 commands on the floor, as hypothesis chooses (HISTORIES=n: less)."""

import json
import os
import time
from typing import Final

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.simulation.binding import logs_of
from tests.simulation.machine import Machine

HISTORIES: Final = int(os.environ.get("HISTORIES", "20000"))
COMMANDS: Final = 60


def main() -> None:
    """Raises what the first history that fails raises, made as short as it gets."""
    begun = time.monotonic()
    print(f"{HISTORIES} histories of {COMMANDS} commands", flush=True)
    chosen = settings(
        max_examples=HISTORIES,
        stateful_step_count=COMMANDS,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    with logs_of(None):
        run_state_machine_as_test(Machine, settings=chosen)
    print(f"all rules held, {time.monotonic() - begun:.0f} s")
    print(json.dumps({"histories": HISTORIES, "commands": COMMANDS, "violations": 0}))
