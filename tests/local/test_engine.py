"""The chosen engine (ENGINE) is closed to the network around this machine, as far as it says so."""

import json
import re
from pathlib import Path

import pytest

from local.deploy import Account
from local.engine import Engine
from tests.conftest import Stack
from tests.local.conftest import Deploy, zipped

SLOW = """
import time

def handler(event, context):
    time.sleep(event["seconds"])
    return "awake"
"""
LISTENING, LOOPBACK = "0A", {"0100007F", "00000000000000000000000001000000"}
needs_linux = pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="listening sockets are read from /proc")


def listening_addresses(port: int) -> set[str]:
    """The addresses, as the kernel writes them, on which somebody listens at ``port``."""
    found = set()
    for table in (Path("/proc/net/tcp"), Path("/proc/net/tcp6")):
        for line in table.read_text().splitlines()[1:] if table.exists() else []:
            _, local, _, state = line.split()[:4]
            address, _, at = local.partition(":")
            if state == LISTENING and int(at, 16) == port:
                found.add(address)
    return found


@pytest.fixture(scope="module")
def slow(deployed: Deploy) -> str:
    """A function that may take two seconds and sleeps for as long as it is told."""
    return deployed(SLOW, timeout=2)


def port_of(url: str) -> int:
    return int(url.rsplit(":", 1)[1])


@pytest.mark.engine
@needs_linux
def test_the_engine_and_its_sockets_listen_on_the_loopback_only(engine: Engine) -> None:
    for url in {engine.url, engine.sockets}:
        addresses = listening_addresses(port_of(url))
        assert addresses
        assert addresses <= LOOPBACK, url


@pytest.mark.engine
@needs_linux
def test_what_listens_elsewhere_is_said_where_it_is_started(stack: Stack) -> None:
    assert stack.account.client("dynamodb").list_tables()["TableNames"]  # the database is up
    noticed = re.search(r"port (\d+) of all interfaces", stack.engine.notice)
    if noticed:
        assert listening_addresses(int(noticed.group(1))) - LOOPBACK
    else:
        assert stack.engine.name == "ministack"


@pytest.mark.engine
def test_a_function_that_takes_too_long_is_ended_and_the_next_call_is_answered(engine: Engine, slow: str) -> None:
    client = Account(engine.url).client("lambda")
    late = client.invoke(FunctionName=slow, Payload=b'{"seconds": 30}')
    assert "FunctionError" in late
    assert "timed out" in json.loads(late["Payload"].read())["errorMessage"]
    assert json.loads(client.invoke(FunctionName=slow, Payload=b'{"seconds": 0}')["Payload"].read()) == "awake"


@pytest.mark.engine
def test_changed_code_answers_the_next_call(engine: Engine, slow: str) -> None:
    client = Account(engine.url).client("lambda")
    client.update_function_code(FunctionName=slow, ZipFile=zipped("def handler(event, context): return 'changed'"))
    client.get_waiter("function_updated_v2").wait(FunctionName=slow, WaiterConfig={"Delay": 1})
    assert json.loads(client.invoke(FunctionName=slow, Payload=b"{}")["Payload"].read()) == "changed"
