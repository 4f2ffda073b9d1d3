"""Who was at work when, from marks in any order, with some of them lost."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from hearthline.daybook.model import DAY_MS, Mark, bounds_of, day_before, day_of, shifts

BEIJING = 480


def came(agent: str, at: int) -> Mark:
    return Mark(agent, at, at_work=True, was_at_work=False, queues={"billing": 3}, skills={"zh": 5})


def left(agent: str, at: int) -> Mark:
    return Mark(agent, at, at_work=False, was_at_work=True)


def spans(marks: list[Mark], began: int = 0, ended: int = 1_000) -> list[tuple[str, int, int]]:
    return [(each.agent, each.began, each.ended) for each in shifts(marks, began, ended)]


def test_an_agent_is_at_work_from_coming_to_going_as_he_was_trained_when_he_came() -> None:
    assert spans([came("ana", 100), left("ana", 300), came("ana", 400), left("ana", 500)]) == [
        ("ana", 100, 300),
        ("ana", 400, 500),
    ]
    [shift] = shifts([came("ana", 100)], 0, 1_000)
    assert (shift.queues, shift.skills, shift.ended) == ({"billing": 3}, {"zh": 5}, 1_000)


def test_who_came_yesterday_is_there_when_the_day_begins() -> None:
    assert spans([came("ana", 100), left("ana", 700)], began=500) == [("ana", 500, 700)]
    assert spans([came("ana", 100), left("ana", 400)], began=500) == []


def test_where_a_mark_was_lost_the_shift_ends_where_the_agent_was_last_seen() -> None:
    assert spans([came("ana", 100), came("ana", 600)]) == [("ana", 600, 1_000)]
    seen = Mark("ana", 300, at_work=True, was_at_work=True)
    assert spans([came("ana", 100), seen, came("ana", 600), left("ana", 700)]) == [("ana", 100, 300), ("ana", 600, 700)]


@given(
    st.lists(st.tuples(st.sampled_from(["ana", "bo"]), st.integers(0, 1_500), st.booleans(), st.booleans())),
    st.randoms(),
)
def test_shifts_of_one_agent_never_overlap_and_stay_within_the_day(marks, chance) -> None:  # type: ignore[no-untyped-def]  # hypothesis names the types
    made = [Mark(agent, at, is_in, was) for agent, at, is_in, was in marks]
    found = shifts(made, 200, 1_000)
    for agent in ("ana", "bo"):
        own = [each for each in found if each.agent == agent]
        assert all(200 <= each.began < each.ended <= 1_000 for each in own)
        assert all(one.ended <= other.began for one, other in pairwise(own))


def test_a_day_is_the_companys_day() -> None:
    began, ended = bounds_of("2026-11-27", BEIJING)
    assert ended - began == DAY_MS
    assert [day_of(at, BEIJING) for at in (began - 1, began, ended - 1, ended)] == [
        "2026-11-26",
        "2026-11-27",
        "2026-11-27",
        "2026-11-28",
    ]
    assert day_before("2026-03-01") == "2026-02-28"
