"""Agents at their screens and callers in browsers: what people do, and when."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from chalicelib.spread import spread
from hearthline.events.word import Actor
from hearthline.floor.errors import FloorError
from hearthline.floor.items import to_agent, to_contact
from hearthline.floor.keeper import Step
from hearthline.floor.model import Agent, Contact
from hearthline.floor.store import Floor
from hearthline.media.edge import EdgeBusyError, meeting_edge
from hearthline.platform.effects import Effects
from hearthline.platform.seal import KeysBusyError
from hearthline.platform.store import BusyError, Key
from hearthline.presence.leaving import report_lost
from hearthline.presence.store import Presence
from tests.simulation.edges import NAMES, Edges
from tests.simulation.faults import Faults
from tests.simulation.loop import Loop, Task
from tests.simulation.storage import Push, Store

LOOK_EVERY_MS: Final = 7_000
BEAT_MS: Final = 5_000
SILENCE_MS: Final = 30_000
CALLER: Final = Actor(kind="caller")
TRY_LATER = (BusyError, FloorError, EdgeBusyError, KeysBusyError)
"""What a screen tells its person, who tries again."""


@dataclass
class Habits:
    """Of one agent, as shares: offers that are declined, or ring in vain."""

    declines: float
    ignores: float


class Seat:
    """One agent's browser: reads the floor, answers, joins sound, wraps up. Its commands run as the API runs them."""

    def __init__(self, world: "People", name: str, habits: Habits) -> None:
        self._world = world
        self.name = name
        self._habits = habits
        self._seen = ""
        self._asked = ""
        self._screens = 0
        self._silent_since = 0
        self.there = False
        self.rests = False

    @property
    def _state(self) -> Agent | None:
        item = self._world.store._items.get(Key("floor", f"A#{self.name}"))
        return to_agent(item) if item else None

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
        self._do("connect", lambda: Presence(self._world.effects).open(self.name, screen))
        self._wish("available")

    def leave(self) -> None:
        """The browser dies: no sound, no socket; the gateway notices at once or never."""
        if not self.there:
            return
        self.there = False
        screen = self.screen
        self._world.push.screens.pop(screen, None)
        state = self._state
        if state and state.contact:
            self._world.edges.leave(state.contact, "agent")
        if self._world.loop.chance.random() < 0.7:
            self._do("gone", lambda: self._close(screen))
        back = self._world.loop.chance.randrange(2_000, 60_000)
        self._world.loop.after(back, self.arrive)

    def second_tab(self) -> None:
        """Another tab opens and closes: the person is still there."""
        effects, tab = self._world.effects, f"tab-{self.name}-{self._screens}"

        def open_and_close() -> None:
            Presence(effects).open(self.name, tab)
            self._close(tab)

        self._do("tab", open_and_close)

    def _close(self, screen: str) -> None:
        person = Presence(self._world.effects).close(screen)
        if person is not None:
            report_lost(self._world.effects, person, screen)

    def beat(self) -> None:
        if self.there:
            self._world.store.touch(Key("connections", f"P#{self.name}", self.screen), beat_at=self._world.loop.now)

    def look(self) -> None:
        """The page reads the floor and shows it; the person reacts once to each thing."""
        agent = self._state
        if not self.there or agent is None:
            return
        mark = f"{agent.state}:{agent.offer}:{agent.contact}:{agent.since}"
        if agent.state == "on_contact":
            self._sit_on(agent)
        elif mark != self._seen:
            self._seen = mark
            react = {"offered": self._ring, "wrap_up": self._wrap_up, "not_ready": self._rest, "offline": self._rest}
            if agent.state in react:
                react[agent.state](agent)

    def _ring(self, agent: Agent) -> None:
        chance, offer = self._world.loop.chance, agent.offer
        draw = chance.random()
        after = chance.randrange(500, 9_000)
        if draw < self._habits.declines:
            self._later(after, "decline", lambda floor: floor.lapse(offer, "declined", self._me))
        elif draw >= self._habits.declines + self._habits.ignores:
            self._world.loop.after(after, lambda: self._accept(offer, 2))
        if self._world.faults.strikes("F17"):
            self._world.loop.after(chance.randrange(15_000), chance.choice((self.leave, self.second_tab)))

    def _accept(self, offer: str, tries: int) -> None:
        agent = self._state
        if not self.there or agent is None or agent.offer != offer or agent.state != "offered":
            return
        effects = self._world.effects
        name = agent.contact

        def act() -> None:
            contact = Floor(effects).contact(name)
            edge = meeting_edge(effects, name, contact.edge if contact else "")
            spread(effects, Floor(effects).accept(offer, self.name, edge.name, self._me))

        self._do("accept", act)
        if tries:
            self._world.loop.after(2_000, lambda: self._accept(offer, tries - 1))
        if self._world.faults.strikes("F18"):
            self._world.loop.after(self._world.loop.chance.randrange(50, 4_000), self.leave)

    def _sit_on(self, agent: Agent) -> None:
        """On a contact: the page keeps its sound joined, the person talks and hangs up."""
        contact = self._contact(agent.contact)
        if contact is None or contact.agent != self.name or contact.state not in {"connecting", "connected", "held"}:
            return
        edges, name = self._world.edges, contact.id
        if not any(edges.has(edge, name, "agent") for edge in NAMES if edges.up(edge)):
            edge = contact.edge if edges.up(contact.edge) else next((n for n in NAMES if edges.up(n)), "")
            if edge:
                edges.join(edge, name, "agent", self.look)
        self._notice_silence(contact)
        if self._asked != name and contact.state == "connected":
            self._asked = name
            chance = self._world.loop.chance
            if chance.random() < 0.3:
                self._later(
                    chance.randrange(1_000, 20_000), "hold", lambda floor: floor.hold(name, self.name, self._me)
                )
                self._later(25_000, "resume", lambda floor: floor.resume(name, self.name, self._me))
            if chance.random() < 0.4:
                self._later(
                    chance.randrange(5_000, 90_000),
                    "hang up",
                    lambda floor: floor.end_contact(name, by="agent", actor=self._me),
                )

    def _notice_silence(self, contact: Contact) -> None:
        """Nobody is there any more, and the screen still shows a call: the person hangs up, again if need be."""
        edges, now, name = self._world.edges, self._world.loop.now, contact.id
        if contact.state == "connecting" or any(edges.has(edge, name, "caller") for edge in NAMES):
            self._silent_since = now
        elif now - self._silent_since > SILENCE_MS:
            self._silent_since = now
            self._later(10, "hang up", lambda floor: floor.end_contact(name, by="agent", actor=self._me))

    def _wrap_up(self, agent: Agent) -> None:
        name, chance = agent.contact, self._world.loop.chance
        self.rests = self.rests or chance.random() < 0.1
        if self.rests:
            self._wish("not_ready", "break")
        if chance.random() < 0.7:
            self._later(
                chance.randrange(2_000, 40_000),
                "wrap up",
                lambda floor: floor.end_wrapup(
                    name, self.name, by="agent", actor=self._me, code="resolved", solved=True
                ),
            )

    def _rest(self, agent: Agent) -> None:
        self.rests = False
        self._world.loop.after(self._world.loop.chance.randrange(3_000, 30_000), lambda: self._wish("available"))

    def _wish(self, state: str, reason: str = "") -> None:
        effects = self._world.effects

        def act() -> None:
            if state == "available":
                Presence(effects).seen(self.name)
            before = self._state
            step = Floor(effects).set_status(self.name, state, reason, self._me)  # type: ignore[arg-type]  # one of the three
            self._world.on_break(self.name, state == "not_ready" and before is not None and before.state == "wrap_up")
            spread(effects, step)

        if self.there:
            self._do(f"status {state}", act)

    @property
    def _me(self) -> Actor:
        return Actor(kind="agent", id=self.name)

    def _later(self, ms: int, what: str, act: Callable[[Floor], Step | None]) -> None:
        effects = self._world.effects

        def go() -> None:
            if self.there:
                self._do(what, lambda: spread(effects, act(Floor(effects))))

        self._world.loop.after(ms, go)

    def _do(self, what: str, act: Callable[[], Any]) -> None:
        """A command, as the API would run it; the person looks at what came of it."""
        loop = self._world.loop

        def guarded() -> bool:
            try:
                act()
            except TRY_LATER as error:
                loop.tell(f"{self.name}: {what} refused, {type(error).__name__}")
                return False
            return True

        def done(said: Any, alive: bool) -> None:
            if not (alive and said):  # the screen says so, and the person looks again
                self._seen = ""
            loop.after(300 if said else 1_500, self.look)

        loop.tell(f"{self.name}: {what}")
        loop.start(Task("api", guarded, done, 0))


class People:
    def __init__(self, loop: Loop, faults: Faults, edges: Edges, push: Push, store: Store) -> None:
        self.loop = loop
        self.faults = faults
        self.edges = edges
        self.push = push
        self.store = store
        self.effects: Effects
        self.seats: list[Seat] = []
        self.on_break: Callable[[str, bool], None] = lambda agent, during_wrap_up: None
        self._callers = 0

    def open(self, effects: Effects, seats: int) -> None:
        self.effects = effects
        chance = self.loop.chance
        for n in range(seats):
            name = f"agent-{n}"
            skills = {"zh": 5, "en": chance.choice((0, 0, 3, 5)), "fiber": chance.randrange(6)}
            queues = {"broadband": 3, "billing": chance.randrange(1, 6), "service": 2}
            Floor(effects).enlist(name, queues=queues, skills=skills)
            self.seats.append(Seat(self, name, Habits(chance.choice((0.0, 0.1)), chance.choice((0.0, 0.1)))))
        for seat in self.seats:
            self.loop.after(chance.randrange(20_000), seat.arrive)
        self._tick()

    def _tick(self) -> None:
        for seat in self.seats:
            seat.beat()
        self.loop.after(BEAT_MS, self._tick)
        if self.loop.now % LOOK_EVERY_MS < BEAT_MS:
            for seat in self.seats:
                seat.look()

    def browser_caller(self, patience_ms: int, talk_ms: int) -> None:
        """A caller from a web page: joins an edge at once, waits there, and leaves."""
        self._callers += 1
        name, effects, chance = f"web-{self._callers}", self.effects, self.loop.chance
        lang = chance.choice(("zh", "zh", "en"))
        edge = chance.choice(NAMES)

        def arrive() -> None:
            floor = Floor(effects)
            spread(effects, floor.arrive(name, channel="browser", lang=lang, actor=CALLER))  # type: ignore[arg-type]  # of the two
            spread(effects, floor.enqueue(name, matter="billing", queue="billing", lang=lang, actor=CALLER))  # type: ignore[arg-type]  # as above
            self.edges.join(edge, name, "caller", lambda: self._move(name))

        self._command(arrive)
        self.loop.after(patience_ms, lambda: self._give_up(name, talk_ms))

    def _move(self, name: str) -> None:
        """The page's sound ended: it joins where its contact meets now."""
        item = self.store._items.get(Key("floor", f"C#{name}"))
        if item is None or item["state"] in {"abandoned", "closed", "wrap_up"}:
            return
        there = [edge for edge in (item.get("edge", ""), *NAMES) if edge and self.edges.up(edge)]
        if there:
            self.edges.join(there[0], name, "caller", lambda: self._move(name))
        else:
            self.loop.after(3_000, lambda: self._move(name))

    def _give_up(self, name: str, talk_ms: int) -> None:
        """Out of patience while waiting; who talks by now talks a while longer."""
        item = self.store._items.get(Key("floor", f"C#{name}"))
        talking = item is not None and item["state"] in {"connecting", "connected", "held"}
        if talking and talk_ms:
            self.loop.after(talk_ms, lambda: self._give_up(name, 0))
            return
        self.edges.leave(name, "caller")
        self._command(
            lambda: spread(self.effects, Floor(self.effects).end_contact(name, by="caller", actor=CALLER)), tries=5
        )

    def _command(self, act: Callable[[], Any], tries: int = 3) -> None:
        """A page's request; an answer that does not come is asked for again."""

        def guarded() -> bool:
            try:
                act()
            except TRY_LATER:
                return False
            return True

        def done(said: Any, alive: bool) -> None:
            if not (alive and said) and tries:
                self.loop.after(1_500, lambda: self._command(act, tries - 1))

        self.loop.start(Task("api", guarded, done, 0))
