"""The process a function runs in on LocalStack: what a handler is given, and what becomes of what it does."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from local.localstack import engine

PROCESS = engine.PLUGIN / "function_process.py"
ANSWER_SECONDS = 20.0


class Running:
    """A started function process: ``ask(event)`` is one invocation."""

    def __init__(self, task: Path, handler: str, layers: list[Path], **environment: str) -> None:
        ours, theirs = socket.socketpair()
        ours.settimeout(ANSWER_SECONDS)
        self.log = task / "function.log"
        given = {
            "_HANDLER": handler,
            "LAMBDA_TASK_ROOT": str(task),
            "FUNCTION_LAYERS": os.pathsep.join(str(each) for each in layers),
            "AWS_LAMBDA_FUNCTION_NAME": "greeter",
            **environment,
        }
        with theirs, self.log.open("wb") as log:
            self.process = subprocess.Popen(  # noqa: S603  # our own program
                [sys.executable, "-P", str(PROCESS), str(theirs.fileno())],
                env=given,
                stdout=log,
                stderr=log,
                pass_fds=(theirs.fileno(),),
            )
        self._channel = ours
        self._lines = ours.makefile("rwb")
        self.first = self.read()

    def read(self) -> dict[str, Any]:
        read: dict[str, Any] = json.loads(self._lines.readline() or b'{"ended": true}')
        return read

    def ask(self, event: Any, seconds: float = 3.0) -> dict[str, Any]:
        asked = {
            "invoke-id": "r-1",
            "invoked-function-arn": "arn:greeter",
            "payload": json.dumps(event),
            "deadline_ms": int((time.time() + seconds) * 1000),
        }
        self._lines.write(json.dumps(asked).encode() + b"\n")
        self._lines.flush()
        return self.read()

    def end(self) -> int:
        self._lines.close()
        self._channel.close()
        return self.process.wait(ANSWER_SECONDS)


Run = Callable[..., Running]


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    started: list[Running] = []

    def begin(code: str, handler: str = "app.handler", layers: tuple[Path, ...] = (), **environment: str) -> Running:
        (tmp_path / "app.py").write_text(code)
        started.append(Running(tmp_path, handler, list(layers), **environment))
        return started[-1]

    yield begin
    for each in started:
        each.end()


def test_a_handler_is_given_its_event_and_its_answer_comes_back(run: Run) -> None:
    running = run("def handler(event, context): return {'hello': event['name']}")
    assert running.first == {}
    assert json.loads(running.ask({"name": "小云"})["payload"]) == {"hello": "小云"}


def test_a_handler_knows_who_called_it_and_how_long_it_may_take(run: Run) -> None:
    running = run(
        "def handler(event, context):\n"
        "    return [context.aws_request_id, context.function_name, context.get_remaining_time_in_millis()]"
    )
    request, name, remaining = json.loads(running.ask({}, seconds=3)["payload"])
    assert (request, name) == ("r-1", "greeter")
    assert 0 < remaining <= 3000


def test_state_outlives_a_call_as_it_does_in_a_warm_function(run: Run) -> None:
    running = run("calls = []\ndef handler(event, context):\n    calls.append(1)\n    return len(calls)")
    assert [running.ask({})["payload"] for _ in range(3)] == ["1", "2", "3"]


def test_what_a_call_prints_is_answered_with_it_and_stands_in_the_log(run: Run) -> None:
    running = run(
        "import sys\nprint('starting')\ndef handler(event, context):\n"
        "    print('said', event)\n    print('no end of line', end='', file=sys.stderr)"
    )
    first, second = running.ask(1)["logs"], running.ask(2)["logs"]
    assert first.startswith("said 1\nno end of line\nREPORT RequestId: r-1")
    assert second.startswith("said 2\n")
    assert running.log.read_text().splitlines() == ["starting", "said 1", "no end of line", "said 2", "no end of line"]


def test_an_exception_is_an_answer_and_the_process_lives_on(run: Run) -> None:
    running = run("def handler(event, context): return 1 / event")
    said = running.ask(0)
    assert said["failed"]
    error = json.loads(said["payload"])
    assert (error["errorType"], error["errorMessage"], error["requestId"]) == (
        "ZeroDivisionError",
        "division by zero",
        "r-1",
    )
    assert "ZeroDivisionError" in said["logs"]
    assert running.ask(1)["payload"] == "1.0"


def test_an_answer_that_is_not_json_is_an_error_of_that_call(run: Run) -> None:
    running = run("def handler(event, context): return {1, 2}")
    said = running.ask({})
    assert said["failed"]
    assert json.loads(said["payload"])["errorType"] == "TypeError"


@pytest.mark.parametrize("code", ["import nothing_like_it", "raise SystemExit(3)", "def other(): ..."])
def test_a_module_that_cannot_be_imported_says_why_before_any_call(run: Run, code: str) -> None:
    running = run(code)
    assert running.first["error"]["errorType"] in {"ModuleNotFoundError", "SystemExit", "AttributeError"}
    assert running.read() == {"ended": True}


def test_layers_are_importable_behind_the_functions_own_code(run: Run, tmp_path: Path) -> None:
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    plain, nested = tmp_path / "plain", tmp_path / "nested"
    (plain / "python").mkdir(parents=True)
    (plain / "python/shared.py").write_text("name = 'layer'")
    (plain / "python/app.py").write_text("raise RuntimeError('the layer hides the function')")
    packages = nested / f"python/lib/{version}/site-packages"
    packages.mkdir(parents=True)
    (tmp_path / "linked").mkdir()
    (tmp_path / "linked/far.py").write_text("name = 'linked'")
    (packages / "far.pth").write_text(f"{tmp_path / 'linked'}\n")
    running = run(
        "import far, shared\ndef handler(event, context): return [far.name, shared.name]", layers=(plain, nested)
    )
    assert json.loads(running.ask({})["payload"]) == ["linked", "layer"]


def test_a_function_sees_its_own_environment_only(run: Run) -> None:
    running = run("import os\ndef handler(event, context): return sorted(os.environ)", STAGE="test")
    seen = set(json.loads(running.ask({})["payload"]))
    assert "STAGE" in seen
    assert "FUNCTION_LAYERS" not in seen


def test_the_process_ends_when_whoever_started_it_is_gone(run: Run) -> None:
    running = run("def handler(event, context): return None")
    assert running.end() == 0
