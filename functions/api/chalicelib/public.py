"""Browser callers: no account, a key for each contact, bounded by the minute."""

from typing import Final, Literal

from chalice.app import Blueprint

from chalicelib.doors import caller_door, let_go, pause_of
from chalicelib.opening import told_hours, told_matter
from chalicelib.problems import ProblemError
from chalicelib.replay import named_by_key
from chalicelib.rules import Visit, on
from chalicelib.shapes import (
    Bilingual,
    Callback,
    CallerDoor,
    CallerState,
    ClosedNow,
    NewContact,
    PublicContact,
    PublicMatters,
)
from chalicelib.snapshot import masked_caller
from chalicelib.spread import spread
from hearthline.callflow.enter import customer_of, enter_queue
from hearthline.callflow.hours import Shut, shut_now
from hearthline.callflow.lines import our_numbers
from hearthline.config.model import Matter
from hearthline.config.store import current
from hearthline.events.word import Actor
from hearthline.floor.model import LANGUAGES, OVER, Contact, shown_position
from hearthline.floor.store import Floor
from hearthline.people.passes import issue_key
from hearthline.people.store import person_of
from hearthline.platform.effects import Effects
from hearthline.platform.seal import Place
from hearthline.presence.store import Presence
from hearthline.telephony.model import e164, expected_wait, may_be_called

routes = Blueprint(__name__)
CALLER: Final = Actor(kind="caller")
NO_DOOR: Final = CallerDoor(whip="", token="")
"""Who is called back waits without sound."""
State = Literal["queued", "ringing", "connecting", "connected", "ended", "callback_promised"]
STATES: Final[dict[str, State]] = {
    "arrived": "queued",
    "identifying": "queued",
    "queued": "queued",
    "callback_promised": "callback_promised",
    "offered": "ringing",
    "connecting": "connecting",
    "connected": "connected",
    "held": "connected",
    "wrap_up": "ended",
    "leaving_message": "ended",
    "voicemail": "ended",
    "abandoned": "ended",
    "closed": "ended",
}


@on(routes, "GET", "/api/public/matters", who="anyone", gives=PublicMatters, each=120)
def tell_matters(visit: Visit) -> PublicMatters:
    """What one may call about, when somebody is there for it, and how long each would wait."""
    effects = visit.effects
    config, floor, now = current(effects), Floor(effects), effects.clock.now()
    waits = {queue.id: _wait(floor, queue.id) for queue in config.queues}
    return PublicMatters(
        now=now,
        company=Bilingual(zh=config.company.zh, en=config.company.en),
        matters=[told_matter(effects, config, each, waits[each.queue]) for each in config.matters],
        hours=told_hours(config, now),
    )


@on(
    routes,
    "POST",
    "/api/public/contacts",
    who="anyone",
    takes=NewContact,
    gives=PublicContact,
    status=201,
    each=20,
    total=300,
)
def create_contact(visit: Visit) -> PublicContact:
    """A browser caller takes a place in the queue; the key in the answer opens this contact only."""
    effects, given, contact = visit.effects, visit.body, named_by_key(visit)
    matter = current(effects).matter(given.matter)
    if matter is None:
        raise ProblemError("field_invalid", field="matter")
    queue = current(effects).queue(matter.queue)
    shut = shut_now(effects, matter.queue)
    sealed = queue is not None and queue.sealed and not shut  # who is called back is called by phone
    if sealed and not given.seals:
        raise ProblemError("seal_needed")
    if shut and not (given.callback and shut.offers == "callback"):
        raise _closed(shut)
    if shut:
        number, door, edge = _callable(effects, given.number or ""), NO_DOOR, ""
    else:  # a door before anything is written: without sound there is no contact
        number = _number(given.number) if given.number else ""
        door, edge = caller_door(effects, contact, "", sealed=sealed)
    key = issue_key(effects, contact)
    _take_place(visit, contact, matter, number, edge, shut.opens_at if shut else 0, sealed=sealed)
    if shut:
        _promise(effects, contact, number)
    return PublicContact(contact=contact, key=key, whip=door.whip, token=door.token, state=_state(effects, contact))


@on(routes, "GET", "/api/public/contacts/{id}", who="caller", gives=CallerState, each=240)
def tell_contact(visit: Visit, id: str) -> CallerState:
    """Where the caller stands."""
    Presence(visit.effects).page_asked(id)
    return _state(visit.effects, id)


@on(routes, "POST", "/api/public/contacts/{id}/media", who="caller", gives=CallerDoor, each=30, replay=False)
def open_caller_media(visit: Visit, id: str) -> CallerDoor:
    """A fresh one-use token for the caller's browser."""
    contact = _contact(visit.effects, id)
    if contact.state in OVER or contact.channel != "browser":
        raise ProblemError("not_now")
    door, edge = caller_door(visit.effects, id, contact.edge, pause=pause_of(contact), sealed=contact.sealed)
    spread(visit.effects, Floor(visit.effects).waits_at(id, edge))
    return door


@on(routes, "POST", "/api/public/contacts/{id}/hangup", who="caller", gives=CallerState, each=30)
def leave(visit: Visit, id: str) -> CallerState:
    """The caller leaves."""
    spread(visit.effects, Floor(visit.effects).end_contact(id, by="caller", actor=CALLER))
    return _state(visit.effects, id)


@on(routes, "POST", "/api/public/contacts/{id}/callback", who="caller", takes=Callback, gives=CallerState, each=10)
def promise_callback(visit: Visit, id: str) -> CallerState:
    """The caller may close the page: the phone rings when the turn comes, the place is kept."""
    number = _callable(visit.effects, visit.body.number)
    _promise(visit.effects, id, number)
    return _state(visit.effects, id)


def _take_place(
    visit: Visit, contact: str, matter: Matter, number: str, edge: str, opens_at: int, *, sealed: bool
) -> None:
    effects, lang = visit.effects, visit.body.lang
    hidden, customer = effects.seal_text(number, Place("floor", contact, "caller")), customer_of(effects, number)
    Presence(effects).seen(contact)
    step = Floor(effects).arrive(
        contact, channel="browser", lang=lang, caller=hidden, customer=customer, edge=edge, sealed=sealed, actor=CALLER
    )
    spread(effects, step)
    cause = step.event.id if step else ""
    entered = enter_queue(
        effects,
        contact,
        matter=matter.id,
        queue=matter.queue,
        lang=lang,
        actor=CALLER,
        cause=cause,
        opens_at=opens_at,
    )
    spread(effects, entered)


def _promise(effects: Effects, contact: str, number: str) -> None:
    sealed = effects.seal_text(number, Place("floor", contact, "callback"))
    step = Floor(effects).promise_callback(contact, number=sealed, actor=CALLER)
    if step is None and not _contact(effects, contact).callback:
        raise ProblemError("not_now")
    spread(effects, step)
    if step is not None and step.contact is not None:
        let_go(effects, step.contact)  # the page's sound ends: an agent who takes the callback waits for the phone


def _closed(shut: Shut) -> ProblemError:
    says = Bilingual(zh="".join(shut.says("zh")), en=" ".join(shut.says("en")))
    told = ClosedNow(opens_at=shut.opens_at or None, callback=shut.offers == "callback")
    return ProblemError("closed_now", closed=told, says=says)


def _callable(effects: Effects, typed: str) -> str:
    """A number that may be promised a call."""
    number = _number(typed)
    if not may_be_called(number, our_numbers(effects)):
        raise ProblemError("field_invalid", field="number")
    return number


def _number(typed: str) -> str:
    number = e164(typed)
    if not number:
        raise ProblemError("field_invalid", field="number")
    return number


def _wait(floor: Floor, queue: str) -> int:
    free = max(floor.free_in(queue, lang) for lang in LANGUAGES)
    place_ms = max(floor.place_ms(queue, lang) for lang in LANGUAGES)
    return expected_wait(floor.waiting_in(queue) + 1, free, place_ms)


def _contact(effects: Effects, id: str) -> Contact:
    contact = Floor(effects).contact(id)
    if contact is None:
        raise ProblemError("not_found")
    return contact


def _state(effects: Effects, id: str) -> CallerState:
    contact = _contact(effects, id)
    state = STATES[contact.state]
    position = wait = None
    if state in {"queued", "ringing", "callback_promised"}:
        standing = Floor(effects).standing(id)
        position = shown_position(standing.position, contact.position_at_entry)
        wait = expected_wait(position, standing.free_agents, standing.place_ms)
    until = contact.accepted_at or contact.ended_at or effects.clock.now()
    person = person_of(effects, contact.agent) if state in {"connecting", "connected"} else None
    return CallerState(
        state=state,
        position=position,
        position_at_entry=contact.position_at_entry or None,
        wait_seconds=wait,
        waited_ms=max(0, until - (contact.queued_at or until)),
        matter=contact.matter,
        agent_name=person.name if person else None,
        callback_to=masked_caller(effects, contact) if contact.callback else None,
        sealed=contact.sealed,
        hold=contact.state == "held",
    )
