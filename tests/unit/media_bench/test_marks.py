"""What the delay bench tells of sounds whose delay is known."""

import numpy as np
import pytest

from tests.bench import marks

SPOKE_AT = 1_000.0


def test_a_mark_is_told_by_its_kind_and_place_at_the_rate_of_a_phone_and_of_a_page() -> None:
    for rate in (8_000, 16_000, 48_000):
        seen = marks.found(marks.marked(2.0, rate), rate)
        assert [kind for kind, _ in seen] == [0, 1, 2, 3, 0, 1, 2, 3]
        assert [at / rate for _, at in seen] == pytest.approx([n / 4 for n in range(8)], abs=0.0005)


@pytest.mark.parametrize("late", [0.05, 0.3, 0.7])
def test_the_delay_of_a_sound_is_told_to_the_millisecond(late: float) -> None:
    heard = np.concatenate([np.zeros(int(late * 16_000), np.int16), marks.marked(6.0, 16_000)])
    times, lost = marks.delays(
        marks.marked(6.0, 8_000),
        lambda at: SPOKE_AT + at / 8_000,
        heard,
        lambda at: SPOKE_AT + at / 16_000,
        (8_000, 16_000),
    )
    assert lost == 0
    assert len(times) > 10
    assert times == pytest.approx([1000 * late] * len(times), abs=1.0)


def test_a_mark_that_never_came_is_lost_and_not_late() -> None:
    said = marks.marked(6.0, 8_000)
    heard = said.copy()
    heard[int(2.5 * 8_000) : int(2.75 * 8_000)] = 0

    def clock(at: int) -> float:
        return SPOKE_AT + at / 8_000

    times, lost = marks.delays(said, clock, heard, clock, (8_000, 8_000))
    assert lost == 1
    assert max(times) < 1.0


def test_hiss_is_no_mark() -> None:
    assert marks.found(np.random.default_rng(5).normal(0, 500, 64_000).astype(np.int16), 16_000) == []
