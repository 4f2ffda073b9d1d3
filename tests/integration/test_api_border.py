"""Whatever is thrown at the API: a clear refusal with a stable code, and nothing done."""

import base64
import json
import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from chalicelib.border import UnruledRouteError, close
from chalicelib.problems import MESSAGES
from chalicelib.replay import LEASE_MS
from chalicelib.rules import RULES
from hearthline.platform.store import BusyError, Key
from tests.desk import Answer, Desk, Seat, open_desk, request

KEY = "0b4f6d9e-6e0b-4a5e-9c6d-2f6f7d1a2b3c"
STATUS = "/api/me/status"


@pytest.fixture
def desk() -> Iterator[Desk]:
    with open_desk() as opened:
        yield opened


@pytest.fixture
def ana(desk: Desk) -> Seat:
    return desk.as_("ana")


def post(seat: Seat, raw: str, **headers: str) -> Answer:
    sent = {"Cookie": seat.cookie, "Idempotency-Key": str(uuid.uuid4()), **headers}
    return seat.desk.send(request("POST", STATUS, raw=raw, headers=sent))


@pytest.mark.parametrize(
    ("raw", "code", "field"),
    [
        ("{", "json_invalid", None),
        ("", "field_invalid", "status"),
        ("null", "field_invalid", "body"),
        ("[]", "field_invalid", "body"),
        ('"available"', "field_invalid", "body"),
        ('{"status": "available", "role": "admin"}', "field_invalid", "role"),
        ('{"status": "asleep"}', "field_invalid", "status"),
        ('{"status": 1}', "field_invalid", "status"),
        ('{"status": null}', "field_invalid", "status"),
        ('{"status": "not_ready", "reason": "' + "x" * 99 + '"}', "field_invalid", "reason"),
        ('{"status": NaN}', "field_invalid", "status"),
        ('{"status": "\\ud800"}', "json_invalid", None),
        ("[" * 10_000, "json_invalid", None),
        ('{"status": ' + "9" * 5_000 + "}", None, None),
    ],
)
def test_a_body_that_is_wrong_is_refused_by_name(ana: Seat, raw: str, code: str | None, field: str | None) -> None:
    said = post(ana, raw)
    assert said.status in {400, 422}
    assert code is None or (said.code, said.body.get("field")) == (code, field)
    assert ana.call("GET", "/api/me/floor").body["agent"]["state"] == "offline"


def test_a_body_too_large_is_refused_before_it_is_read(ana: Seat) -> None:
    for raw in (" " * 16_385, "x" * 10_000_000):
        said = post(ana, raw)
        assert (said.status, said.code) == (413, "body_too_large")


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "", "json"])
def test_another_content_type_is_refused(ana: Seat, kind: str) -> None:
    said = post(ana, '{"status": "available"}', **{"Content-Type": kind})
    assert (said.status, said.code) == (415, "type_not_json")


def test_a_foreign_content_type_on_a_question_does_not_matter(ana: Seat) -> None:
    assert ana.call("GET", "/api/session", headers={"Content-Type": "text/plain"}).status == 200


def test_a_body_in_base64_is_read_and_a_broken_one_refused(ana: Seat) -> None:
    for body, status in ((base64.b64encode(b'{"status": "available"}').decode(), 200), ("%%%", 400)):
        event = request("POST", STATUS, raw=body, headers={"Cookie": ana.cookie, "Idempotency-Key": str(uuid.uuid4())})
        assert ana.desk.send(event | {"isBase64Encoded": True}).status == status


@pytest.mark.parametrize("id", ["1", "A" * 36, "../../etc", "0199c82c-c000-7000-8000-00000000000A", "', '", "%00"])
def test_an_id_of_another_form_is_not_there(ana: Seat, id: str) -> None:
    said = ana.desk.send(
        request("GET", "/api/tickets/x", route="/api/tickets/{id}", headers={"Cookie": ana.cookie})
        | {"pathParameters": {"id": id}}
    )
    assert (said.status, said.code) == (404, "not_found")


def test_a_query_nobody_asked_for_is_refused(ana: Seat) -> None:
    assert ana.call("GET", "/api/session", query={"admin": ["1"]}).body["field"] == "admin"
    assert ana.call("GET", "/api/tickets", query={"state": ["draft", "draft"]}).body["field"] == "state"


def test_an_unknown_route_or_method_has_an_answer_of_our_form(desk: Desk) -> None:
    assert desk.call("GET", "/api/nothing").code == "not_found"
    said = desk.call("PUT", "/api/session", {})
    assert (said.status, said.code) == (405, "method_not_allowed")


def test_every_answer_forbids_to_be_kept_and_speaks_both_languages(ana: Seat) -> None:
    for said in (ana.call("GET", "/api/session"), ana.call("GET", "/api/tickets", query={"x": ["1"]})):
        assert said.headers["Cache-Control"] == "no-store"
        assert said.headers["X-Content-Type-Options"] == "nosniff"
    for status, zh, en in MESSAGES.values():
        assert 400 <= status <= 503
        assert zh.endswith("。") and en.endswith(".")


def test_a_route_without_a_rule_keeps_the_function_from_starting() -> None:
    from chalice.app import Chalice

    app = Chalice(app_name="fork", configure_logs=False)
    app.route("/api/dummy", methods=["GET"])(lambda: "open")
    with pytest.raises(UnruledRouteError):
        close(app)


def test_the_same_command_twice_gives_the_same_answer_and_acts_once(ana: Seat) -> None:
    headers = {"Idempotency-Key": KEY}
    first = ana.call("POST", STATUS, {"status": "available"}, headers=headers)
    ana.call("POST", STATUS, {"status": "not_ready", "reason": "break"})
    second = ana.call("POST", STATUS, {"status": "available"}, headers=headers)
    assert second.body == first.body
    assert second.headers["Idempotent-Replay"] == "true"
    assert ana.call("GET", "/api/me/floor").body["agent"]["state"] == "not_ready"


def test_a_key_is_its_owners_and_its_requests(desk: Desk, ana: Seat) -> None:
    headers = {"Idempotency-Key": KEY}
    ana.call("POST", STATUS, {"status": "available"}, headers=headers)
    other = ana.call("POST", STATUS, {"status": "offline"}, headers=headers)
    assert (other.status, other.code) == (422, "key_reused")
    bo = desk.as_("bo").call("POST", STATUS, {"status": "offline"}, headers=headers)
    assert bo.body["agent"]["login"] == "bo"


def test_a_refusal_is_repeated_too(desk: Desk, ana: Seat) -> None:
    offer = desk.ringing("ana")
    desk.shift.floor.lapse(offer, "timed_out")
    said = [ana.on("offers", offer, "accept", headers={"Idempotency-Key": KEY}) for _ in range(2)]
    assert [(each.status, each.code) for each in said] == [(409, "offer_gone")] * 2
    assert said[0].body == said[1].body


def test_what_is_kept_for_a_repeat_is_sealed_and_ends(desk: Desk, ana: Seat) -> None:
    ana.call("POST", STATUS, {"status": "available"}, headers={"Idempotency-Key": KEY})
    (item,) = [item for key, item in desk.shift.store.everything().items() if key.pk.startswith("I#")]
    assert "Ana" not in repr(item)
    assert item["expires"] - desk.effects.clock.now() // 1000 == 86_400


def test_a_request_that_died_halfway_is_refused_for_a_moment_and_then_done_again(desk: Desk, ana: Seat) -> None:
    headers = {"Idempotency-Key": KEY}
    ana.call("POST", STATUS, {"status": "available"}, headers=headers)
    store = desk.shift.store
    key = Key("people", f"I#{ana.person.id}#{KEY}")
    from hearthline.platform.store import Change

    store.write(Change(key, drop=("status", "body")))
    said = ana.call("POST", STATUS, {"status": "available"}, headers=headers)
    assert (said.status, said.code) == (409, "in_progress")
    desk.shift.later(LEASE_MS / 1000)
    assert ana.call("POST", STATUS, {"status": "available"}, headers=headers).code == "in_progress"
    assert ana.call("POST", STATUS, {"status": "available"}, headers=headers).status == 200


def test_a_busy_store_is_asked_again_and_then_told_of(desk: Desk, ana: Seat, monkeypatch: pytest.MonkeyPatch) -> None:
    from hearthline.floor.store import Floor

    left = [2]
    real = Floor.set_status

    def sometimes(self: Floor, *args: Any, **more: Any) -> Any:
        if left[0]:
            left[0] -= 1
            raise BusyError("throttled")
        return real(self, *args, **more)

    monkeypatch.setattr(Floor, "set_status", sometimes)
    assert ana.call("POST", STATUS, {"status": "available"}).status == 200
    left[0] = 3
    said = ana.call("POST", STATUS, {"status": "offline"}, headers={"Idempotency-Key": KEY})
    assert (said.status, said.code, said.headers["Retry-After"]) == (503, "try_again", "1")
    assert ana.call("POST", STATUS, {"status": "offline"}, headers={"Idempotency-Key": KEY}).status == 200


def test_an_unforeseen_error_says_nothing_of_itself(desk: Desk, ana: Seat, monkeypatch: pytest.MonkeyPatch) -> None:
    from hearthline.floor.store import Floor

    def broken(self: Floor, *args: Any, **more: Any) -> Any:
        raise RuntimeError("secret of the inside")

    monkeypatch.setattr(Floor, "set_status", broken)
    said = ana.call("POST", STATUS, {"status": "available"})
    assert (said.status, said.code) == (500, "internal")
    assert "secret" not in json.dumps(said.body)


def test_signing_in_is_bound_to_the_address_the_distribution_saw(desk: Desk) -> None:
    for _ in range(5):
        desk.sign_in("ana", "wrong", headers={"X-Forwarded-For": "9.9.9.9, 198.51.100.7, 130.176.0.1"})
    same = desk.sign_in("ana", headers={"X-Forwarded-For": "1.1.1.1, 198.51.100.7, 130.176.0.2"})
    other = desk.sign_in("ana", headers={"X-Forwarded-For": "9.9.9.9, 203.0.113.9, 130.176.0.1"})
    assert (same.status, other.status) == (429, 201)


def test_every_rule_is_a_route() -> None:
    from functions.api.app import app

    assert {(method, path) for path, methods in app.routes.items() for method in methods} == set(RULES)
