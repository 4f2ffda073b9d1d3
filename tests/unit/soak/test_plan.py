"""Who calls and how agents behave comes of the seed alone, and every way to call is among them."""

from collections import Counter

from local.carrier.model import Script
from tests.soak.company.plan import WAYS, caller, habits

MANY = 2_000


def test_the_same_seed_gives_the_same_callers_and_agents() -> None:
    assert [caller(7, n) for n in range(50)] == [caller(7, n) for n in range(50)]
    assert [caller(7, n) for n in range(50)] != [caller(8, n) for n in range(50)]
    assert [habits(7, n)[0] for n in range(40)] == [habits(7, n)[0] for n in range(40)]


def test_every_way_to_call_is_taken_and_the_carrier_can_play_each() -> None:
    callers = [caller(1, n) for n in range(MANY)]
    assert set(Counter(each.way for each in callers)) == set(WAYS)
    assert len({each.number for each in callers}) == MANY
    for each in callers:
        Script.model_validate(each.script())


def test_a_callers_page_has_no_telephone_script_but_its_callback_has() -> None:
    page = next(each for each in (caller(1, n) for n in range(MANY)) if each.way == "page_callback")
    assert page.in_a_browser
    assert page.script()["talk_seconds"] == page.talk
