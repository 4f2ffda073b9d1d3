"""The news of a call's end is lost: the sweep asks whoever knows, and nobody alive is taken for gone."""

from collections.abc import Iterator

import pytest

from functions.sweep_floor import app as sweep_floor
from hearthline.floor.items import contact_key
from hearthline.floor.model import LONGEST_TALK_MS, TALK_LOOK_MS
from hearthline.platform.store import Put
from hearthline.presence.store import Presence
from hearthline.telephony.answers import Answers
from tests.integration.carrier_posts import SID
from tests.integration.phone_shift import PhoneShift, phone_shift
from tests.shift import CALLER, bound

CALL = f"GET /2010-04-01/Accounts/AC{'2' * 32}/Calls/"
LOOK_S = TALK_LOOK_MS / 1000


@pytest.fixture
def shift() -> Iterator[PhoneShift]:
    with phone_shift() as made:
        yield made


def swept(shift: PhoneShift) -> dict[str, int]:
    with bound(sweep_floor, shift.effects):
        return sweep_floor.handler({}, None)


def talking(shift: PhoneShift, status: str) -> str:
    contact = shift.accepted()
    shift.floor.connected(contact, "edge-a")
    shift.carrier.answers[CALL] = (200, {"sid": SID, "status": status})
    shift.later(LOOK_S + 1)
    return contact


def test_a_talk_whose_call_the_carrier_knows_to_be_over_is_ended_for_its_agent(shift: PhoneShift) -> None:
    contact = talking(shift, "completed")
    assert swept(shift) == {"end_lost": 1}
    known = shift.state_of(contact)
    assert (known.state, known.ended_by, known.outcome, shift.who("ana").state) == (
        "wrap_up",
        "caller",
        "answered",
        "wrap_up",
    )


def test_a_talk_that_lives_goes_on_and_is_asked_about_only_now_and_then(shift: PhoneShift) -> None:
    contact = talking(shift, "in-progress")
    assert swept(shift) == {"talks": 1}
    assert shift.state_of(contact).state == "connected"
    assert swept(shift) == {}
    shift.later(LOOK_S + 1)
    assert swept(shift) == {"talks": 1}


def test_a_carrier_that_does_not_answer_ends_nobodys_talk(shift: PhoneShift) -> None:
    contact = talking(shift, "completed")
    shift.carrier.answers[CALL] = (503, {"code": 20503, "message": "down"})
    assert swept(shift) == {"talks": 1}
    assert shift.state_of(contact).state == "connected"


def test_a_callback_whose_call_we_cannot_name_is_not_taken_for_over(shift: PhoneShift) -> None:
    contact = talking(shift, "completed")
    known = shift.effects.store.get(contact_key(contact))
    assert known
    shift.effects.store.write(Put(contact_key(contact), {**known, "call_sid": ""}))
    assert swept(shift) == {"talks": 1}


def test_no_talk_lasts_longer_than_the_longest(shift: PhoneShift) -> None:
    contact = talking(shift, "in-progress")
    shift.later(LONGEST_TALK_MS / 1000)
    assert swept(shift) == {"too_long": 1}
    assert shift.state_of(contact).outcome == "failed"


def test_an_end_that_was_told_and_not_acted_upon_is_made_good_before_anybody_is_rung(shift: PhoneShift) -> None:
    shift.floor.arrive("waits", channel="phone", call_sid="CA-waits", actor=CALLER)
    shift.floor.enqueue("waits", matter="outage", queue="broadband", lang="zh", actor=CALLER)
    shift.floor.arrive("menu", channel="phone", call_sid="CA-menu", actor=CALLER)
    for sid in ("CA-waits", "CA-menu"):
        Answers(shift.effects).note_end(sid)
    shift.later(601)
    assert swept(shift) == {"end_lost": 2}
    assert (shift.state_of("waits").outcome, shift.state_of("menu").outcome) == ("abandoned", "left_in_menu")


def test_a_call_in_the_menu_is_ended_when_the_carrier_knows_it_to_be_over_and_no_sooner(shift: PhoneShift) -> None:
    shift.floor.arrive("menu", channel="phone", call_sid=SID, actor=CALLER)
    shift.carrier.answers[CALL] = (200, {"sid": SID, "status": "in-progress"})
    shift.later(601)
    assert swept(shift) == {"talks": 1}
    shift.carrier.answers[CALL] = (404, {"code": 20404, "message": "no such call"})
    shift.later(601)
    assert swept(shift) == {"end_lost": 1}
    assert (shift.state_of("menu").state, shift.state_of("menu").outcome) == ("closed", "left_in_menu")


def test_a_browser_caller_is_gone_when_the_page_is_silent_and_the_edge_does_not_hear_him(shift: PhoneShift) -> None:
    presence = Presence(shift.effects)
    presence.seen("page")
    presence.page_asked("page")
    shift.page_talks()
    heard = {"legs": [{"role": "caller", "live": True}]}
    shift.edges["edge-a"].answers["GET /rooms/page"] = (200, heard)
    for _ in range(4):
        shift.later(LOOK_S + 1)
        assert swept(shift) == {"talks": 1}
    heard["legs"] = []
    shift.later(LOOK_S + 1)
    assert swept(shift) == {"end_lost": 1}
