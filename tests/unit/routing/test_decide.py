"""What callers and agents may rely on when contacts are routed."""

from dataclasses import replace
from itertools import permutations
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from hearthline.routing.model import Choice, decide
from hearthline.routing.need import AtLeast
from hearthline.routing.policy import LONGEST_IDLE, Policy, Weights, read_policy
from hearthline.routing.scoring import Asked, Candidate, performance

NOW = 10_000_000
ZH = {"zh": 5}


def caller(name: str = "call-1", waited_s: int = 0, **more: Any) -> Asked:
    return Asked(name, "broadband", **{"lang": "zh", "queued_at": NOW - waited_s * 1000, **more})


def free(name: str, idle_s: int = 10, level: int = 3, **more: Any) -> Candidate:
    return Candidate(name, level, NOW - idle_s * 1000, **{"skills": ZH, **more})


def decided(waiting: list[Asked], agents: list[Candidate], policy: Policy | None = None) -> dict[str, str]:
    return {each.contact: each.agent for each in choices(waiting, agents, policy)}


def choices(waiting: list[Asked], agents: list[Candidate], policy: Policy | None = None) -> list[Choice]:
    return decide(waiting, agents, {"broadband": policy or Policy()}, NOW)


def weighing(**weights: int) -> Policy:
    nothing = dict.fromkeys(("skill", "idle", "load", "performance", "difficulty", "last_agent"), 0)
    return Policy(weights=Weights(**{**nothing, **weights}))


def test_an_empty_floor_keeps_the_caller_waiting() -> None:
    assert choices([caller()], []) == []


def test_all_else_equal_the_longest_idle_agent_rings() -> None:
    assert decided([caller()], [free("ana", 5), free("bo", 9)]) == {"call-1": "bo"}


def test_an_agent_who_does_not_speak_the_language_never_rings() -> None:
    agents = [free("ana", 90), free("bo", 1, skills={"en": 2})]
    assert decided([caller(lang="en")], agents) == {"call-1": "bo"}


def test_an_agent_whose_level_in_the_queue_is_nought_never_rings() -> None:
    assert decided([caller()], [free("ana", level=0)]) == {}


def test_nobody_without_the_skill_rings_before_the_step_that_asks_less() -> None:
    policy = read_policy({"steps": [{"need": {"skill": "fiber", "at_least": 3}}, {"after_s": 30}]})
    unskilled = [free("ana")]
    assert decided([caller(waited_s=29)], unskilled, policy) == {}
    (late,) = choices([caller(waited_s=30)], unskilled, policy)
    assert late.agent == "ana"
    assert "asked_less" in late.why
    assert late.trace["step"] == 1


def test_what_the_matter_asks_counts_until_a_step_lets_it_go() -> None:
    policy = read_policy({"steps": [{}, {"after_s": 60, "matter_need": False}]})
    hard = caller(matter_need=AtLeast("fiber", 4))
    assert decided([hard], [free("ana")], policy) == {}
    assert decided([replace(hard, queued_at=NOW - 60_000)], [free("ana")], policy) == {"call-1": "ana"}


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(0, 5), min_size=1, max_size=8), st.integers(1, 5), st.integers(0, 59))
def test_whatever_the_floor_no_unskilled_agent_rings_before_the_relaxation(
    levels: list[int], asked: int, waited: int
) -> None:
    policy = read_policy({"steps": [{"need": {"skill": "fiber", "at_least": asked}}, {"after_s": 60}]})
    agents = [free(f"a{n}", skills={"zh": 5, "fiber": level}) for n, level in enumerate(levels)]
    found = decided([caller(waited_s=waited)], agents, policy)
    able = {f"a{n}" for n, level in enumerate(levels) if level >= asked}
    assert bool(found) == bool(able)
    assert set(found.values()) <= able


def test_several_are_matched_together_so_that_nobody_waits_in_vain() -> None:
    both, chinese = free("both", 90, skills={"zh": 5, "fiber": 5}), free("chinese", 10)
    plain, fiber = caller("plain", 20), caller("fiber", 10, matter_need=AtLeast("fiber", 3))
    assert decided([plain, fiber], [both, chinese]) == {"plain": "chinese", "fiber": "both"}


def test_with_one_agent_the_most_urgent_is_served() -> None:
    assert decided([caller("older", 20), caller("newer", 10)], [free("ana")]) == {"older": "ana"}


def test_a_tie_is_broken_the_same_way_whatever_the_order() -> None:
    agents = [free("cy"), free("ana"), free("bo")]
    assert {decided([caller()], list(order))["call-1"] for order in permutations(agents)} == {"ana"}


def test_who_had_less_to_do_today_is_preferred() -> None:
    hour = 3_600_000
    busy = free("busy", 20, online_since=NOW - hour, busy_ms=hour * 9 // 10)
    fresh = free("fresh", 15, online_since=NOW - hour, busy_ms=hour // 10)
    assert decided([caller()], [busy, fresh]) == {"call-1": "fresh"}


def test_an_agent_with_three_lucky_calls_is_not_taken_for_the_best() -> None:
    lucky = free("lucky", record={"outage": [3, 3]})
    proven = free("proven", record={"outage": [200, 180]})
    assert performance(lucky, "outage", Policy()) < performance(proven, "outage", Policy())
    assert decided([caller(matter="outage")], [lucky, proven], weighing(performance=100)) == {"call-1": "proven"}


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 3), st.integers(50, 500), st.integers(75, 100))
def test_three_calls_never_outrank_many_that_went_well(solved: int, seen: int, percent: int) -> None:
    few, many = free("few", record={"m": [3, solved]}), free("many", record={"m": [seen, seen * percent // 100]})
    if seen * percent // 100 >= seen * 76 / 100:
        assert performance(few, "m", Policy()) <= performance(many, "m", Policy())


def test_hard_contacts_go_to_the_experienced_and_easy_ones_to_newcomers() -> None:
    agents = [free("newcomer", experience=10), free("expert", experience=900)]
    policy = weighing(difficulty=100)
    assert decided([caller(difficulty=90)], agents, policy) == {"call-1": "expert"}
    assert decided([caller(difficulty=10)], agents, policy) == {"call-1": "newcomer"}


def test_difficulty_and_experience_go_together_over_many_decisions() -> None:
    chance, pairs = Random(7), list[tuple[int, int]]()
    for _ in range(200):
        agents = [free(f"a{n}", experience=chance.randrange(1_000)) for n in range(6)]
        asked = [caller(f"c{n}", difficulty=chance.randrange(101)) for n in range(3)]
        experience = {each.agent: each.experience for each in agents}
        difficulty = {each.contact: each.difficulty for each in asked}
        found = decided(asked, agents, weighing(difficulty=100))
        pairs += [(difficulty[contact], experience[agent]) for contact, agent in found.items()]
    assert rank_correlation(pairs) > 0.6  # 0.70 here; six agents a decision leave no more to choose from


def rank_correlation(pairs: list[tuple[int, int]]) -> float:
    """Spearman's, with ties by order."""
    n = len(pairs)
    first = {at: rank for rank, at in enumerate(sorted(range(n), key=lambda at: pairs[at][0]))}
    second = {at: rank for rank, at in enumerate(sorted(range(n), key=lambda at: pairs[at][1]))}
    return 1 - 6 * sum((first[at] - second[at]) ** 2 for at in range(n)) / (n * (n * n - 1))


def test_the_agent_who_served_this_customer_last_is_preferred() -> None:
    agents = [free("ana", 12), free("bo", 10)]
    assert decided([caller(last_agent="bo")], agents, weighing(idle=10, last_agent=50)) == {"call-1": "bo"}


def test_the_most_recently_online_is_preferred_where_the_policy_says_so() -> None:
    agents = [free("early", 90, online_since=NOW - 9_000), free("late", 10, online_since=NOW - 1_000)]
    assert decided([caller()], agents, weighing(recently_online=100)) == {"call-1": "late"}


def test_a_transfer_by_name_rings_only_there_until_its_time_is_over() -> None:
    agents = [free("ana", 90), free("bo", 1)]
    named = caller(wants="bo", wants_until=NOW + 1)
    (choice,) = choices([named], agents)
    assert (choice.agent, choice.why[-1]) == ("bo", "asked_by_name")
    assert decided([named], [free("ana")]) == {}
    assert decided([replace(named, wants_until=NOW)], [free("ana")]) == {"call-1": "ana"}


def test_the_choice_says_why_it_was_this_agent_and_why_not_the_others() -> None:
    agents = [free("ana", 90), free("bo", 10), free("cy", skills={"en": 5})]
    (choice,) = choices([caller()], agents, replace(Policy(version=3), weights=LONGEST_IDLE))
    assert choice.why == ("speaks_language", "knows_subject", "idle_longest")
    assert choice.trace["policy"] == 3
    assert choice.trace["read"] == 3
    assert [(each["agent"], each["score"]) for each in choice.trace["scores"]] == [("ana", 1_000), ("bo", 111)]
    assert choice.trace["refused"] == [{"agent": "cy", "why": "zh>=1"}]
    assert choice.trace["absent"] == ["satisfaction", "open_tickets", "proximity"]


def test_the_only_one_who_can_is_told_so() -> None:
    assert choices([caller()], [free("ana")])[0].why[-1] == "only_one_free"


def test_a_trace_is_bounded_and_always_has_the_chosen() -> None:
    agents = [free(f"a{n:02}", n) for n in range(60)]
    (choice,) = choices([caller()], agents, replace(Policy(), weights=Weights(0, 0, 0, 0, 0, 0, recently_online=1)))
    assert len(choice.trace["scores"]) <= 11
    assert choice.agent in {each["agent"] for each in choice.trace["scores"]}
    assert choice.trace["able"] == 60
