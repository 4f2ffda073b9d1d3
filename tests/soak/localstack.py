"""``make soak NAME=localstack``: the tests that need an engine, and one whole call, on LocalStack.

The world it brings up is its own, beside one that may be up. The last line is JSON.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from local.check import pytest_counts
from local.places import PYTHON, ROOT, python_environment

TESTS = ("tests/contracts", "tests/integration", "tests/local")
CALL_SECONDS = 240.0


@dataclass(frozen=True)
class Done:
    code: int
    output: str
    seconds: float


def run(*command: str, environment: dict[str, str], limit: float | None = None) -> Done:
    """Runs a Python module; what it says is shown as it is said."""
    begun, said = time.monotonic(), list[str]()
    with subprocess.Popen(
        [PYTHON, "-m", *command], cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            print(line, end="", flush=True)
            said.append(line)
        code = process.wait(limit)
    return Done(code, "".join(said), time.monotonic() - begun)


def engine_tests(environment: dict[str, str]) -> dict[str, float]:
    done = run("pytest", "-q", "-m", "engine and not browser and not soak", *TESTS, environment=environment)
    counted = pytest_counts(done.output, done.code)
    return {"passed": counted.passed, "failed": counted.failed, "tests_s": round(done.seconds, 1)}


def whole_call(environment: dict[str, str]) -> dict[str, float | bool]:
    """Brings everything up, places one call, ends everything."""
    try:
        up = run("local.up", environment=environment)
        if up.code:
            return {"call_ok": False}
        call = run("local.callers.call", environment=environment, limit=CALL_SECONDS)
    finally:
        run("local.down", environment=environment)
    told = json.loads(call.output.splitlines()[-1])
    heard = {f"{who}_correlation": told[who]["correlation"] for who in ("caller_heard", "agent_heard") if told.get(who)}
    return {"engine_s": _seconds(up, "AWS engine"), "stacks_s": _seconds(up, "stacks"), "call_ok": told["ok"], **heard}


def _seconds(up: Done, step: str) -> float:
    found = re.search(rf"{step}.*? (\d+\.\d) s$", up.output, re.MULTILINE)
    return float(found.group(1)) if found else 0.0


def main() -> None:
    with tempfile.TemporaryDirectory() as state:
        environment = {
            **os.environ,
            **python_environment(),
            "ENGINE": "localstack",
            "HEARTHLINE_STATE": str(Path(state)),
            "DETACH": "1",
            "CALLERS": "0",
        }
        found: dict[str, float | bool] = {**engine_tests(environment), **whole_call(environment)}
    print(f"\n{'figure':<26}value")
    for name, value in found.items():
        print(f"{name:<26}{value}")
    print(json.dumps(found))
    sys.exit(not found["call_ok"] or bool(found["failed"]))
