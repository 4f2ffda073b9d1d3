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

from local.places import ROOT, STATE, write_json

GRACE_SECONDS = 8.0
POLL_SECONDS = 0.05


class NotReadyError(Exception):
    """A process ended, or did not answer in time; the message holds the end of its log."""


def start(name: str, command: Sequence[str | Path], environment: Mapping[str, str], state: Path = STATE) -> int:
    """The pid of ``command``, which writes to <state>/logs/<name>.log and is remembered for ``end_all``."""
    log = log_of(name, state)
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        process = subprocess.Popen(
            [str(part) for part in command],
            env=dict(environment),
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    process.returncode = 0  # nobody waits for this object: the process is ended by pid, perhaps by another command
    kept = {**remembered(state), name: {"pid": process.pid, "born": _born(process.pid)}}
    write_json(state / "pids.json", kept)
    return process.pid


def log_of(name: str, state: Path = STATE) -> Path:
    return state / "logs" / f"{name}.log"


def remembered(state: Path = STATE) -> dict[str, dict[str, int | str]]:
    """Name -> pid and birth of what was started with ``state``."""
    try:
        kept: dict[str, dict[str, int | str]] = json.loads((state / "pids.json").read_text())
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


def end(pids: Sequence[int], grace: float = GRACE_SECONDS) -> None:
    """Ask the processes to end, all at once, then end their whole sessions."""
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + grace
    while any(alive(pid) for pid in pids) and time.monotonic() < deadline:
        time.sleep(POLL_SECONDS)
    for pid in pids:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, signal.SIGKILL)  # start() made each process the leader of its own group


def end_all(state: Path = STATE, grace: float = GRACE_SECONDS) -> list[str]:
    """End what is remembered, the engine last. The names of those that still ran."""
    kept = {name: int(each["pid"]) for name, each in remembered(state).items() if _is_ours(each)}
    end([pid for name, pid in kept.items() if name != "engine"], grace)
    end([pid for name, pid in kept.items() if name == "engine"], grace)
    (state / "pids.json").unlink(missing_ok=True)
    return sorted(kept)


def _is_ours(kept: Mapping[str, int | str]) -> bool:
    """Whether the process still runs; its pid may have been given to somebody else since, its birth tells."""
    pid = int(kept["pid"])
    return alive(pid) and _born(pid) == kept["born"]


def _born(pid: int) -> str:
    stat = Path(f"/proc/{pid}/stat")
    if stat.exists():
        return stat.read_text().rsplit(")", 1)[1].split()[19]  # proc(5): start time in ticks since boot
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


def wait_for(name: str, pid: int, url: str, seconds: float = 30.0, state: Path = STATE) -> None:
    """Until ``url`` answers below 500. Raises NotReadyError."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if not alive(pid):
            raise NotReadyError(f"{name} ended at once:\n{tail(log_of(name, state))}")
        with contextlib.suppress(OSError):
            if _status(url) < 500:
                return
        time.sleep(POLL_SECONDS)
    raise NotReadyError(f"{name} did not answer at {url} in {seconds:.0f} s:\n{tail(log_of(name, state))}")


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
