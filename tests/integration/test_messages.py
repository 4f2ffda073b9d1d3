"""Messages on the floor: they share an agent, never beside a call, and none is lost with him."""

import random
import uuid
from collections.abc import Iterator
from contextlib import suppress

import pytest

from functions.join_media import app as join_media
from hearthline.events.connection_lost import ConnectionLost
from hearthline.floor.errors import BusyAgentError, HoldsMessagesError, IllegalMoveError, NotFreeError
from hearthline.platform.store import BusyError
from hearthline.routing.policy import Policy
from tests.desk import Desk, open_desk
from tests.race import race
from tests.shift import AGENT_ANA, CALLER, Shift, deliver

MOST = Policy().messages


@pytest.fixture
def shift() -> Iterator[Shift]:
    yield Shift()


def written(shift: Shift, name: str) -> str:
    shift.contact(name, channel="message")
    shift.still_here("ana", "bo")
    shift.run("route")
    return name


def taken(shift: Shift, name: str, agent: str = "ana") -> str:
    """A message rings at the agent, who takes it."""
    written(shift, name)
    step = shift.floor.accept(shift.state_of(name).offer, agent, "", AGENT_ANA)
    for _ in range(2):  # twice delivered is once done
        deliver(join_media, shift.effects, step.event.model_dump_json(by_alias=True))
    return name


def test_who_writes_is_not_turned_into_a_callback_while_he_waits_or_rings(shift: Shift) -> None:
    shift.contact("chat-1", channel="message")
    assert shift.floor.promise_callback("chat-1", number="sealed", actor=CALLER) is None
    shift.agent("ana")
    written(shift, "chat-2")
    assert shift.state_of("chat-2").state == "offered"
    assert shift.floor.promise_callback("chat-2", number="sealed", actor=CALLER) is None
    assert shift.state_of("chat-2").channel == "message"


def test_a_message_is_connected_without_sound_and_its_agent_stays_available_for_more(shift: Shift) -> None:
    shift.agent("ana")
    taken(shift, "chat-1")
    assert (shift.state_of("chat-1").state, shift.state_of("chat-1").edge) == ("connected", "")
    assert (shift.who("ana").state, shift.who("ana").messages) == ("available", ["chat-1"])
    assert len(shift.slots()) == 1


def test_as_many_as_the_policy_allows_and_no_more(shift: Shift) -> None:
    shift.agent("ana")
    for n in range(MOST):
        taken(shift, f"chat-{n}")
    written(shift, "one-too-many")
    assert shift.state_of("one-too-many").state == "queued"
    assert len(shift.who("ana").messages) == MOST


def test_a_message_that_is_filed_makes_room_for_the_next(shift: Shift) -> None:
    shift.agent("ana")
    for n in range(MOST):
        taken(shift, f"chat-{n}")
    written(shift, "next")
    shift.floor.end_contact("chat-0", by="caller", actor=CALLER)
    assert shift.state_of("chat-0").state == "wrap_up"
    assert "chat-0" in shift.who("ana").messages
    step = shift.floor.end_wrapup("chat-0", "ana", by="agent", actor=AGENT_ANA)
    assert step
    shift.queue.send("route", step.event)
    shift.run("route")
    assert shift.state_of("next").agent == "ana"
    assert shift.who("ana").handled == 1


def test_no_call_rings_beside_a_message_and_no_message_beside_a_call(shift: Shift) -> None:
    shift.agent("ana")
    taken(shift, "chat")
    shift.contact("call")
    shift.run("route")
    assert shift.state_of("call").state == "queued"
    shift.floor.end_contact("chat", by="agent", actor=AGENT_ANA)
    step = shift.floor.end_wrapup("chat", "ana", by="agent", actor=AGENT_ANA)
    assert step
    shift.queue.send("route", step.event)
    shift.run("route")
    assert shift.state_of("call").state == "offered"
    written(shift, "second")
    assert shift.state_of("second").state == "queued"


def test_who_misses_a_message_is_not_ready_and_keeps_those_he_has(shift: Shift) -> None:
    shift.agent("ana")
    taken(shift, "chat-1")
    written(shift, "chat-2")
    shift.floor.lapse(shift.state_of("chat-2").offer, "timed_out")
    assert (shift.who("ana").state, shift.who("ana").reason, shift.who("ana").messages) == (
        "not_ready",
        "missed",
        ["chat-1"],
    )
    assert (shift.state_of("chat-2").state, shift.slots()) == ("queued", [])


def test_a_writer_who_leaves_while_it_rings_frees_the_hand(shift: Shift) -> None:
    shift.agent("ana")
    written(shift, "chat")
    shift.floor.end_contact("chat", by="caller", actor=CALLER)
    assert (shift.state_of("chat").state, shift.who("ana").messages, len(shift.slots())) == ("abandoned", [], 1)


def test_an_agent_who_is_gone_leaves_none_behind_what_rang_and_what_was_answered_waits_again(shift: Shift) -> None:
    shift.agent("ana")
    taken(shift, "answered")
    written(shift, "rings")
    shift.presence.close("screen-ana")
    lost = shift.report(ConnectionLost(person="ana", connection="screen-ana"))
    for _ in range(2):
        shift.deliver("gone", lost)
    assert {shift.state_of(name).state for name in ("answered", "rings")} == {"queued"}
    assert (shift.who("ana").state, shift.who("ana").messages) == ("offline", [])
    assert shift.floor.first_waiting("broadband", "zh", 5)[0].contact == "answered"


def test_nobody_goes_home_with_messages_in_his_hands(shift: Shift) -> None:
    shift.agent("ana")
    taken(shift, "chat")
    with pytest.raises(HoldsMessagesError):
        shift.floor.set_status("ana", "offline")
    shift.floor.set_status("ana", "not_ready", "break")
    shift.floor.transfer("chat", "ana", queue="broadband", actor=AGENT_ANA)
    assert (shift.who("ana").state, shift.who("ana").messages) == ("not_ready", [])
    shift.floor.set_status("ana", "offline")
    assert shift.state_of("chat").state == "queued"


def test_a_message_is_not_held_and_its_agent_is_not_asked_for_a_word(shift: Shift) -> None:
    shift.agent("ana")
    taken(shift, "chat")
    with pytest.raises(IllegalMoveError):
        shift.floor.hold("chat", "ana", AGENT_ANA)
    shift.agent("bo")
    shift.contact("call")
    shift.still_here("ana", "bo")
    shift.run("route")
    shift.floor.accept(shift.state_of("call").offer, "bo", "edge-a", AGENT_ANA)
    shift.floor.connected("call", "edge-a")
    with pytest.raises(NotFreeError):
        shift.floor.consult("call", "bo", "ana", AGENT_ANA)


def test_a_lost_step_after_taking_it_is_made_good_by_the_sweep(shift: Shift) -> None:
    shift.agent("ana")
    written(shift, "chat")
    shift.floor.accept(shift.state_of("chat").offer, "ana", "", AGENT_ANA)
    shift.later(20)
    assert shift.sweep() == {"join_expired": 1}
    assert shift.state_of("chat").state == "connected"


class Storm:
    """Five hundred contacts, three of four written, and thirty agents; each claim is looked at once it is made."""

    def __init__(self, shift: Shift) -> None:
        self.shift = shift
        self.names = [shift.agent(f"agent-{n}") for n in range(30)]
        self.contacts = [f"c-{n}" for n in range(500)]
        self.over: list[str] = []
        for n, contact in enumerate(self.contacts):
            shift.floor.arrive(contact, channel="message" if n % 4 else "phone", actor=CALLER)
            shift.floor.enqueue(contact, matter="outage", queue="broadband", lang="zh", actor=CALLER)

    def claim(self, contact: str, chance: random.Random) -> None:
        known = self.shift.floor.routable(contact)
        slots = [slot for page in self.shift.floor.slot_pages("broadband", "zh") for slot in page]
        if not known or not slots:
            return
        slot = chance.choice(slots)
        self.shift.floor.claim(known, slot, (), capacity=MOST)
        held = self.shift.who(slot.agent)
        if len(held.messages) > MOST or (held.messages and held.state in {"offered", "on_contact", "wrap_up"}):
            self.over.append(slot.agent)

    def answer(self, contact: str, chance: random.Random) -> None:
        known = self.shift.state_of(contact)
        if not known.offer:
            return
        if chance.random() < 0.5:
            self.shift.floor.end_contact(contact, by="caller", actor=CALLER)
        elif self.shift.floor.lapse(known.offer, "declined"):
            self.shift.floor.set_status(known.agent, "available")

    def run(self, seed: int) -> bool:
        """A sixteenth of the events, in an order of its own."""
        chance = random.Random(seed)
        mine = [(act, contact) for contact in self.contacts[seed::16] for act in (self.claim, self.answer, self.claim)]
        chance.shuffle(mine)
        for act, contact in mine:
            with suppress(BusyError, BusyAgentError):
                act(contact, chance)
        return True


def test_fifteen_hundred_events_in_sixteen_threads_put_nobody_over_capacity(shift: Shift) -> None:
    storm = Storm(shift)
    assert len(race(16, storm.run)) == 16
    assert storm.over == []
    held = {name: shift.who(name).messages for name in storm.names}
    taken = [contact for contacts in held.values() for contact in contacts]
    assert taken
    assert len(set(taken)) == len(taken)
    assert all(shift.state_of(contact).agent == name for name, contacts in held.items() for contact in contacts)


@pytest.fixture
def desk() -> Iterator[Desk]:
    with open_desk() as opened:
        yield opened


def test_by_the_api_a_message_is_taken_without_an_edge_and_filed(desk: Desk) -> None:
    ana, chat = desk.as_("ana"), str(uuid.uuid4())
    ana.call("POST", "/api/me/status", {"status": "available"})
    desk.shift.presence.beat(f"screen-{ana.person.id}")
    desk.shift.contact(chat, channel="message")
    desk.shift.run("route")
    desk.edge.broken = True
    assert ana.on("offers", desk.shift.state_of(chat).offer, "accept").status == 200
    desk.shift.floor.connected(chat, "")
    said = ana.call("POST", "/api/me/status", {"status": "offline"})
    assert (said.status, said.code) == (409, "messages_open")
    assert ana.on("contacts", chat, "hangup").status == 200
    assert ana.on("contacts", chat, "wrap-up", {"code": "resolved"}).status == 200
    assert ana.call("POST", "/api/me/status", {"status": "offline"}).status == 200
