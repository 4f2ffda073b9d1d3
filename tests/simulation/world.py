"""One history: everything together, made from a seed. ``World(seed).play()``."""

import io
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from types import ModuleType
from typing import Any, Final
from unittest.mock import patch

from twilio.http.http_client import TwilioHttpClient  # type: ignore[import-untyped]

from functions.close_media import app as close_media
from functions.end_wrapup import app as end_wrapup
from functions.expire_offer import app as expire_offer
from functions.join_media import app as join_media
from functions.keep_daybook import app as keep_daybook
from functions.mark_gone import app as mark_gone
from functions.open_ticket import app as open_ticket
from functions.relay_ledger import app as relay_ledger
from functions.release_media import app as release_media
from functions.route_contact import app as route_contact
from functions.sweep_floor import app as sweep_floor
from functions.try_policy import app as try_policy
from functions.voice_webhook import app as voice_webhook
from hearthline.config.store import publish
from hearthline.media import edge as media_edge
from hearthline.platform.bus import BusBusyError
from hearthline.platform.effects import Effects
from hearthline.platform.logging import logger
from hearthline.platform.queue import QueueBusyError
from hearthline.platform.seal import DataKey, KeysBusyError, MemoryKeys, Sealer
from hearthline.platform.settings import Settings
from hearthline.platform.store import BusyError
from local.seed import COMPANY
from tests.shift import bound
from tests.simulation.carrier import ACCOUNT, NUMBER, PUBLIC, TOKEN, Call, Carrier
from tests.simulation.edges import NAMES, Edges
from tests.simulation.faults import Faults
from tests.simulation.invariants import Invariants, ViolationError
from tests.simulation.loop import START_MS, Killed, Loop, Task
from tests.simulation.people import People
from tests.simulation.storage import Bus, Changed, Push, Queues, Store, Stream

STACK: Final = "6f9619ff-8b86-4d01-b42d-00cf4fc964ff"
READERS: Final[dict[str, ModuleType]] = {
    "route": route_contact,
    "expire": expire_offer,
    "join": join_media,
    "release": release_media,
    "wrapup": end_wrapup,
    "gone": mark_gone,
    "media": close_media,
    "ticket": open_ticket,
    "daybook": keep_daybook,
    "trial": try_policy,
}
MODULES: Final = (*READERS.values(), relay_ledger, sweep_floor, voice_webhook)
LOGGERS: Final = [
    "route_contact",
    "expire_offer",
    "join_media",
    "release_media",
    "end_wrapup",
    "mark_gone",
    "close_media",
    "open_ticket",
    "relay_ledger",
    "sweep_floor",
    "keep_daybook",
    "try_policy",
    "voice_webhook",
    "nudge",
    "presence",
    "ring",
    "api",
]
MEDIA_KEY: Final[dict[str, Any]] = {
    "private_key": {
        "kty": "OKP",
        "crv": "Ed25519",
        "d": "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
        "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
    }
}
"""The key pair of RFC 8037, appendix A.1."""
OUTAGES: Final[dict[str, tuple[str, Exception]]] = {
    "queue.send": ("F5", QueueBusyError("throttled")),
    "queue.sent": ("F4", QueueBusyError("the answer was lost")),
    "bus.publish": ("F5", BusBusyError(0)),
}
LEVEL: Final = "CRITICAL"
CALLS: Final = 26
BUSY_MS: Final = 240_000
"""Callers arrive, and faults strike, for so long."""
DRAIN_MS: Final = 90 * 60_000
"""So long after the faults stopped everything must have come to its end: the longest delay, five receives, a sweep."""
SWEEP_MS: Final = 60_000
HARMLESS: Final = frozenset({"waits", "moved_on"})
"""What the sweep finds and does not count as stuck."""
WATCH_MS: Final = 3_000
CLOSELY: Final = 40
"""In one of so many histories everything that is kept, sent or logged is read for numbers in the clear."""
SWITCH: Final = 0.10
"""How often a task gives way at an effect, although nothing is wrong."""


class KeyService:
    """The key service with its outages; plain keys are counted, not drawn, so that a seed is a history."""

    def __init__(self, loop: Loop, faults: Faults) -> None:
        self._inner = MemoryKeys(b"\0" * 32)
        self._loop = loop
        self._faults = faults
        self.down_until = 0

    def fresh(self, context: Any) -> DataKey:
        self._ask()
        return self._inner.fresh(context)

    def unwrap(self, key_id: str, wrapped: bytes, context: Any) -> bytes:
        self._ask()
        return self._inner.unwrap(key_id, wrapped, context)

    def index_key(self, tenant: str) -> bytes:
        self._ask()
        return self._inner.index_key(tenant)

    def _ask(self) -> None:
        if self._loop.now < self.down_until and not self._faults.over:
            self._faults.count["F16"] += 1
            raise KeysBusyError("the key service did not answer")


class SimClock:
    def __init__(self, loop: Loop) -> None:
        self._loop = loop

    def now(self) -> int:
        return self._loop.clock()


class SimIds:
    """uuid7 in shape, counted: the same in each run."""

    def __init__(self) -> None:
        self._count = 0

    def new(self) -> str:
        self._count += 1
        return f"0199e2a1-0000-7000-8000-{self._count:012x}"


class World:
    """``kill`` names a task and the number of an effect at which its first run dies: a crash point."""

    def __init__(
        self,
        seed: int,
        *,
        calls: int = CALLS,
        only: frozenset[str] | None = None,
        kill: tuple[str, int] | None = None,
        agents: int = 0,
    ) -> None:
        self.seed = seed
        self.loop = loop = Loop(seed)
        self.faults = faults = Faults(seed, only)
        self._calls = calls
        self._kill = kill
        self.killed = False
        self.effects_of: dict[str, int] = {}
        chance = loop.chance
        self.store = Store(loop, faults, chance.randrange(1, 20) if faults.strikes("F14") else 0)
        self.queues = Queues(loop, faults, {name: app.handler for name, app in READERS.items()})
        self.stream = Stream(loop, faults, relay_ledger.handler)
        self.keys = KeyService(loop, faults)
        self.push = Push(loop, faults)
        self.edges = Edges(loop, faults, lambda body: self.queues.put("media", body))
        self.carrier = Carrier(loop, faults, self.edges, STACK)
        self.people = People(loop, faults, self.edges, self.push, self.store)
        self.healthy = only is not None and not only and kill is None
        self.invariants = Invariants(self.store, self.healthy)
        self.closely = seed % CLOSELY == 0
        self.lines = io.StringIO()
        self.swept: dict[str, int] = {}
        self.arrived = 0
        self._agents = agents or chance.randrange(2, 8)
        self.effects = self._effects()
        self.store.after = self._after
        self.people.on_break = self._on_break
        self.store.on_ledger = self.stream.append
        loop.on_effect = self._on_effect

    def play(self) -> None:
        """The whole history. Raises ViolationError."""
        with self._bound():
            publish(self.effects, replace(COMPANY, queues=tuple(self._queue(each) for each in COMPANY.queues)))
            self.people.open(self.effects, self._agents)
            self._plan()
            self.loop.after(SWEEP_MS, self._sweep)
            if self.healthy:
                self._watch()
            self.loop.run(START_MS + BUSY_MS)
            self._calm()
            self.loop.run(START_MS + BUSY_MS + DRAIN_MS)
            self.invariants.at_the_end(
                {queue: count for queue, count in self.queues.parked.items() if count},
                {queue: count for queue, count in self.queues.poisoned.items() if count},
                self.carrier.dialled,
            )
            stuck = {cause: count for cause, count in self.swept.items() if cause not in HARMLESS}
            if self.healthy and stuck:
                raise ViolationError("sweep", f"found {stuck}")
            self.invariants.clear(self.lines.getvalue(), "a log")
            if self.carrier.refused:
                raise AssertionError(f"a genuine post was refused: {self.carrier.refused[:3]}")

    def _effects(self) -> Effects:
        settings = Settings.model_validate(
            {
                "tenant": "demo",
                "stack_id": STACK,
                "table_prefix": "t",
                "queue_url_prefix": "q",
                "public_url": PUBLIC,
                "carrier_account_sid": ACCOUNT,
                "carrier_number": NUMBER,
                "carrier_secret": "carrier",
                "media_secret": "media",
                "carrier_api_url": "https://carrier.sim",
                "edges": self.edges.listed(),
            }
        )
        secrets = {"carrier": {"auth_token": TOKEN}, "media": MEDIA_KEY}
        return Effects(
            settings=settings,
            store=self.store,
            queue=self.queues,
            push=self.push,
            bus=Bus(self.loop, self.faults, self.queues),
            clock=SimClock(self.loop),
            ids=SimIds(),
            sealer=Sealer("demo", self.keys, clock=lambda: self.loop.now / 1000, messages_per_key=20),
            secret=secrets.__getitem__,
        )

    def _queue(self, queue: Any) -> Any:
        """Some worlds ask for a skill and relax, so that the timers of relaxation are part of the history."""
        if self.loop.chance.random() < 0.3:
            steps = [{"need": {"skill": "fiber", "at_least": 3}}, {"after_s": 20}]
            return replace(queue, policy={"steps": steps})
        return queue

    def _plan(self) -> None:
        """Who calls when."""
        chance = self.loop.chance
        for n in range(self._calls):
            at = START_MS + chance.randrange(5_000, BUSY_MS)
            patience, talk = chance.randrange(10_000, 200_000), chance.randrange(5_000, 120_000)
            if chance.random() < 0.2:
                self.loop.at(at, lambda p=patience, t=talk: self._web(p, t))  # type: ignore[misc]  # bound now
                continue
            call = Call(
                f"CA{self.seed:014d}{n:016d}",
                f"+86139{chance.randrange(10**8):08d}",
                patience_ms=patience,
                talk_ms=talk,
                key=chance.choice("12345"),
                wants_callback=chance.random() < 0.15,
            )
            self.loop.at(at, lambda call=call: self._ring(call))  # type: ignore[misc]  # bound now
        if self.faults.strikes("F21"):
            self.faults.count["F21"] -= 1
            for name in NAMES:
                at = START_MS + chance.randrange(30_000, BUSY_MS)
                self.loop.at(at, lambda name=name: self.edges.restart(name, chance.randrange(1, 40)))  # type: ignore[misc]  # bound now
        if self.faults.strikes("F16"):
            self.faults.count["F16"] -= 1
            self.loop.at(START_MS + chance.randrange(BUSY_MS), lambda: self._keys_down(chance.randrange(2_000, 40_000)))
        if self.faults.strikes("F11"):
            self.faults.count["F11"] -= 1
            for _ in range(2):
                self.loop.at(START_MS + BUSY_MS + 600_000, self._redrive)

    def _ring(self, call: Call) -> None:
        self.arrived += 1
        self.carrier.ring(call)

    def _web(self, patience: int, talk: int) -> None:
        self.arrived += 1
        self.people.browser_caller(patience, talk)

    def _keys_down(self, ms: int) -> None:
        self.loop.tell("the key service is down")
        self.keys.down_until = self.loop.now + ms

    def _redrive(self) -> None:
        """Twice the same letters: the second time they were moved already, and come again all the same."""
        self.faults.count["F11"] += self.queues.redrive()

    def _calm(self) -> None:
        self.loop.tell("faults stop")
        self.faults.over = True
        # An operator sees the alarm of the dead letters and drives them back.
        for minutes in (15, 30, 45):
            self.loop.at(self.loop.now + minutes * 60_000, self._mend)

    def _watch(self) -> None:
        self.invariants.nobody_waits_in_vain(self.loop.now)
        if self.loop.now < START_MS + 2 * BUSY_MS:
            self.loop.after(WATCH_MS, self._watch)

    def _mend(self) -> None:
        self.queues.redrive()
        self.queues.clear_dead()

    def _sweep(self) -> None:
        def done(said: Any, alive: bool) -> None:
            for cause, count in (said or {}).items() if alive else ():
                self.swept[cause] = self.swept.get(cause, 0) + count

        self.loop.start(Task("sweep", lambda: self._swept(), done, 0))
        self.loop.after(SWEEP_MS, self._sweep)

    def _swept(self) -> Any:
        try:
            return sweep_floor.handler({}, None)
        except (BusyError, QueueBusyError):  # Lambda notes the failure; the next minute comes
            return None

    def _after(self, changes: Sequence[Changed]) -> None:
        try:
            self.invariants.after(changes)
        except ViolationError as error:
            self.loop.broken = self.loop.broken or error
            raise

    def _on_break(self, agent: str, during_wrap_up: bool) -> None:
        """A wish was confirmed: a break from the end of this wrap-up on, or something else."""
        (self.invariants.breaks.add if during_wrap_up else self.invariants.breaks.discard)(agent)

    def _on_effect(self, task: Task, name: str) -> None:
        """Between any two effects: another task, an outage, or the end of this process."""
        loop, faults = self.loop, self.faults
        self._crash_point(task)
        if faults.over:
            return
        if loop.chance.random() < SWITCH:
            loop.sleep(loop.chance.randrange(1, 400))
        if faults.strikes("F8"):
            loop.tell(f"{task.name} crashes at {name}")
            raise Killed
        if name.startswith("store."):
            self._store_fault(task, name)
        elif name in OUTAGES and faults.strikes(OUTAGES[name][0]):
            raise OUTAGES[name][1]

    def _crash_point(self, task: Task) -> None:
        if self._kill and self._kill[0] == task.name and not self.killed:
            self.effects_of[task.name] = max(self.effects_of.get(task.name, 0), task.effects)
            if task.effects == self._kill[1]:
                self.killed = True
                raise Killed

    def _store_fault(self, task: Task, name: str) -> None:
        loop, faults = self.loop, self.faults
        if name == "store.written":
            if faults.strikes("F4"):
                raise BusyError("the answer was lost")
        elif faults.strikes("F5"):
            raise BusyError("throttled")
        elif name == "store.write" and faults.strikes("F7"):
            loop.tell(f"{task.name} times out")
            raise Killed
        if task.name in READERS and faults.strikes("F13"):
            loop.tell(f"{task.name} is slower than its visibility")
            loop.sleep(loop.chance.randrange(61_000, 120_000))

    @contextmanager
    def _bound(self) -> Iterator[None]:
        """The functions' modules with the effects of this world; the network's two seams replaced by it."""
        with ExitStack() as stack:
            for app in MODULES:
                stack.enter_context(bound(app, self.effects))
            stack.enter_context(patch.object(TwilioHttpClient, "request", _to(self.carrier)))
            stack.enter_context(patch.object(media_edge, "_ask", self.edges.ask))
            for name in LOGGERS:
                self._listen(stack, name)
            yield

    def _listen(self, stack: ExitStack, name: str) -> None:
        """Logs are read in some histories and cost their time there; else they are off."""
        log: Any = logger(name)
        stack.callback(log.setLevel, log.log_level)
        if not self.closely:
            log.setLevel(LEVEL)
            return
        self.invariants.texts = True
        self.queues.bodies = lambda body: self.invariants.clear(body, "a message")
        handler = log.registered_handler
        stack.callback(handler.setStream, handler.setStream(self.lines))


def _to(carrier: Carrier) -> Any:
    return lambda client, *args, **more: carrier.request(client, *args, **more)
