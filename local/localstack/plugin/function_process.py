"""One Lambda environment: imports the handler, then answers one JSON line for each one it reads.

Runs on the interpreter of the functions, with the standard library alone. Started by process_executor.py with the
number of an inherited socket. Reads ``{"invoke-id", "invoked-function-arn", "payload", "deadline_ms"}``, answers
``{"payload", "failed", "logs"}``; its first line is ``{}``, or ``{"error"}`` when the handler cannot be imported.
"""

import importlib
import json
import os
import site
import socket
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

LOG_BYTES = 256 * 1024  # of one invocation, kept for the engine; the file has all of it


class Output:
    """stdout and stderr: whole lines go to the log file at once, and are kept for the answer."""

    encoding = "utf-8"

    def __init__(self) -> None:
        self._rest = ""
        self._kept = ""

    def write(self, text: str) -> int:
        whole, newline, self._rest = (self._rest + text).rpartition("\n")
        if newline:
            self._out(whole + newline)
        return len(text)

    def flush(self) -> None:
        """Lines are already out; a line without its end waits for it."""

    def isatty(self) -> bool:
        return False

    def fileno(self) -> int:
        return sys.__stderr__.fileno() if sys.__stderr__ else 2

    def _out(self, text: str) -> None:
        os.write(2, text.encode(errors="replace"))
        self._kept = (self._kept + text)[-LOG_BYTES:]

    def taken(self) -> str:
        """What was written since the last call."""
        if self._rest:
            self._out(f"{self._rest}\n")
        kept, self._kept, self._rest = self._kept, "", ""
        return kept


@dataclass
class Context:
    """What a handler is given beside its event."""

    aws_request_id: str
    invoked_function_arn: str
    deadline_ms: int
    function_name: str = os.environ.get("AWS_LAMBDA_FUNCTION_NAME", "")
    function_version: str = os.environ.get("AWS_LAMBDA_FUNCTION_VERSION", "")
    memory_limit_in_mb: str = os.environ.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "")
    log_group_name: str = os.environ.get("AWS_LAMBDA_LOG_GROUP_NAME", "")
    log_stream_name: str = os.environ.get("AWS_LAMBDA_LOG_STREAM_NAME", "")
    identity: None = None
    client_context: None = None

    def get_remaining_time_in_millis(self) -> int:
        return max(0, self.deadline_ms - int(time.time() * 1000))


Handler = Callable[[Any, Context], Any]


def load() -> Handler:
    """The handler named by _HANDLER, from the function's folder and its layers."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    for layer in filter(None, os.environ.pop("FUNCTION_LAYERS", "").split(os.pathsep)):
        site.addsitedir(f"{layer}/python/lib/{version}/site-packages")  # also reads .pth files
        sys.path.append(f"{layer}/python")
    sys.path.insert(0, os.environ["LAMBDA_TASK_ROOT"])
    module, _, name = os.environ["_HANDLER"].rpartition(".")
    handler: Handler = getattr(importlib.import_module(module.replace("/", ".")), name)
    return handler


def described(error: BaseException) -> dict[str, Any]:
    return {
        "errorMessage": str(error),
        "errorType": type(error).__name__,
        "stackTrace": traceback.format_tb(error.__traceback__),
    }


def answer(handler: Handler, asked: dict[str, Any], output: Output) -> dict[str, Any]:
    context = Context(asked["invoke-id"], asked["invoked-function-arn"], asked["deadline_ms"])
    os.environ["_X_AMZN_TRACE_ID"] = asked.get("trace-id", "")
    begun = time.perf_counter()
    try:
        payload, failed = json.dumps(handler(json.loads(asked["payload"] or "{}"), context), ensure_ascii=False), False
    except Exception as error:  # noqa: BLE001 - the edge of the process
        traceback.print_exc()
        payload, failed = json.dumps({**described(error), "requestId": asked["invoke-id"]}), True
    report = f"REPORT RequestId: {asked['invoke-id']}\tDuration: {(time.perf_counter() - begun) * 1000:.2f} ms\n"
    return {"payload": payload, "failed": failed, "logs": output.taken() + report}


def main() -> None:
    channel = socket.socket(fileno=int(sys.argv[1])).makefile("rwb")
    output = Output()
    sys.stdout = sys.stderr = output

    def say(what: dict[str, Any]) -> None:
        channel.write(json.dumps(what).encode() + b"\n")
        channel.flush()

    try:
        handler = load()
    except BaseException as error:  # noqa: BLE001 - the edge of the process; also a SystemExit of the module
        traceback.print_exc()
        output.taken()
        say({"error": described(error)})
        return
    output.taken()
    say({})
    for line in channel:
        say(answer(handler, json.loads(line), output))


if __name__ == "__main__":
    main()
