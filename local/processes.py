"""Processes that outlive a command: started in a session of their own, remembered by pid, ended by pid."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path

from local.places import LOGS, ROOT, STATE, write_json

PIDS = STATE / "pids.json"
GRACE_SECONDS = 8.0
POLL_SECONDS = 0.05


class NotReadyError(Exception):
    """A process ended, or did not answer in time; the message holds the end of its log."""


def start(name: str, command: Sequence[str | Path], environment: Mapping[str, str]) -> int:
    """The pid of ``command``, which writes to local/.state/logs/<name>.log and is remembered for ``end_all``."""
    LOGS.mkdir(parents=True, exist_ok=True)
    with (LOGS / f"{name}.log").open("wb") as log:
        process = subprocess.Popen(
            [str(part) for part in command],
            env=dict(environment),
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    remember(name, process.pid)
    return process.pid


def remember(name: str, pid: int) -> None:
    write_json(PIDS, {**remembered(), name: {"pid": pid, "born": _born(pid)}})


def remembered() -> dict[str, dict[str, int | str]]:
    try:
        kept: dict[str, dict[str, int | str]] = json.loads(PIDS.read_text())
    except FileNotFoundError:
        return {}
    return kept


def alive(pid: int) -> bool:
    """Whether the process runs; a child that ended is reaped on the way."""
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def end(pid: int, grace: float = GRACE_SECONDS) -> None:
    """Ask the process to end, then end its whole session."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + grace
    while alive(pid) and time.monotonic() < deadline:
        time.sleep(POLL_SECONDS)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)  # start() made each process the leader of its own group


def end_all(last: Sequence[str] = ("engine",)) -> list[str]:
    """End what is remembered, the ``last`` at the end. The names of those that still ran."""
    kept = remembered()
    ended = []
    for name in sorted(kept, key=lambda each: each in last):
        pid = int(kept[name]["pid"])
        # A pid may have been given to somebody else since: its birth tells.
        if alive(pid) and _born(pid) == kept[name]["born"]:
            end(pid)
            ended.append(name)
    PIDS.unlink(missing_ok=True)
    return ended


def _born(pid: int) -> str:
    shown = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return shown.stdout.strip()


def free_port(wished: int) -> int:
    """``wished`` where nobody listens on it, else any free one."""
    for port in (wished, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with contextlib.suppress(OSError):
                probe.bind(("127.0.0.1", port))
                return int(probe.getsockname()[1])
    raise OSError("no free port")


def free_udp_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(name: str, pid: int, url: str, seconds: float = 30.0) -> None:
    """Until ``url`` answers below 500. Raises NotReadyError."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if not alive(pid):
            raise NotReadyError(f"{name} ended at once:\n{tail(LOGS / f'{name}.log')}")
        with contextlib.suppress(OSError):
            if _status(url) < 500:
                return
        time.sleep(POLL_SECONDS)
    raise NotReadyError(f"{name} did not answer at {url} in {seconds:.0f} s:\n{tail(LOGS / f'{name}.log')}")


def _status(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310 - our own loopback addresses
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def tail(path: Path, lines: int = 30) -> str:
    try:
        return "\n".join(path.read_text(errors="replace").splitlines()[-lines:])
    except FileNotFoundError:
        return "(no log)"
