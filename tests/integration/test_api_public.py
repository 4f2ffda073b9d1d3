"""A customer on the web page: no account, one key, bounded."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from chalicelib import public
from chalicelib.rules import TRIES
from hearthline.callflow import enter
from hearthline.platform.store import BusyError
from tests.desk import Answer, Desk, open_desk

MOBILE = "138 1234 8001"


@pytest.fixture
def desk() -> Iterator[Desk]:
    with open_desk() as opened:
        yield opened


def create(desk: Desk, **more: Any) -> Answer:
    body = {"matter": "outage", "lang": "zh", **more.pop("body", {})}
    return desk.call("POST", "/api/public/contacts", body, **more)


def on(desk: Desk, made: Answer, verb: str = "", body: object = None, method: str = "POST", key: str = "") -> Answer:
    tail = f"/{verb}" if verb else ""
    return desk.call(
        method,
        f"/api/public/contacts/{made.body['contact']}{tail}",
        body,
        route=f"/api/public/contacts/{{id}}{tail}",
        headers={"Authorization": f"Bearer {key or made.body['key']}"},
    )


def test_the_page_learns_what_one_may_call_about_and_how_long_it_takes(desk: Desk) -> None:
    said = desk.call("GET", "/api/public/matters").body
    assert said["company"] == {"zh": "云杉宽带", "en": "Spruce Broadband"}
    assert {matter["id"] for matter in said["matters"]} >= {"outage", "billing", "move", "plan", "complaint"}
    assert all(matter["hint"]["zh"] and matter["wait_seconds"] > 0 for matter in said["matters"])
    desk.as_("ana").call("POST", "/api/me/status", {"status": "available"})
    waits = {each["id"]: each["wait_seconds"] for each in desk.call("GET", "/api/public/matters").body["matters"]}
    assert waits["outage"] == 0


def test_a_matter_that_is_always_served_names_no_hours(desk: Desk) -> None:
    said = desk.call("GET", "/api/public/matters").body
    assert said["hours"] == []
    assert {(each["hours"], each["callback"], each["line"]) for each in said["matters"]} == {("", False, "")}


def test_a_caller_takes_a_place_in_the_queue_and_a_door_to_the_sound(desk: Desk) -> None:
    first = create(desk)
    desk.shift.later(1)
    second = create(desk)
    assert first.status == 201
    assert first.body["whip"].endswith("/whip")
    assert first.body["state"]["position"] == 1
    assert second.body["state"] | {"wait_seconds": 0} == {
        "state": "queued",
        "position": 2,
        "position_at_entry": 2,
        "wait_seconds": 0,
        "waited_ms": 0,
        "matter": "outage",
        "agent_name": None,
        "callback_to": None,
        "sealed": False,
        "hold": False,
    }
    contact = desk.shift.state_of(first.body["contact"])
    assert (contact.channel, contact.queue, contact.state) == ("browser", "broadband", "queued")
    assert desk.shift.story(contact.id) == ["ContactArrived", "ContactQueued"]
    assert "route" in [sent.queue for sent in desk.shift.queue.sent]


def test_a_page_whose_request_died_halfway_and_came_again_is_one_contact(desk: Desk, monkeypatch: Any) -> None:
    real, left = enter.enter_queue, [TRIES]

    def busy(*args: Any, **more: Any) -> Any:
        if left[0]:
            left[0] -= 1
            raise BusyError("throttled")
        return real(*args, **more)

    monkeypatch.setattr(public, "enter_queue", busy)
    again = {"headers": {"Idempotency-Key": "7d444840-9dc0-41d1-b245-5ffdce74fad2"}}
    assert create(desk, **again).status == 503
    made = create(desk, **again)
    assert made.status == 201
    arrived = {key.pk for key in desk.shift.store.everything() if key.pk.startswith("C#")}
    assert arrived == {f"C#{made.body['contact']}"}
    assert desk.shift.state_of(made.body["contact"]).state == "queued"
    assert create(desk).body["contact"] != made.body["contact"]


def test_the_state_follows_the_call(desk: Desk) -> None:
    ana = desk.as_("ana")
    ana.call("POST", "/api/me/status", {"status": "available"})
    made = create(desk)
    desk.shift.run()
    assert on(desk, made, method="GET").body["state"] == "ringing"
    contact = desk.shift.state_of(made.body["contact"])
    ana.on("offers", contact.offer, "accept")
    assert on(desk, made, method="GET").body["state"] == "connecting"
    desk.shift.floor.connected(contact.id, "edge-a")
    shown = on(desk, made, method="GET").body
    assert (shown["state"], shown["agent_name"], shown["position"]) == ("connected", "Ana Lin", None)
    ana.on("contacts", contact.id, "hangup")
    assert on(desk, made, method="GET").body["state"] == "ended"


def test_only_the_key_opens_a_contact_and_only_its_own(desk: Desk) -> None:
    mine, other = create(desk), create(desk)
    for key in (other.body["key"], "x" * 43, "short"):
        for verb, body, method in (("", None, "GET"), ("media", None, "POST"), ("hangup", None, "POST")):
            said = on(desk, mine, verb, body, method, key=key)
            assert (said.status, said.code) == (404, "not_found")
    assert desk.shift.state_of(mine.body["contact"]).state == "queued"


def test_the_key_stands_nowhere_in_the_clear(desk: Desk) -> None:
    made = create(desk, body={"number": MOBILE})
    kept = repr(desk.shift.store.everything())
    assert made.body["key"] not in kept
    assert "13812348001" not in kept


def test_each_door_has_a_token_of_its_own_until_the_call_is_over(desk: Desk) -> None:
    made = create(desk)
    doors = [on(desk, made, "media").body["token"] for _ in range(2)]
    assert len({made.body["token"], *doors}) == 3
    on(desk, made, "hangup")
    assert on(desk, made, "media").code == "not_now"


def test_who_hangs_up_is_gone_from_the_queue_however_often(desk: Desk) -> None:
    made = create(desk)
    assert [on(desk, made, "hangup").body["state"] for _ in range(2)] == ["ended", "ended"]
    assert desk.shift.places() == []
    assert desk.shift.story(made.body["contact"]).count("ContactEnded") == 1


def test_a_callback_keeps_its_place(desk: Desk) -> None:
    made, _ = create(desk), create(desk)
    shown = on(desk, made, "callback", {"number": MOBILE}).body
    assert (shown["state"], shown["position"], shown["callback_to"]) == ("callback_promised", 1, "138****8001")
    assert on(desk, made, "callback", {"number": MOBILE}).status == 200
    assert on(desk, made, "hangup").body["state"] == "callback_promised"
    assert desk.edge.closed == [made.body["contact"]]  # the page's sound is over: the phone is the caller's place
    assert "13812348001" not in repr(desk.shift.store.everything())


@pytest.mark.parametrize("number", ["12", "+", "abc", "+86138123480011111111", "=cmd()"])
def test_a_number_nobody_can_dial_is_refused(desk: Desk, number: str) -> None:
    made = create(desk)
    said = on(desk, made, "callback", {"number": number})
    assert (said.status, said.code, said.body["field"]) == (422, "field_invalid", "number")
    assert create(desk, body={"number": number}).body["field"] == "number"


def test_an_unknown_matter_is_refused_and_leaves_nothing(desk: Desk) -> None:
    said = create(desk, body={"matter": "weather"})
    assert (said.status, said.code, said.body["field"]) == (422, "field_invalid", "matter")
    assert desk.shift.places() == []


def test_the_same_request_twice_is_one_contact(desk: Desk) -> None:
    key = {"Idempotency-Key": "0b4f6d9e-6e0b-4a5e-9c6d-2f6f7d1a2b3c"}
    first, second = create(desk, headers=key), create(desk, headers=key)
    assert first.body == second.body
    assert len(desk.shift.places()) == 1
    other = create(desk, headers=key, body={"matter": "billing"})
    assert (other.status, other.code) == (422, "key_reused")


def test_one_address_makes_so_many_contacts_a_minute_and_no_more(desk: Desk) -> None:
    said = [create(desk) for _ in range(21)]
    assert {each.status for each in said[:20]} == {201}
    assert (said[20].status, said[20].code) == (429, "too_often")
    assert int(said[20].headers["Retry-After"]) <= 60
    assert create(desk, address="203.0.113.9").status == 201
    desk.shift.later(60)
    assert create(desk).status == 201


def test_all_addresses_together_are_bounded_too(desk: Desk) -> None:
    said = [create(desk, address=f"203.0.{n // 200}.{n % 200}").status for n in range(301)]
    assert said == [201] * 300 + [429]


def test_without_a_living_edge_there_is_no_contact_without_sound(desk: Desk) -> None:
    desk.edge.broken = True
    said = create(desk)
    assert (said.status, said.code) == (503, "edge_unreachable")
    assert desk.shift.places() == []
    assert json.dumps(said.body)
