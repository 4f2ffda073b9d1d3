"""A configuration is tried on a day that was, before anybody meets it."""

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from functions.keep_daybook import app as keep_daybook
from functions.try_policy import app as try_policy
from hearthline.config.trials import PATIENCE_MS
from hearthline.daybook.model import Line, Mark
from hearthline.daybook.store import Daybook
from tests.desk import Answer, Desk, Seat, open_desk
from tests.shift import deliver


@pytest.fixture
def desk() -> Iterator[Desk]:
    with open_desk() as opened:
        yield opened


@pytest.fixture
def adam(desk: Desk) -> Seat:
    return desk.as_("adam")


def busy_day(desk: Desk) -> str:
    """A day on which outage and billing calls came by turns, and two agents answered both; its date."""
    book, now = Daybook(desk.effects), desk.effects.clock.now()
    day = book.day(now)
    for agent in ("ana", "bo"):
        book.note_agent(
            Mark(agent, now, at_work=True, was_at_work=False, queues={"broadband": 4, "billing": 4}, skills={"zh": 5}),
            f"{agent}#1",
        )
    for n in range(40):
        matter, queue = (("outage", "broadband"), ("billing", "billing"))[n % 2]
        outcome = "abandoned" if n % 10 == 9 else "answered"
        talk = 0 if outcome == "abandoned" else 150_000
        book.note_contact(
            Line(
                f"c-{n:02d}", "phone", queue, matter, "zh", now + 60_000 * n, 15_000 + 1_000 * n, outcome, talk, 20_000
            ),
            wrapped_up=True,
        )
    return day


def draft(seat: Seat) -> dict[str, Any]:
    return dict(seat.call("GET", "/api/admin/config").body["config"])


def asked(seat: Seat, day: str, **wish: Any) -> Answer:
    return seat.call("POST", "/api/admin/trials", {"day": day, "against": 1} | wish)


def played(desk: Desk) -> None:
    for sent in desk.shift.messages("trial"):
        assert deliver(try_policy, desk.effects, sent.body) == []


def test_a_draft_is_tried_on_a_day_and_compared_with_what_is_in_force(desk: Desk, adam: Seat) -> None:
    day, config = busy_day(desk), draft(adam)
    config["queues"][1]["priority"] = 1
    said = asked(adam, day, config=config)
    assert (said.status, said.body["trial"]["state"], said.body["result"]) == (202, "asked", None)
    id = said.body["trial"]["id"]
    played(desk)
    told = desk.as_("sue").on("admin/trials", id, method="GET").body
    assert (told["trial"]["state"], told["trial"]["who"], told["trial"]["candidate"]) == ("done", "Adam Lin", None)
    result = told["result"]
    assert (result["calls"], result["agents"]) == (40, 2)
    assert result["patience"]["left"] == 4
    before, after = (result[side]["queues"]["billing"]["asa_ms"] for side in ("against", "candidate"))
    assert after < before
    for side in ("against", "candidate"):
        total = result[side]["total"]
        assert total["offered"] == total["answered"] + total["abandoned"] + total["waiting"] == 40
    assert set(result["verdict"].values()) <= {"better", "worse", "equal"}
    [listed] = adam.call("GET", "/api/admin/trials").body["trials"]
    counts = list(result["verdict"].values())
    assert (listed["better"], listed["worse"]) == (counts.count("better"), counts.count("worse"))


def test_the_same_configuration_on_the_same_day_makes_no_difference(desk: Desk, adam: Seat) -> None:
    id = asked(adam, busy_day(desk), version=1).body["trial"]["id"]
    played(desk)
    result = adam.on("admin/trials", id, method="GET").body["result"]
    assert result["against"] == result["candidate"]
    assert set(result["verdict"].values()) == {"equal"}
    assert 0 < result["fair_from"] <= result["candidate"]["total"]["jain"]


def test_a_trial_that_is_delivered_twice_is_played_once_and_stands(desk: Desk, adam: Seat) -> None:
    id = asked(adam, busy_day(desk), version=1).body["trial"]["id"]
    played(desk)
    before = adam.on("admin/trials", id, method="GET").body
    desk.shift.later(60)
    played(desk)
    assert adam.on("admin/trials", id, method="GET").body == before
    assert desk.shift.story(id) == ["TrialAsked"]


def test_a_day_without_calls_says_so(desk: Desk, adam: Seat) -> None:
    id = asked(adam, "2025-10-01", version=1).body["trial"]["id"]
    played(desk)
    told = adam.on("admin/trials", id, method="GET").body
    assert (told["trial"]["state"], told["result"]) == ("no_calls", None)


def test_nothing_of_a_trial_reaches_the_floor_the_queues_or_the_log(
    desk: Desk, adam: Seat, caplog: pytest.LogCaptureFixture
) -> None:
    asked(adam, busy_day(desk), version=1)
    before = {key: item for key, item in desk.shift.store.everything().items() if key.table == "floor"}
    sent = len(desk.shift.messages("route", "expire", "wrapup"))
    with caplog.at_level(logging.INFO):
        caplog.clear()
        played(desk)
    assert {key: item for key, item in desk.shift.store.everything().items() if key.table == "floor"} == before
    assert len(desk.shift.messages("route", "expire", "wrapup")) == sent
    assert {record.getMessage() for record in caplog.records} == {"tried"}


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({"day": "2099-01-01", "version": 1}, "day"),
        ({"day": "2025-02-30", "version": 1}, "day"),
        ({"day": "yesterday", "version": 1}, "day"),
        ({"version": None}, "version"),
        ({"against": 0, "version": 1}, "against"),
    ],
)
def test_a_wish_that_makes_no_sense_is_refused_by_its_field(adam: Seat, wish: dict[str, Any], field: str) -> None:
    said = asked(adam, wish.pop("day", "2025-10-01"), **wish)
    assert (said.status, said.body["field"]) == (422, field)
    assert said.body["expected"]["zh"]


def test_a_draft_that_could_not_be_published_is_not_tried_either(adam: Seat) -> None:
    config = draft(adam)
    config["queues"][0]["policy"] = {"weights": {"idle": 101}}
    said = asked(adam, "2025-10-01", config=config)
    assert (said.status, said.body["field"]) == (422, "config.queues.0.policy.weights.idle")


def test_a_version_that_nobody_published_cannot_be_tried_or_compared_with(adam: Seat) -> None:
    assert asked(adam, "2025-10-01", version=9).status == 404
    assert asked(adam, "2025-10-01", version=1, against=9).status == 404


def test_only_so_many_trials_are_open_at_once(desk: Desk, adam: Seat) -> None:
    said = [asked(adam, "2025-10-01", version=1).status for _ in range(6)]
    assert said == [202] * 5 + [429]
    played(desk)
    assert asked(adam, "2025-10-01", version=1).status == 202


def test_a_trial_nobody_plays_says_after_a_while_that_it_failed(desk: Desk, adam: Seat) -> None:
    id = asked(adam, "2025-10-01", version=1).body["trial"]["id"]
    desk.shift.later(PATIENCE_MS / 1000 + 1)
    adam = desk.as_("adam")
    assert adam.on("admin/trials", id, method="GET").body["trial"]["state"] == "failed"


def test_yesterday_is_the_companys(desk: Desk, adam: Seat) -> None:
    book = Daybook(desk.effects)
    told = adam.call("GET", "/api/admin/trials").body["yesterday"]
    assert book.day(book.bounds(told)[1]) == book.day(desk.effects.clock.now())


def test_what_really_happened_today_can_be_played_again(desk: Desk, adam: Seat) -> None:
    """From the floor to the daybook to the rehearsal, with nothing made up in between."""
    ana = desk.as_("ana")
    contact = ana.talking()
    desk.shift.later(90)
    ana.on("contacts", contact, "hangup")
    desk.shift.later(20)
    ana.on("contacts", contact, "wrap-up", {"code": "resolved"})
    for subject in (contact, ana.person.id):
        for event in desk.shift.ledger(subject):
            deliver(keep_daybook, desk.effects, json.dumps(event.plain()))
    day = Daybook(desk.effects).day(desk.effects.clock.now())
    id = asked(adam, day, version=1).body["trial"]["id"]
    played(desk)
    result = adam.on("admin/trials", id, method="GET").body["result"]
    assert (result["calls"], result["against"]["total"]["answered"]) == (1, 1)
