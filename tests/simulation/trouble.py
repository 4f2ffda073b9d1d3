"""Between any two effects of a task: another task runs, the service fails, the clock leaps, or the process ends."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Final

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hearthline.platform.bus import BusBusyError
from hearthline.platform.queue import QueueBusyError
from hearthline.platform.seal import NONCE_BYTES, DataKey, KeysBusyError, MemoryKeys
from hearthline.platform.store import BusyError
from tests.simulation.binding import READERS
from tests.simulation.faults import Faults
from tests.simulation.loop import Killed, Loop, Task

OUTAGES: Final[dict[str, tuple[str, Exception]]] = {
    "queue.send": ("F5", QueueBusyError("throttled")),
    "queue.sent": ("F4", QueueBusyError("the answer was lost")),
    "bus.publish": ("F5", BusBusyError(0)),
}
MASTER: Final = b"\0" * 32
SWITCH: Final = 0.10
"""How often a task gives way at an effect, although nothing is wrong."""
LEAP: Final = 0.10
"""How often, at an effect, a clock that goes wrong leaps to the other side of the truth."""


class Trouble:
    """``kill`` names a task and the number of an effect at which its first run dies: a crash point."""

    def __init__(self, loop: Loop, faults: Faults, kill: tuple[str, int] | None) -> None:
        self._loop = loop
        self._faults = faults
        self._kill = kill
        self.killed = False

    def at(self, task: Task, name: str) -> None:
        """``name`` is the effect that is about to happen, or just happened."""
        self._crash_point(task)
        if self._faults.over:
            return
        if self._loop.chance.random() < SWITCH:
            self._loop.sleep(self._loop.chance.randrange(1, 400))
        if task.skew and self._loop.chance.random() < LEAP:
            self._faults.note("F12", f"the clock of {task.name} leaps")
            task.skew = -task.skew
        if self._faults.strikes("F8", f"{task.name} at {name}"):
            raise Killed
        if name.startswith("store."):
            self._store(task, name)
        elif name in OUTAGES and self._faults.strikes(OUTAGES[name][0], f"{task.name} at {name}"):
            raise OUTAGES[name][1]

    def _crash_point(self, task: Task) -> None:
        if self._kill and self._kill[0] == task.name and not self.killed and task.effects == self._kill[1]:
            self.killed = True
            raise Killed

    def _store(self, task: Task, name: str) -> None:
        loop, faults, where = self._loop, self._faults, f"{task.name} at {name}"
        if name == "store.written":
            if faults.strikes("F4", where):
                raise BusyError("the answer was lost")
        elif faults.strikes("F5", where):
            raise BusyError("throttled")
        elif name == "store.write" and faults.strikes("F7", where):
            raise Killed
        if task.name in READERS and faults.strikes("F13", where):
            loop.sleep(loop.chance.randrange(61_000, 120_000))


class KeyService:
    """The key service with its outages; keys are counted, not drawn, so that a seed is a history."""

    def __init__(self, loop: Loop, faults: Faults) -> None:
        self._inner = MemoryKeys(MASTER)
        self._made = 0
        self._loop = loop
        self._faults = faults
        self._down_until = 0

    def fail(self, ms: int) -> None:
        self._down_until = self._loop.now + ms

    def fresh(self, context: Mapping[str, str]) -> DataKey:
        self._ask()
        self._made += 1
        plain, nonce = sha256(str(self._made).encode()).digest(), self._made.to_bytes(NONCE_BYTES, "big")
        bound = "\n".join(f"{name}={context[name]}" for name in sorted(context)).encode()
        return DataKey(self._inner.key_id, plain, nonce + AESGCM(MASTER).encrypt(nonce, plain, bound))

    def unwrap(self, key_id: str, wrapped: bytes, context: Mapping[str, str]) -> bytes:
        self._ask()
        return self._inner.unwrap(key_id, wrapped, context)

    def index_key(self, tenant: str) -> bytes:
        self._ask()
        return self._inner.index_key(tenant)

    def _ask(self) -> None:
        if self._loop.now < self._down_until and not self._faults.over:
            self._faults.note("F16", "no answer")
            raise KeysBusyError("the key service did not answer")
