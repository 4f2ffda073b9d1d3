"""One call from its first webhook to its end: fetches documents, plays their verbs, gives way to hang-ups and REST
updates.
"""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urljoin

from local.carrier import twiml
from local.carrier.audio import RATE, Samples
from local.carrier.caller import Caller
from local.carrier.model import Call, HungUp, Interruption, Moved, Target, rfc2822
from local.carrier.twiml import Verb
from local.carrier.webhooks import TWIML_TYPES, WebhookError

if TYPE_CHECKING:
    from local.carrier.exchange import Exchange

MAX_DOCUMENTS: Final = 2000  # of one call; a loop without a pause ends there


@dataclass(frozen=True)
class Fetch:
    """Go on with the document at ``target``, telling it ``params`` beside the usual ones."""

    target: Target
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class End:
    """The call ends with this status."""

    status: str = "completed"
    why: str = ""


@dataclass(frozen=True)
class LeaveQueue:
    """A wait document said Leave."""


Outcome = Fetch | End | LeaveQueue | None


class Conversation:
    """Plays one call. ``run`` returns when the call is over; it never raises."""

    def __init__(self, exchange: "Exchange", call: Call) -> None:
        self.exchange = exchange
        self.call = call
        self.caller = Caller(call)
        self.address = Target(call.voice.url if call.voice else "")  # of the document being played
        self.interruption: Interruption | None = None
        self._documents = 0

    async def run(self) -> None:
        """From the first document to the end of the call."""
        start: Moved | None = Moved(self.call.voice, self.call.twiml)
        try:
            while start is not None:
                start = await self._until_interrupted(start)
        except Exception as error:  # noqa: BLE001 - edge of a call: the story must show it, the server live on
            self.call.tell("simulator fault", why=f"{type(error).__name__}: {error}")
            self.finish("failed")
        await self.caller.close()
        self.call.done.set()

    async def _until_interrupted(self, start: Moved) -> Moved | None:
        call = self.call
        call.interruption = asyncio.get_running_loop().create_future()
        if call.pending:
            call.interruption.set_result(call.pending)
            call.pending = None
        playing = asyncio.create_task(self._play(start))
        either: set[asyncio.Future[Any]] = {playing, call.interruption}
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        if playing.done():
            end = playing.result()
            self.finish(end.status, end.why)
            return None
        self.interruption = by = call.interruption.result()
        if isinstance(by, HungUp):
            self.finish(by.status, f"hung up by {by.by}")
        playing.cancel()
        with suppress(asyncio.CancelledError):
            await playing
        self.interruption = None
        return by if isinstance(by, Moved) else None

    async def _play(self, start: Moved) -> End:
        try:
            outcome = await self._reach() or await self._start(start)
        except (WebhookError, twiml.TwimlError) as error:
            return self._apologise(error.code, str(error))
        except twiml.NotSimulatedError as error:
            self.call.tell("not simulated", verb=str(error))
            return End("completed" if self.call.answered else "failed", f"not simulated: {error}")
        return outcome if isinstance(outcome, End) else End(why="the document ended")

    async def _start(self, start: Moved) -> Outcome:
        try:
            outcome = await self.play_text(start.twiml) if start.twiml else Fetch(start.target or self.address)
            return await self.follow(outcome) if isinstance(outcome, Fetch) else outcome
        except twiml.TwimlError as error:
            voice = self.call.voice
            if voice is None or not voice.fallback_url:
                raise
            self.call.tell("fallback asked", url=voice.fallback_url, error=error.code, why=str(error))
            told = {"ErrorCode": str(error.code), "ErrorUrl": self.address.url}
            return await self.follow(Fetch(Target(voice.fallback_url, voice.fallback_method), told))

    async def _reach(self) -> End | None:
        """Ring the other party of a call that the application placed; None when it was answered."""
        call = self.call
        if call.direction == "inbound" or call.answered:
            return None
        phone = self.exchange.phones.get(call.to)
        self.set_status("initiated", "initiated")
        if phone is None or phone.behaviour == "failed":
            return End("failed", "no such telephone")
        if phone.behaviour == "busy":
            return End("busy")
        self.set_status("ringing", "ringing")
        if phone.behaviour == "no-answer" or phone.rings_for > call.ring_seconds:
            await asyncio.sleep(call.ring_seconds)
            return End("no-answer")
        await asyncio.sleep(phone.rings_for)
        self.answer()
        return None

    def _apologise(self, code: int, why: str) -> End:
        # Twilio says "We are sorry, an application error has occurred. Goodbye." and hangs up.
        self.call.tell("application error", error=code, why=why)
        return End("completed" if self.call.answered else "failed", f"application error {code}")

    async def follow(
        self, start: Fetch, allowed: frozenset[str] = twiml.VERBS, told: Callable[[], Mapping[str, str]] = dict
    ) -> Outcome:
        """Play the document at ``start`` and those it leads to, until one ends without leading on. ``told`` are
        parameters for each.
        """
        step: Outcome = start
        while isinstance(step, Fetch):
            text = await self.ask(step.target, {**told(), **step.params})
            step = await self.play_text(text, allowed)
        return step

    async def ask(self, target: Target, params: Mapping[str, str]) -> str:
        """The TwiML at ``target``; relative addresses in it are relative to there."""
        self._documents += 1
        if self._documents > MAX_DOCUMENTS:
            raise WebhookError(11200, "too many documents in one call")
        answer = await self.exchange.webhooks.fetch(self.call, target, {**self.call.params(), **params})
        self.address = Target(answer.url, target.method)
        if answer.content_type in TWIML_TYPES:
            return answer.body
        if answer.content_type == "text/plain":  # Twilio reads it out
            return f"<Response><Say>{_escape(answer.body)}</Say></Response>"
        raise twiml.TwimlError(12300, f"content type {answer.content_type}")

    async def play_text(self, text: str, allowed: frozenset[str] = twiml.VERBS) -> Outcome:
        """Play one document: None when it ended without an outcome."""
        for verb in twiml.parse(text):
            twiml.check(verb, allowed)
            if verb.name not in ("Reject", "Redirect") and not (verb.name == "Pause" and not self.call.answered):
                self.answer()
            outcome = await self.exchange.verbs[verb.name](self, verb)
            if outcome is not None:
                return outcome
        return None

    def target(self, verb: Verb, url: str, method: str = "method") -> Target:
        """The address an attribute gives, resolved against the current document; empty means that document."""
        configured = self.call.voice
        fallback = configured.fallback_url if configured else ""
        address = urljoin(self.address.url, url) if url else self.address.url
        return Target(
            address, verb.get(method, "POST").upper(), fallback, configured.fallback_method if configured else "POST"
        )

    def answer(self) -> None:
        """The carrier takes the call."""
        call = self.call
        if call.answered:
            return
        call.answered = datetime.now(UTC)
        call.answered_by_clock = asyncio.get_running_loop().time()
        call.tell("answered")
        self.set_status("in-progress", "answered")
        self.caller.answered()

    def hear(self, sound: Samples, at: int | None = None) -> None:
        """Let the caller hear ``sound``, from now or from a position on."""
        start = self.call.position() if at is None else at
        self.call.heard.write(start, sound)
        self.call.expected_speech.append((start, start + len(sound)))

    async def hear_out(self, sound: Samples) -> None:
        """Let the caller hear ``sound`` and wait to its end; when broken off, the rest is not heard."""
        start = self.call.position()
        self.hear(sound, start)
        try:
            await asyncio.sleep(len(sound) / RATE)
        except asyncio.CancelledError:
            self.call.heard.cut(self.call.position())
            raise

    def set_status(self, status: str, event: str) -> None:
        """Change the call's status and tell those who asked for ``event``."""
        self.call.status = status
        self.call.tell("status", status=status)
        if event in self.call.status_events:
            self.notify_status()

    def notify_status(self) -> None:
        """Send a status callback in the background."""
        call = self.call
        if call.status_callback is None:
            return
        params = {
            **call.params(),
            "Timestamp": rfc2822(datetime.now(UTC)) or "",
            "CallbackSource": "call-progress-events",
            "SequenceNumber": str(call.sequence),
        }
        if call.status == "completed":
            params |= {"CallDuration": str(call.seconds), "Duration": str(-(-call.seconds // 60))}
        call.sequence += 1
        self.exchange.spawn(self.exchange.webhooks.notify(call, call.status_callback, params))

    def tell_and_forget(self, target: Target, params: Mapping[str, str]) -> None:
        """Ask an action address whose answer can no longer be played: the call is over or has gone elsewhere."""
        self.exchange.spawn(self.exchange.webhooks.notify(self.call, target, {**self.call.params(), **params}))

    def finish(self, status: str, why: str = "") -> None:
        """The call is over."""
        self.call.ended = datetime.now(UTC)
        self.call.tell("ended", why=why)
        self.set_status(status, "completed")


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")
