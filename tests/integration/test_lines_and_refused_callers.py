"""Several numbers of one company, each with its own greeting; and callers who are politely refused."""

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest

from functions.voice_webhook import app as webhook
from hearthline.callflow.lines import with_caller
from hearthline.config.model import MAX_BLOCKED, Config, ConfigError, Number, check
from hearthline.config.store import publish
from hearthline.floor.model import Contact
from hearthline.floor.store import Floor
from hearthline.platform.effects import Effects
from hearthline.telephony.model import contact_id
from local.seed import COMPANY
from tests.desk import Seat, open_desk
from tests.integration.carrier_posts import (
    CALLER,
    NUMBER,
    SID,
    STACK,
    fields,
    in_memory,
    of_contact,
    post,
    queued,
    written,
)
from tests.integration.phone_shift import PhoneShift, phone_shift
from tests.integration.test_hours_and_overflow import OFFICE, at
from tests.shift import bound

ENGLISH, BILLS = "+862150008001", "+862150008002"
POOL = (
    Number(ENGLISH, "英文专线", "English line", lang="en"),
    Number(BILLS, "账务专线", "Billing line", lang="zh", queue="billing"),
)


def company(**more: object) -> Config:
    return replace(COMPANY, numbers=POOL, **more)  # type: ignore[arg-type]  # fields by name


@pytest.fixture
def effects() -> Iterator[Effects]:
    made = in_memory()
    publish(made, company())
    with bound(webhook, made):
        yield made


def contact_of(effects: Effects) -> Contact | None:
    return Floor(effects).contact(contact_id(STACK, SID))


def known(effects: Effects) -> Contact:
    found = contact_of(effects)
    assert found is not None
    return found


def block(effects: Effects, number: str = CALLER) -> None:
    publish(effects, with_caller(effects, company(), number, "block"))


def test_who_calls_the_english_line_is_greeted_in_english_alone(effects: Effects) -> None:
    said = post("/telephony/voice", fields(To=ENGLISH))
    assert "Welcome" in said.said
    assert "欢迎" not in said.said
    assert said.next() == of_contact("menu", "en")


def test_who_calls_the_billing_line_waits_in_billing_without_a_menu(effects: Effects) -> None:
    said = post("/telephony/voice", fields(To=BILLS))
    assert said.find("Enqueue").text == "billing"
    contact = known(effects)
    assert (contact.state, contact.queue, contact.lang, contact.line) == ("queued", "billing", "zh", BILLS)


def test_the_number_of_the_deployment_is_answered_beside_the_pool(effects: Effects) -> None:
    assert "欢迎" in post("/telephony/voice", fields(To=NUMBER)).said


def test_a_number_that_is_nobodys_is_not_in_service(effects: Effects) -> None:
    assert "未在服务中" in post("/telephony/voice", fields(To="+862150009999")).said
    assert contact_of(effects) is None


def test_a_line_that_is_closed_says_so_without_a_menu(effects: Effects) -> None:
    shut = tuple(replace(each, calendar="office") for each in COMPANY.queues)
    publish(effects, company(queues=shut, calendars=(OFFICE,)))
    at(effects, "2026-11-27T20:00:00")
    assert "我们现在不在服务时间" in post("/telephony/voice", fields(To=BILLS)).said


def test_an_own_number_of_the_pool_is_never_called_back(effects: Effects) -> None:
    queued()
    ask = post(of_contact("choose", 1), fields(Digits="1"))
    assert "无法使用" in post(ask.next(), fields(Digits=ENGLISH.replace("+86", "0"))).said


def test_a_callback_shows_the_number_that_was_called() -> None:
    with phone_shift() as shift:
        publish(shift.effects, company())
        assert dialled_from(shift, BILLS) == BILLS


def test_a_callback_shows_the_deployments_number_when_the_line_was_given_up() -> None:
    with phone_shift() as shift:
        publish(shift.effects, company())
        contact = promised(shift, BILLS)
        publish(shift.effects, COMPANY)
        assert dialled(shift, contact) == NUMBER


def promised(shift: PhoneShift, line: str) -> str:
    post("/telephony/voice", fields(To=line))
    post(of_contact("choose", 1), fields(Digits="1", To=line))
    post(of_contact("number", 1), fields(Digits="1", To=line))
    return contact_id(STACK, SID)


def dialled(shift: PhoneShift, contact: str) -> str:
    shift.agent("ana", queues={"billing": 3})
    shift.run("route")
    shift.deliver_for(contact, "ContactQueued")
    shift.run("route")
    shift.accept(contact)
    assert shift.join() == []
    [(_, told)] = shift.carrier.heard
    return told["From"]


def dialled_from(shift: PhoneShift, line: str) -> str:
    return dialled(shift, promised(shift, line))


def test_a_blocked_caller_is_refused_politely_and_leaves_no_contact(effects: Effects) -> None:
    block(effects)
    said = post("/telephony/voice", fields())
    assert "很抱歉，我们无法接听您的来电" in said.said
    assert "we cannot take your call" in said.said
    assert said.verbs[-1] == "Hangup"
    assert contact_of(effects) is None


def test_a_blocked_caller_is_refused_in_the_language_of_the_line(effects: Effects) -> None:
    block(effects)
    assert "抱歉" not in post("/telephony/voice", fields(To=ENGLISH)).said


@pytest.mark.parametrize("step", ["menu", "callme"])
def test_a_blocked_caller_finds_no_way_round_the_greeting(effects: Effects, step: str) -> None:
    block(effects)
    assert "Hangup" in post(of_contact(step), fields(Digits="1")).verbs
    assert contact_of(effects) is None


def test_everybody_else_is_served(effects: Effects) -> None:
    block(effects, "+8613912345678")
    assert "Gather" in post("/telephony/voice", fields()).verbs


def test_a_caller_whose_number_is_withheld_is_not_refused(effects: Effects) -> None:
    block(effects)
    assert "Gather" in post("/telephony/voice", fields(From="anonymous")).verbs


def test_a_caller_who_is_admitted_again_is_served(effects: Effects) -> None:
    block(effects)
    publish(effects, with_caller(effects, replace(company(), blocked=()), CALLER, "admit"))
    assert "Gather" in post("/telephony/voice", fields()).verbs


def test_neither_the_configuration_nor_a_log_shows_who_is_blocked(effects: Effects) -> None:
    with written() as lines:
        block(effects)
        post("/telephony/voice", fields())
    assert CALLER not in lines.getvalue()
    kept = str(effects.store.everything())  # type: ignore[attr-defined]  # in memory
    assert CALLER not in kept
    assert CALLER[3:] not in kept


def test_a_full_list_of_blocked_callers_takes_no_more(effects: Effects) -> None:
    full = replace(company(), blocked=tuple(f"{n:064x}" for n in range(MAX_BLOCKED)))
    check(full)
    with pytest.raises(ConfigError, match="blocked"):
        with_caller(effects, full, CALLER, "block")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"numbers": (Number("02150008000", "a", "a"),)}, "numbers.0.number"),
        ({"numbers": (POOL[0], replace(POOL[1], number=ENGLISH))}, "numbers.1.number"),
        ({"numbers": (replace(POOL[0], lang="fr"),)}, "numbers.0.lang"),
        ({"numbers": (replace(POOL[0], queue="gone"),)}, "numbers.0.queue"),
        ({"numbers": (replace(POOL[0], en=""),)}, "numbers.0.en"),
        ({"blocked": (CALLER,)}, "blocked.0"),
        ({"blocked": ("a" * 64, "a" * 64)}, "blocked.1"),
    ],
)
def test_a_line_or_a_block_that_makes_no_sense_is_named_by_its_field(change: dict[str, object], field: str) -> None:
    with pytest.raises(ConfigError) as caught:
        check(replace(COMPANY, **change))  # type: ignore[arg-type]  # wrong on purpose
    assert caught.value.field == field


def test_a_configuration_of_before_has_neither_lines_nor_blocks() -> None:
    plain = json.loads(json.dumps(COMPANY.plain()))
    del plain["numbers"], plain["blocked"]
    assert Config.read(plain) == COMPANY


def in_force(seat: Seat) -> tuple[int, list[str]]:
    told = seat.call("GET", "/api/admin/config").body
    return told["publication"]["version"], told["config"]["blocked"]


def test_an_administrator_blocks_and_admits_a_caller_by_number() -> None:
    with open_desk() as desk:
        adam = desk.as_("adam")
        version, _ = in_force(adam)
        body = {"version": version, "number": "138 1234 8001", "what": "block", "note": "abuse"}
        assert adam.call("POST", "/api/admin/blocked", body).status == 201
        version, blocked = in_force(adam)
        assert len(blocked) == 1
        assert "13812348001" not in json.dumps(adam.call("GET", "/api/admin/config").body)
        body |= {"version": version, "what": "admit"}
        assert adam.call("POST", "/api/admin/blocked", body).body["config"]["blocked"] == []


def test_a_caller_who_is_refused_already_is_not_refused_twice() -> None:
    with open_desk() as desk:
        adam = desk.as_("adam")
        body = {"version": in_force(adam)[0], "number": "13812348001", "what": "block"}
        first = adam.call("POST", "/api/admin/blocked", body).body
        other = {"version": in_force(adam)[0], "number": "13812348002", "what": "block"}
        adam.call("POST", "/api/admin/blocked", other)
        version, blocked = in_force(adam)
        assert blocked[0] == first["config"]["blocked"][0]
        for wish in ({"number": "13812348001", "what": "block"}, {"number": "13812348009", "what": "admit"}):
            said = adam.call("POST", "/api/admin/blocked", body | wish | {"version": version})
            assert (said.status, said.body["config"]["blocked"]) == (201, blocked)
        assert in_force(adam) == (version, blocked)


def test_what_is_no_number_is_not_blocked() -> None:
    with open_desk() as desk:
        adam = desk.as_("adam")
        body = {"version": in_force(adam)[0], "number": "nobody", "what": "block"}
        said = adam.call("POST", "/api/admin/blocked", body)
        assert (said.status, said.body["field"]) == (422, "number")


def test_a_caller_is_not_blocked_over_what_somebody_published_meanwhile() -> None:
    with open_desk() as desk:
        adam = desk.as_("adam")
        body = {"version": in_force(adam)[0] - 1, "number": "13812348001", "what": "block"}
        said = adam.call("POST", "/api/admin/blocked", body)
        assert (said.status, said.code) == (409, "stale_version")
