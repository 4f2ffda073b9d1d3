"""Supervisors: the calls of the team, and listening, whispering or barging in. The contact and its agent do not move.

A manager sees the calls and hears none: whoever is on a call intervenes in it.
"""

from contextlib import suppress
from typing import Final

from chalice.app import Blueprint

from chalicelib.doors import control_of, supervisor_door
from chalicelib.problems import ProblemError
from chalicelib.rules import Visit, on
from chalicelib.snapshot import Names, masked_caller, watchers_shown
from chalicelib.watch_shapes import TeamCall, TeamCalls, WatchDoor, WatchState, WatchWish
from hearthline.config.store import current
from hearthline.floor.keeper import Step
from hearthline.floor.model import TOGETHER, Contact
from hearthline.floor.store import Floor
from hearthline.floor.watching import MAX_WATCHERS, is_told
from hearthline.media.edge import EdgeBusyError
from hearthline.presence.flow import announce

routes = Blueprint(__name__)
SUPERVISORS: Final = frozenset({"supervisor"})
SEES_TEAM: Final = SUPERVISORS | {"manager"}
MOST_SHOWN: Final = 100
"""Conversations in one list, each some reads. A company is one team as long as nobody divides it."""


@on(routes, "GET", "/api/team/calls", who=SEES_TEAM, gives=TeamCalls)
def list_calls(visit: Visit) -> TeamCalls:
    """The conversations of the team that go on now, the longest first."""
    live, names = Floor(visit.effects).conversations(), Names(visit.effects)
    return TeamCalls(
        now=visit.effects.clock.now(),
        most=MAX_WATCHERS,
        may_watch=visit.person.role in SUPERVISORS,
        calls=[_call(visit, contact, names) for contact in live[:MOST_SHOWN]],
        left_out=max(0, len(live) - MOST_SHOWN),
    )


@on(routes, "POST", "/api/team/calls/{id}/watch", who=SUPERVISORS, takes=WatchWish, gives=WatchDoor, replay=False)
def watch_contact(visit: Visit, id: str) -> WatchDoor:
    """Where and with which one-use token the supervisor's browser joins, now or anew, and how he is heard there."""
    effects, floor, me, mode = visit.effects, Floor(visit.effects), visit.person.id, visit.body.mode
    joined = floor.watch(id, me, mode, visit.actor)
    _tell(visit, joined or floor.change_mode(id, me, mode, visit.actor))
    contact = floor.contact(id)
    watch = floor.watch_of(contact, me) if contact else None
    if contact is None or watch is None or not watch.mode:
        raise ProblemError("contact_not_yours")
    door = supervisor_door(effects, contact, me, watch.mode)
    return WatchDoor(door=door, mode=watch.mode, call=_call(visit, contact, Names(effects)))


@on(routes, "POST", "/api/team/calls/{id}/watch/mode", who=SUPERVISORS, takes=WatchWish, gives=WatchState)
def change_mode(visit: Visit, id: str) -> WatchState:
    """Others hear the supervisor from now on, without joining again."""
    # The ledger first: nobody is heard by more people than it says.
    floor, mode = Floor(visit.effects), visit.body.mode
    _tell(visit, floor.change_mode(id, visit.person.id, mode, visit.actor))
    contact = floor.contact(id)
    if contact is None or not control_of(visit.effects, contact).supervise(id, visit.person.id, mode):
        raise ProblemError("watch_not_joined")
    return WatchState(mode=mode)


@on(routes, "POST", "/api/team/calls/{id}/watch/leave", who=SUPERVISORS, gives=WatchState)
def leave_watched(visit: Visit, id: str) -> WatchState:
    """The supervisor is off the call."""
    floor = Floor(visit.effects)
    _tell(visit, floor.unwatch(id, visit.person.id, visit.actor))
    contact = floor.contact(id)
    if contact and contact.edge:
        with suppress(EdgeBusyError):  # his page leaves by itself as well
            control_of(visit.effects, contact).supervise(id, visit.person.id, None)
    return WatchState(mode=None)


def _tell(visit: Visit, step: Step | None) -> None:
    """The agents' screens hear of it, unless the company shows them only who speaks to them."""
    if step is None or step.contact is None:
        return
    said, contact = step.event.data, step.contact
    told = is_told(current(visit.effects).monitoring_notice, said["mode"], said.get("before", ""))
    announce(visit.effects, step.event, *((contact.agent, contact.partner) if told else ()))


def _call(visit: Visit, contact: Contact, names: Names) -> TeamCall:
    effects, beside = visit.effects, contact.consult in TOGETHER
    watches = Floor(effects).watchers(contact)
    return TeamCall(
        contact=contact.id,
        agent=names.colleague(contact.agent),
        partner=names.colleague(contact.partner) if beside else None,
        state="held" if contact.state == "held" else "connected",
        apart=contact.consult == "talking",
        sealed=contact.sealed,
        channel="browser" if contact.channel == "browser" else "phone",
        matter=contact.matter,
        queue=contact.queue,
        lang=contact.lang,
        caller=masked_caller(effects, contact),
        connected_at=contact.connected_at,
        held_at=contact.held_at or None,
        watchers=watchers_shown(watches, names),
        mine=next((each.mode or None for each in watches if each.supervisor == visit.person.id), None),
    )
