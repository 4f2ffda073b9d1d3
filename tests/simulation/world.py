"""One history: everything together, made from a seed. ``World(seed).play()``."""

import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Final

from functions.relay_ledger import app as relay_ledger
from functions.sweep_floor import app as sweep_floor
from hearthline.config.store import publish
from hearthline.platform.effects import Effects
from hearthline.platform.objects import MemoryObjects
from hearthline.platform.queue import QueueBusyError
from hearthline.platform.seal import Sealer
from hearthline.platform.settings import Settings
from hearthline.platform.store import BusyError, Item
from hearthline.telephony.model import contact_id
from local.seed import COMPANY
from tests.simulation.binding import MEDIA_KEY, READERS, functions_of, logs_of
from tests.simulation.browsers import Browsers
from tests.simulation.carrier import ACCOUNT, NUMBER, PUBLIC, TOKEN, Call, Carrier
from tests.simulation.commands import AtTheDoors, AtTheFloor
from tests.simulation.edges import NAMES, Edges
from tests.simulation.faults import Faults
from tests.simulation.invariants import Invariants, ViolationError
from tests.simulation.loop import START_MS, Loop, Task
from tests.simulation.outside import Outside
from tests.simulation.people import People
from tests.simulation.storage import Bus, Changed, Push, Queues, Store, Stream
from tests.simulation.story import Story
from tests.simulation.trouble import KeyService, Trouble
from tests.simulation.writing import Writers

STACK: Final = "6f9619ff-8b86-4d01-b42d-00cf4fc964ff"
CALLS: Final = 25
BUSY_MS: Final = 240_000
"""Callers arrive, and faults strike, for so long."""
DRAIN_MS: Final = 90 * 60_000
"""So long after the faults stopped everything must have come to its end: the longest delay, five receives, a sweep."""
SWEEP_MS: Final = 60_000
HARMLESS: Final = frozenset({"waits", "talks", "moved_on"})
"""What the sweep finds and does not count as stuck."""
WATCH_MS: Final = 3_000
CLOSELY: Final = 40
"""In one of so many histories everything that is kept, sent or logged is read for numbers in the clear."""
DOORS: Final = 8
"""In one of so many histories people come through the real API and socket; else straight to the floor, for speed."""
MOST_HIDDEN: Final = 20
"""Writes that an index may not show yet."""


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
        chance = loop.chance
        self.story = Story()
        self.trouble = Trouble(loop, faults, kill)
        self.store = Store(loop, faults, chance.randrange(1, MOST_HIDDEN) if faults.plans("F14") else 0)
        self.queues = Queues(loop, faults, {name: app.handler for name, app in READERS.items()})
        self.stream = Stream(loop, faults, relay_ledger.handler)
        self.keys = KeyService(loop, faults)
        self.push = Push(loop, faults)
        self.edges = Edges(loop, faults, lambda body: self.queues.put("media", body))
        self.carrier = Carrier(loop, faults, self.edges)
        self.people = People(loop, faults, self.edges, self.push, self.store)
        self.browsers = Browsers(loop, self.edges, self.store)
        self.writers = Writers(loop, self.store)
        self.healthy = only is not None and not only and kill is None
        self.invariants = Invariants(self.store, self.healthy)
        self.outside = Outside(self.store, self.carrier, self.edges, self.browsers, STACK, self.invariants.held)
        self.edges.unrecorded = self.outside.unrecorded
        self.outside.on_time = faults.kinds.isdisjoint({"F12", "F13"})
        self.closely = seed % CLOSELY == 0
        self.at_the_doors = seed % DOORS == 0
        self.lines = io.StringIO()
        self.swept: dict[str, int] = {}
        self.arrived = 0
        self._write = chance.random() < 0.5
        """Whether some write in this world, beside those who call."""
        self._agents = agents or chance.randrange(2, 8)
        self.effects = self._effects()
        faults.tell = loop.tell
        self.store.after = self._after
        self.store.on_ledger = self._on_ledger
        self.people.on_break = self._on_break
        self.people.called = self.story.name
        self.browsers.named = self.writers.named = self.story.call
        loop.on_effect = self.trouble.at

    @property
    def killed(self) -> bool:
        return self.trouble.killed

    def play(self) -> None:
        """The whole history. Raises ViolationError."""
        with self._bound():
            self._open()
            self._plan()
            self.loop.after(SWEEP_MS, self._sweep, idle=True)
            if self.healthy:
                self._watch()
            self.loop.run(START_MS + BUSY_MS)
            self._calm()
            self.loop.run(START_MS + BUSY_MS + DRAIN_MS, self._settled)
            self._at_the_end()

    def _at_the_end(self) -> None:
        self.invariants.at_the_end(
            {queue: count for queue, count in self.queues.parked.items() if count},
            {queue: count for queue, count in self.queues.poisoned.items() if count},
            self.carrier.dialled,
        )
        self.outside.at_the_end()
        stuck = {cause: count for cause, count in self.swept.items() if cause not in HARMLESS}
        if self.healthy and stuck:
            raise ViolationError("sweep", f"found {stuck}")
        self.invariants.clear(self.lines.getvalue(), "a log")
        if self.carrier.refused:
            raise AssertionError(f"a genuine post was refused: {self.carrier.refused[:3]}")

    def _settled(self) -> bool:
        """Nothing is open: no contact, no dead letter, no agent with a contact."""
        return not self.invariants.open and not self.queues.dead

    def _open(self) -> None:
        publish(self.effects, replace(COMPANY, queues=tuple(self._queue(each) for each in COMPANY.queues)))
        commands = AtTheDoors(self.effects) if self.at_the_doors else AtTheFloor(self.effects)
        self.people.open(self.effects, commands, self._agents, really=self.at_the_doors)
        self.writers.open(commands, self.effects.ids.new)
        self.browsers.open(commands, self.effects.ids.new, really=self.at_the_doors)

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
            objects=MemoryObjects(self.loop.pause),
            clock=SimClock(self.loop),
            ids=SimIds(),
            sealer=Sealer("demo", self.keys, clock=lambda: self.loop.now / 1000, messages_per_key=20),
            secret=secrets.__getitem__,
        )

    def _queue(self, queue: Any) -> Any:
        """Some worlds ask for a skill and relax, some overflow: the timers of both are part of the history."""
        if queue.id == "broadband" and self.loop.chance.random() < 0.3:
            queue = replace(queue, overflow_to="service", overflow_after_s=25)
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
            if self._write and chance.random() < 0.3:
                self.loop.at(at, lambda p=patience: self._message(p))  # type: ignore[misc]  # bound now
                continue
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
                leaves_message=chance.random() < 0.12,
            )
            self.loop.at(at, lambda call=call: self._ring(call))  # type: ignore[misc]  # bound now
        self._plan_outages()

    def _plan_outages(self) -> None:
        chance = self.loop.chance
        if self.faults.plans("F21"):
            for name in NAMES:
                at = START_MS + chance.randrange(30_000, BUSY_MS)
                self.loop.at(at, lambda name=name: self.edges.restart(name, chance.randrange(1, 40)))  # type: ignore[misc]  # bound now
        if self.faults.plans("F16"):
            self.loop.at(START_MS + chance.randrange(BUSY_MS), lambda: self._keys_down(chance.randrange(2_000, 40_000)))
        if self.faults.plans("F11"):
            for _ in range(2):
                self.loop.at(START_MS + BUSY_MS + 600_000, self._redrive, idle=True)

    def _ring(self, call: Call) -> None:
        self.arrived += 1
        self.story.call(contact_id(STACK, call.sid), call.name)
        self.carrier.ring(call)

    def _web(self, patience: int, talk: int) -> None:
        self.arrived += 1
        self.browsers.caller(patience, talk)

    def _message(self, patience: int) -> None:
        self.arrived += 1
        self.writers.write(patience)

    def _keys_down(self, ms: int) -> None:
        self.loop.tell(f"the key service is down for {ms // 1000} s")
        self.keys.fail(ms)

    def _redrive(self) -> None:
        """Twice the same letters: the second time they were moved already, and come again all the same."""
        for _ in range(self.queues.redrive()):
            self.faults.note("F11")

    def _calm(self) -> None:
        self.loop.tell("faults stop")
        self.faults.over = True
        self.store.catch_up()
        # An operator sees the alarm of the dead letters and drives them back.
        for minutes in (15, 30, 45):
            self.loop.at(self.loop.now + minutes * 60_000, self._mend, idle=True)

    def _watch(self) -> None:
        self.invariants.nobody_waits_in_vain(self.loop.now)
        if self.loop.now < START_MS + 2 * BUSY_MS:
            self.loop.after(WATCH_MS, self._watch, idle=True)

    def _mend(self) -> None:
        self.queues.redrive()
        self.queues.clear_dead()

    def _sweep(self) -> None:
        def done(said: Any, alive: bool) -> None:
            for cause, count in (said or {}).items() if alive else ():
                self.swept[cause] = self.swept.get(cause, 0) + count

        self.loop.start(Task("sweep", self._swept, done, self.faults.skew("sweep")))
        self.loop.after(SWEEP_MS, self._sweep, idle=True)

    def _swept(self) -> Any:
        try:
            return sweep_floor.handler({}, None)
        except (BusyError, QueueBusyError):  # Lambda notes the failure; the next minute comes
            return None

    def _after(self, changes: Sequence[Changed]) -> None:
        self.loop.note(repr([(key.table, key.pk, key.sk, new) for key, _, new in changes]))
        self._judge(lambda: self.invariants.after(changes))

    def _on_ledger(self, item: Item) -> None:
        self.loop.tell(f"   {self.story.sentence(item['event'])}")
        self.stream.append(item)
        self._judge(lambda: self.outside.told(item["event"]))

    def _judge(self, look: Callable[[], None]) -> None:
        """A handler's last resort may catch what is raised inside it: the loop hears of it all the same."""
        try:
            look()
        except ViolationError as error:
            self.loop.broken = self.loop.broken or error
            raise

    def _on_break(self, agent: str, during_wrap_up: bool) -> None:
        """A wish was confirmed: a break from the end of this wrap-up on, or something else."""
        (self.invariants.breaks.add if during_wrap_up else self.invariants.breaks.discard)(agent)

    @contextmanager
    def _bound(self) -> Iterator[None]:
        with (
            functions_of(self.effects, self.seed, self.carrier.request, self.carrier.messages.fetch, self.edges.ask),
            logs_of(self.lines if self.closely else None),
        ):
            if self.closely:
                self.invariants.texts = True
                self.queues.bodies = lambda body: self.invariants.clear(body, "a message")
            yield
