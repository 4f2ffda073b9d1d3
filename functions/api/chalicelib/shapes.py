"""What goes in and out, as pydantic models: the border checks with them, the OpenAPI document is made from them."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, WithJsonSchema

Text = Annotated[str, Field(min_length=1, max_length=64)]
Lang = Literal["zh", "en"]
Version = Annotated[int, Field(ge=1, lt=2**31)]
FieldValue = (
    Annotated[str, Field(max_length=1000)] | bool | Annotated[int, Field(ge=-(2**53), le=2**53)] | FiniteFloat | None
)


# Which fields there are depends on the matter: `ticket_schema` of the workspace's configuration says it all.
Fields = Annotated[
    dict[Annotated[str, Field(max_length=64)], FieldValue],
    Field(max_length=40),
    WithJsonSchema({"type": "object", "additionalProperties": True, "maxProperties": 40}),
]


class In(BaseModel):
    """What people send: no field we do not know, no number written as text."""

    model_config = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True, defer_build=True)
    WHOLE_PATH: ClassVar[bool] = False
    """Whether a refusal names the whole path of what is wrong; else its first part, which is what a form shows."""


class Out(BaseModel):
    model_config = ConfigDict(extra="forbid", defer_build=True)


class Nothing(In):
    """No fields; an empty body will do."""


class Credentials(In):
    login: Annotated[str, Field(min_length=1, max_length=64)]
    password: Annotated[str, Field(min_length=1, max_length=256)]


class StatusChange(In):
    status: Literal["available", "not_ready", "offline"]
    reason: Literal["break", "training", "missed", "other"] | None = None


class Transfer(In):
    """To a queue (the contact's own where none is named), or first to one ``agent`` of it."""

    queue: Text | None = None
    agent: Text | None = None


class Question(In):
    """Which colleague is asked."""

    agent: Text


class WrapUp(In):
    code: Text


class TicketPatch(In):
    """Fields as they shall be; null empties one."""

    version: Version
    fields: Fields


class TicketVersion(In):
    version: Version


class NewContact(In):
    """``callback``: where nobody is there now and the queue takes it, call ``number`` when it opens.

    ``seals``: the page can seal its sound end to end.
    """

    matter: Text
    lang: Lang
    number: Annotated[str, Field(max_length=24)] | None = None
    callback: bool = False
    seals: bool = False


class Callback(In):
    number: Annotated[str, Field(min_length=1, max_length=24)]


class Bilingual(Out):
    zh: str
    en: str


class Publication(Out):
    """One version of the configuration; ``at`` in ms, ``who`` None for the deployment, ``restored`` 0 for new."""

    version: int
    at: int
    who: str | None
    note: str
    restored: int


class ClosedNow(Out):
    """Nobody is there. ``opens_at`` in ms, None when it is too far away; ``callback``: whether one is offered."""

    opens_at: int | None
    callback: bool


class Problem(Out):
    """Every refusal. ``code`` is stable; ``field``, ``expected`` and ``missing`` say what to correct.

    ``published``: what somebody else put in force meanwhile; ``closed`` stands beside ``closed_now``.
    """

    code: str
    message: Bilingual
    field: str | None = None
    expected: Bilingual | None = None
    missing: list[str] | None = None
    published: Publication | None = None
    closed: ClosedNow | None = None


class Health(Out):
    status: str
    version: str


class Person(Out):
    id: str
    name: str
    role: str
    lang: Lang


class SessionView(Out):
    person: Person


class AgentSound(Out):
    """By what an agent hears and speaks; ``shown`` is as much of the number or SIP address as he needs to know it."""

    by: Literal["headset", "phone", "sip"]
    shown: str


class AgentCall(Out):
    """The call to an agent's phone for the contact he is on; ``again``: he may have it rung anew."""

    state: Literal["dialling", "ringing", "asked", "led", "over"]
    again: bool


class PhoneChoice(In):
    """A telephone number, a SIP address, or '' for the headset of the browser."""

    address: Annotated[str, Field(max_length=255)]


class Agent(Out):
    id: str
    login: str
    name: str
    state: Literal["offline", "not_ready", "available", "offered", "on_contact", "wrap_up"]
    reason: str | None
    since: int
    version: int
    queues: list[str]
    calls_today: int
    sound: AgentSound


class ContactView(Out):
    """A contact as its agent sees it; the number is masked, times are ms.

    Of a contact that went on with somebody else ``ended_by`` is ``given_on``, or ``helped`` for the colleague in a
    conference; the end is this agent's own. ``given_by`` names who handed over a caller who still waits on hold.
    Nothing said is recorded before ``unrecorded_until``; null, or a moment past, where it is.
    ``sealed``: caller's and agent's page seal the sound, which nobody else can hear.
    """

    id: str
    state: Literal["offered", "connecting", "connected", "held", "wrap_up"]
    channel: Literal["phone", "browser", "message"]
    matter: str
    queue: str
    lang: Lang
    caller: str
    queued_at: int
    connected_at: int | None
    ended_at: int | None
    ended_by: str | None
    given_by: str | None
    wrap_up_ends_at: int | None
    version: int
    ticket: str | None
    edge: str | None
    unrecorded_until: int | None
    sealed: bool


class Colleague(Out):
    id: str
    name: str


class Consult(Out):
    """The colleague beside the agent: his screen rings, both talk apart while the caller is on hold, or all three talk.

    ``mine``: I have the contact and ``other`` was asked; else the other way round. ``until``: how long it rings.
    """

    state: Literal["asked", "talking", "conference"]
    mine: bool
    other: Colleague
    until: int | None


class Offer(Out):
    """``consult``: the colleague ``asked_by`` wants a word about a contact that stays his."""

    id: str
    kind: Literal["contact", "consult"]
    asked_by: str | None
    opened_at: int
    expires_at: int
    why: list[Bilingual]
    contact: ContactView


class Watcher(Colleague):
    """A supervisor on the contact: ``listen`` is heard by nobody, ``whisper`` by the agents, ``barge`` by all."""

    mode: Literal["listen", "whisper", "barge"]


class Snapshot(Out):
    """All an agent's screen needs; ``now`` is the server's clock in ms.

    ``watchers``: the supervisors on the contact of whom the agent is told (``monitoring_notice``). ``phone`` is None
    for who hears and speaks in the browser.
    """

    now: int
    agent: Agent
    offer: Offer | None
    contact: ContactView | None
    consult: Consult | None
    phone: AgentCall | None
    watchers: list[Watcher]
    waiting: int


class SocketTicket(Out):
    url: str
    ticket: str
    expires_at: int


class MediaDoor(Out):
    whip: str
    token: str
    expires_at: int
    edge: str


class Choice(Out):
    id: str
    zh: str
    en: str


class Matter(Choice):
    queue: str


class WorkspaceConfig(Out):
    company: Bilingual
    queues: list[Choice]
    matters: list[Matter]
    reasons: list[str]
    wrap_up_codes: list[Choice]
    ticket_schema: dict[str, Any]


class PublicSpan(Out):
    """``day`` 0 is Monday; times as HH:MM, 24:00 ends the day."""

    day: int
    start: str
    end: str


class PublicDay(Bilingual):
    """A day that is not like others, ``date`` as YYYY-MM-DD. Empty times: closed."""

    date: str
    start: str
    end: str


class PublicHours(Out):
    """When people are there, in ``zone``. ``days``: those of the next weeks that are not like others.

    ``changes_at`` (ms): when it closes while ``open``, when it opens otherwise; None when that is too far away.
    """

    id: str
    zone: str
    open: bool
    changes_at: int | None
    week: list[PublicSpan]
    days: list[PublicDay]


class PublicMatter(Choice):
    """``hours`` '' is always open. While it is not: whether a ``callback`` is offered, on which ``line`` to speak.

    ``line`` is the company's number that takes messages then, '' for none. ``sealed``: calls from a page are sealed.
    """

    hint: Bilingual
    wait_seconds: int | None
    hours: str
    callback: bool
    line: str
    sealed: bool


class PublicMatters(Out):
    """``now`` is the server's time in ms."""

    now: int
    company: Bilingual
    matters: list[PublicMatter]
    hours: list[PublicHours]


class CallerState(Out):
    """Where a caller stands; position 1 is next, times in ms unless the name says seconds.

    ``sealed``: the page seals its sound end to end, and plays by itself what a caller hears on ``hold``.
    """

    state: Literal["queued", "ringing", "connecting", "connected", "ended", "callback_promised"]
    position: int | None
    position_at_entry: int | None
    wait_seconds: int | None
    waited_ms: int
    matter: str
    agent_name: str | None = None
    callback_to: str | None = None
    sealed: bool
    hold: bool


class PublicContact(Out):
    """``whip`` and ``token`` are empty for who is called back."""

    contact: str
    key: str
    whip: str
    token: str
    state: CallerState


class CallerDoor(Out):
    whip: str
    token: str
