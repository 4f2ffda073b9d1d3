"""Plays a day: every step is the floor's and the routing's own, on effects in memory and a clock that jumps.

People are given, not guessed: when they come, how long they talk, when they give up. What is left out is what costs no
queue its order: sound, screens, the carrier. An agent answers after his time to answer and is always there.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from heapq import heappop, heappush
from typing import Final

from hearthline.callflow.enter import enter_queue
from hearthline.callflow.ring import Ringing
from hearthline.config.model import Config
from hearthline.config.store import publish
from hearthline.events.word import Actor, Envelope
from hearthline.floor.items import agent_key
from hearthline.floor.keeper import Step
from hearthline.floor.store import Floor
from hearthline.platform.clock import CountedIds, SetClock
from hearthline.platform.effects import Effects
from hearthline.platform.effects_memory import memory
from hearthline.platform.settings import Settings
from hearthline.platform.store import Change
from hearthline.rehearsal.model import Arrival, Report, Shift, Visit, Work, report

CALLER: Final = Actor(kind="caller")
EDGE: Final = "rehearsal"
SETTINGS: Final = Settings(tenant="rehearsal", stack_id="rehearsal", table_prefix="r", queue_url_prefix="r")


class _Later:
    """The queue of a rehearsal: only what routing asks for later matters, the rest the day does by itself."""

    def __init__(self, route: Callable[[str, int], None]) -> None:
        self._route = route

    def send(self, queue: str, envelope: Envelope, delay: int | None = None) -> None:
        if queue == "route" and delay and envelope.type == "ContactQueued":
            self._route(str(envelope.data["contact"]), delay * 1000)

    def park(self, queue: str, body: str) -> None:
        raise AssertionError("nothing unreadable is sent here")


class _There(Ringing):
    """Who is on shift is there; ``ringing`` collects what began to ring: contact, offer, agent."""

    def __init__(self, effects: Effects) -> None:
        super().__init__(effects, "rehearsal")
        self.ringing: list[tuple[str, str, str]] = []

    def _is_there(self, agent: str) -> bool:
        return True

    def _tell(self, step: Step, agent: str) -> None:
        if step.contact:
            self.ringing.append((step.contact.id, step.contact.offer, agent))


class Rehearsal:
    def __init__(self, arrivals: list[Arrival], shifts: list[Shift], config: Config | None) -> None:
        made = memory(SETTINGS)
        self._clock = SetClock()
        self._start = self._clock.now()
        self._effects: Effects = replace(made, clock=self._clock, ids=CountedIds(), queue=_Later(self._ask_later))
        self._floor = Floor(self._effects)
        if config is not None:
            publish(self._effects, config)
        self._ringing = _There(self._effects)
        self._heap: list[tuple[int, int, Callable[[], None]]] = []
        self._made = 0
        self._config = config
        self._visits = {f"c{n}": Visit(arrival) for n, arrival in enumerate(arrivals)}
        self._shifts = {shift.agent: shift for shift in shifts}
        self._work = {shift.agent: Work(shift.agent, shift.experience) for shift in shifts}
        self._busy_since: dict[str, int] = {}
        self._came: dict[str, int] = {}

    def play(self) -> Report:
        """The whole day, until the last contact is over or nobody is left to take it."""
        for visit in self._visits.values():
            matter = self._config.matter(visit.arrival.matter) if self._config else None
            visit.difficulty = matter.difficulty if matter else visit.difficulty
        for shift in self._shifts.values():
            self._at(shift.from_ms, partial(self._come, shift))
            self._at(shift.to_ms, partial(self._go, shift.agent))
        for name, visit in self._visits.items():
            self._at(visit.arrival.at_ms, partial(self._arrive, name))
        while self._heap:
            at, _, act = heappop(self._heap)
            self._clock.move(max(0, self._start + at - self._clock.now()))
            act()
        for agent in list(self._came):
            self._leave(agent)
        return report(list(self._visits.values()), list(self._work.values()))

    @property
    def _now(self) -> int:
        return self._clock.now() - self._start

    def _at(self, ms: int, act: Callable[[], None]) -> None:
        self._made += 1
        heappush(self._heap, (ms, self._made, act))

    # --- agents

    def _come(self, shift: Shift) -> None:
        self._floor.enlist(shift.agent, queues=shift.queues, skills=shift.skills)
        if shift.experience:
            self._effects.store.write(Change(agent_key(shift.agent), set={"experience": shift.experience}))
        self._came[shift.agent] = self._now
        self._floor.set_status(shift.agent, "available")
        self._look(shift.agent)

    def _go(self, agent: str) -> None:
        step = self._floor.set_status(agent, "offline") if not self._rings(agent) else None
        if step is None:
            self._at(self._now + 1_000, lambda: self._go(agent))
        elif step.agent and step.agent.state == "offline":
            self._leave(agent)

    def _rings(self, agent: str) -> bool:
        found = self._floor.agent(agent)
        return found is not None and found.state == "offered"

    def _leave(self, agent: str) -> None:
        came = self._came.pop(agent, None)
        if came is not None:
            self._work[agent].present_ms += self._now - came

    def _look(self, agent: str) -> None:
        self._ringing.for_agent(agent)
        self._answer_all()

    # --- contacts

    def _arrive(self, name: str) -> None:
        arrival = self._visits[name].arrival
        self._floor.arrive(name, channel="browser", lang=arrival.lang, customer=arrival.customer, actor=CALLER)
        enter_queue(self._effects, name, matter=arrival.matter, queue=arrival.queue, lang=arrival.lang, actor=CALLER)
        if arrival.patience_ms:
            self._at(self._now + arrival.patience_ms, lambda: self._give_up(name))
        self._route(name)

    def _route(self, name: str) -> None:
        self._ringing.for_contact(name)
        self._answer_all()

    def _ask_later(self, name: str, ms: int) -> None:
        self._at(self._now + ms, lambda: self._route(name))

    def _answer_all(self) -> None:
        """Every screen that began to ring will be answered."""
        began, self._ringing.ringing = self._ringing.ringing, []
        for name, offer, agent in began:
            self._busy_since[agent] = self._now
            answers_ms = self._shifts[agent].answer_ms
            if answers_ms:
                self._at(self._now + answers_ms, partial(self._answer, name, offer, agent))
            else:
                self._answer(name, offer, agent)

    def _answer(self, name: str, offer: str, agent: str) -> None:
        found = self._floor.offer(offer)
        if found is None or found.state != "open":
            return
        visit = self._visits[name]
        self._floor.accept(offer, agent, EDGE, Actor(kind="agent", id=agent))
        self._floor.connected(name, EDGE)
        visit.answered_ms, visit.agent = self._now, agent
        self._at(self._now + visit.arrival.talk_ms, lambda: self._end(name, agent))

    def _end(self, name: str, agent: str) -> None:
        self._floor.end_contact(name, by="caller", actor=CALLER)
        visit = self._visits[name]
        visit.ended_ms = self._now
        if visit.arrival.wrap_up_ms:
            self._at(self._now + visit.arrival.wrap_up_ms, lambda: self._wrapped_up(name, agent))
        else:
            self._wrapped_up(name, agent)

    def _wrapped_up(self, name: str, agent: str) -> None:
        step = self._floor.end_wrapup(name, agent, by="agent", actor=Actor(kind="agent", id=agent))
        work = self._work[agent]
        work.handled += 1
        self._idle(agent)
        if step and step.agent and step.agent.state == "offline":
            self._leave(agent)
            return
        self._look(agent)

    def _idle(self, agent: str) -> None:
        self._work[agent].busy_ms += self._now - self._busy_since.pop(agent)

    def _give_up(self, name: str) -> None:
        visit = self._visits[name]
        if visit.answered_ms is not None:
            return
        step: Step | None = self._floor.end_contact(name, by="caller", actor=CALLER)
        if step is None:
            return
        visit.abandoned_ms = self._now
        if step.agent:  # it rang there
            self._idle(step.agent.id)
            self._look(step.agent.id)


def rehearse(arrivals: list[Arrival], shifts: list[Shift], config: Config | None = None) -> Report:
    """Plays a day under a configuration (None: every queue has the default policy). The same day, the same report."""
    return Rehearsal(arrivals, shifts, config).play()
