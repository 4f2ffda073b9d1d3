"""Policies are data: what is read, and what is refused by the path of what is wrong."""

from typing import Any

import pytest

from hearthline.routing.need import AllOf, AnyOf, AtLeast, PolicyError, read_need
from hearthline.routing.policy import Policy, Weights, read_policy

FIBER = {"skill": "fiber", "at_least": 3}


def test_an_empty_policy_is_the_default() -> None:
    assert read_policy({}, 4) == Policy(version=4)


def test_needs_are_joined_by_all_and_any() -> None:
    need = read_need(
        {"all": [FIBER, {"any": [{"skill": "vip", "at_least": 1}, {"skill": "senior", "at_least": 2}]}]}, ""
    )
    assert need == AllOf((AtLeast("fiber", 3), AnyOf((AtLeast("vip", 1), AtLeast("senior", 2)))))
    assert need.missing({"fiber": 3, "senior": 2}) == ""
    assert need.missing({"fiber": 2, "senior": 2}) == "fiber>=3"
    assert need.missing({"fiber": 5}) == "vip>=1|senior>=2"


def test_a_need_relaxes_in_steps() -> None:
    policy = read_policy({"steps": [{"need": FIBER}, {"after_s": 30, "need": {"all": []}}]})
    assert [policy.step_at(ms) for ms in (0, 29_999, 30_000, 10**9)] == [0, 0, 1, 1]
    assert policy.next_step_ms(10_000) == 20_000
    assert policy.next_step_ms(30_000) is None


def test_a_clock_that_leapt_back_asks_what_the_first_step_asks() -> None:
    assert read_policy({"steps": [{}, {"after_s": 30}]}).step_at(-5_000) == 0


@pytest.mark.parametrize(
    ("plain", "field"),
    [
        ({"wieghts": {}}, "policy.wieghts"),
        ({"steps": []}, "steps"),
        ({"steps": [{"after_s": 5}]}, "steps.0.after_s"),
        ({"steps": [{}, {"after_s": 30}, {"after_s": 30}]}, "steps.2.after_s"),
        ({"steps": [{"need": {"all": [FIBER, {"skill": "x", "at_least": 6}]}}]}, "steps.0.need.all.1.at_least"),
        ({"steps": [{"need": {"skill": "x"}}]}, "steps.0.need"),
        ({"steps": [{"need": {"any": []}}]}, "steps.0.need.any"),
        ({"steps": [{"lang": 0}]}, "steps.0.lang"),
        ({"steps": [{"matter_need": 1}]}, "steps.0.matter_need"),
        ({"weights": {"idle": True}}, "weights.idle"),
        ({"weights": {"idle": 101}}, "weights.idle"),
        ({"weights": {"charm": 1}}, "weights.charm"),
        ({"ageing_s": 0}, "ageing_s"),
        ({"prior_contacts": "20"}, "prior_contacts"),
    ],
)
def test_what_is_wrong_is_named_by_its_path(plain: dict[str, Any], field: str) -> None:
    with pytest.raises(PolicyError) as caught:
        read_policy(plain)
    assert caught.value.field == field


def test_weights_of_features_that_nobody_measures_are_not_enough() -> None:
    nothing = dict.fromkeys(("skill", "idle", "load", "performance", "difficulty", "last_agent"), 0)
    with pytest.raises(PolicyError, match="at least one weight"):
        read_policy({"weights": {**nothing, "satisfaction": 100}})


def test_a_weight_of_a_feature_without_a_source_is_kept_for_the_day_it_has_one() -> None:
    assert read_policy({"weights": {"satisfaction": 40}}).weights == Weights(satisfaction=40)


def test_needs_are_bounded_in_depth() -> None:
    deep: dict[str, Any] = FIBER
    for _ in range(6):
        deep = {"all": [deep]}
    with pytest.raises(PolicyError):
        read_need(deep, "need")
