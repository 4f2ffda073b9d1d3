"""Playing a day: one heap of moments, a clock that is set, the real floor and the real ringing.

Everybody at work sits at his screen and answers after ``ANSWER_MS``; sound is there at once. The limits of the floor
hold as they do in service: what rings too long lapses, and after-call work ends by the clock.
"""

import gc
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial
from heapq import heappop, heappush
from typing import Final, Literal, cast

from hearthline.callflow.enter import enter_queue
from hearthline.callflow.publishing import publish
from hearthline.callflow.ring import Ringing
from hearthline.config.model import Config
from hearthline.daybook.model import Shift
from hearthline.events.word import Actor, Envelope
from hearthline.floor.errors import BusyAgentError
from hearthline.floor.keeper import Step
from hearthline.floor.store import Floor
from hearthline.platform.clock import SetClock
from hearthline.platform.effects import Effects
from hearthline.platform.effects_memory import memory
from hearthline.platform.ledger import CLOCK
from hearthline.platform.nudge import nudge
from hearthline.platform.settings import Settings
from hearthline.rehearsal.day import Arrival, Day, History, Played, Visit, Work

ANSWER_MS: Final = 3_000
"""From the first ring to the agent's answer."""
AFTER_MS: Final = 2 * 3_600_000
"""So long past the day's end those who still wait may be served."""
AGAIN_MS: Final = 1_000
"""A shift that ends while it rings ends this much later."""
BACK_MS: Final = 30_000
"""Who missed a call is back at his screen after this."""
EDGE: Final = "rehearsal"
CALLER: Final = Actor(kind="caller")


class _Inbox:
    """A queue that hands over what was sent as it is, since it is read in this process."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, Envelope, int]] = []

    def send(self, queue: str, envelope: Envelope, delay: int | None = None) -> None:
        self.sent.append((queue, envelope, delay or 0))

    def park(self, queue: str, body: str) -> None:
        raise ValueError(f"nothing here is unreadable: {queue}")


Act = Callable[[], None]


class _Ringing(Ringing):
    """``said`` hears of each claim."""

    def __init__(self, effects: Effects, cause: str, said: Callable[[Step | None], None]) -> None:
        super().__init__(effects, cause)
        self._said = said

    def _is_there(self, agent: str) -> bool:
        """Whoever is at work in a rehearsal sits at his screen."""
        return True

    def _tell(self, step: Step, agent: str) -> None:
        self._said(step)


@contextmanager
def _unlogged() -> Iterator[None]:
    """What is only played must not stand in the log as if it had happened."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(before)


@contextmanager
def _uncollected() -> Iterator[None]:
    """What a day keeps lives until its end: looking for garbage in it again and again costs a fifth of the time."""
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()


class Playing:
    """One day under one configuration. ``experience`` of agents comes with their shifts."""

    def __init__(self, settings: Settings, config: Config, day: Day, answer_ms: int = ANSWER_MS) -> None:
        self._inbox = _Inbox()
        self._clock = SetClock(day.began)
        self._effects: Effects = replace(memory(settings), queue=self._inbox, clock=self._clock)
        publish(self._effects, replace(config, version=0))
        self._floor = Floor(self._effects)
        self._config, self._day = config, day
        self._answer_ms = answer_ms
        self._due: list[tuple[int, int, Act]] = []
        self._count = 0
        self._was = dict[str, tuple[int, str]]()
        self._shift_over = dict[str, int]()
        self.history = History()

    def play(self) -> History:
        """The whole day; what still waits ``AFTER_MS`` past its end waits for ever."""
        for shift in self._day.shifts:
            self._at(shift.began, partial(self._come, shift))
            self._at(shift.ended, partial(self._go, shift.agent))
        for arrival in self._day.arrivals:
            self._at(arrival.at, partial(self._arrive, arrival))
        with _unlogged(), _uncollected():
            while self._due and self._due[0][0] <= self._day.ended + AFTER_MS:
                at, _, act = heappop(self._due)
                self._clock.move(max(0, at - self._clock.now()))
                act()
                self._read_inbox()
        for agent, (_, state) in tuple(self._was.items()):
            self._note(agent, state)
        return self.history

    def _at(self, at: int, act: Act) -> None:
        self._count += 1
        heappush(self._due, (at, self._count, act))

    def _in(self, ms: int, act: Act) -> None:
        self._at(self._clock.now() + ms, act)

    def _said(self, step: Step | None) -> None:
        if step:
            nudge(self._effects, step.event)
            if step.agent:
                self._note(step.agent.id, step.agent.state)

    def _note(self, agent: str, state: str) -> None:
        """How long the agent was in the state before."""
        now = self._clock.now()
        since, before = self._was.get(agent, (now, state))
        ms = self.history.work.setdefault(agent, Work()).ms
        ms[before] = ms.get(before, 0) + now - since
        self._was[agent] = (now, state)

    def _read_inbox(self) -> None:
        while self._inbox.sent:
            sent, self._inbox.sent = self._inbox.sent, []
            for queue, event, seconds in sent:
                self._take(queue, event, seconds * 1000)

    def _take(self, queue: str, event: Envelope, after_ms: int) -> None:
        """What the readers of this queue will do about it; those of sound and tickets have nothing to do here."""
        if queue == "route":
            if event.data.get("why") == "overflowed":
                self._overflow(event)
            self._in(after_ms, partial(self._route, event))
        elif queue == "expire" and event.type == "ContactOffered":
            answers = self._day.answer_ms.get(str(event.data["agent"]), self._answer_ms)
            self._in(answers, partial(self._answer, event))
            self._in(after_ms, partial(self._lapse, event))
        elif queue == "wrapup":
            self._in(after_ms, partial(self._end_wrapup, event))

    def _come(self, shift: Shift) -> None:
        agent = shift.agent
        self._shift_over[agent] = max(shift.ended, self._shift_over.get(agent, 0))
        self._floor.enlist(agent, queues=shift.queues, skills=shift.skills, experience=shift.experience)
        with suppress(BusyAgentError):  # it still rings from the shift before: he is there already
            self._said(self._floor.set_status(agent, "available"))

    def _go(self, agent: str) -> None:
        if self._clock.now() < self._shift_over[agent]:
            return  # the next shift began before this one was over
        try:
            self._said(self._floor.set_status(agent, "offline", "shift_over"))
        except BusyAgentError:
            self._in(AGAIN_MS, partial(self._go, agent))

    def _arrive(self, arrival: Arrival) -> None:
        matter = self._config.matter(arrival.matter)
        queue = matter.queue if matter else arrival.queue
        lang = cast("Literal['zh', 'en']", arrival.lang)
        self.history.contacts[arrival.contact] = Played(arrival, [Visit(queue, arrival.at)])
        self._floor.arrive(arrival.contact, channel="phone", lang=lang, actor=CALLER)
        step = enter_queue(self._effects, arrival.contact, matter=arrival.matter, queue=queue, lang=lang, actor=CALLER)
        self._said(step)
        self._in(arrival.patience_ms, partial(self._leave, arrival.contact))

    def _overflow(self, event: Envelope) -> None:
        played, now = self.history.contacts[str(event.data["contact"])], self._clock.now()
        played.visits[-1].moved_at = now
        played.visits.append(Visit(str(event.data["queue"]), now))

    def _leave(self, contact: str) -> None:
        played = self.history.contacts[contact]
        if not played.answered_at:
            played.left_at = self._clock.now()
            self._said(self._floor.end_contact(contact, by="caller", actor=CALLER))

    def _route(self, event: Envelope) -> None:
        ringing = _Ringing(self._effects, event.id, self._said)
        if event.type in {"ContactQueued", "OfferLapsed"}:
            ringing.for_contact(str(event.data["contact"]))
        else:
            ringing.for_agent(str(event.data.get("agent", "")))

    def _answer(self, event: Envelope) -> None:
        contact, agent, offer = (str(event.data[name]) for name in ("contact", "agent", "offer"))
        known = self._floor.offer(offer)
        if known is None or known.state != "open":
            return
        self._said(self._floor.accept(offer, agent, EDGE, Actor(kind="agent", id=agent)))
        self._said(self._floor.connected(contact, EDGE))
        played = self.history.contacts[contact]
        played.answered_at, played.agent = self._clock.now(), agent
        self._in(played.arrival.talk_ms, partial(self._hang_up, played))

    def _lapse(self, event: Envelope) -> None:
        played = self.history.contacts[str(event.data["contact"])]
        if played.answered_at or played.left_at:
            return
        step = self._floor.lapse(str(event.data["offer"]), "timed_out", cause=event.id)
        self._said(step)
        if step:
            agent = str(event.data["agent"])
            self.history.work[agent].missed += 1
            self._in(BACK_MS, partial(self._come_back, agent))

    def _come_back(self, agent: str) -> None:
        here = self._floor.agent(agent)
        if here and here.state == "not_ready":
            self._said(self._floor.set_status(agent, "available"))

    def _hang_up(self, played: Played) -> None:
        self._said(self._floor.end_contact(played.arrival.contact, by="caller", actor=CALLER))
        self.history.work[played.agent].handled += 1
        self._in(played.arrival.wrap_up_ms, partial(self._wrap_up, played, by="agent"))

    def _end_wrapup(self, event: Envelope) -> None:
        played = self.history.contacts[str(event.data["contact"])]
        if played.answered_at:
            self._wrap_up(played, by="clock")

    def _wrap_up(self, played: Played, by: Literal["agent", "clock"]) -> None:
        if played.wrapped_up_at:
            return
        played.wrapped_up_at = self._clock.now()
        actor = CLOCK if by == "clock" else Actor(kind="agent", id=played.agent)
        self._said(self._floor.end_wrapup(played.arrival.contact, played.agent, by=by, actor=actor))
