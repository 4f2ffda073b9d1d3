"""A day played again: every customer once, the same twice, and numbers that can be worked out by hand."""

from dataclasses import replace
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from hearthline.config.model import Config
from hearthline.daybook.model import Line, Shift
from hearthline.platform.effects_memory import memory
from hearthline.rehearsal.comparing import compare, verdict
from hearthline.rehearsal.day import FOREVER_MS, Day, History, day_from
from hearthline.rehearsal.fairness import hard_matters
from hearthline.rehearsal.playing import ANSWER_MS, BACK_MS, Playing
from hearthline.rehearsal.report import report
from local.seed import COMPANY
from tests.shift import settings as shift_settings

BEGAN = 1_760_000_000_000
HOUR = 3_600_000
LEVELS = {"zh": 5, "fiber": 4}


def line(n: int, at_s: float, waited_s: float = 0, talk_s: float = 100, **more: Any) -> Line:
    values: dict[str, Any] = {"channel": "phone", "queue": "broadband", "matter": "outage", "lang": "zh"}
    values |= {"outcome": "answered", "wrap_up_ms": 20_000} | more
    return Line(
        contact=f"c-{n}",
        queued_at=BEGAN + round(at_s * 1000),
        waited_ms=round(waited_s * 1000),
        talk_ms=round(talk_s * 1000),
        **values,
    )


def left(n: int, at_s: float, waited_s: float, **more: Any) -> Line:
    return line(n, at_s, waited_s, 0, outcome="abandoned", wrap_up_ms=0, **more)


def test_messages_are_no_part_of_a_day_of_calls() -> None:
    book = [line(1, 0), line(2, 10, channel="message")]
    assert [each.contact for each in day_from(book, [], (BEGAN, BEGAN + HOUR), Random(1)).arrivals] == ["c-1"]


def shift(agent: str, from_s: float = 0, to_s: float = 3_600, **more: Any) -> Shift:
    values: dict[str, Any] = {"queues": {"broadband": 3, "billing": 3}, "skills": LEVELS} | more
    return Shift(agent, BEGAN + round(from_s * 1000), BEGAN + round(to_s * 1000), **values)


def day(lines: list[Line], shifts: list[Shift]) -> Day:
    return day_from(lines, shifts, (BEGAN, BEGAN + HOUR), Random(1))


def play(a_day: Day, config: Config = COMPANY) -> History:
    return Playing(shift_settings(), config, a_day).play()


def total(a_day: Day, config: Config = COMPANY) -> dict[str, Any]:
    return dict(report(play(a_day, config), a_day, config, hard_matters(config))["total"])


def test_one_agent_serves_one_after_the_other_and_each_waits_for_those_before_him() -> None:
    found = play(day([line(n, 0) for n in range(3)], [shift("ana")]))
    waits = [found.contacts[f"c-{n}"].answered_at - BEGAN for n in range(3)]
    turn = 100_000 + 20_000 + ANSWER_MS
    assert waits == [ANSWER_MS, ANSWER_MS + turn, ANSWER_MS + 2 * turn]
    assert (found.work["ana"].handled, found.work["ana"].busy_ms) == (3, 360_000)


def test_who_left_leaves_again_when_he_is_not_answered_sooner() -> None:
    alone = day([left(0, 0, 42)], [])
    found = play(alone).contacts["c-0"]
    assert (found.left_at - BEGAN, found.answered_at) == (42_000, 0)
    assert total(day([left(0, 0, 42)], [shift("ana")]))["answered"] == 1


def test_numbers_are_those_of_the_definitions() -> None:
    lines = [line(0, 0), line(1, 0, 200), left(2, 0, 4), left(3, 0, 30)]
    numbers = total(day(lines, [shift("ana", queues={"broadband": 3}), shift("bo", queues={"billing": 3})]))
    assert (numbers["offered"], numbers["answered"], numbers["abandoned"], numbers["waiting"]) == (4, 2, 2, 0)
    # One of four was answered within 20 s, and one of the four left within 5 s and does not count.
    assert numbers["service_level"] == round(10_000 / 3)
    assert numbers["abandonment"] == 5_000
    assert numbers["asa_ms"] == (ANSWER_MS + 100_000 + 20_000 + 2 * ANSWER_MS) // 2
    assert numbers["mean_wait_ms"] == (2 * int(numbers["asa_ms"]) + 4_000 + 30_000) // 4
    # Two agents, one of whom did all: Jain's index is a half.
    assert numbers["jain"] == 5_000
    # While it rings, twice for 3 s, an agent is neither busy nor available.
    assert numbers["occupancy"] == round(10_000 * 240 / (7_200 - 6))


def test_an_empty_day_divides_by_nothing() -> None:
    numbers = total(day([], [shift("ana")]))
    unknown = ("service_level", "asa_ms", "mean_wait_ms", "abandonment", "jain", "longest_wait_ms")
    assert [numbers[name] for name in unknown] == [None] * len(unknown)


def test_patience_of_who_was_answered_is_his_wait_and_an_estimate_more() -> None:
    made = day([line(0, 0, 10), line(1, 0, 20), left(2, 0, 30)], [])
    assert (made.patience.left, made.patience.answered, made.patience.mean_ms) == (1, 2, 60_000)
    by = {each.contact: each for each in made.arrivals}
    assert by["c-2"].patience_ms == 30_000
    assert by["c-0"].patience_ms >= 10_000 and by["c-1"].patience_ms >= 20_000
    # Who left had no talk of his own: somebody's of the same matter is his.
    assert by["c-2"].talk_ms == 100_000


def test_where_nobody_left_nobody_loses_patience() -> None:
    made = day([line(0, 0, 10)], [])
    assert (made.patience.mean_ms, made.arrivals[0].patience_ms) == (None, FOREVER_MS)
    assert total(made)["waiting"] == 1


def test_a_queue_of_higher_priority_is_served_first() -> None:
    lines = [line(0, 0), line(1, 1), line(2, 2, matter="billing", queue="billing")]
    team = [shift("ana")]
    first = [replace(each, priority=1 if each.id == "billing" else 5) for each in COMPANY.queues]
    before, after = play(day(lines, team)), play(day(lines, team), replace(COMPANY, queues=tuple(first)))
    assert before.contacts["c-1"].answered_at < before.contacts["c-2"].answered_at
    assert after.contacts["c-2"].answered_at < after.contacts["c-1"].answered_at


def test_a_need_nobody_meets_at_first_costs_its_callers_the_wait_until_it_is_relaxed() -> None:
    policy = {"steps": [{"need": {"skill": "senior", "at_least": 5}}, {"after_s": 60}]}
    strict = replace(COMPANY, queues=(replace(COMPANY.queues[0], policy=policy), *COMPANY.queues[1:]))
    found = play(day([line(0, 0)], [shift("ana")]), strict)
    assert found.contacts["c-0"].answered_at - BEGAN == 60_000 + ANSWER_MS


def test_a_matter_that_goes_to_another_queue_takes_its_callers_along() -> None:
    moved = [replace(each, queue="billing") if each.id == "outage" else each for each in COMPANY.matters]
    a_day, config = day([line(0, 0)], [shift("ana")]), replace(COMPANY, matters=tuple(moved))
    queues = report(play(a_day, config), a_day, config, ())["queues"]
    assert (queues["billing"]["answered"], queues["broadband"]["offered"]) == (1, 0)


def test_hard_contacts_go_to_the_experienced_of_their_queue_when_that_weighs() -> None:
    hard = [replace(each, difficulty=90) if each.id == "outage" else each for each in COMPANY.matters]
    weights = {"skill": 0, "idle": 0, "load": 0, "performance": 0, "last_agent": 0, "difficulty": 100}
    queue = replace(COMPANY.queues[0], policy={"weights": weights})
    config = replace(COMPANY, matters=tuple(hard), queues=(queue, *COMPANY.queues[1:]))
    elsewhere = shift("star", experience=9_000, queues={"billing": 5})
    team = [shift("novice", experience=3), shift("veteran", experience=900), elsewhere]
    calls = day([line(n, 400 * n) for n in range(4)], team)
    numbers = total(calls, config)
    assert (numbers["hard"], numbers["hard_to_experienced"]) == (4, 10_000)
    alike = day([line(0, 0)], [shift("ana", experience=5), shift("bo", experience=5)])
    assert total(alike, config)["hard_to_experienced"] is None


def test_who_overflows_counts_once_in_each_queue_and_once_in_all_with_the_whole_wait() -> None:
    first = replace(COMPANY.queues[0], overflow_to="billing", overflow_after_s=30)
    config = replace(COMPANY, queues=(first, *COMPANY.queues[1:]))
    a_day = day([line(0, 0), line(1, 0), line(2, 60)], [shift("ana", queues={"billing": 3})])
    found = report(play(a_day, config), a_day, config, ())
    rows = {name: (of["offered"], of["answered"], of["overflowed"]) for name, of in found["queues"].items()}
    assert rows == {"broadband": (3, 0, 3), "billing": (3, 3, 0), "service": (0, 0, 0)}
    assert (found["total"]["offered"], found["total"]["answered"], found["total"]["overflowed"]) == (3, 3, 0)
    turn = 100_000 + 20_000 + ANSWER_MS
    waits = [30_000 + ANSWER_MS + n * turn for n in range(2)] + [30_000 + ANSWER_MS + 2 * turn - 60_000]
    assert found["queues"]["billing"]["asa_ms"] == round(sum(waits) / 3)
    assert found["queues"]["broadband"]["asa_ms"] is None


def test_a_ring_nobody_answers_lapses_and_goes_to_a_colleague_while_who_missed_it_is_away() -> None:
    team = [shift("ana"), shift("bo", 1)]
    found = play(replace(day([line(0, 10)], team), answer_ms={"ana": 60_000}))
    played, ring_ms = found.contacts["c-0"], 1000 * shift_settings().ring_seconds
    assert (played.agent, played.waited_ms) == ("bo", ring_ms + ANSWER_MS)
    assert (found.work["ana"].missed, found.work["ana"].ms["not_ready"]) == (1, BACK_MS)
    assert found.work["ana"].at_work_ms == 3_600_000 - BACK_MS


def test_who_misses_every_ring_ends_his_shift_all_the_same() -> None:
    found = play(replace(day([line(0, 3_500)], [shift("ana")]), answer_ms={"ana": 60_000}))
    assert (found.contacts["c-0"].waited_ms, found.work["ana"].handled) == (None, 0)
    # The last ring began before the end and rang on beyond it.
    assert (found.work["ana"].missed, found.work["ana"].ms["offered"]) == (3, 3 * 15_000)


def test_who_works_two_shifts_without_a_break_stays_though_it_rings_between_them() -> None:
    team = [shift("ana", 0, 1_000), shift("ana", 1_000, 3_600)]
    found = play(day([line(0, 998), line(1, 2_000)], team))
    assert [found.contacts[f"c-{n}"].waited_ms for n in range(2)] == [ANSWER_MS, ANSWER_MS]
    assert found.work["ana"].at_work_ms == 3_600_000


def test_after_call_work_ends_by_the_clock_as_it_does_in_service() -> None:
    found = play(day([line(0, 0, wrap_up_ms=600_000), line(1, 0)], [shift("ana")]))
    limit = 1000 * shift_settings().wrap_up_seconds
    assert found.contacts["c-1"].waited_ms == ANSWER_MS + 100_000 + limit + ANSWER_MS
    assert found.work["ana"].ms["wrap_up"] == limit + 20_000


def test_every_minute_of_a_shift_is_in_one_state_and_overtime_is_worked() -> None:
    found = play(day([line(0, 3_550), line(1, 100)], [shift("ana"), shift("bo")]))
    late = 3_550_000 + ANSWER_MS + 120_000 - 3_600_000
    assert sorted(work.at_work_ms for work in found.work.values()) == [3_600_000, 3_600_000 + late]


def test_a_caller_who_leaves_while_it_rings_was_not_answered_and_the_agent_is_free_at_once() -> None:
    found = play(day([left(0, 0, 2), line(1, 3, 60)], [shift("ana")]))
    assert (found.contacts["c-0"].left_at - BEGAN, found.contacts["c-0"].agent) == (2_000, "")
    assert (found.contacts["c-1"].waited_ms, found.work["ana"].ms["offered"]) == (ANSWER_MS, 2_000 + ANSWER_MS)


def test_a_shift_that_ends_in_a_call_ends_after_it() -> None:
    found = play(day([line(0, 3_590), line(1, 3_590)], [shift("ana")]))
    assert found.contacts["c-0"].answered_at
    assert not found.contacts["c-1"].answered_at


def test_a_matter_called_hard_in_the_draft_alone_is_looked_at_on_both_sides() -> None:
    hard = [replace(each, difficulty=90) if each.id == "outage" else each for each in COMPANY.matters]
    effects = memory(shift_settings())
    found = compare(effects, day([line(0, 0)], [shift("ana")]), COMPANY, replace(COMPANY, matters=tuple(hard)))
    assert [found[side]["total"]["hard"] for side in ("against", "candidate")] == [1, 1]


def test_an_agent_with_a_break_is_one_agent_who_was_away_in_between() -> None:
    team = [shift("ana", 0, 600), shift("ana", 1_200, 3_600)]
    numbers = total(day([line(n, 200 * n) for n in range(10)], [*team, shift("bo")]))
    assert (numbers["answered"], numbers["agents"]) == (10, 2)
    assert total(day([line(0, 700)], team))["longest_wait_ms"] == 500_000 + ANSWER_MS


def test_better_and_worse_know_which_way_is_up_and_leave_luck_alone() -> None:
    measures = ("asa_ms", "longest_wait_ms", "abandonment", "service_level", "jain", "hard_to_experienced")
    before: dict[str, int | None] = dict.fromkeys(measures, 5_000)
    after = before | {
        "asa_ms": 4_000,
        "abandonment": 5_050,
        "service_level": 5_400,
        "jain": None,
        "longest_wait_ms": 9_999,
    }
    assert verdict(before, after) == {
        "asa_ms": "better",
        "abandonment": "worse",
        "service_level": "better",
        "longest_wait_ms": "equal",
        "hard_to_experienced": "equal",
    }


lines_drawn = st.lists(
    st.tuples(
        st.integers(0, 3_500), st.integers(0, 120), st.integers(1, 400), st.booleans(), st.sampled_from(["zh", "en"])
    ),
    max_size=25,
)


@settings(max_examples=25, deadline=None)
@given(lines_drawn, st.integers(0, 3))
def test_whatever_the_day_every_customer_is_counted_once_and_the_same_day_gives_the_same(
    drawn: list[tuple[int, int, int, bool, str]], agents: int
) -> None:
    lines = [
        left(n, at, waited, lang=lang) if gone else line(n, at, waited, talk, lang=lang)
        for n, (at, waited, talk, gone, lang) in enumerate(drawn)
    ]
    team = [shift(f"agent-{n}", 600 * n, skills={"zh": 4, "en": n}) for n in range(agents)]
    numbers = total(day(lines, team))
    assert numbers["offered"] == len(lines)
    assert numbers["answered"] + numbers["abandoned"] + numbers["waiting"] == len(lines)
    assert total(day(lines, team)) == numbers
