"""Any order of commands on the floor, as hypothesis chooses: the same invariants after each."""

from collections.abc import Callable
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from hearthline.callflow.ring import Ringing
from hearthline.events.word import Actor
from hearthline.floor.errors import FloorError
from hearthline.floor.model import consult_room
from hearthline.floor.store import Floor
from hearthline.platform.effects_memory import memory
from hearthline.presence.store import Presence
from tests.shift import settings
from tests.simulation.faults import Faults
from tests.simulation.invariants import Invariants
from tests.simulation.loop import Loop
from tests.simulation.storage import Store

NAMES: Final = st.sampled_from(("ana", "bo", "cy"))
CALLS: Final = st.sampled_from(("call-1", "call-2", "call-3", "call-4", "chat-1", "chat-2"))
FROM_A_PAGE: Final = "call-4"
QUEUES: Final = st.sampled_from(("broadband", "billing"))
CALLER: Final = Actor(kind="caller")


class Machine(RuleBasedStateMachine):
    """Three agents, four calls; a command that does not fit is refused by the floor, and nothing moves."""

    def __init__(self) -> None:
        super().__init__()
        loop = Loop(0)
        self.store = Store(loop, Faults(0, frozenset()), 0)
        made = memory(settings())
        self.loop = loop
        self.effects = type(made)(
            **{name: getattr(made, name) for name in made.__slots__} | {"store": self.store, "clock": loop_clock(loop)}
        )
        self.floor = Floor(self.effects)
        self.rules_held = Invariants(self.store, healthy=False)
        self.store.after = self.rules_held.after
        for n, name in enumerate(("ana", "bo", "cy")):
            self.floor.enlist(name, queues={"broadband": 3, "billing": n + 1}, skills={"zh": 5, "en": n})

    def _try(self, act: Callable[[], Any]) -> None:
        try:
            act()
        except FloorError:
            self.refused = True

    def _offer(self, agent: str) -> str:
        found = self.floor.agent(agent)
        return found.offer if found else ""

    @rule(call=CALLS, lang=st.sampled_from(("zh", "en")), queue=QUEUES)
    def arrives(self, call: str, lang: Any, queue: str) -> None:
        if call == FROM_A_PAGE:
            self.floor.arrive(call, channel="browser", actor=CALLER)
        elif call.startswith("chat"):
            self.floor.arrive(call, channel="message", actor=CALLER)
        else:
            self.floor.arrive(call, channel="phone", call_sid=f"CA-{call}", customer=f"c-{call}", actor=CALLER)
        self._try(lambda: self.floor.enqueue(call, matter="outage", queue=queue, lang=lang, actor=CALLER))

    @rule(agent=NAMES, state=st.sampled_from(("available", "not_ready", "offline")))
    def wishes(self, agent: str, state: Any) -> None:
        Presence(self.effects).seen(agent)
        self._try(lambda: self.floor.set_status(agent, state, "break"))

    @rule(call=CALLS)
    def routed(self, call: str) -> None:
        Ringing(self.effects, "rule").for_contact(call)

    @rule(agent=NAMES)
    def looks_for_work(self, agent: str) -> None:
        Ringing(self.effects, "rule").for_agent(agent)

    @rule(agent=NAMES)
    def accepts(self, agent: str) -> None:
        self._try(lambda: self.floor.accept(self._offer(agent), agent, "edge-a", Actor(kind="agent", id=agent)))

    @rule(agent=NAMES, taken=st.booleans(), why=st.sampled_from(("declined", "timed_out", "agent_gone")))
    def answers_a_message(self, agent: str, taken: bool, why: Any) -> None:
        for contact in self.floor.agent(agent).messages:  # type: ignore[union-attr]  # all are enlisted
            known = self.floor.contact(contact)
            if known is not None and known.state == "offered" and taken:
                self._try(lambda offer=known.offer: self.floor.accept(offer, agent, "", CALLER))  # type: ignore[misc]  # bound now
            elif known is not None and known.state == "offered":
                self._try(lambda offer=known.offer: self.floor.lapse(offer, why))  # type: ignore[misc]  # bound now
            elif known is not None and known.state == "connecting":
                self.floor.connected(contact, "")

    @rule(agent=NAMES, why=st.sampled_from(("declined", "timed_out", "agent_gone")))
    def lapses(self, agent: str, why: Any) -> None:
        self._try(lambda: self.floor.lapse(self._offer(agent), why))

    @rule(call=CALLS)
    def joins(self, call: str) -> None:
        self.floor.connected(call, "edge-a")

    @rule(call=CALLS, agent=NAMES, held=st.booleans())
    def holds(self, call: str, agent: str, held: bool) -> None:
        act = self.floor.hold if held else self.floor.resume
        self._try(lambda: act(call, agent, Actor(kind="agent", id=agent)))

    @rule(call=CALLS, why=st.sampled_from(("media_failed", "agent_lost")))
    def returns(self, call: str, why: Any) -> None:
        self._try(lambda: self.floor.requeue(call, why))

    @rule(call=CALLS)
    def asks_for_a_callback(self, call: str) -> None:
        self._try(lambda: self.floor.promise_callback(call, number="sealed", actor=CALLER))

    @rule(call=CALLS, by=st.sampled_from(("caller", "agent", "system")))
    def ends(self, call: str, by: Any) -> None:
        self.floor.end_contact(call, by=by, actor=CALLER)

    @rule(call=CALLS, agent=NAMES)
    def hangs_up(self, call: str, agent: str) -> None:
        before = self.floor.contact(call)
        self.floor.hang_up(call, agent, CALLER)
        after = self.floor.contact(call)
        if before and after and before.state == "connecting":
            assert not after.outcome

    @rule(call=CALLS, agent=NAMES, solved=st.sampled_from((None, True, False)))
    def wraps_up(self, call: str, agent: str, solved: bool | None) -> None:
        self._try(lambda: self.floor.end_wrapup(call, agent, by="agent", actor=CALLER, solved=solved))

    @rule(call=CALLS, agent=NAMES, queue=QUEUES, wants=st.one_of(st.just(""), NAMES))
    def gives_on(self, call: str, agent: str, queue: str, wants: str) -> None:
        self._try(lambda: self.floor.transfer(call, agent, queue=queue, wants=wants, actor=CALLER))

    @rule(call=CALLS, agent=NAMES)
    def wraps_up_what_was_given_on(self, call: str, agent: str) -> None:
        self._try(lambda: self.floor.end_own_wrapup(agent, call, by="agent", actor=CALLER))

    @rule(call=CALLS, agent=NAMES, colleague=NAMES)
    def asks(self, call: str, agent: str, colleague: str) -> None:
        self._try(lambda: self.floor.consult(call, agent, colleague, CALLER))

    @rule(call=CALLS, colleague=NAMES)
    def its_agent_asks(self, call: str, colleague: str) -> None:
        """The way to where it becomes interesting, so that histories do not end before it."""
        contact = self.floor.contact(call)
        if contact is not None and contact.agent:
            self.asks(call, contact.agent, colleague)
            self.accepts(colleague)

    @rule(call=CALLS, agent=NAMES, verb=st.sampled_from(("conference", "complete", "cancel", "leave")))
    def after_asking(self, call: str, agent: str, verb: str) -> None:
        self._try(lambda: getattr(self.floor, verb)(call, agent, CALLER))

    @rule(call=CALLS, verb=st.sampled_from(("conference", "complete", "cancel", "leave")))
    def its_agent_goes_on(self, call: str, verb: str) -> None:
        contact = self.floor.contact(call)
        if contact is not None:
            self.after_asking(call, contact.agent, verb)

    @rule(call=CALLS)
    def the_colleagues_sound_is_lost(self, call: str) -> None:
        contact = self.floor.contact(call)
        if contact is not None:
            self.floor.partner_lost(call, room=consult_room(contact))

    @rule(call=CALLS, agent=NAMES)
    def somebodys_sound_is_lost_in_a_conference(self, call: str, agent: str) -> None:
        self.floor.partner_lost(call, partner=agent)

    @rule(call=CALLS, queue=QUEUES)
    def overflows(self, call: str, queue: str) -> None:
        contact = self.floor.contact(call)
        if contact is not None and contact.queue != queue:
            self._try(lambda: self.floor.overflow(call, queue))

    @rule(call=CALLS, edge=st.sampled_from(("edge-a", "edge-b")))
    def waits_elsewhere(self, call: str, edge: str) -> None:
        self._try(lambda: self.floor.waits_at(call, edge))

    @rule(call=CALLS, reached=st.booleans())
    def is_dialled(self, call: str, reached: bool) -> None:
        contact, sid = self.floor.contact(call), f"CB-{call}"
        if contact is None or not contact.callback:
            return
        if reached:
            self._try(lambda: self.floor.on_the_line(call, sid))
        else:
            self._try(lambda: self.floor.not_reached(call, sid, CALLER))

    @rule(agent=NAMES)
    def vanishes(self, agent: str) -> None:
        self.floor.gone(agent)

    @rule(agent=NAMES, level=st.integers(0, 5))
    def is_retrained(self, agent: str, level: int) -> None:
        self.floor.enlist(agent, queues={"broadband": level}, skills={"zh": level, "en": 5 - level})

    @rule(seconds=st.integers(1, 40))
    def time_passes(self, seconds: int) -> None:
        self.loop.now += seconds * 1000

    @invariant()
    def nobody_is_with_two(self) -> None:
        for name in ("ana", "bo", "cy"):
            self.rules_held._agent(name)
        for call in ("call-1", "call-2", "call-3", "call-4", "chat-1", "chat-2"):
            self.rules_held._contact(call)


def loop_clock(loop: Loop) -> Any:
    class At:
        def now(self) -> int:
            return loop.now

    return At()
