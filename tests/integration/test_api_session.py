"""Signing in and out at the API, and what a cookie is worth."""

from collections.abc import Iterator

import pytest

from hearthline.people.model import IDLE_MS
from hearthline.people.store import disable
from tests.desk import Desk, open_desk


@pytest.fixture
def desk() -> Iterator[Desk]:
    with open_desk() as opened:
        yield opened


def test_who_signs_in_gets_a_cookie_only_the_server_reads(desk: Desk) -> None:
    said = desk.sign_in("ana")
    assert said.status == 201
    assert said.body == {"person": {"id": desk.people["ana"].id, "name": "Ana Lin", "role": "agent", "lang": "zh"}}
    cookie = said.headers["Set-Cookie"]
    assert cookie.startswith("__Host-session=")
    for rule in ("Path=/", "HttpOnly", "Secure", "SameSite=Strict"):
        assert rule in cookie
    assert "Domain" not in cookie


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(desk: Desk) -> None:
    wrong, unknown = desk.sign_in("ana", "not it"), desk.sign_in("nobody", "not it")
    assert (wrong.status, wrong.body, wrong.headers) == (unknown.status, unknown.body, unknown.headers)
    assert (wrong.status, wrong.code) == (401, "login_refused")


def test_guessing_is_stopped_and_says_when_to_come_back(desk: Desk) -> None:
    for _ in range(5):
        assert desk.sign_in("ana", "not it").code == "login_refused"
    said = desk.sign_in("ana")
    assert (said.status, said.code) == (429, "too_many_tries")
    assert 0 < int(said.headers["Retry-After"]) <= 60
    assert desk.sign_in("ana", address="203.0.113.9").status == 201


def test_the_session_tells_who_it_is_and_log_out_ends_it(desk: Desk) -> None:
    ana = desk.as_("ana")
    assert ana.call("GET", "/api/session").body["person"]["id"] == desk.people["ana"].id
    said = ana.call("DELETE", "/api/session")
    assert said.status == 204
    assert "Max-Age=0" in said.headers["Set-Cookie"]
    assert ana.call("GET", "/api/session").code == "sign_in_first"


def test_signing_in_again_gives_another_token_and_ends_the_one_before(desk: Desk) -> None:
    ana = desk.as_("ana")
    again = desk.sign_in("ana", headers={"Cookie": ana.cookie})
    assert again.headers["Set-Cookie"].partition(";")[0] != ana.cookie
    assert ana.call("GET", "/api/session").status == 401


@pytest.mark.parametrize("cookie", ["", "__Host-session=", "__Host-session=guess", "session=x; __Host-sessionx=y"])
def test_without_a_session_nothing_is_told(desk: Desk, cookie: str) -> None:
    said = desk.call("GET", "/api/session", headers={"Cookie": cookie} if cookie else {})
    assert (said.status, said.code) == (401, "sign_in_first")


def test_an_agent_on_a_call_is_not_logged_out_in_the_middle_of_it(desk: Desk) -> None:
    ana, bo = desk.as_("ana"), desk.as_("bo")
    ana.talking()
    desk.shift.later(IDLE_MS / 1000)
    assert bo.call("GET", "/api/session").status == 401
    assert ana.call("GET", "/api/session").status == 200


def test_who_is_disabled_is_out_with_the_next_request(desk: Desk) -> None:
    ana = desk.as_("ana")
    disable(desk.effects, ana.person.id)
    assert ana.call("GET", "/api/session").status == 401
