"""What callers and agents may rely on when a contact is routed."""

from dataclasses import dataclass, field
from itertools import permutations

from hearthline.routing.model import Choice, KeepWaiting, Need, choose_agent

ZH = Need("call-1", "zh")


@dataclass(frozen=True)
class Free:
    agent: str
    idle_since: int = 0
    level: int = 3
    skills: dict[str, int] = field(default_factory=lambda: {"zh": 5})


def chosen(need: Need, *free: Free, gone: tuple[str, ...] = ()) -> str | None:
    answer = choose_agent(need, free, lambda agent: agent not in gone)
    return answer.agent.agent if isinstance(answer, Choice) else None


def test_the_longest_idle_skilled_agent_rings() -> None:
    assert chosen(ZH, Free("ana", idle_since=5_000), Free("bo", idle_since=1_000)) == "bo"


def test_an_agent_who_does_not_speak_the_language_never_rings() -> None:
    assert chosen(Need("call-1", "en"), Free("ana", idle_since=0), Free("bo", 9_000, skills={"en": 2})) == "bo"


def test_an_agent_whose_level_in_the_queue_is_nought_never_rings() -> None:
    assert chosen(ZH, Free("ana", level=0)) is None


def test_an_agent_whose_screen_is_gone_is_passed_over() -> None:
    assert chosen(ZH, Free("ana", 0), Free("bo", 1_000), gone=("ana",)) == "bo"


def test_an_empty_floor_keeps_the_caller_waiting() -> None:
    assert choose_agent(ZH, list[Free](), lambda _: True) == KeepWaiting("call-1", 0)


def test_a_tie_is_broken_the_same_way_whatever_the_order() -> None:
    free = [Free("cy"), Free("ana"), Free("bo")]
    assert {chosen(ZH, *order) for order in permutations(free)} == {"ana"}


def test_the_choice_says_why() -> None:
    answer = choose_agent(ZH, [Free("ana")], lambda _: True)
    assert isinstance(answer, Choice)
    assert answer.why == ("speaks_language", "knows_subject", "only_one_free")
