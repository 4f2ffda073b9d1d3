"""The carrier's switch: its calls, numbers, telephones and queues, and the conversations going on."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

import aiohttp

from local.carrier import connecting, dialling, ending, gathering, queueing, recording, speaking, texting
from local.carrier.audio import Samples
from local.carrier.conversation import Conversation, Outcome
from local.carrier.model import FINAL, Call, Faults, Number, Phone, Queue, Script, Target, new_sid
from local.carrier.twiml import Verb
from local.carrier.webhooks import Timing, Webhooks

MAX_CALLS: Final = 2000  # ended calls kept; the oldest go first
MAX_MESSAGES: Final = 2000
VERBS: Final[Mapping[str, Callable[[Conversation, Verb], Awaitable[Outcome]]]] = {
    "Say": speaking.say,
    "Play": speaking.play,
    "Pause": speaking.pause,
    "Gather": gathering.gather,
    "Enqueue": queueing.enqueue,
    "Leave": queueing.leave,
    "Connect": connecting.connect,
    "Dial": dialling.dial,
    "Redirect": ending.redirect,
    "Record": recording.record,
    "Hangup": ending.hangup,
    "Reject": ending.reject,
    "Sms": texting.sms,
    "Message": texting.sms,
}


@dataclass
class Message:
    """A text message in the simulator's inbox."""

    from_: str
    to: str
    body: str
    status: str = "queued"
    sid: str = field(default_factory=lambda: new_sid("SM"))
    created: datetime = field(default_factory=lambda: datetime.now(UTC))


class Exchange:
    """All that one simulated account holds. Create it inside a running loop; ``close`` ends all calls."""

    verbs = VERBS

    def __init__(
        self,
        account_sid: str,
        auth_token: str,
        faults: Faults | None = None,
        seed: int = 1,
        timing: Timing | None = None,
    ) -> None:
        self.account_sid = account_sid
        self.auth_token = auth_token
        self.address = ""
        self.voice: speaking.Voice | None = None
        self.calls: dict[str, Call] = {}
        self.numbers: dict[str, Number] = {}
        self.phones: dict[str, Phone] = {}
        self.queues: dict[str, Queue] = {}
        self.messages: list[Message] = []
        self.recordings: dict[str, Samples] = {}
        self.conversations: dict[str, Conversation] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self.webhooks = Webhooks(auth_token, faults or Faults(), random.Random(seed), self.spawn, timing)  # noqa: S311 - chance of faults, not secrets
        self.http = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Run something in the background until it is done or the exchange closes."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def queue(self, name: str) -> Queue:
        """The queue of that name, made on first use."""
        return self.queues.setdefault(name or "default", Queue(name or "default"))

    def call_in(self, from_: str, to: str, script: Script, faults: Faults, say_speed: float = 1.0) -> Call:
        """Somebody rings a number of the company. ``KeyError`` when the number has no configuration."""
        number = self.numbers[to]
        voice = Target(number.voice_url, number.voice_method, number.voice_fallback_url, number.voice_fallback_method)
        callback = Target(number.status_callback, number.status_callback_method) if number.status_callback else None
        call = Call(
            self.account_sid,
            from_,
            to,
            "inbound",
            voice,
            status_callback=callback,
            faults=faults,
            script=script,
            say_speed=say_speed,
            status="ringing",
        )
        # Who calls can be called back, and will behave as before.
        self.phones.setdefault(from_, Phone(script=script))
        self._begin(call)
        return call

    def call_out(self, call: Call) -> None:
        """The application rings somebody."""
        phone = self.phones.get(call.to)
        call.script = phone.script if phone else call.script
        self._begin(call)

    def _begin(self, call: Call) -> None:
        self.calls[call.sid] = call
        conversation = self.conversations[call.sid] = Conversation(self, call)
        call.tell("call placed", direction=call.direction)
        self.spawn(self._run(conversation))
        over = [sid for sid, known in self.calls.items() if known.status in FINAL]
        for sid in over[: max(0, len(self.calls) - MAX_CALLS)]:
            del self.calls[sid]

    async def _run(self, conversation: Conversation) -> None:
        try:
            await conversation.run()
        finally:
            self.conversations.pop(conversation.call.sid, None)

    def send_message(self, from_: str, to: str, body: str, callback: Target | None) -> Message:
        """Deliver a text to the inbox; its status callbacks follow in the background."""
        message = Message(from_, to, body)
        self.messages.append(message)
        del self.messages[:-MAX_MESSAGES]
        self.spawn(self._deliver(message, callback))
        return message

    async def _deliver(self, message: Message, callback: Target | None) -> None:
        about = Call(
            self.account_sid, message.from_, message.to, "outbound-api"
        )  # carries faults and story of the callbacks
        for status in ("sent", "delivered"):
            await asyncio.sleep(0.05)
            message.status = status
            if callback:
                told = {"MessageSid": message.sid, "SmsSid": message.sid, "MessageStatus": status, "SmsStatus": status}
                who = {
                    "From": message.from_,
                    "To": message.to,
                    "AccountSid": self.account_sid,
                    "ApiVersion": "2010-04-01",
                }
                await self.webhooks.notify(about, callback, {**told, **who})

    async def close(self) -> None:
        """End everything at once."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.webhooks.close()
        await self.http.close()
