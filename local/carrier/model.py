"""What the carrier knows: calls, numbers, queues, the scripts callers follow and the faults asked for."""

import asyncio
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from local.carrier.audio import RATE, Timeline

Direction = Literal["inbound", "outbound-api", "outbound-dial"]
API_VERSION: Final = "2010-04-01"
FINAL: Final = frozenset({"completed", "busy", "no-answer", "canceled", "failed"})
MAX_STORY_LINES: Final = 2000


def new_sid(prefix: str) -> str:
    """A SID as Twilio forms it: two letters and 32 hexadecimal digits."""
    return prefix + secrets.token_hex(16)


def rfc2822(moment: datetime | None) -> str | None:
    """A date as Twilio writes it in REST answers and callbacks."""
    return format_datetime(moment) if moment else None


class Faults(BaseModel):
    """What goes wrong, of a call or of the whole carrier. Shares are probabilities from 0 to 1, times are seconds."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    duplicate: float = Field(0, ge=0, le=1)  # a webhook is delivered a second time
    delay: float = Field(0, ge=0, le=1)  # a webhook starts late,
    delay_seconds: float = Field(1, ge=0, le=900)  # by up to this
    reorder: float = Field(0, ge=0, le=1)  # a status callback is overtaken by the next
    drop: float = Field(
        0, ge=0, le=1
    )  # a request never arrives: documents count it as a failed connection, callbacks are lost
    cut_stream_after: float | None = Field(None, ge=0)  # the media connection dies without a goodbye
    stall_stream_after: float | None = Field(None, ge=0)  # the carrier's network holds the sound back,
    stall_stream_for: float = Field(0, ge=0, le=60)  # then delivers it at once
    slow_reader: float = Field(0, ge=0, le=5)  # the carrier reads one message of ours only every so often


class Step(BaseModel):
    """One thing a caller does, in this order of fields when several are given; ``until`` waits for a moment of the
    call.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    until: Literal["asked", "queued", "connected"] | None = None
    wait: float = Field(0, ge=0, le=3600)
    keys: str = Field("", pattern=r"^[0-9*#A-D]*$")
    says: str = ""
    wav: str = ""
    hang_up: bool = False


class Script(BaseModel):
    """How a caller behaves. Either ``steps``, or the short form: the next of ``keys`` or ``says`` at each question,
    ``wav`` as the voice.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    wav: str = ""  # path; spoken with each of ``says`` and again and again once connected
    tone: float = Field(0, ge=0, le=3800)  # Hz, instead of a WAV
    says: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    answers_after: float | None = Field(
        None, ge=0
    )  # s after a question begins (cutting in); None: half a second after it ends
    confidence: float = Field(0.93, ge=0, le=1)
    pause_between: float = Field(1.0, ge=0, le=60)  # s between two repetitions of the voice when connected
    hangup_after: float | None = Field(None, ge=0)  # s after the carrier answered
    patience: float | None = Field(None, ge=0)  # s after the answer: hangs up when not connected by then
    talk_seconds: float | None = Field(None, ge=0)  # s after the media stream began
    steps: tuple[Step, ...] = ()


class Phone(BaseModel):
    """A telephone that the carrier can ring (by Dial or by REST)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    behaviour: Literal["answer", "busy", "no-answer", "failed"] = "answer"
    rings_for: float = Field(1.0, ge=0, le=600)
    talk_seconds: float = Field(5.0, ge=0, le=3600)  # of a dialled phone, then it hangs up
    script: Script = Script()


class Number(BaseModel):
    """Configuration of a telephone number of the company, as in the carrier's console."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    voice_url: str
    voice_method: Literal["GET", "POST"] = "POST"
    voice_fallback_url: str = ""
    voice_fallback_method: Literal["GET", "POST"] = "POST"
    status_callback: str = ""
    status_callback_method: Literal["GET", "POST"] = "POST"


@dataclass(frozen=True)
class Target:
    """Where a request goes, and where it goes when that fails."""

    url: str
    method: str = "POST"
    fallback_url: str = ""
    fallback_method: str = "POST"


@dataclass
class Queue:
    """A waiting line of calls; ``members`` in order of arrival with the monotonic time they came."""

    name: str
    sid: str = field(default_factory=lambda: new_sid("QU"))
    members: dict[str, float] = field(default_factory=dict)
    MAX_SIZE: Final = 100  # Twilio's default

    def params(self, call_sid: str) -> dict[str, str]:
        """What a wait document is told about the caller's place."""
        now = time.monotonic()
        waits = [now - since for since in self.members.values()]
        return {
            "QueueSid": self.sid,
            "QueuePosition": str(list(self.members).index(call_sid) + 1),
            "QueueTime": str(int(now - self.members[call_sid])),
            "AvgQueueTime": str(int(sum(waits) / len(waits))),
            "CurrentQueueSize": str(len(self.members)),
            "MaxQueueSize": str(self.MAX_SIZE),
        }


@dataclass(frozen=True)
class HungUp:
    """The call is over: ``by`` the caller, the REST API or the carrier."""

    by: str
    status: str = "completed"


@dataclass(frozen=True)
class Moved:
    """The REST API gave the call new instructions: an address or the TwiML itself."""

    target: Target | None
    twiml: str = ""


Interruption = HungUp | Moved


@dataclass
class Call:
    """One call and everything that happened to it. Sound positions count samples since the answer."""

    account_sid: str
    from_: str
    to: str
    direction: Direction
    voice: Target | None = None
    twiml: str = ""
    status_callback: Target | None = None
    status_events: frozenset[str] = frozenset({"completed"})
    faults: Faults = field(default_factory=Faults)
    script: Script = field(default_factory=Script)
    say_speed: float = 1.0
    ring_seconds: float = 60.0
    parent_sid: str = ""
    sid: str = field(default_factory=lambda: new_sid("CA"))
    status: str = "queued"
    created: datetime = field(default_factory=lambda: datetime.now(UTC))
    answered: datetime | None = None
    ended: datetime | None = None
    answered_by_clock: float = 0.0  # monotonic
    sequence: int = 0
    story: list[dict[str, Any]] = field(default_factory=list)
    spoken: Timeline = field(default_factory=Timeline)
    heard: Timeline = field(default_factory=Timeline)
    expected_speech: list[tuple[int, int]] = field(
        default_factory=list
    )  # where our side's sound played, from sample to sample
    streams: list[dict[str, Any]] = field(default_factory=list)
    interruption: "asyncio.Future[Interruption] | None" = None
    pending: Interruption | None = None  # came while an earlier one was still being carried out
    done: asyncio.Event = field(default_factory=asyncio.Event)
    _began: float = field(default_factory=time.monotonic)

    def tell(self, what: str, **facts: Any) -> None:
        """Add a line to the story: a constant sentence and its facts, with the seconds since the call was placed."""
        if len(self.story) < MAX_STORY_LINES:
            self.story.append(
                {"t": round(time.monotonic() - self._began, 3), "at": int(time.time() * 1000), "what": what, **facts}
            )

    def position(self) -> int:
        """Samples since the answer, now; 0 before it."""
        return int((time.monotonic() - self.answered_by_clock) * RATE) if self.answered else 0

    def interrupt(self, by: Interruption) -> bool:
        """Break into what the call is doing, now or as soon as an earlier interruption is through. False when it is
        over.
        """
        if self.status in FINAL:
            return False
        if self.interruption is not None and not self.interruption.done():
            self.interruption.set_result(by)
        elif not isinstance(self.pending, HungUp):
            self.pending = by
        return True

    @property
    def seconds(self) -> int:
        """Whole seconds between answer and end, as Twilio counts them."""
        return max(1, round((self.ended - self.answered).total_seconds())) if self.ended and self.answered else 0

    def params(self) -> dict[str, str]:
        """The parameters that every voice request carries."""
        shown = {
            "AccountSid": self.account_sid,
            "ApiVersion": API_VERSION,
            "CallSid": self.sid,
            "CallStatus": self.status,
            "Called": self.to,
            "Caller": self.from_,
            "Direction": self.direction,
            "From": self.from_,
            "To": self.to,
        }
        if self.parent_sid:
            shown["ParentCallSid"] = self.parent_sid
        return {**shown, **_geography(self.from_, self.to)}


def _geography(caller: str, called: str) -> Mapping[str, str]:
    """Twilio always sends these; outside North America only the country is filled."""
    known: dict[str, str] = {}
    for names, number in ((("Caller", "From"), caller), (("Called", "To"), called)):
        country = "CN" if number.startswith("+86") else "US" if number.startswith("+1") else ""
        for name in names:
            known |= {f"{name}City": "", f"{name}State": "", f"{name}Zip": "", f"{name}Country": country}
    return known
