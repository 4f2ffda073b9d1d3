"""Who may do what: every route, every role, own and another's. A new route appears here by itself."""

import json
import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from chalicelib.admin_config import shown
from chalicelib.rules import RULES, Rule
from functions.open_ticket import app as open_ticket
from hearthline.people.model import ROLES, Role
from local.seed import COMPANY
from tests.desk import Answer, Desk, Seat, open_desk, request
from tests.integration.test_api_voicemail import left
from tests.shift import deliver

DRAFT = shown(COMPANY).model_dump()
BODIES: dict[str, Any] = {
    "POST /api/admin/config": {"version": 1, "config": DRAFT},
    "POST /api/admin/config/check": {"version": 1, "config": DRAFT},
    "POST /api/admin/config/versions/{n}/restore": {"version": 1},
    "POST /api/admin/blocked": {"version": 1, "number": "13912345678", "what": "block"},
    "POST /api/admin/trials": {"day": "2025-10-08", "against": 1, "config": DRAFT},
    "PUT /api/admin/agents/{id}": {"version": 0, "queues": {"billing": 3}, "skills": {"zh": 4}},
    "PUT /api/admin/agents/{id}/phone": {"address": "+8613900001111"},
    "PUT /api/me/phone": {"address": "sip:me@example.com"},
    "PUT /api/me/round-trips": {"ms": {"edge-a": 12}},
    "POST /api/session": {"login": "ana", "password": "wrong"},
    "POST /api/me/status": {"status": "not_ready"},
    "POST /api/contacts/{id}/wrap-up": {"code": "resolved"},
    "POST /api/contacts/{id}/consult": {"agent": "bo"},
    "POST /api/contacts/{id}/seal": {"commitment": "c" * 43, "key": "k" * 87},
    "POST /api/public/contacts/{id}/seal": {"commitment": "c" * 43},
    "PATCH /api/tickets/{id}": {"version": 1, "fields": {"summary": "x"}},
    "POST /api/tickets/{id}/submit": {"version": 1},
    "POST /api/team/calls/{id}/watch": {"mode": "listen"},
    "POST /api/team/calls/{id}/watch/mode": {"mode": "whisper"},
    "POST /api/public/contacts": {"matter": "outage", "lang": "zh"},
    "POST /api/public/contacts/{id}/callback": {"number": "13812348001"},
}
OPEN = {
    "GET /api/health",
    "POST /api/session",
    "GET /api/public/matters",
    "POST /api/public/contacts",
}
EVERY = sorted(f"{method} {path}" for method, path in RULES)
OFFICE = [name for name in EVERY if "/admin/" in name]
TEAM = [name for name in EVERY if "/team/" in name]
WITH_ID = [name for name in EVERY if "{id}" in name and "/public/" not in name and name not in {*OFFICE, *TEAM}]
SIGNED_IN = [name for name in EVERY if name not in OPEN and "/public/" not in name]


@pytest.fixture
def desk() -> Iterator[Desk]:
    with open_desk() as opened:
        yield opened


def rule_of(name: str) -> Rule:
    method, path = name.split(" ")
    return RULES[method, path]


def ask(desk: Desk, name: str, *, cookie: str = "", id: str = "", headers: dict[str, str] | None = None) -> Answer:
    method, path = name.split(" ")
    sent = {"Idempotency-Key": str(uuid.uuid4()), **({"Cookie": cookie} if cookie else {}), **(headers or {})}
    concrete = path.replace("{id}", id or str(uuid.uuid4())).replace("{n}", "1")
    return desk.send(request(method, concrete, BODIES.get(name), route=path, headers=sent))


def kept(desk: Desk) -> set[str]:
    """What stands in the store, without sessions, counters and kept answers."""
    items = desk.shift.store.everything()
    return {f"{key}{item}" for key, item in items.items() if key.pk[:2] not in {"S#", "R#", "I#", "F#"}}


def test_only_what_must_be_open_is_open() -> None:
    assert {name for name in EVERY if rule_of(name).who == "anyone"} == OPEN
    assert {name for name in EVERY if rule_of(name).who == "caller"} == {
        name for name in EVERY if "/public/contacts/{id}" in name
    }


@pytest.mark.parametrize("name", SIGNED_IN)
def test_nothing_is_told_or_done_without_a_session(desk: Desk, name: str) -> None:
    before = kept(desk)
    said = ask(desk, name)
    assert (said.status, said.code) == (401, "sign_in_first")
    assert kept(desk) == before


@pytest.mark.parametrize("role", ROLES)
def test_each_role_reaches_exactly_the_routes_that_name_it(desk: Desk, role: Role) -> None:
    desk.hire("rita", role)
    cookie = desk.as_("rita").cookie
    for name in SIGNED_IN:
        if name == "DELETE /api/session":
            continue
        before = kept(desk)
        said = ask(desk, name, cookie=cookie)
        who = rule_of(name).who
        if isinstance(who, frozenset) and role in who:
            assert said.status not in {401, 403}, name
        else:
            assert (said.status, said.code) == (403, "not_your_role"), name
            assert kept(desk) == before, name


def test_only_an_administrator_changes_what_the_company_configured() -> None:
    for name in OFFICE:
        who = {"admin"} if rule_of(name).writes else {"admin", "supervisor", "manager"}
        assert rule_of(name).who == frozenset(who), name


def test_supervisors_managers_and_administrators_write_nothing_of_a_contact_or_ticket() -> None:
    for name in SIGNED_IN:
        if rule_of(name).writes and ("/contacts/" in name or "/tickets/" in name or "/offers/" in name):
            assert rule_of(name).who == frozenset({"agent"}), name


def test_supervisors_alone_go_on_a_call_and_a_manager_only_sees_that_there_is_one() -> None:
    for name in TEAM:
        who = {"supervisor"} if rule_of(name).writes else {"supervisor", "manager"}
        assert rule_of(name).who == frozenset(who), name


def of_a_call(desk: Desk, seat: Seat) -> dict[str, str]:
    """What belongs to an agent who talks, by the first part of its path."""
    contact = seat.talking()
    connected = [event for event in desk.shift.ledger(contact) if event.type == "ContactConnected"]
    deliver(open_ticket, desk.effects, json.dumps(connected[0].plain()))
    shown = seat.call("GET", "/api/me/floor").body["contact"]
    return {"contacts": contact, "tickets": shown["ticket"], "offers": desk.shift.state_of(contact).offer}


@pytest.mark.parametrize("name", WITH_ID)
def test_anothers_is_answered_as_if_it_were_not_there(desk: Desk, name: str) -> None:
    ana, bo = desk.as_("ana"), desk.as_("bo")
    kind = name.split("/")[2]
    if kind == "messages":  # that one was faster is told to who serves the same queue
        desk.hire("cleo", queues={"billing": 3})
        bo, (_, id) = desk.as_("cleo"), left(desk)
        assert ana.on("messages", id, "take").status == 200
    else:
        id = of_a_call(desk, ana)[kind]
    before = kept(desk)
    foreign, missing = ask(desk, name, cookie=bo.cookie, id=id), ask(desk, name, cookie=bo.cookie)
    assert (foreign.status, foreign.body, foreign.headers) == (missing.status, missing.body, missing.headers)
    assert (foreign.status, foreign.code) == (404, "not_found")
    assert kept(desk) == before
    assert ask(desk, name, cookie=ana.cookie, id=id).status != 404


def test_what_only_rings_is_no_contact_of_the_agent_yet(desk: Desk) -> None:
    ana, contact = desk.as_("ana"), str(uuid.uuid4())
    desk.ringing("ana", contact)
    for verb in ("media", "hold", "resume", "hangup"):
        assert ana.on("contacts", contact, verb).status == 404


@pytest.mark.parametrize("name", [name for name in EVERY if rule_of(name).writes])
def test_every_write_needs_an_idempotency_key(desk: Desk, name: str) -> None:
    seat = desk.as_("adam" if name in OFFICE else "sue" if name in TEAM else "ana")
    headers = {"Idempotency-Key": "again"}
    if rule_of(name).who == "caller":
        made = desk.call("POST", "/api/public/contacts", {"matter": "outage", "lang": "zh"}).body
        headers["Authorization"] = f"Bearer {made['key']}"
        said = ask(desk, name, id=made["contact"], headers=headers)
    else:
        said = ask(desk, name, cookie=seat.cookie, headers=headers)
    assert (said.status, said.code) == (400, "key_missing")


@pytest.mark.parametrize("name", [name for name in EVERY if rule_of(name).writes])
def test_no_write_is_taken_from_another_site(desk: Desk, name: str) -> None:
    ana = desk.as_("ana")
    before = kept(desk)
    for foreign in (
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
    ):
        said = ask(desk, name, cookie=ana.cookie, headers=foreign)
        assert (said.status, said.code) == (403, "other_origin")
    assert kept(desk) == before
