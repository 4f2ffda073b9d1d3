"""A killer tells a worker at work from one that waits for its next order, and kills by pid."""

import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.soak.company.killing import WORKER, Worker

READS = "import sys; print('ready', flush=True); sys.stdin.readline(); print('on', flush=True)\nwhile True: pass"


@pytest.fixture
def process() -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", READS]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as started:  # noqa: S603 - ours
        yield started
        started.kill()


def until(wanted: bool, worker: Worker) -> bool:
    """Whether the worker is soon seen at work, or waiting."""
    return any(worker.works() is wanted for _ in range(100_000))


@pytest.mark.skipif(sys.platform != "linux", reason="who works is read from /proc")
def test_a_worker_that_waits_for_its_next_order_is_not_at_work(process: subprocess.Popen[str]) -> None:
    assert process.stdout
    assert process.stdin
    worker = Worker(process.pid, "route_contact")
    assert process.stdout.readline() == "ready\n"
    assert until(False, worker)
    process.stdin.write("an order\n")
    process.stdin.flush()
    assert process.stdout.readline() == "on\n"
    assert until(True, worker)
    assert worker.kill()
    assert process.wait() == -signal.SIGKILL
    assert not worker.works()


def test_the_function_of_a_worker_is_read_from_its_command() -> None:
    command = "/x/python\0/tmp/s/ministack-lambda-hearthline-demo-route_contact-wqzq84dq/_worker.py\0"
    found = WORKER.search(command)
    assert found
    assert found[1] == "route_contact"
