"""Whatever a start left running is ended by its pid, and nothing else is."""

import json
import os
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from local.processes import NotReadyError, alive, end_all, free_port, remembered, start, wait_for

FOREVER = [sys.executable, "-c", "import time; print('begun', flush=True); time.sleep(600)"]


def test_what_was_started_is_ended_even_by_a_later_command(tmp_path: Path) -> None:
    pids = [start(name, FOREVER, os.environ, tmp_path) for name in ("one", "two", "engine")]
    assert all(alive(pid) for pid in pids)
    assert end_all(tmp_path) == ["engine", "one", "two"]
    assert not any(alive(pid) for pid in pids)
    assert remembered(tmp_path) == {}


def test_a_process_that_ignores_the_request_is_ended_with_its_children(tmp_path: Path) -> None:
    stubborn = (
        "import signal, subprocess, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']);"
        "print(child.pid, flush=True); time.sleep(600)"
    )
    start("stubborn", [sys.executable, "-c", stubborn], os.environ, tmp_path)
    log = tmp_path / "logs" / "stubborn.log"
    assert becomes(lambda: log.read_text().endswith("\n"))
    assert end_all(tmp_path, grace=0.2) == ["stubborn"]
    assert becomes(lambda: not runs(int(log.read_text())))


def becomes(true: Callable[[], bool]) -> bool:
    """Whether it comes true before patience ends."""
    for _ in range(500):
        if true():
            return True
        time.sleep(0.02)
    return False


def runs(pid: int) -> bool:
    """Whether a process that is not our child runs; a zombie does not."""
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rsplit(")", 1)[1].split()[0] != "Z"


def test_a_pid_that_now_belongs_to_somebody_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "pids.json").write_text(json.dumps({"engine": {"pid": os.getpid(), "born": "another day"}}))
    assert end_all(tmp_path) == []


def test_a_process_that_ends_at_once_is_told_with_its_last_words(tmp_path: Path) -> None:
    pid = start("edge", [sys.executable, "-c", "raise SystemExit('no key')"], os.environ, tmp_path)
    with pytest.raises(NotReadyError, match="no key"):
        wait_for("edge", pid, f"http://127.0.0.1:{free_port(0)}", state=tmp_path)


def test_a_taken_port_is_replaced_by_a_free_one() -> None:
    taken = free_port(0)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", taken))
        listener.listen()
        assert free_port(taken) != taken
