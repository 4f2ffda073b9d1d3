"""The same effects in memory: deterministic, with a pause before and after each, for tests and the simulation."""

from collections.abc import Callable
from typing import Any

from hearthline.platform.bus import MemoryBus
from hearthline.platform.clock import CountedIds, SetClock
from hearthline.platform.effects import Effects
from hearthline.platform.objects import MemoryObjects
from hearthline.platform.push import MemoryPush
from hearthline.platform.queue import MemoryQueue
from hearthline.platform.seal import MemoryKeys, Sealer
from hearthline.platform.settings import Settings
from hearthline.platform.store_memory import MemoryStore


def memory(
    settings: Settings,
    pause: Callable[[str], None] = lambda _: None,
    secrets: dict[str, dict[str, Any]] | None = None,
) -> Effects:
    """``pause(name)`` may raise to kill the worker at that point; ``secrets`` stand in for the secret store."""
    return Effects(
        settings=settings,
        store=MemoryStore(pause),
        queue=MemoryQueue(pause),
        push=MemoryPush(pause),
        bus=MemoryBus(pause),
        objects=MemoryObjects(pause),
        clock=SetClock(),
        ids=CountedIds(),
        sealer=Sealer(settings.tenant, MemoryKeys(b"\0" * 32)),
        secret=(secrets or {}).__getitem__,
    )
