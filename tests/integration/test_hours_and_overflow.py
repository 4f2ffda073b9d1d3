"""Closed hours as a caller hears them, and queues that overflow: time is moved, the real webhook answers."""

import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from functions.voice_webhook import app as webhook
from hearthline.config.hours import Calendar, Holiday, Interval
from hearthline.config.model import Config, ConfigError, Number, check
from hearthline.config.store import publish
from hearthline.floor.store import Floor
from hearthline.platform.clock import SetClock
from hearthline.platform.effects import Effects
from hearthline.presence.store import Presence
from hearthline.telephony.model import contact_id
from local.seed import COMPANY
from tests.desk import Answer, Desk, open_desk
from tests.integration.carrier_posts import SID, STACK, fields, in_memory, of_contact, post
from tests.shift import Shift, bound

WEEK = tuple(Interval(day, "09:00", "18:00") for day in range(5))
OFFICE = Calendar(
    "office", "工作日", "Weekdays", "Asia/Shanghai", WEEK, (Holiday("2026-10-01", "国庆节", "National Day"),)
)


def company(closed: str = "message") -> Config:
    queues = tuple(replace(each, calendar="office", closed=closed) for each in COMPANY.queues)
    return replace(COMPANY, queues=queues, calendars=(OFFICE,))


def moment(when: str) -> int:
    return round(datetime.fromisoformat(when).replace(tzinfo=ZoneInfo("Asia/Shanghai")).timestamp() * 1000)


def at(effects: Effects, when: str) -> None:
    assert isinstance(effects.clock, SetClock)
    effects.clock.move(moment(when) - effects.clock.now())


@pytest.fixture
def effects() -> Iterator[Effects]:
    made = in_memory()
    with bound(webhook, made):
        yield made


def call(**more: str) -> str:
    post("/telephony/voice", fields())
    return post(of_contact("menu"), fields(Digits="2", **more)).body


def test_in_office_hours_the_caller_waits_for_a_person(effects: Effects) -> None:
    publish(effects, company())
    at(effects, "2026-11-27T17:59:00")
    assert "<Enqueue" in call()


def test_after_hours_the_caller_hears_when_we_open_and_does_not_wait(effects: Effects) -> None:
    publish(effects, company())
    at(effects, "2026-11-27T18:00:00")
    said = call()
    assert "我们现在不在服务时间。" in said
    assert "我们将于11月30日09:00开始服务。" in said
    assert "<Hangup" in said
    assert Floor(effects).waiting_in("billing") == 0


def test_on_a_holiday_its_name_is_said(effects: Effects) -> None:
    publish(effects, company())
    at(effects, "2026-10-01T10:00:00")
    assert "今天是国庆节" in call()


def test_early_in_the_morning_the_caller_hears_of_today(effects: Effects) -> None:
    publish(effects, company())
    at(effects, "2026-11-27T08:10:00")
    assert "我们今天09:00开始服务。" in call()


def test_a_queue_that_offers_it_takes_the_wish_for_a_callback_and_keeps_the_place(effects: Effects) -> None:
    publish(effects, company("callback"))
    at(effects, "2026-11-27T20:00:00")
    assert "我们上班后给您回电" in call()
    post(of_contact("choose", 1), fields(Digits="1"))
    post(of_contact("number", 1), fields(Digits="1"))
    contact = Floor(effects).contact(contact_id(STACK, SID))
    assert contact is not None
    assert contact.state == "callback_promised"
    assert Floor(effects).waiting_in("billing") == 1


def night_shift(effects: Effects) -> Shift:
    """Somebody still sits at a screen, free for the closed queue and for the one it overflows to."""
    shift = Shift()
    shift.effects, shift.floor, shift.presence = effects, Floor(effects), Presence(effects)
    shift.agent("ana", queues={"billing": 3, "service": 3})
    return shift


def test_a_callback_wished_for_at_night_rings_nobody_before_we_open_whoever_is_at_work(effects: Effects) -> None:
    publish(effects, company("callback"))
    at(effects, "2026-11-27T20:00:00")
    shift, name = night_shift(effects), contact_id(STACK, SID)
    call()
    post(of_contact("choose", 1), fields(Digits="1"))
    post(of_contact("number", 1), fields(Digits="1"))
    shift.run("route")
    assert shift.state_of(name).state == "callback_promised"
    at(effects, "2026-11-30T09:00:00")
    shift.still_here("ana")
    shift.deliver_for(name, "ContactQueued")
    shift.run("route")
    assert shift.state_of(name).state == "offered"


def test_the_night_does_not_count_as_waiting_for_another_queue(effects: Effects) -> None:
    shut, rest = company("callback").queues[:2], company("callback").queues[2:]
    onward = tuple(replace(each, overflow_to="service", overflow_after_s=120) for each in shut)
    publish(effects, replace(company("callback"), queues=(*onward, *(replace(each, calendar="") for each in rest))))
    at(effects, "2026-11-27T20:00:00")
    shift, name = night_shift(effects), contact_id(STACK, SID)
    call()
    post(of_contact("choose", 1), fields(Digits="1"))
    post(of_contact("number", 1), fields(Digits="1"))
    for when in ("2026-11-27T23:00:00", "2026-11-30T09:01:00"):
        at(effects, when)
        shift.deliver_for(name, "ContactQueued")
        shift.run("route")
        assert shift.state_of(name).queue == "billing"
    at(effects, "2026-11-30T09:02:00")
    shift.deliver_for(name, "ContactQueued")
    shift.run("route")
    assert shift.state_of(name).queue == "service"


def test_after_an_apology_out_of_hours_nothing_is_promised_that_nobody_keeps(effects: Effects) -> None:
    publish(effects, company())
    at(effects, "2026-11-27T20:00:00")
    assert "请您稍后再拨" in post(of_contact("callme"), fields(Digits="1")).said
    contact = Floor(effects).contact(contact_id(STACK, SID))
    assert contact is not None
    assert contact.callback == ""


def test_who_waits_when_the_doors_close_is_still_served(effects: Effects) -> None:
    publish(effects, company())
    at(effects, "2026-11-27T17:59:00")
    call()
    at(effects, "2026-11-27T18:05:00")
    assert "<Gather" in post(of_contact("wait"), fields(QueueTime="300")).body


def test_a_page_is_told_that_we_are_closed_and_when_we_open() -> None:
    with open_desk() as desk:
        publish(desk.effects, company())
        at(desk.effects, "2026-11-27T20:00:00")
        said = asks(desk)
        assert (said.status, said.code) == (409, "closed_now")
        assert said.body["message"]["zh"] == "我们现在不在服务时间。我们将于11月30日09:00开始服务。"
        assert said.body["message"]["en"] == "We are closed at the moment. We open on 11/30 at 09:00."
        assert said.body["closed"] == {"opens_at": moment("2026-11-30T09:00:00"), "callback": False}
        at(desk.effects, "2026-11-30T09:00:00")
        assert asks(desk).status == 201


def test_a_page_shows_the_opening_times_before_anybody_asks() -> None:
    with open_desk() as desk:
        publish(desk.effects, company("callback"))
        at(desk.effects, "2026-09-28T17:00:00")
        [hours] = matters(desk)["hours"]
        assert hours["week"][0] == {"day": 0, "start": "09:00", "end": "18:00"}
        assert hours["days"] == [{"date": "2026-10-01", "zh": "国庆节", "en": "National Day", "start": "", "end": ""}]
        assert (hours["open"], hours["changes_at"]) == (True, moment("2026-09-28T18:00:00"))
        at(desk.effects, "2026-09-28T20:00:00")
        said = matters(desk)
        assert said["now"] == moment("2026-09-28T20:00:00")
        assert (said["hours"][0]["open"], said["hours"][0]["changes_at"]) == (False, moment("2026-09-29T09:00:00"))
        assert {(each["hours"], each["callback"]) for each in said["matters"]} == {("office", True)}


def test_a_page_names_a_special_day_when_it_is_near_and_not_when_it_is_over() -> None:
    with open_desk() as desk:
        publish(desk.effects, company())
        for when, told in (("2026-09-17", 0), ("2026-09-18", 1), ("2026-10-01", 1), ("2026-10-02", 0)):
            at(desk.effects, f"{when}T12:00:00")
            assert len(matters(desk)["hours"][0]["days"]) == told


def test_a_page_says_on_which_number_a_message_can_be_left() -> None:
    menu, straight = (
        Number("+862150008000", "总机", "Switchboard"),
        Number("+862150008002", "账", "Bills", "", "billing"),
    )
    with open_desk() as desk:
        publish(desk.effects, replace(company("voicemail"), numbers=(menu, straight)))
        lines = {each["id"]: each["line"] for each in matters(desk)["matters"]}
        assert (lines["billing"], lines["outage"]) == (straight.number, menu.number)


def test_a_page_may_leave_a_number_out_of_hours_and_keeps_the_place() -> None:
    with open_desk() as desk:
        publish(desk.effects, company("callback"))
        at(desk.effects, "2026-11-27T20:00:00")
        refused = asks(desk)
        assert (refused.code, refused.body["closed"]["callback"]) == ("closed_now", True)
        key = str(uuid.uuid4())
        first, again = (asks(desk, key, callback=True, number="13912345678") for _ in range(2))
        assert first.status == again.status == 201
        assert first.body["contact"] == again.body["contact"]
        assert first.body["state"]["state"] == "callback_promised"
        assert (first.body["whip"], first.body["token"]) == ("", "")
        assert Floor(desk.effects).waiting_in("billing") == 1


@pytest.mark.parametrize("number", ["", "10086", "+19005550123"])
def test_a_page_cannot_leave_a_number_out_of_hours_that_nobody_may_call(number: str) -> None:
    with open_desk() as desk:
        publish(desk.effects, company("callback"))
        at(desk.effects, "2026-11-27T20:00:00")
        said = asks(desk, callback=True, number=number)
        assert (said.status, said.body.get("field")) == (422, "number")
        assert Floor(desk.effects).waiting_in("billing") == 0


def matters(desk: Desk) -> dict[str, Any]:
    found: dict[str, Any] = desk.call("GET", "/api/public/matters").body
    return found


def asks(desk: Desk, key: str = "", **more: object) -> Answer:
    body = {"matter": "billing", "lang": "zh", **more}
    return desk.call("POST", "/api/public/contacts", body, headers={"Idempotency-Key": key or str(uuid.uuid4())})


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"zone": "Mars/Base"}, "calendars.0.zone"),
        ({"week": (Interval(7, "09:00", "18:00"),)}, "calendars.0.week.0.day"),
        ({"week": (Interval(1, "9:00", "18:00"),)}, "calendars.0.week.0.start"),
        ({"week": (Interval(1, "18:00", "09:00"),)}, "calendars.0.week.0.end"),
        ({"holidays": (Holiday("2026-02-30", "x", "x"),)}, "calendars.0.holidays.0.date"),
    ],
)
def test_a_calendar_that_makes_no_sense_is_named_by_its_field(change: dict[str, object], field: str) -> None:
    with pytest.raises(ConfigError) as caught:
        check(replace(company(), calendars=(replace(OFFICE, **change),)))  # type: ignore[arg-type]  # wrong on purpose
    assert caught.value.field == field


def overflowing() -> Config:
    first = replace(COMPANY.queues[0], overflow_to="service", overflow_after_s=30)
    return replace(COMPANY, queues=(first, *COMPANY.queues[1:]))


def test_who_waits_too_long_goes_on_to_another_queue_and_keeps_the_wait() -> None:
    shift = Shift()
    publish(shift.effects, overflowing())
    shift.agent("ana", queues={"service": 2})
    shift.contact("call-1")
    shift.run()
    queued_at = shift.state_of("call-1").queued_at
    assert [sent.delay for sent in shift.messages("route") if sent.delay] == [30]
    shift.later(30)
    shift.still_here("ana")
    shift.deliver_for("call-1", "ContactQueued")
    shift.run()
    contact = shift.state_of("call-1")
    assert (contact.queue, contact.came_from, contact.queued_at) == ("service", "broadband", queued_at)
    assert contact.agent == "ana"
    told = shift.ledger("call-1")[2].data
    assert (told["why"], told["queue"], told["before"]) == ("overflowed", "service", "broadband")


def test_nobody_overflows_twice() -> None:
    shift = Shift()
    publish(shift.effects, overflowing())
    shift.contact("call-1")
    assert shift.floor.overflow("call-1", "service") is not None
    assert shift.floor.overflow("call-1", "billing") is None
    assert len(shift.places()) == 1


def test_a_queue_overflows_only_to_another_one() -> None:
    wrong = replace(COMPANY.queues[0], overflow_to="broadband")
    with pytest.raises(ConfigError, match="overflow_to"):
        check(replace(COMPANY, queues=(wrong, *COMPANY.queues[1:])))
