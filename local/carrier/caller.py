"""The person (or dialled party) at the far end of a call: listens for its cues and follows its script."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from local.carrier.audio import RATE, Samples, read_wav, tone
from local.carrier.model import Call, HungUp

KEY_SECONDS: Final = 0.12  # between two keys of a sequence
CHARACTERS_A_SECOND: Final = {"zh": 4.5, "en": 14.0}


@dataclass(frozen=True)
class Key:
    """A key was pressed."""

    digit: str


@dataclass(frozen=True)
class Speech:
    """Something was said: the words as a recogniser would write them and how long it takes to say them."""

    words: str
    seconds: float
    confidence: float


def speaking_seconds(text: str) -> float:
    """How long a text takes to say: Chinese characters and all others each at their own pace."""
    chinese = sum("㐀" <= character <= "鿿" for character in text)
    return chinese / CHARACTERS_A_SECOND["zh"] + (len(text) - chinese) / CHARACTERS_A_SECOND["en"]


@lru_cache(maxsize=32)
def clip(path: str, hertz: float) -> Samples | None:
    """A caller's sound: the WAV at ``path``, else two seconds of a tone, else none. ``OSError``, ``ValueError``."""
    if path:
        return read_wav(Path(path))
    return tone(hertz, 2.0) if hertz else None


class Caller:
    """Follows a call's script. What it does arrives in ``inputs``; what it says also sounds on the line."""

    def __init__(self, call: Call) -> None:
        self._call = call
        self._script = call.script
        self.inputs: asyncio.Queue[Key | Speech] = asyncio.Queue()
        self._moments = {name: asyncio.Event() for name in ("asked", "queued", "connected")}
        self._tasks: set[asyncio.Task[None]] = set()
        self._keys = list(call.script.keys)
        self._says = list(call.script.says)
        self._was_connected = False

    @property
    def voice(self) -> Samples | None:
        """The caller's own sound, if any."""
        return clip(self._script.wav, self._script.tone)

    def answered(self) -> None:
        """The carrier took the call: patience and steps begin."""
        if self._script.hangup_after is not None:
            self._do(self._hang_up_in(self._script.hangup_after))
        if self._script.patience is not None:
            self._do(self._lose_patience(self._script.patience))
        if self._script.steps:
            self._do(self._follow_steps())

    def asked(self, keys: bool, speech: bool, prompt: "asyncio.Future[Any]") -> None:
        """A question began; ``prompt`` is done when it has been read out."""
        while not self.inputs.empty():
            self.inputs.get_nowait()  # keys pressed before the question are not its answer
        self._moments["asked"].set()
        if (keys and self._keys) or (speech and self._says):
            self._do(self._answer(keys, prompt))

    def queued(self) -> None:
        """The call waits in a queue."""
        self._moments["queued"].set()

    def connected(self) -> None:
        """A media stream carries the call: the voice sounds, again and again."""
        self._moments["connected"].set()
        self._was_connected = True
        if self.voice is not None and not self._script.steps:
            self._do(self._talk(self.voice))
        if self._script.talk_seconds is not None:
            self._do(self._hang_up_in(self._script.talk_seconds))

    def press(self, keys: str) -> None:
        """Press keys now, one after the other."""
        self._do(self._press(keys))

    def say(self, words: str, voice: Samples | None = None) -> None:
        """Say something now: ``voice`` sounds, ``words`` are what a recogniser hears (none: sound only)."""
        seconds = len(voice) / RATE if voice is not None else speaking_seconds(words)
        if voice is not None:
            self._call.spoken.write(self._call.position(), voice)
        if words:
            self.inputs.put_nowait(Speech(words, seconds, self._script.confidence))

    def hang_up(self) -> None:
        """Put the phone down."""
        self._call.interrupt(HungUp("caller"))

    async def close(self) -> None:
        """The call is over: do nothing any more."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _hang_up_in(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
        self.hang_up()

    async def _lose_patience(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
        if not self._was_connected:
            self._call.tell("caller lost patience")
            self.hang_up()

    async def _answer(self, keys: bool, prompt: "asyncio.Future[Any]") -> None:
        if self._script.answers_after is None:
            await asyncio.wait({prompt})
            await asyncio.sleep(0.5)
        else:
            await asyncio.sleep(self._script.answers_after)
        if keys and self._keys:
            await self._press(self._keys.pop(0))
        elif self._says:
            self.say(self._says.pop(0), self.voice)

    async def _press(self, keys: str) -> None:
        for digit in keys:
            self.inputs.put_nowait(Key(digit))
            await asyncio.sleep(KEY_SECONDS)

    async def _talk(self, voice: Samples) -> None:
        free = 0  # where the last repetition ended: a timer that fires early must not lay one over the other
        while True:
            at = max(self._call.position(), free)
            self._call.spoken.write(at, voice)
            free = at + len(voice)
            await asyncio.sleep(len(voice) / RATE + self._script.pause_between)

    async def _follow_steps(self) -> None:
        for step in self._script.steps:
            if step.until:
                await self._moments[step.until].wait()
                self._moments[step.until].clear()
            await asyncio.sleep(step.wait)
            if step.keys:
                await self._press(step.keys)
            if step.says or step.wav:
                self.say(step.says, clip(step.wav, 0))
            if step.hang_up:
                self.hang_up()
