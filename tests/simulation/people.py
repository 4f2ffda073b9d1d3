"""Agents at their screens: what they see there, what they do about it, and when their browsers die."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any, Final

from hearthline.floor.items import to_agent, to_contact
from hearthline.floor.model import TALKING, Agent, Contact
from hearthline.floor.store import Floor
from hearthline.platform.effects import Effects
from hearthline.platform.store import Item, Key
from tests.simulation.commands import TRY_LATER, Commands, Status, heartbeat
from tests.simulation.consulting import Consulting, Sound, legs_of
from tests.simulation.edges import NAMES, Edges
from tests.simulation.faults import Faults
from tests.simulation.loop import Loop, Task
from tests.simulation.storage import Push, Store
from tests.simulation.writing import Writing

LOOK_EVERY_MS: Final = 7_000
BEAT_MS: Final = 5_000
SILENCE_MS: Final = 30_000
ACCEPTS: Final = 3
"""How often a person presses a button that does not work."""
Ask = Callable[[Commands, str], Any]


@dataclass
class Habits:
    """Of one agent, as shares: offers that are declined, or ring in vain."""

    declines: float
    ignores: float


class Seat:
    """One agent's browser: reads the floor, answers, joins sound, wraps up."""

    def __init__(self, world: "People", name: str, habits: Habits) -> None:
        self._world = world
        self.name = name
        self._habits = habits
        self._seen = ""
        self._asked = ""
        self._screens = 0
        self._silent_since = 0
        self._key = Key("floor", f"A#{name}")
        self._read: tuple[Item | None, Agent | None] = (None, None)
        """The item last looked at, and what it says: a store puts another one in its place when something moves."""
        self._sound = Sound(world.edges, name)
        self._consulting = Consulting(self)
        self._writing = Writing(self, world.store)
        self.there = False
        self.rests = False
        self._wishes = self._wishing = 0
        """How many wishes to be in a state there were, and how many are under way."""

    @property
    def chance(self) -> Random:
        return self._world.loop.chance

    @property
    def _state(self) -> Agent | None:
        item = self._world.store._items.get(self._key)
        if item is not self._read[0]:
            self._read = (item, to_agent(item) if item else None)
        return self._read[1]

    def _contact(self, name: str) -> Contact | None:
        item = self._world.store._items.get(Key("floor", f"C#{name}"))
        return to_contact(item) if item else None

    @property
    def screen(self) -> str:
        return f"screen-{self.name}-{self._screens}"

    def arrive(self) -> None:
        """The page opens: a socket, then available."""
        if self.there:
            return
        self.there, self._screens = True, self._screens + 1
        self._world.push.screens[self.screen] = self.look
        screen = self.screen
        self._do("connect", lambda ask, key: ask.connect(self.name, screen))
        self._wish("available")

    def leave(self) -> None:
        """The browser dies: no sound, no socket; the gateway notices at once or never."""
        if not self.there:
            return
        self.there = False
        screen = self.screen
        self._world.loop.tell(f"the browser of {self.name} dies")
        self._world.push.screens.pop(screen, None)
        self._sound.want({}, self.look)
        if self._world.loop.chance.random() < 0.7:
            self._do("gone", lambda ask, key: ask.close(self.name, screen))
        back = self._world.loop.chance.randrange(2_000, 60_000)
        self._world.loop.after(back, self.arrive)

    def may_die(self, ms: int) -> None:
        if self._world.faults.strikes("F18"):
            self._world.loop.after(ms, self.leave)

    def second_tab(self) -> None:
        """Another tab opens and closes: the person is still there."""
        tab = f"tab-{self.name}-{self._screens}"

        def open_and_close(ask: Commands, key: str) -> None:
            ask.connect(self.name, tab)
            ask.close(self.name, tab)

        self._do("tab", open_and_close)

    def beat(self) -> None:
        if not self.there:
            return
        state = self._state
        if self._world.really and state and not self._world.faults.over:
            screen, version = self.screen, state.version
            self._world.loop.start(Task("socket", lambda: _beat(screen, version), lambda said, alive: None, 0))
        else:
            self._world.store.touch(Key("connections", f"P#{self.name}", self.screen), beat_at=self._world.loop.now)

    def look(self) -> None:
        """The page reads the floor and shows it; the person reacts once to each thing."""
        agent = self._state
        if not self.there or agent is None:
            return
        self._writing.look(agent)
        mark = f"{agent.state}:{agent.offer}:{agent.contact}:{agent.since}"
        if agent.state == "on_contact":
            self._sit_on(agent)
            return
        self._sound.want({}, self.look)
        if mark != self._seen:
            self._seen = mark
            react = {"offered": self._ring, "wrap_up": self._wrap_up, "not_ready": self._rest, "offline": self._rest}
            if agent.state in react:
                react[agent.state](agent)

    def _ring(self, agent: Agent) -> None:
        chance, offer = self._world.loop.chance, agent.offer
        draw = chance.random()
        after = chance.randrange(500, 9_000)
        if draw < self._habits.declines:
            self.later(after, "decline", lambda ask, key: ask.decline(self.name, offer, key))
        elif draw >= self._habits.declines + self._habits.ignores:
            key = self._world.key()
            self._world.loop.after(after, lambda: self._accept(offer, key, ACCEPTS))
        if self._world.faults.strikes("F17"):
            self._world.loop.after(chance.randrange(15_000), chance.choice((self.leave, self.second_tab)))

    def _accept(self, offer: str, key: str, tries: int) -> None:
        agent = self._state
        if not self.there or agent is None or agent.offer != offer or agent.state != "offered":
            return
        name = agent.contact
        self._do("accept", lambda ask, _: ask.accept(self.name, offer, name, key))
        if tries > 1:
            self._world.loop.after(2_000, lambda: self._accept(offer, key, tries - 1))
        if self._world.faults.strikes("F18"):
            self._world.loop.after(self._world.loop.chance.randrange(50, 4_000), self.leave)

    def _sit_on(self, agent: Agent) -> None:
        """On a contact: the page keeps its sound joined, the person talks and hangs up."""
        contact = self._contact(agent.contact)
        if contact is None:
            return
        self._sound.want(legs_of(self.name, contact), self.look)
        self._consulting.look(contact)
        if contact.agent != self.name or contact.state not in TALKING:
            return
        name = contact.id
        self._notice_silence(contact)
        if self._asked != name and contact.state == "connected":
            self._asked = name
            self._talk(name)

    def _talk(self, name: str) -> None:
        """What the agent will do in this conversation, if he does."""
        chance = self._world.loop.chance
        if chance.random() < 0.3:
            self.on_contact(chance.randrange(1_000, 20_000), name, "hold")
        if chance.random() < 0.2:
            self.on_contact(begins := chance.randrange(1_000, 30_000), name, "recording/pause")
            if chance.random() < 0.8:
                self.on_contact(begins + chance.randrange(500, 30_000), name, "recording/resume")
        if chance.random() < 0.15:
            self._give_on(name)
        if chance.random() < 0.4:
            self.on_contact(chance.randrange(5_000, 90_000), name, "hangup")

    def ask(self, ms: int, contact: str) -> None:
        """A colleague, for a word: one whom the page shows as free, if there is any."""

        def go() -> None:
            others = [seat for seat in self._world.seats if seat is not self]
            free = [seat for seat in others if (state := seat._state) and state.state == "available"]
            name = self.chance.choice(free or others).name
            if self.there:
                said = f"asks {name} about {self._world.called(contact)}"
                self._do(said, lambda ask, key: ask.consult(self.name, contact, name, key))

        self._world.loop.after(ms, go)

    def _give_on(self, contact: str) -> None:
        """A transfer, to a queue or first to a colleague of it."""
        chance = self._world.loop.chance
        queue = chance.choice(("broadband", "billing", "service"))
        wants = chance.choice(("", chance.choice([seat.name for seat in self._world.seats])))
        self.later(
            chance.randrange(3_000, 40_000),
            f"gives on to {wants or queue}",
            lambda ask, key: ask.transfer(self.name, contact, queue, wants, key),
        )

    def _notice_silence(self, contact: Contact) -> None:
        """Nobody is there any more, and the screen still shows a call: the person hangs up, again if need be."""
        edges, now, name = self._world.edges, self._world.loop.now, contact.id
        if contact.state == "connecting" or any(edges.has(edge, name, "caller") for edge in NAMES):
            self._silent_since = now
        elif now - self._silent_since > SILENCE_MS:
            self._silent_since = now
            self._world.silences += 1
            self.on_contact(10, name, "hangup")

    def _wrap_up(self, agent: Agent) -> None:
        chance = self._world.loop.chance
        self.rests = self.rests or chance.random() < 0.1
        if self.rests:
            self._wish("not_ready", "break")
        if chance.random() < 0.7:
            self.on_contact(chance.randrange(2_000, 40_000), agent.contact, "wrap-up")

    def _rest(self, agent: Agent) -> None:
        self.rests = False
        self._world.loop.after(self._world.loop.chance.randrange(3_000, 30_000), lambda: self._wish("available"))

    def _wish(self, state: Status, reason: str = "") -> None:
        def act(ask: Commands, key: str) -> None:
            before, alone = self._state, not self._wishing
            self._wishes, self._wishing = self._wishes + 1, self._wishing + 1
            mine = self._wishes
            if state == "available":
                self._world.on_break(self.name, False)
            try:
                ask.status(self.name, state, reason, key)
            finally:
                self._wishing -= 1
            then = self._state
            still = before is not None and then is not None and before.state == then.state == "wrap_up"
            alone = alone and mine == self._wishes  # of two under way the last to arrive holds: nobody here knows which
            self._world.on_break(self.name, state == "not_ready" and still and alone)

        if self.there:
            self._do(f"asks to be {state}", act)

    def on_contact(self, ms: int, contact: str, verb: str) -> None:
        said = f"{verb} {self._world.called(contact)}"
        self.later(ms, said, lambda ask, key: ask.on_contact(self.name, contact, verb, key))

    def later(self, ms: int, what: str, act: Ask) -> None:
        def go() -> None:
            if self.there:
                self._do(what, act)

        self._world.loop.after(ms, go)

    def _do(self, what: str, act: Ask) -> None:
        """A command; the person looks at what came of it."""
        loop, key = self._world.loop, self._world.key()

        def guarded() -> bool:
            try:
                act(self._world.commands, key)
            except TRY_LATER as error:
                loop.tell(f"{self.name}: {what}: refused, {error or type(error).__name__}")
                return False
            return True

        def done(said: Any, alive: bool) -> None:
            if not (alive and said):  # the screen says so, and the person looks again
                self._seen = ""
            loop.after(300 if said else 1_500, self.look)

        loop.tell(f"{self.name}: {what}")
        loop.start(Task("api", guarded, done, self._world.faults.skew("api")))


def _beat(screen: str, version: int) -> None:
    try:
        heartbeat(screen, version)
    except TRY_LATER:
        return  # the next one comes in five seconds


class People:
    def __init__(self, loop: Loop, faults: Faults, edges: Edges, push: Push, store: Store) -> None:
        self.loop = loop
        self.faults = faults
        self.edges = edges
        self.push = push
        self.store = store
        self.commands: Commands
        self.key: Callable[[], str]
        self.really = False
        self.seats: list[Seat] = []
        self.silences = 0
        self.on_break: Callable[[str, bool], None] = lambda agent, during_wrap_up: None
        self.called: Callable[[str], str] = lambda contact: contact

    def open(self, effects: Effects, commands: Commands, seats: int, *, really: bool) -> None:
        """``really``: heartbeats too go through the real socket."""
        self.commands, self.key, self.really = commands, effects.ids.new, really
        chance = self.loop.chance
        for n in range(seats):
            name = f"agent-{n}"
            skills = {"zh": 5, "en": chance.choice((0, 0, 3, 5)), "fiber": chance.randrange(6)}
            queues = {"broadband": 3, "billing": chance.randrange(1, 6), "service": 2}
            commands.hire(name)
            Floor(effects).enlist(name, queues=queues, skills=skills)
            self.seats.append(Seat(self, name, Habits(chance.choice((0.0, 0.1)), chance.choice((0.0, 0.1)))))
        for seat in self.seats:
            self.loop.after(chance.randrange(20_000), seat.arrive)
        self._tick()

    def _tick(self) -> None:
        for seat in self.seats:
            seat.beat()
        self.loop.after(BEAT_MS, self._tick, idle=True)
        if self.loop.now % LOOK_EVERY_MS < BEAT_MS:
            for seat in self.seats:
                seat.look()
