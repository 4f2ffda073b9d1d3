"""Playing a day: one heap of moments, a clock that is set, the real floor and the real ringing.

Everybody at work sits at his screen and answers after ``ANSWER_MS``; sound is there at once.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
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
from hearthline.platform.nudge import nudge
from hearthline.platform.settings import Settings
from hearthline.rehearsal.day import Arrival, Day, History, Played

ANSWER_MS: Final = 3_000
"""From the first ring to the agent's answer."""
AFTER_MS: Final = 2 * 3_600_000
"""So long past the day's end those who still wait may be served."""
AGAIN_MS: Final = 1_000
"""A shift that ends while it rings ends this much later."""
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


class _Ringing(Ringing):
    def _is_there(self, agent: str) -> bool:
        """Whoever is at work in a rehearsal sits at his screen."""
        return True


@contextmanager
def _unlogged() -> Iterator[None]:
    """What is only played must not stand in the log as if it had happened."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(before)


Act = Callable[[], None]


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
        self._busy_since = dict[str, int]()
        self.history = History()

    def play(self) -> History:
        """The whole day; what still waits ``AFTER_MS`` past its end waits for ever."""
        for shift in self._day.shifts:
            self._at(shift.began, partial(self._come, shift))
            self._at(shift.ended, partial(self._go, shift.agent))
            worked = self.history.at_work_ms
            worked[shift.agent] = worked.get(shift.agent, 0) + shift.ended - shift.began
        for arrival in self._day.arrivals:
            self._at(arrival.at, partial(self._arrive, arrival))
        with _unlogged():
            while self._due and self._due[0][0] <= self._day.ended + AFTER_MS:
                at, _, act = heappop(self._due)
                self._clock.move(max(0, at - self._clock.now()))
                act()
                self._read_inbox()
        return self.history

    def _at(self, at: int, act: Act) -> None:
        self._count += 1
        heappush(self._due, (at, self._count, act))

    def _in(self, ms: int, act: Act) -> None:
        self._at(self._clock.now() + ms, act)

    def _said(self, step: Step | None) -> None:
        if step:
            nudge(self._effects, step.event)

    def _read_inbox(self) -> None:
        while self._inbox.sent:
            sent, self._inbox.sent = self._inbox.sent, []
            for queue, event, delay in sent:
                if queue == "route":
                    self._in(delay * 1000, partial(self._route, event))
                elif event.type == "ContactOffered":
                    self._in(self._answer_ms, partial(self._answer, event))

    def _come(self, shift: Shift) -> None:
        self._floor.enlist(shift.agent, queues=shift.queues, skills=shift.skills, experience=shift.experience)
        self._said(self._floor.set_status(shift.agent, "available"))

    def _go(self, agent: str) -> None:
        try:
            self._said(self._floor.set_status(agent, "offline", "shift_over"))
        except BusyAgentError:
            self._in(AGAIN_MS, partial(self._go, agent))

    def _arrive(self, arrival: Arrival) -> None:
        matter = self._config.matter(arrival.matter)
        queue = matter.queue if matter else arrival.queue
        lang = cast("Literal['zh', 'en']", arrival.lang)
        self.history.contacts[arrival.contact] = Played(arrival, queue)
        self._floor.arrive(arrival.contact, channel="phone", lang=lang, actor=CALLER)
        step = enter_queue(self._effects, arrival.contact, matter=arrival.matter, queue=queue, lang=lang, actor=CALLER)
        self._said(step)
        self._in(arrival.patience_ms, partial(self._leave, arrival.contact))

    def _leave(self, contact: str) -> None:
        here = self._floor.contact(contact)
        if here and here.state in {"queued", "offered"}:
            self.history.contacts[contact].left_at = self._clock.now()
            self._said(self._floor.end_contact(contact, by="caller", actor=CALLER))

    def _route(self, event: Envelope) -> None:
        ringing = _Ringing(self._effects, event.id)
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
        self._busy_since[agent] = self._clock.now()
        self._in(played.arrival.talk_ms, partial(self._hang_up, played))

    def _hang_up(self, played: Played) -> None:
        self._said(self._floor.end_contact(played.arrival.contact, by="caller", actor=CALLER))
        self._in(played.arrival.wrap_up_ms, partial(self._wrapped_up, played))

    def _wrapped_up(self, played: Played) -> None:
        agent, actor = played.agent, Actor(kind="agent", id=played.agent)
        self._said(self._floor.end_wrapup(played.arrival.contact, agent, by="agent", actor=actor))
        busy = self._clock.now() - self._busy_since.pop(agent)
        self.history.busy_ms[agent] = self.history.busy_ms.get(agent, 0) + busy
        self.history.handled[agent] = self.history.handled.get(agent, 0) + 1
