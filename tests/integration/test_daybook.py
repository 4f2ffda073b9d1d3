"""What happened is noted by the day, whatever comes twice, late or in another order; nobody can be called from it."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from functions.keep_daybook import app as keep_daybook
from hearthline.daybook.model import Line, shifts
from hearthline.daybook.store import Daybook
from hearthline.events.word import Actor, Envelope
from hearthline.platform.ledger import SYSTEM
from hearthline.platform.store import Item, Key
from tests.shift import Shift, deliver

Order = Callable[[list[Envelope]], list[Envelope]]


def relay(shift: Shift, order: Order = lambda events: events) -> None:
    """All that stands in the ledger reaches the daybook, as the bus brings it."""
    items = [item["event"] for key, item in shift.store.everything().items() if key.table == "ledger"]
    events = sorted((Envelope.model_validate(each) for each in items), key=lambda each: each.at)
    for event in order(events):
        assert deliver(keep_daybook, shift.effects, json.dumps(event.plain())) == []


def kept(shift: Shift) -> dict[Key, Item]:
    return {key: item for key, item in shift.store.everything().items() if key.table == "daybook"}


def lines(shift: Shift) -> list[Line]:
    book = Daybook(shift.effects)
    return list(book.lines(book.day(shift.effects.clock.now())))


def worked(shift: Shift) -> list[tuple[str, int]]:
    """Agent and seconds at work, of today until now."""
    book, now = Daybook(shift.effects), shift.effects.clock.now()
    day = book.day(now)
    return [
        (each.agent, (each.ended - each.began) // 1000) for each in shifts(book.marks(day), book.bounds(day)[0], now)
    ]


def answered(shift: Shift) -> None:
    """Waits 10 s, talks 90 s, wraps up 20 s."""
    shift.contact("call-1")
    shift.later(10)
    shift.agent("ana")
    shift.still_here("ana")
    shift.deliver_for("call-1", "ContactQueued")
    shift.run()
    shift.floor.accept(shift.state_of("call-1").offer, "ana", "edge-a", Actor(kind="agent", id="ana"))
    shift.floor.connected("call-1", "edge-a")
    shift.later(90)
    shift.floor.end_contact("call-1", by="caller", actor=SYSTEM)
    shift.later(20)
    shift.floor.end_wrapup("call-1", "ana", by="agent", actor=SYSTEM)


def test_an_answered_contact_leaves_how_long_it_waited_talked_and_was_wrapped_up() -> None:
    shift = Shift()
    answered(shift)
    relay(shift)
    [line] = lines(shift)
    assert (line.contact, line.queue, line.matter, line.lang, line.outcome, line.agent) == (
        "call-1",
        "broadband",
        "outage",
        "zh",
        "answered",
        "ana",
    )
    assert (line.waited_ms, line.talk_ms, line.wrap_up_ms) == (11_000, 90_000, 20_000)


def test_who_gave_up_leaves_how_long_he_waited() -> None:
    shift = Shift()
    shift.contact("call-1")
    shift.later(42)
    shift.floor.end_contact("call-1", by="caller", actor=SYSTEM)
    relay(shift)
    [line] = lines(shift)
    assert (line.outcome, line.waited_ms, line.talk_ms, line.agent) == ("abandoned", 42_000, 0, "")


def test_who_hung_up_in_the_menu_never_waited_and_leaves_nothing() -> None:
    shift = Shift()
    shift.floor.arrive("call-1", channel="phone", actor=SYSTEM)
    shift.floor.end_contact("call-1", by="caller", actor=SYSTEM)
    relay(shift)
    assert lines(shift) == []


@pytest.mark.parametrize(
    "order",
    [
        lambda events: events[::-1],
        lambda events: [*events, *events],
        lambda events: [*events, *events[::-1]],
        lambda events: [*events[1::2], *events[::2]],
    ],
    ids=["backwards", "twice", "twice and backwards", "shuffled"],
)
def test_twice_late_or_backwards_the_same_stands_in_the_book(order: Order) -> None:
    shift, other = Shift(), Shift()
    for each in (shift, other):
        answered(each)
        each.floor.set_status("ana", "not_ready", "break")
    relay(shift)
    relay(other, order)
    assert kept(shift) == kept(other)


def test_hours_of_an_agent_begin_with_his_coming_and_end_with_his_break() -> None:
    shift = Shift()
    shift.agent("ana")
    shift.later(59)
    shift.floor.set_status("ana", "not_ready", "break")
    shift.later(600)
    shift.floor.set_status("ana", "available")
    shift.later(30)
    relay(shift)
    assert worked(shift) == [("ana", 60), ("ana", 30)]


def test_a_break_asked_for_during_a_call_begins_when_the_wrap_up_ends() -> None:
    shift = Shift()
    shift.talking("call-1", "ana")
    shift.floor.set_status("ana", "not_ready", "break")
    shift.later(59)
    shift.floor.end_contact("call-1", by="caller", actor=SYSTEM)
    shift.later(10)
    shift.floor.end_wrapup("call-1", "ana", by="clock", actor=SYSTEM)
    relay(shift)
    shift.later(100)
    assert worked(shift) == [("ana", 70)]


def test_who_lets_it_ring_is_no_longer_at_work() -> None:
    shift = Shift()
    offer = shift.ringing("call-1", "ana")
    shift.later(15)
    shift.floor.lapse(offer, "timed_out")
    relay(shift)
    shift.later(100)
    assert worked(shift) == [("ana", 16)]


def test_in_the_book_stands_no_number_and_it_is_forgotten_after_forty_days() -> None:
    shift = Shift()
    sealed = "sealed-13812348001"
    shift.floor.arrive("call-1", channel="phone", caller=sealed, customer="index", call_sid="CA1", actor=SYSTEM)
    shift.floor.enqueue("call-1", matter="outage", queue="broadband", lang="zh", actor=SYSTEM)
    shift.floor.end_contact("call-1", by="caller", actor=SYSTEM)
    relay(shift)
    [item] = kept(shift).values()
    said = json.dumps(item)
    assert not [each for each in (sealed, "13812348001", "CA1", "index") if each in said]
    assert item["expires"] == item["queued_at"] // 1000 + 40 * 86_400


def test_a_day_longer_than_a_page_is_read_whole_up_to_the_bound() -> None:
    shift = Shift()
    book = Daybook(shift.effects)
    now = shift.effects.clock.now()

    def line(n: int) -> Line:
        values: dict[str, Any] = {"channel": "phone", "queue": "q", "matter": "m", "lang": "zh", "outcome": "abandoned"}
        return Line(contact=f"c-{n}", queued_at=now + n, waited_ms=0, **values)

    for n in range(450):
        book.note_contact(line(n))
    day = book.day(now)
    assert [each.contact for each in book.lines(day)] == [f"c-{n}" for n in range(450)]
    assert len(list(book.lines(day, most=200))) == 200
