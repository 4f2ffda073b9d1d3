"""Runs Lambda environments as processes; LocalStack's own executor needs Docker.

Found by its entry point (the folder beside this file) when this folder is on the import path of LocalStack and
``LAMBDA_RUNTIME_EXECUTOR=process``. Functions run on the interpreter named by ``FUNCTION_PYTHON``, so that nothing of
LocalStack's own environment leaks into them; what they print goes to ``<FUNCTION_LOGS>/<function>.log``.
"""

import contextlib
import json
import os
import socket
import subprocess
import threading
import time
from pathlib import Path
from typing import Any

# mypy: disable-error-code=import-not-found
from localstack import config
from localstack.services.lambda_.invocation.executor_endpoint import StatusErrorException
from localstack.services.lambda_.invocation.lambda_models import FunctionVersion, InvocationResult
from localstack.services.lambda_.invocation.plugins import RuntimeExecutorPlugin
from localstack.services.lambda_.invocation.runtime_executor import LambdaRuntimeException, RuntimeExecutor

INIT_SECONDS = 10.0  # as in the cloud
FUNCTION_PROCESS = Path(__file__).with_name("function_process.py")


class ProcessExecutorPlugin(RuntimeExecutorPlugin):  # type: ignore[misc]  # untyped
    name = "process"

    def load(self, *args: Any, **kwargs: Any) -> type["ProcessExecutor"]:
        return ProcessExecutor


class ProcessExecutor(RuntimeExecutor):  # type: ignore[misc]  # untyped
    """One environment: one process, one invocation at a time. A process that timed out or died is started anew."""

    def __init__(self, id: str, function_version: FunctionVersion) -> None:
        super().__init__(id, function_version)
        self._environment: dict[str, str] = {}
        self._process: subprocess.Popen[bytes] | None = None
        self._stopped = False
        self._lock = threading.Lock()  # a stop may come while a process is being started

    def start(self, env_vars: dict[str, Any]) -> None:
        layers = [str(each.code.get_unzipped_code_location()) for each in self.function_version.config.layers]
        self._environment = {
            "PATH": os.environ.get("PATH", ""),
            "LANG": "C.UTF-8",
            **{name: str(value) for name, value in env_vars.items()},
            "LAMBDA_TASK_ROOT": str(self._task()),
            "FUNCTION_LAYERS": os.pathsep.join(layers),
        }
        self._begin()

    def _task(self) -> Path:
        return Path(self.function_version.config.code.get_unzipped_code_location())

    def _begin(self) -> None:
        """Starts the process and waits until the handler is imported. Raises what LocalStack makes a function error."""
        ours, theirs = socket.socketpair()
        log = Path(os.environ["FUNCTION_LOGS"]) / f"{self.function_version.id.function_name}.log"
        with theirs, log.open("ab") as output, self._lock:
            if self._stopped:
                raise LambdaRuntimeException("environment was stopped")
            self._process = subprocess.Popen(
                [os.environ["FUNCTION_PYTHON"], "-P", str(FUNCTION_PROCESS), str(theirs.fileno())],
                env=self._environment,
                cwd=self._task(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                pass_fds=(theirs.fileno(),),
            )
        self._channel = ours
        self._lines = ours.makefile("rwb")
        try:
            said = self._read(INIT_SECONDS)
        except (TimeoutError, EOFError):
            said = {"error": {"errorType": "Runtime.InitError", "errorMessage": "the process did not start"}}
        if "error" in said:
            self._end()
            raise StatusErrorException("function did not start", payload=json.dumps(said["error"]).encode())

    def invoke(self, payload: dict[str, str]) -> InvocationResult:
        seconds = float(self.function_version.config.timeout)
        request, since = payload["invoke-id"], time.time()
        if self._process is None:
            self._begin()
        try:
            asked = {**payload, "deadline_ms": int((since + seconds) * 1000)}
            self._lines.write(json.dumps(asked).encode() + b"\n")
            self._lines.flush()
            said = self._read(seconds)
        except TimeoutError:
            self._end()
            return _failed(request, f"{request} Task timed out after {seconds:.2f} seconds", "Sandbox.Timedout")
        except (EOFError, OSError):
            self._end()
            return _failed(request, f"RequestId: {request} Error: Runtime exited", "Runtime.ExitError")
        return InvocationResult(request, said["payload"].encode(), is_error=said["failed"], logs=said["logs"])

    def _read(self, seconds: float) -> dict[str, Any]:
        self._channel.settimeout(seconds)
        line = self._lines.readline()
        if not line:
            raise EOFError
        read: dict[str, Any] = json.loads(line)
        return read

    def stop(self) -> None:
        with self._lock:
            self._stopped = True
        self._end()

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        with contextlib.suppress(OSError):
            self._channel.shutdown(socket.SHUT_RDWR)  # whoever reads gets an end, not a closed file
        self._channel.close()

    def get_address(self) -> str:
        return "127.0.0.1"

    def get_endpoint_from_executor(self) -> str:
        return "127.0.0.1"

    def get_runtime_endpoint(self) -> str:
        return f"http://127.0.0.1:{config.GATEWAY_LISTEN[0].port}"

    def get_logs(self) -> str:
        return ""

    @classmethod
    def prepare_version(cls, function_version: FunctionVersion) -> None:
        for code in (function_version.config.code, *(each.code for each in function_version.config.layers)):
            code.prepare_for_execution()

    @classmethod
    def cleanup_version(cls, function_version: FunctionVersion) -> None:
        """Nothing was built."""

    @classmethod
    def validate_environment(cls) -> bool:
        return "FUNCTION_PYTHON" in os.environ and "FUNCTION_LOGS" in os.environ


def _failed(request: str, message: str, kind: str) -> InvocationResult:
    payload = json.dumps({"errorType": kind, "errorMessage": message}).encode()
    return InvocationResult(request, payload, is_error=True, logs=f"{message}\n")
