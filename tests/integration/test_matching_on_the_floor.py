"""Who waits and who is free, matched on the real floor: relaxation, last agent, names, many on both sides."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from hearthline.callflow.enter import enter_queue
from hearthline.callflow.publishing import publish
from hearthline.config.model import Queue
from hearthline.events.word import Actor
from hearthline.floor.items import contact_key
from hearthline.platform.store import Change
from local.seed import COMPANY
from tests.shift import CALLER, Shift


@pytest.fixture
def shift() -> Iterator[Shift]:
    yield Shift()


def with_policy(shift: Shift, **policy: Any) -> None:
    queues = (replace(COMPANY.queues[0], policy=policy), *COMPANY.queues[1:])
    publish(shift.effects, replace(COMPANY, queues=queues))


def test_a_caller_waits_for_the_skill_and_is_rung_at_anybody_when_less_is_asked(shift: Shift) -> None:
    with_policy(shift, steps=[{"need": {"skill": "fiber", "at_least": 3}}, {"after_s": 30}])
    shift.agent("ana")
    shift.contact("call-1")
    shift.run()
    assert shift.state_of("call-1").state == "queued"
    (again,) = [sent for sent in shift.messages("route") if sent.delay]
    assert again.delay == 30
    shift.later(30)
    shift.still_here("ana")
    shift.queue.send("route", shift.ledger("call-1")[-1])
    shift.run()
    contact = shift.state_of("call-1")
    assert contact.agent == "ana"
    assert "asked_less" in shift.floor.offer(contact.offer).why  # type: ignore[union-attr]  # it rings


def test_five_who_wait_and_three_who_are_free_are_rung_together_the_longest_waiting_first(shift: Shift) -> None:
    for n in range(5):
        shift.contact(f"call-{n}")
        shift.later(1)
    for name in ("ana", "bo", "cy"):
        shift.agent(name)
    shift.deliver_for("call-4", "ContactQueued")
    shift.run()
    assert [shift.state_of(f"call-{n}").state for n in range(5)] == ["offered"] * 3 + ["queued"] * 2
    assert Counter(shift.state_of(f"call-{n}").agent for n in range(3)) == {"ana": 1, "bo": 1, "cy": 1}


def test_newer_callers_are_never_served_before_older_ones_of_the_same_need(shift: Shift) -> None:
    for n in range(40):
        shift.contact(f"call-{n:02}")
        shift.later(1)
    served = []
    for n in range(40):
        agent = shift.agent(f"agent-{n}")
        shift.queue.send("route", shift.ledger(agent)[-1])
        shift.run()
        served.append(shift.who(agent).contact)
    assert served == [f"call-{n:02}" for n in range(40)]


def test_a_caller_far_back_whom_only_this_agent_can_help_is_found(shift: Shift) -> None:
    with_policy(shift, steps=[{"matter_need": True}])
    publish(
        shift.effects,
        replace(
            COMPANY,
            matters=tuple(
                replace(each, need={"skill": "fiber", "at_least": 5}) if each.id == "outage" else each
                for each in COMPANY.matters
            ),
        ),
    )
    for n in range(60):
        shift.contact(f"hard-{n:02}")
    shift.floor.arrive("easy", channel="phone", call_sid="CA-easy", actor=CALLER)
    shift.floor.enqueue("easy", matter="billing", queue="broadband", lang="zh", actor=CALLER)
    agent = shift.agent("ana")
    shift.queue.send("route", shift.ledger(agent)[-1])
    shift.run()
    assert shift.who("ana").contact == "easy"


def test_the_agent_who_served_a_customer_last_is_rung_again(shift: Shift) -> None:
    with_policy(shift, weights={"last_agent": 100})
    shift.agent("bo")
    call_of_the_customer(shift, "first")
    serve(shift, "first")
    shift.agent("ana")
    shift.later(100)
    shift.still_here("ana", "bo")
    call_of_the_customer(shift, "second")
    assert shift.state_of("second").last_agent == "bo"
    assert shift.state_of("second").agent == "bo"


def call_of_the_customer(shift: Shift, name: str) -> None:
    shift.floor.arrive(name, channel="phone", call_sid=f"CA-{name}", customer="c-7", actor=CALLER)
    shift.floor.enqueue(name, matter="outage", queue="broadband", lang="zh", actor=CALLER)
    shift.deliver_for(name, "ContactQueued")
    shift.run()


def test_a_transfer_by_name_waits_for_that_agent_and_then_rings_at_anybody(shift: Shift) -> None:
    shift.agent("ana")
    shift.contact("call-1")
    until = shift.effects.clock.now() + 20_000
    for key in (contact_key("call-1"), *shift.places()):
        shift.store.write(Change(key, set={"wants": "bo", "wants_until": until}))
    shift.run()
    assert shift.state_of("call-1").state == "queued"
    assert [sent.delay for sent in shift.messages("route") if sent.delay] == [20]
    shift.later(20)
    shift.still_here("ana")
    shift.deliver_for("call-1", "ContactQueued")
    shift.run()
    assert shift.state_of("call-1").agent == "ana"


def test_an_urgent_queue_goes_before_but_ageing_bounds_it(shift: Shift) -> None:
    publish(
        shift.effects,
        replace(COMPANY, queues=(*COMPANY.queues, Queue("vip", "贵宾", "VIP", priority=1))),
    )
    for name, queue in (("usual", "broadband"), ("vip", "vip")):
        shift.floor.arrive(name, channel="phone", call_sid=f"CA-{name}", actor=CALLER)
        enter_queue(shift.effects, name, matter="outage", queue=queue, lang="zh", actor=CALLER)
        shift.later(1)
    shift.later(300)
    shift.floor.arrive("late-vip", channel="phone", call_sid="CA-late", actor=CALLER)
    enter_queue(shift.effects, "late-vip", matter="outage", queue="vip", lang="zh", actor=CALLER)
    served = []
    for n in range(3):
        agent = shift.agent(f"agent-{n}", queues={"broadband": 3, "vip": 3})
        shift.queue.send("route", shift.ledger(agent)[-1])
        shift.run()
        served.append(shift.who(agent).contact)
    assert served == ["vip", "usual", "late-vip"]


def test_each_offer_keeps_how_it_was_decided(shift: Shift) -> None:
    offer = shift.ringing("call-1", "ana")
    kept = shift.floor.trace(offer)
    assert kept is not None
    assert (kept["agent"], kept["contact"]) == ("ana", "call-1")
    assert kept["trace"]["chosen"] == "ana"
    assert kept["expires"] > shift.effects.clock.now() // 1000 + 80 * 86_400


def test_work_leaves_its_mark_on_the_agent_and_a_new_shift_begins_at_nought(shift: Shift) -> None:
    shift.talking("call-1", "ana")
    shift.later(120)
    serve(shift, "call-1", talked=True)
    agent = shift.who("ana")
    assert (agent.handled, agent.experience, agent.record) == (1, 1, {"outage": [1, 1]})
    assert agent.busy_ms == 130_000
    shift.floor.set_status("ana", "offline")
    shift.later(3600)
    shift.floor.set_status("ana", "available")
    assert shift.who("ana").busy_ms == 0
    assert shift.who("ana").online_since == shift.effects.clock.now()


def serve(shift: Shift, contact: str, *, talked: bool = False) -> None:
    """Accept, talk and wrap up in ten seconds, resolved."""
    agent = shift.state_of(contact).agent
    by = Actor(kind="agent", id=agent)
    if not talked:
        shift.floor.accept(shift.state_of(contact).offer, agent, "edge-a", by)
        shift.floor.connected(contact, "edge-a")
    shift.floor.end_contact(contact, by="agent", actor=by)
    shift.later(10)
    shift.floor.end_wrapup(contact, agent, by="agent", actor=by, code="resolved", solved=True)


def test_who_came_later_does_not_get_an_agent_because_an_older_claim_was_lost() -> None:
    armed = [False]

    def meanwhile(effect: str) -> None:
        if armed[0] and effect == "store.write":  # the first claim is under way, and its agent takes a break
            armed[0] = False
            floor_now.floor.set_status("ana", "not_ready", "break")

    floor_now = Shift(meanwhile)
    floor_now.contact("older")
    floor_now.later(10)
    floor_now.contact("newer")
    for name in ("ana", "bo"):
        floor_now.agent(name)
    armed[0] = True
    floor_now.deliver_for("newer", "ContactQueued")
    floor_now.run("route", rounds=1)
    assert (floor_now.state_of("older").agent, floor_now.state_of("newer").state) == ("bo", "queued")
