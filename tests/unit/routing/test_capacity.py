"""A call is held alone, messages share an agent, and those who write never keep a caller waiting for ever."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from hearthline.routing.model import KEPT_FOR_A_CALL, decide
from hearthline.routing.policy import Policy
from hearthline.routing.scoring import HOLDS_MESSAGES, Asked, Candidate

NOW = 10_000_000
MOST = Policy().messages


def asked(name: str, *, written: bool, waited_s: int = 10) -> Asked:
    return Asked(name, "broadband", lang="zh", queued_at=NOW - waited_s * 1000, written=written)


def agent(name: str, messages: int = 0, idle_s: int = 10) -> Candidate:
    return Candidate(name, 3, NOW - idle_s * 1000, {"zh": 5}, messages=messages)


def decided(waiting: list[Asked], agents: list[Candidate]) -> dict[str, str]:
    return {each.contact: each.agent for each in decide(waiting, agents, {"broadband": Policy()}, NOW)}


def refusals(waiting: list[Asked], agents: list[Candidate]) -> dict[str, Any]:
    first = decide(waiting, agents, {"broadband": Policy()}, NOW)[0]
    return {each["agent"]: each["why"] for each in first.trace["refused"]}


def test_who_holds_a_message_gets_no_call_and_the_trace_says_why() -> None:
    agents = [agent("ana", messages=1, idle_s=90), agent("bo")]
    assert decided([asked("call", written=False)], agents) == {"call": "bo"}
    assert refusals([asked("call", written=False)], agents) == {"ana": HOLDS_MESSAGES}


def test_a_message_rings_beside_others_until_the_agent_is_full() -> None:
    for held in range(MOST):
        assert decided([asked("chat", written=True)], [agent("ana", held)]) == {"chat": "ana"}
    assert decided([asked("chat", written=True)], [agent("ana", MOST)]) == {}


def test_a_full_agent_is_refused_with_the_number_he_may_hold() -> None:
    agents = [agent("ana", MOST), agent("bo")]
    assert refusals([asked("chat", written=True)], agents) == {"ana": f"messages<{MOST}"}


def test_all_else_equal_a_message_goes_to_whose_hands_are_empty() -> None:
    assert decided([asked("chat", written=True)], [agent("ana", 2, idle_s=900), agent("bo", 0, idle_s=5)]) == {
        "chat": "bo"
    }


def test_while_a_call_waits_for_him_the_least_laden_gets_no_further_message() -> None:
    waiting = [asked("call", written=False, waited_s=30), asked("chat", written=True)]
    assert decided(waiting, [agent("ana", 1)]) == {}
    assert decided(waiting, [agent("ana", 2), agent("bo", 1)]) == {"chat": "ana"}
    assert refusals(waiting, [agent("ana", 2), agent("bo", 1)]) == {"bo": KEPT_FOR_A_CALL}


def test_a_message_that_waited_longer_than_the_call_goes_first() -> None:
    waiting = [asked("chat", written=True, waited_s=60), asked("call", written=False, waited_s=30)]
    assert decided(waiting, [agent("ana", 1)]) == {"chat": "ana"}


FLOORS = st.lists(st.integers(0, MOST + 1), min_size=0, max_size=8)
LINES = st.lists(st.tuples(st.booleans(), st.integers(0, 100)), min_size=0, max_size=8)


@given(FLOORS, LINES)
@settings(max_examples=300)
def test_whatever_waits_and_whoever_is_free_nobody_is_over_capacity(held: list[int], line: list[Any]) -> None:
    agents = [agent(f"agent-{n}", count) for n, count in enumerate(held)]
    ordered = sorted(line, key=lambda each: -each[1])
    waiting = [asked(f"c-{n}", written=written, waited_s=s) for n, (written, s) in enumerate(ordered)]
    rung = decided(waiting, agents)
    assert len(set(rung.values())) == len(rung)
    for contact, name in rung.items():
        count, written = held[int(name[6:])], waiting[int(contact[2:])].written
        assert count < MOST if written else count == 0


@given(FLOORS)
@settings(max_examples=200)
def test_a_caller_is_reached_although_messages_never_stop_coming(held: list[int]) -> None:
    """Each round the agents file one message each; as many new ones as you like wait behind the call."""
    if not held:
        return
    hands = list(held)
    for _ in range(MOST + 2):
        waiting = [asked("call", written=False, waited_s=60), *(asked(f"chat-{n}", written=True) for n in range(7))]
        rung = decided(waiting, [agent(f"agent-{n}", count) for n, count in enumerate(hands)])
        if "call" in rung:
            return
        for name in rung.values():
            hands[int(name[6:])] += 1
        hands = [max(0, count - 1) for count in hands]
    raise AssertionError("the caller waits for ever")
