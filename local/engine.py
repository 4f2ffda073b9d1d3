"""The local AWS engine: how it is started, where it answers, what it lacks.

Everything else sees an ``Engine`` only; a second engine is a second function that returns one.
"""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from local.places import STATE, TOOLS
from local.processes import start, wait_for

ENGINE_PYTHON = TOOLS / "engine" / "bin" / "python"


@dataclass(frozen=True)
class Engine:
    """A started engine. ``logs`` holds one file a function. ``lacks`` names what others must do without:

    ``table-ttl``    CloudFormation does not apply TimeToLiveSpecification: set it by the API
    ``route-response``  no such resource, and none is needed: what a function answers is always sent
    ``subprotocol``  the WebSocket gateway does not answer a subprotocol: the front door does
    ``websocket``    no WebSocket APIs: local/socket_gateway.py stands at ``sockets`` in their place
    """

    name: str
    url: str
    pid: int
    logs: Path
    lacks: frozenset[str]
    sockets: str  # base address of WebSocket APIs and of what is pushed to their connections
    notice: str = ""  # what whoever starts it must know

    def rest(self, api: str, stage: str) -> str:
        """Base address of a REST API, path style."""
        return f"{self.url}/_aws/execute-api/{api}/{stage}"

    def socket(self, api: str, stage: str) -> str:
        """Address of a WebSocket API, path style."""
        return f"ws{self.sockets.removeprefix('http')}/_aws/execute-api/{api}/{stage}"


def start_ministack(port: int, *, state: Path = STATE) -> Engine:
    """Starts ministack on ``port`` of the loopback, in memory, and waits until it answers."""
    scratch = state / "engine-scratch"
    logs = scratch / "logs"
    shutil.rmtree(scratch, ignore_errors=True)
    logs.mkdir(parents=True)
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "HOME": str(scratch),
        "GATEWAY_PORT": str(port),
        "BIND_HOST": "127.0.0.1",
        "MINISTACK_HOST": "127.0.0.1",
        "LAMBDA_EXECUTOR": "local",
        "LAMBDA_WARM_TTL_SECONDS": "86400",  # warm functions would go after five minutes
        "IOT_MTLS_ENABLED": "0",  # it would listen on all interfaces
        "TMPDIR": str(scratch),  # functions are unpacked here
        "S3_DATA_DIR": str(scratch / "s3"),
        "FUNCTION_LOGS": str(logs),  # read by local/inside/function_log.py
        "LOG_LEVEL": "WARNING",
        "PYTHONUNBUFFERED": "1",
    }
    pid = start("engine", [ENGINE_PYTHON, "-m", "ministack"], environment, state)
    url = f"http://127.0.0.1:{port}"
    wait_for("engine", pid, f"{url}/_ministack/health", state=state)
    return Engine("ministack", url, pid, logs, frozenset({"table-ttl", "route-response", "subprotocol"}), url)
