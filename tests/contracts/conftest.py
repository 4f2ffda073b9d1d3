"""The effects under contract: each test runs on memory and on the local AWS engine, and both must say the same."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from hearthline.platform.bus import Bus, MemoryBus
from hearthline.platform.effects import Effects
from hearthline.platform.objects import MemoryObjects, Objects
from hearthline.platform.queue import MemoryQueue, Queue
from hearthline.platform.seal import KeySource, KmsKeys, MemoryKeys
from hearthline.platform.store import Store
from hearthline.platform.store_memory import MemoryStore
from tests.conftest import Stack, aws_client
from tests.contracts.mailbox import EngineMailbox, Mailbox, MemoryMailbox

BOTH = ["memory", pytest.param("engine", marks=pytest.mark.engine)]


@dataclass(frozen=True)
class Post:
    """Both ways to send a message, and the place where its reader finds it."""

    queue: Queue
    bus: Bus
    mailbox: Mailbox


@pytest.fixture(params=BOTH)
def store(request: pytest.FixtureRequest) -> Store:
    if request.param == "memory":
        return MemoryStore()
    effects: Effects = request.getfixturevalue("engine_effects")
    return effects.store


@pytest.fixture(params=BOTH)
def post(request: pytest.FixtureRequest) -> Iterator[Post]:
    if request.param == "memory":
        queue, bus = MemoryQueue(), MemoryBus()
        yield Post(queue, bus, MemoryMailbox(queue, bus))
        return
    effects: Effects = request.getfixturevalue("engine_effects")
    stack: Stack = request.getfixturevalue("stack")
    sqs = aws_client(stack.engine.url, stack.environment, "sqs")
    mailbox = EngineMailbox(sqs, effects.settings.queue_url_prefix)
    mailbox.empty()
    yield Post(effects.queue, effects.bus, mailbox)
    mailbox.empty()


@pytest.fixture(params=BOTH)
def objects(request: pytest.FixtureRequest) -> Objects:
    if request.param == "memory":
        return MemoryObjects()
    effects: Effects = request.getfixturevalue("engine_effects")
    return effects.objects


@pytest.fixture(params=BOTH)
def keys(request: pytest.FixtureRequest) -> KeySource:
    return MemoryKeys() if request.param == "memory" else kms(request)


@pytest.fixture(params=["of memory, to the engine", "of the engine, to memory"])
def strangers(request: pytest.FixtureRequest) -> tuple[KeySource, KeySource]:
    """Who sealed, and another who is asked to open."""
    both = MemoryKeys(), kms(request)
    return both if request.param == "of memory, to the engine" else both[::-1]


def kms(request: pytest.FixtureRequest) -> KmsKeys:
    stack: Stack = request.getfixturevalue("stack")
    client = aws_client(stack.engine.url, stack.environment, "kms")
    return KmsKeys(client, stack.environment["SEAL_KEY_ID"], stack.environment["INDEX_KEY_ID"])


@pytest.fixture
def pk() -> str:
    """A partition of this test's own: the engine's tables are shared by all tests."""
    return f"contract-{uuid.uuid4()}"
