"""Virtual time and tasks. A task is one run of a handler; each effect is a place where it may be switched or die.

Everything runs in one thread: a task is a greenlet, so that the real, synchronous code can be interrupted inside a
call and go on later, while others run in between.
"""

import hashlib
from collections import deque
from collections.abc import Callable
from heapq import heappop, heappush
from random import Random
from typing import Any, Final

from greenlet import greenlet  # type: ignore[import-untyped]  # it has no types

START_MS: Final = 1_760_000_000_000
STORY_LINES: Final = 2_000


class Killed(BaseException):
    """The process of a handler ends here."""


class Task:
    """One run of a handler. ``skew`` (ms) is how wrong its machine's clock goes."""

    def __init__(self, name: str, act: Callable[[], Any], done: Callable[[Any, bool], None], skew: int) -> None:
        self.name = name
        self.act = act
        self.done = done
        self.skew = skew
        self.effects = 0
        self.body: greenlet | None = None


class Loop:
    """Events in order of time, then of their making; ``now`` in ms."""

    def __init__(self, seed: int) -> None:
        self.now = START_MS
        self.chance = Random(seed)
        self.current: Task | None = None
        self.on_effect: Callable[[Task, str], None] = lambda task, name: None
        self.story: deque[str] = deque(maxlen=STORY_LINES)
        self.steps = 0
        self.broken: Exception | None = None
        self._heap: list[tuple[int, int, bool, Callable[[], None]]] = []
        self._made = 0
        self._due = 0
        self._hub = greenlet.getcurrent()
        self._digest = hashlib.sha256()

    def at(self, ms: int, act: Callable[[], None], *, idle: bool = False) -> None:
        """``idle``: what ticks for ever, and alone keeps no history going."""
        self._made += 1
        self._due += not idle
        heappush(self._heap, (max(ms, self.now), self._made, idle, act))

    def after(self, ms: int, act: Callable[[], None], *, idle: bool = False) -> None:
        self.at(self.now + ms, act, idle=idle)

    def tell(self, line: str) -> None:
        """One line of the story; it is part of the trace."""
        text = f"{(self.now - START_MS) / 1000:9.3f}  {line}"
        self.story.append(text)
        self._digest.update(text.encode())

    def note(self, line: str) -> None:
        """Part of the trace that nobody reads."""
        self._digest.update(line.encode())

    @property
    def trace(self) -> str:
        return self._digest.hexdigest()

    def run(self, until: int, settled: Callable[[], bool] = lambda: False) -> None:
        """Until ``until``, or until nothing is due and the world says that nothing is open."""
        while self._heap and self._heap[0][0] <= until:
            if not self._due and settled():
                return
            self.now, _, idle, act = heappop(self._heap)
            self._due -= not idle
            self.steps += 1
            act()
            if self.broken is not None:  # raised inside a handler, whose last resort may have caught it
                raise self.broken
        self.now = max(self.now, until)

    def start(self, task: Task) -> None:
        """Run a task until it ends or gives way."""
        task.body = greenlet(lambda: self._live(task))
        self._enter(task)

    def pause(self, name: str) -> None:
        """Called before and after each effect; outside of tasks nothing happens."""
        task = self.current
        if task is not None:
            task.effects += 1
            self.on_effect(task, name)

    def sleep(self, ms: int) -> None:
        """The task that runs gives way for so long."""
        task = self.current
        assert task is not None
        self.after(ms, lambda: self._enter(task))
        self._hub.switch()

    def clock(self) -> int:
        """The time as the machine of the current task has it."""
        return self.now + (self.current.skew if self.current else 0)

    def _enter(self, task: Task) -> None:
        before, self.current = self.current, task
        assert task.body is not None
        task.body.switch()
        self.current = before

    def _live(self, task: Task) -> None:
        try:
            answer, alive = task.act(), True
        except Killed:
            answer, alive = None, False
        self.current = None
        task.done(answer, alive)
