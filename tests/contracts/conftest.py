"""The effects under contract: each test runs on memory and on the local AWS engine, and both must say the same."""

import uuid

import pytest

from hearthline.platform.effects import Effects
from hearthline.platform.store import Store
from hearthline.platform.store_memory import MemoryStore


@pytest.fixture(params=["memory", pytest.param("engine", marks=pytest.mark.engine)])
def store(request: pytest.FixtureRequest) -> Store:
    if request.param == "memory":
        return MemoryStore()
    effects: Effects = request.getfixturevalue("engine_effects")
    return effects.store


@pytest.fixture
def pk() -> str:
    """A partition of this test's own: the engine's tables are shared by all tests."""
    return f"contract-{uuid.uuid4()}"
