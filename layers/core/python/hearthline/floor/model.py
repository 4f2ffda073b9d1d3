"""The state machines of contact, agent and offer, and the pure decisions about them. ``now`` is ms since the epoch."""

from dataclasses import dataclass, field
from typing import Any, Final, Literal
from uuid import NAMESPACE_OID, uuid5

from hearthline.floor.errors import IllegalMoveError

ContactState = Literal[
    "arrived",
    "identifying",
    "queued",
    "callback_promised",
    "leaving_message",
    "offered",
    "connecting",
    "connected",
    "held",
    "wrap_up",
    "abandoned",
    "voicemail",
    "closed",
]
AgentState = Literal["offline", "not_ready", "available", "offered", "on_contact", "wrap_up"]
OfferState = Literal["open", "accepted", "declined", "lapsed", "withdrawn"]
Channel = Literal["phone", "browser", "message"]
"""``message``: written, by SMS or chat. A call is held alone, messages share an agent."""
Consult = Literal["", "asked", "talking", "conference"]
"""How far a colleague is drawn in: not at all, his screen rings, both talk apart, all three talk."""
APART: Final = frozenset({"asked", "talking"})
"""The caller is on hold meanwhile."""
TOGETHER: Final = frozenset({"talking", "conference"})
"""The colleague answered."""

CONTACT_MOVES: Final[dict[str, frozenset[str]]] = {
    "arrived": frozenset({"identifying", "queued", "leaving_message", "closed"}),
    "identifying": frozenset({"queued", "leaving_message", "closed"}),
    "queued": frozenset({"offered", "callback_promised", "leaving_message", "abandoned", "closed"}),
    "leaving_message": frozenset({"voicemail", "abandoned", "closed"}),
    "callback_promised": frozenset({"offered", "closed"}),
    "offered": frozenset({"queued", "callback_promised", "connecting", "abandoned"}),
    "connecting": frozenset({"connected", "queued", "callback_promised", "wrap_up", "abandoned"}),
    "connected": frozenset({"held", "queued", "wrap_up"}),
    "held": frozenset({"connected", "queued", "wrap_up"}),
    "wrap_up": frozenset({"closed"}),
    "abandoned": frozenset(),
    "voicemail": frozenset(),
    "closed": frozenset(),
}
AGENT_MOVES: Final[dict[str, frozenset[str]]] = {
    "offline": frozenset({"available", "not_ready"}),
    "not_ready": frozenset({"available", "offline", "not_ready"}),
    "available": frozenset({"offered", "not_ready", "offline"}),
    "offered": frozenset({"on_contact", "available", "not_ready", "offline"}),
    "on_contact": frozenset({"wrap_up", "available", "not_ready", "offline"}),
    "wrap_up": frozenset({"available", "not_ready", "offline"}),
}
OFFER_MOVES: Final[dict[str, frozenset[str]]] = {
    "open": frozenset({"accepted", "declined", "lapsed", "withdrawn"}),
    "accepted": frozenset(),
    "declined": frozenset(),
    "lapsed": frozenset(),
    "withdrawn": frozenset(),
}

ROUTABLE: Final = frozenset({"queued", "callback_promised"})
TALKING: Final = frozenset({"connecting", "connected", "held"})
HEARD: Final = frozenset({"connected", "held"})
"""Caller and agent met: such a contact may be held, given on, or a colleague asked."""
OVER: Final = frozenset({"wrap_up", "abandoned", "voicemail", "closed"})

DEFAULT_PRIORITY: Final = 5
RETURNED_PRIORITY: Final = 0
"""Who was thrown back by our fault goes before everybody who still waits for the first time."""
DEFAULT_AGEING_MS: Final = 60_000
LANGUAGES: Final = ("zh", "en")
SPREAD: Final = 2
"""Each queue has so many partitions for each language: room for 500 contacts a second (docs/limits.md)."""
MAX_QUEUES: Final = 20
"""An agent's slots move in one transaction, one for each of his queues and languages."""
QUEUE_PATIENCE_MS: Final = 60_000
"""After this long in a queue without news the sweep looks at a contact again."""
MENU_PATIENCE_MS: Final = 600_000
"""Nobody listens to a greeting for ten minutes: it is asked whether such a contact has lost its call."""
MESSAGE_PATIENCE_MS: Final = 180_000
"""Prompt, beep, the longest message and the news of it fit in three minutes."""
LONGEST_TALK_MS: Final = 4 * 3_600_000
LONGEST_MESSAGE_MS: Final = 24 * 3_600_000
TALK_LOOK_MS: Final = 600_000
"""So often the sweep asks whether a caller who talks is still on the line: the news of the end may have been lost."""
SWEEP_GRACE_MS: Final = 5_000
"""How late a reminder may be before the sweep calls its contact stuck."""
PHONE_JOIN_MS: Final = 45_000
"""An agent's phone rings for 20 s, then asks for a key; the order to dial may be unclear for 8 s before that."""
CALLBACK_JOIN_MS: Final = 60_000
"""A dialled-back customer needs time to pick up."""


@dataclass(frozen=True, slots=True)
class Contact:
    """One customer's matter, from arrival to close. Sealed fields are base64 envelopes; times ms; '' means none.

    ``line`` is our number that was called. ``rank`` is the place among those who wait: the moment of the enqueue, later
    by one ageing step for each step of priority. ``came_from`` is the queue it overflowed from. ``customer`` is a blind
    index; ``last_agent`` served this customer last; ``wants`` is the one agent who may ring until ``wants_until``. A
    callback was dialled ``dials`` times, last for the offer ``dialled_for``; it is not offered ``not_before`` a moment.
    ``message`` is the carrier's name of what the caller spoke. ``partner`` is the colleague whom ``agent`` drew in, see
    ``Consult``; he rings until ``consult_until``, both talk apart at ``consult_edge``. An agent gave the contact on
    ``given_on`` times, last ``given_by`` to a colleague who has not taken the caller back from hold yet.
    Nothing said is recorded before ``unrecorded_until``; a moment past means nothing.
    ``sealed``: the pages of caller and agent seal their sound, which nobody else can hear.
    """

    id: str
    state: ContactState
    version: int
    channel: Channel
    lang: Literal["zh", "en"]
    arrived_at: int
    call_sid: str = ""
    caller: str = ""
    line: str = ""
    queue: str = ""
    matter: str = ""
    priority: int = DEFAULT_PRIORITY
    rank: int = 0
    came_from: str = ""
    customer: str = ""
    last_agent: str = ""
    wants: str = ""
    wants_until: int = 0
    queued_at: int = 0
    position_at_entry: int = 0
    offer: str = ""
    agent: str = ""
    edge: str = ""
    accepted_at: int = 0
    connected_at: int = 0
    ended_at: int = 0
    outcome: str = ""
    ended_by: str = ""
    held_at: int = 0
    held_ms: int = 0
    callback: str = ""
    dialled_for: str = ""
    dialled_at: int = 0
    dials: int = 0
    not_before: int = 0
    message: str = ""
    message_ms: int = 0
    message_begun_at: int = 0
    wrap_up_ends_at: int = 0
    told: str = ""
    page_seen: int = 0
    page_silent: int = 0
    partner: str = ""
    consult: Consult = ""
    consult_offer: str = ""
    consult_until: int = 0
    consult_edge: str = ""
    given_on: int = 0
    given_by: str = ""
    unrecorded_until: int = 0
    by_phone: bool = False
    """Who took it last hears and speaks by phone."""
    sealed: bool = False


@dataclass(frozen=True, slots=True)
class Silence:
    """What a look at a browser caller's page found: its mark, and how many looks in a row found that same one."""

    mark: int = 0
    looks: int = 0


@dataclass(frozen=True, slots=True)
class Agent:
    """One person who answers. ``queues`` are answered at ``level`` 0-5; ``skills`` hold languages and the like, 0-5.

    ``busy_ms`` is today's talk and wrap-up, ``experience`` all contacts ever handled, ``record`` [seen, solved] for
    each matter, from the wrap-up codes. ``wrap_up_ends_at`` is set while the contact of the wrap-up is another's.
    """

    id: str
    state: AgentState
    version: int
    since: int
    reason: str = ""
    idle_since: int = 0
    queues: dict[str, int] = field(default_factory=dict)
    skills: dict[str, int] = field(default_factory=dict)
    contact: str = ""
    offer: str = ""
    handled: int = 0
    handled_day: str = ""
    busy_ms: int = 0
    online_since: int = 0
    experience: int = 0
    record: dict[str, list[int]] = field(default_factory=dict)
    training: int = 0
    """How often queues and skills were decided anew; unlike ``version`` it stands still while he works."""
    wrap_up_ends_at: int = 0
    messages: list[str] = field(default_factory=list)
    """The written contacts he holds, those that ring included; beside a call there is none."""
    phone: str = ""
    """Sealed: the number or SIP address by which he hears and speaks; '' for the headset."""
    then: str = ""
    """Where the agent wants to be after this contact: ``not_ready:<reason>`` or ``offline:<reason>``."""


@dataclass(frozen=True, slots=True)
class Offer:
    id: str
    state: OfferState
    contact: str
    agent: str
    opened_at: int
    expires_at: int
    why: tuple[str, ...] = ()
    """Stable codes of the reasons for this agent, best first."""
    kind: Literal["contact", "consult"] = "contact"
    """A consult asks for a word between colleagues; the contact stays where it is."""


@dataclass(frozen=True, slots=True)
class Slot:
    """An available agent as one queue sees him."""

    agent: str
    level: int
    idle_since: int
    skills: dict[str, int]
    agent_version: int
    handled: int = 0
    busy_ms: int = 0
    online_since: int = 0
    experience: int = 0
    record: dict[str, list[int]] = field(default_factory=dict)
    messages: int = 0


@dataclass(frozen=True, slots=True)
class Waiting:
    """A place in a queue, with what routing wants to know of its contact. ``place`` sorts: the least goes first."""

    contact: str
    priority: int
    queued_at: int
    lang: str
    queue: str = ""
    place: str = ""
    matter: str = ""
    last_agent: str = ""
    wants: str = ""
    wants_until: int = 0
    not_before: int = 0
    written: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a waiting contact stands: 1 is next; all counts are bounded by the page that was read.

    ``place_ms`` is what one place takes these days.
    """

    position: int
    waiting: int
    free_agents: int
    place_ms: int


def move_contact(contact: Contact, after: ContactState) -> ContactState:
    """``after`` if the model has that move. Raises IllegalMoveError."""
    _check_move("contact", CONTACT_MOVES, contact.state, after)
    return after


def move_agent(agent: Agent, after: AgentState) -> AgentState:
    """``after`` if the model has that move. Raises IllegalMoveError."""
    _check_move("agent", AGENT_MOVES, agent.state, after)
    return after


def move_offer(offer: Offer, after: OfferState) -> OfferState:
    """``after`` if the model has that move. Raises IllegalMoveError."""
    _check_move("offer", OFFER_MOVES, offer.state, after)
    return after


def _check_move(what: str, moves: dict[str, frozenset[str]], before: str, after: str) -> None:
    if after not in moves[before]:
        raise IllegalMoveError(what, before, after)


def waiting_state(contact: Contact) -> ContactState:
    """To which state a contact returns when an offer comes to nothing: who is off the line waits for the callback."""
    return "callback_promised" if contact.callback and not contact.call_sid else "queued"


def state_after_end(contact: Contact) -> ContactState:
    """Where the one exit leads from here."""
    if contact.state in {"connected", "held"}:
        return "wrap_up"
    if contact.state == "leaving_message" and contact.message:
        return "voicemail"
    if contact.state == "leaving_message":
        return "abandoned" if contact.queued_at else "closed"
    if contact.state in {"queued", "offered", "connecting"}:
        return "abandoned"
    return "closed"


def outcome_of(contact: Contact) -> Literal["answered", "abandoned", "left_in_menu", "voicemail"]:
    """What the end means for the numbers: of those who waited, each is answered, abandoned or voicemail."""
    if contact.connected_at:
        return "answered"
    if contact.state == "leaving_message" and contact.message:
        return "voicemail"
    return "abandoned" if contact.queued_at else "left_in_menu"


def agent_after_lapse(agent: Agent, why: str) -> tuple[AgentState, str]:
    """Who missed or declined must come back himself; whose caller left stays where he was in line."""
    if why == "caller_left":
        return "available", ""
    if why == "agent_gone":
        return "offline", "connection_lost"
    return "not_ready", {"timed_out": "missed", "declined": "declined"}[why]


def agent_after_work(agent: Agent) -> tuple[AgentState, str]:
    """After wrap-up: available, unless the agent asked for something else while on the contact."""
    state, _, reason = agent.then.partition(":")
    if state in {"not_ready", "offline"}:
        return ("not_ready", reason) if state == "not_ready" else ("offline", reason)
    return "available", ""


def unheld(contact: Contact, now: int) -> dict[str, Any]:
    """Changes of a contact that is on hold no longer; the time on hold is counted."""
    held_ms = contact.held_ms + (now - contact.held_at if contact.held_at else 0)
    return {"held_at": 0, "held_ms": held_ms, "given_by": ""}


def alone_again() -> dict[str, object]:
    """Changes of a contact whose agent has no colleague beside him any more."""
    return {"partner": "", "consult": "", "consult_offer": "", "consult_until": 0, "consult_edge": ""}


HELPED: Final = "helped"
"""Reason of the wrap-up of a colleague who was in a conference about another agent's contact."""


def consult_room(contact: Contact) -> str:
    """The room in which two agents talk apart from the caller: another one for each consult, so that late news from an
    earlier one means nothing. '' while nobody was asked.
    """
    return str(uuid5(NAMESPACE_OID, f"{contact.id}#{contact.consult_offer}")) if contact.consult_offer else ""


def has_room(agent: Agent, contact: Contact, capacity: int) -> bool:
    """A call is held alone; ``capacity`` messages share an agent."""
    return len(agent.messages) < capacity if contact.channel == "message" else not agent.messages


def shown_position(position: int, at_entry: int) -> int:
    """What is told to a caller: never worse than what he was told when he came."""
    return min(position, at_entry) if at_entry else position


def join_window_ms(contact: Contact, join_ms: int) -> int:
    """How long after the accept both sides must be heard."""
    return max(join_ms, PHONE_JOIN_MS * contact.by_phone, CALLBACK_JOIN_MS * bool(contact.callback))


def due_at(contact: Contact, now: int, join_ms: int) -> int | None:
    """When somebody must look at this contact again if nothing happens; None when it is over."""
    match contact.state:
        case "arrived" | "identifying":
            return contact.arrived_at + MENU_PATIENCE_MS
        case "queued" | "callback_promised" | "offered":
            return now + QUEUE_PATIENCE_MS
        case "connecting":
            return contact.accepted_at + join_window_ms(contact, join_ms) + SWEEP_GRACE_MS
        case "connected" | "held":
            return contact.consult_until + SWEEP_GRACE_MS if contact.consult == "asked" else now + TALK_LOOK_MS
        case "leaving_message":
            return contact.message_begun_at + MESSAGE_PATIENCE_MS + 2 * SWEEP_GRACE_MS
        case "wrap_up":
            return contact.wrap_up_ends_at + SWEEP_GRACE_MS
    return None
