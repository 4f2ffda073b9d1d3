"""Bugs put into production code on purpose: the rig must find each, and here stands the seed that does.

A bug is one change of one function's text. The text must stand there: who changes the function changes its bug too.
"""

import importlib
import inspect
import json
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.simulation.report import History, history

MOST_SEEDS: Final = 500
SEEDS: Final = Path(__file__).with_name("planted_seeds.json")
"""Bug -> a seed that finds it, the first one when searched anew; `make soak NAME=planted` writes it."""


@dataclass(frozen=True)
class Bug:
    """``where`` is ``module:function`` or ``module:Class.method``.

    ``healthy``: it is found where nothing fails, by what such a history is held to.
    """

    name: str
    where: str
    good: str
    bad: str
    healthy: bool = False


CONTACTS, AGENTS, OFFERS = (
    f"hearthline.floor.{name}" for name in ("contacts:Contacts", "agents:Agents", "offers:Offers")
)
KEEPER: Final = "hearthline.floor.keeper:Keeper"
BUGS: Final = (
    Bug("a claim does not look at versions", f"{KEEPER}._put", 'when=(Is("version", before.version),)', "when=()"),
    Bug("the slot stays when its agent is claimed", f"{OFFERS}.claim", "*slot_changes(agent, moved_agent.after),", ""),
    Bug("the place stays when its contact is claimed", f"{OFFERS}.claim", "Remove(waiting_key(contact)),", ""),
    Bug("a lapsed offer forgets the caller's place", f"{OFFERS}.lapse", "waiting_put(waits.after), *slots", "*slots"),
    Bug(
        "who missed a call is available again",
        f"{OFFERS}.lapse",
        "state, reason = agent_after_lapse(agent, why)",
        'state, reason = "available", ""',
    ),
    Bug(
        "an offer outlives its caller: the ghost ring",
        f"{CONTACTS}._end",
        'changes.append(next_offer(self._known_offer(contact.offer), "withdrawn"))',
        "pass",
    ),
    Bug(
        "who hung up stays in the queue",
        f"{CONTACTS}._end",
        "more.append(Remove(waiting_key(contact)))",
        "pass",
    ),
    Bug("the agent of a returned contact stays busy", f"{CONTACTS}._thrown_back", "[aside, *self", "[*self"),
    Bug(
        "a return to the queue begins a new wait",
        f"{CONTACTS}._thrown_back",
        'told="",',
        'told="", queued_at=self._now(),',
    ),
    Bug(
        "an agent keeps the contact that left him",
        "hearthline.floor.freeing:Freeing._off",
        'contact="",',
        "contact=agent.contact,",
    ),
    Bug(
        "after wrap-up an agent has no slot: stuck reserved",
        f"{AGENTS}.end_wrapup",
        'slots = slot_puts(freed.after) if state == "available" else []',
        "slots = []",
    ),
    Bug("a break turns into available", f"{AGENTS}.set_status", 'f"{state}:{reason}"', '""'),
    Bug(
        "a new status is taken while the screen rings",
        f"{AGENTS}.set_status",
        'if agent.state == "offered":',
        "if False:",
    ),
    Bug("an agent on a break keeps his slot", f"{AGENTS}._status", "writes += slot_removes(agent)", "pass"),
    Bug(
        "who is gone leaves his offer behind",
        f"{AGENTS}.gone",
        'agent.state in {"offline", "offered"}',
        'agent.state == "offline"',
    ),
    Bug(
        "the ledger is written after the change, not with it",
        f"{KEEPER}._commit",
        "*more, ledger.entry(event))",
        "*more); self._store.write(ledger.entry(event))",
    ),
    Bug(
        "versions stand still",
        "hearthline.floor.keeper:next_contact",
        "version=contact.version + 1",
        "version=contact.version",
    ),
    Bug(
        "a message is acknowledged although the work failed",
        "hearthline.platform.consume:_done",
        "error=type(error).__name__)\n        return False",
        "error=type(error).__name__)\n        return True",
    ),
    Bug(
        "two workers dial one customer: the duplicate callback",
        "hearthline.callflow.callback:CallBack.dial",
        "if not intent.mine:",
        "if False:",
    ),
    Bug(
        "after a lost answer the customer is dialled again unasked",
        "hearthline.callflow.callback:CallBack.dial",
        'self._placed_before(contact, number, ours, intent) if intent.before else ("", False)',
        '("", False)',
    ),
    Bug(
        "the newest is served first",
        "hearthline.floor.order:waiting_sort",
        "{contact.rank or contact.queued_at:013d}",
        "{10**13 - 1 - (contact.rank or contact.queued_at):013d}",
        healthy=True,
    ),
    Bug(
        "slots carry an old version: nobody can be claimed",
        "hearthline.floor.items:slot_puts",
        '"agent_version": agent.version',
        '"agent_version": agent.version - 1',
        healthy=True,
    ),
    Bug(
        "a free agent is not offered to those who wait",
        "functions.route_contact.app:route_one",
        "rung = ringing.for_agent(agent)",
        "rung = 0",
        healthy=True,
    ),
    Bug(
        "the wrap-up clock is ignored",
        "functions.end_wrapup.app:free",
        'floor.end_wrapup(contact, agent, by="clock", actor=CLOCK)',
        "None",
        healthy=True,
    ),
    Bug(
        "the ring clock is ignored",
        "functions.expire_offer.app:expire_ring",
        'Floor(effects()).lapse(word.offer, "timed_out", cause=envelope.id)',
        "None",
        healthy=True,
    ),
    Bug(
        "a contact in wrap-up ends a second time",
        f"{CONTACTS}.end_contact",
        "contact.state in OVER",
        'contact.state in {"closed", "abandoned"}',
    ),
    Bug(
        "who is thrown back stands behind everybody",
        f"{CONTACTS}._thrown_back",
        "priority=RETURNED_PRIORITY,",
        "",
    ),
    Bug(
        "a queue that overflows begins a new wait",
        f"{CONTACTS}.overflow",
        "came_from=contact.queue)",
        "came_from=contact.queue, queued_at=self._now())",
    ),
    Bug(
        "who overflows stands in two queues",
        f"{CONTACTS}.overflow",
        "[moved], leaves, comes,",
        "[moved], comes,",
    ),
    Bug("an agent who is free again has no slot", f"{AGENTS}._status", "writes += slot_puts(after.after)", "pass"),
    Bug(
        "news of an older call ends the contact",
        "hearthline.callflow.phone:PhoneCall._end",
        "contact is None or contact.call_sid != self._post.call_sid",
        "contact is None",
    ),
    Bug(
        "what nobody can read is thrown away, and no alarm rings",
        "hearthline.platform.consume:_one",
        "queue.park(name, body)",
        "pass",
    ),
    Bug(
        "the relay acknowledges what the bus did not take",
        "functions.relay_ledger.app:handler",
        '[{"itemIdentifier": events[error.taken][0]}]',
        "[]",
    ),
    Bug("the sweep finds nothing", "hearthline.floor.store:Floor.overdue", "limit=limit", "limit=0"),
    Bug(
        "whose page is gone waits for ever",
        "hearthline.callflow.silence:has_left",
        "found.looks >= SILENT_LOOKS",
        "False",
    ),
    Bug(
        "whoever calls from a page is taken for gone",
        "hearthline.callflow.silence:has_left",
        "found.looks >= SILENT_LOOKS",
        "found.mark != 0",
    ),
    Bug(
        "a ticket is never handed on",
        "hearthline.tickets.flow:_ensure",
        "or not owner or known.owner == owner",
        "or True",
    ),
    Bug(
        "a screen that is gone is rung",
        "hearthline.callflow.ring:Ringing._is_there",
        "there = self._presence.is_there(agent)",
        "there = True",
    ),
    Bug(
        "a callback's last try is never the last",
        "hearthline.floor.callbacks:Callbacks.spent",
        "contact.dials >= MAX_DIALS",
        "False",
    ),
    Bug(
        "a caller who hangs up leaves the colleague who was asked behind",
        "hearthline.floor.contacts:Contacts._end",
        "changes += self._partner_off(contact)",
        "pass",
    ),
    Bug(
        "a colleague who is asked can be claimed as well",
        "hearthline.floor.consults:Consults.consult",
        "*slot_removes(partner), ",
        "",
    ),
    Bug(
        "who gave a caller on keeps him too",
        "hearthline.floor.consults:Consults._hand_over",
        "[moved, gave]",
        "[moved]",
    ),
    Bug(
        "a lost end is never asked about",
        "hearthline.callflow.ends:Ends.is_over",
        "self.was_told(contact) or self._carrier_says_so(contact.call_sid)",
        "False",
    ),
    Bug(
        "an edge is not told that nothing may be recorded",
        "hearthline.media.edge:Control.record",
        '{"unrecorded": order._asdict()}',
        '{"unrecorded": {"until": 0, "version": 0}}',
    ),
    Bug(
        "a caller's number stands in the clear",
        "hearthline.callflow.enter:customer_of",
        'effects.sealer.blind_index(number, Place("floor", "customer", "number"))',
        "number",
    ),
)


@contextmanager
def planted(bug: Bug) -> Iterator[None]:
    """Production code with the bug in it. Raises LookupError when the good text is not there."""
    module_name, _, path = bug.where.partition(":")
    module: Any = importlib.import_module(module_name)
    good: Any = module
    for each in path.split("."):
        good = getattr(good, each)
    text = textwrap.dedent(inspect.getsource(good))
    if text.count(bug.good) != 1:
        raise LookupError(f"{bug.where} no longer says: {bug.good}")
    made: dict[str, Any] = {}
    exec(text.replace(bug.good, bug.bad), module.__dict__, made)  # noqa: S102 - the text is our own
    # Whoever holds the function, by whatever name, runs the new code.
    kept, good.__code__ = good.__code__, made[good.__name__].__code__
    try:
        yield
    finally:
        good.__code__ = kept


def seeds() -> dict[str, int]:
    return {name: int(seed) for name, seed in json.loads(SEEDS.read_text()).items()}


def found(bug: Bug, seed: int) -> History | None:
    """The history in which the rig found the bug, or None."""
    with planted(bug):
        one = history(seed, frozenset() if bug.healthy else None)
    return one if one.broken else None


def search(bug: Bug, most: int = MOST_SEEDS) -> tuple[int, str]:
    """The first seed that finds the bug and what it says; -1 when none of the first seeds does."""
    for seed in range(1, most + 1):
        one = found(bug, seed)
        if one is not None:
            return seed, one.broken
    return -1, ""
