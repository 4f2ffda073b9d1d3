"""What is said of a leg's sound: the E-model against published values, runs of loss, round trips, levels."""

import numpy as np
import pytest

from media_edge.legs.leg import LegReport
from media_edge.legs.quality import Recent, opinion
from media_edge.sound import emodel
from media_edge.sound.level import SILENT_DBOV, ActiveLevel, levels
from media_edge.sound.voice import Turns
from media_edge.wire import rtcp
from media_edge.wire.runs import WINDOW, Runs, Tally
from tests.media.running import speech


def test_a_line_with_all_defaults_is_what_the_recommendation_says() -> None:
    r = emodel.rating(Ta=0, codec=emodel.G711)
    assert round(r, 1) == 93.2
    assert round(emodel.mos(r), 2) == 4.41


@pytest.mark.parametrize(("r", "mos"), [(90, 4.34), (80, 4.03), (70, 3.60), (60, 3.10), (50, 2.58), (0, 1), (100, 4.5)])
def test_a_rating_stands_for_the_opinion_of_annex_b(r: float, mos: float) -> None:
    assert emodel.mos(r) == pytest.approx(mos, abs=0.01)


def test_opinion_never_falls_below_the_worst_nor_rises_when_the_rating_falls() -> None:
    opinions = [emodel.mos(r / 10) for r in range(65, 1001)]
    assert min(opinions) == 1.0
    assert opinions == sorted(opinions)


def test_loss_impairs_as_the_formula_of_clause_7_5_has_it() -> None:
    assert emodel.effective_impairment(emodel.G729A, 0) == 11
    assert emodel.effective_impairment(emodel.G711_CONCEALED, 2) == pytest.approx(95 * 2 / 27.1)
    # Twice as bursty as chance: the same loss hurts more.
    assert emodel.effective_impairment(emodel.G711_CONCEALED, 2, 2) == pytest.approx(95 * 2 / 26.1)


def test_delay_is_hardly_noticed_below_150_ms_and_hurts_at_400() -> None:
    at = [emodel.rating(Ta=ms, codec=emodel.G711) for ms in (0, 150, 400)]
    assert at[0] - at[1] < 4
    assert at[2] < 65


@pytest.mark.parametrize(("loss", "pesq"), [(0, 4.36), (10, 3.36), (20, 2.33)])
def test_opus_is_rated_as_its_sound_was_scored(loss: float, pesq: float) -> None:
    assert emodel.mos(emodel.rating(Ta=0, codec=emodel.OPUS, Ppl=loss)) == pytest.approx(pesq, abs=0.15)


def settle(runs: Runs, last: int) -> Tally:
    for number in range(last + 1, last + 1 + WINDOW):
        runs.heard(number & 0xFFFF)
    return runs.tally


def test_runs_of_lost_packets_are_counted_over_the_wrap_of_the_sequence() -> None:
    runs = Runs()
    lost = {65_530, 65_531, 65_532, 65_550}
    for number in range(65_500, 65_600):
        if number not in lost:
            runs.heard(number & 0xFFFF)
    tally = settle(runs, 65_599)
    assert (tally.lost, tally.runs) == (4, 2)
    assert tally.burst_ratio == pytest.approx(2 * (1 - tally.loss))


def test_packets_in_another_order_are_not_lost() -> None:
    runs = Runs()
    for number in (0, 2, 1, 3, 6, 5, 4, 4, 7):
        runs.heard(number)
    assert settle(runs, 7).lost == 0


def test_random_loss_has_a_burst_ratio_of_one_and_bursts_have_their_length() -> None:
    chance = np.random.default_rng(4)
    scattered, bursty, left = Runs(), Runs(), 0
    for number in range(60_000):
        if chance.random() > 0.1:
            scattered.heard(number)
        left = 3 if left == 0 and chance.random() < 0.035 else max(0, left - 1)
        if not left:
            bursty.heard(number)
    assert scattered.tally.burst_ratio == pytest.approx(1, abs=0.05)
    assert 2.4 < bursty.tally.burst_ratio < 3


def test_a_sender_who_begins_anew_has_not_lost_what_lies_between() -> None:
    runs = Runs()
    for number in (*range(100), *range(30_000, 30_100)):
        runs.heard(number)
    assert settle(runs, 30_099).lost == 0


def test_copies_that_mend_are_no_loss_and_lateness_is() -> None:
    recent = Recent()
    recent.sample(Tally(250, 25, 20), mended=20, late=0)
    assert recent.heard_loss == pytest.approx(0.02)
    recent.sample(Tally(500, 25, 20), mended=20, late=10)
    assert recent.heard_loss == pytest.approx(0.03)


def test_what_was_bad_long_ago_is_forgotten() -> None:
    recent = Recent()
    for second in range(12):
        recent.sample(Tally(50 * (second + 1), 25, 25), mended=0, late=0)
    assert recent.tally.loss == 0


def test_the_round_trip_is_read_from_the_browsers_report() -> None:
    sent, held = rtcp.ntp_of(1_800_000_000.0), 2.5
    block = rtcp.ReportBlock(1, 0, 0, 0, 0, (sent >> 16) & 0xFFFFFFFF, int(held * 65536))
    assert rtcp.round_trip(block, rtcp.ntp_of(1_800_000_002.58)) == pytest.approx(0.08, abs=0.001)


@pytest.mark.parametrize(("last_sr", "delay"), [(0, 0), (5, 0), (0xFFFFFFFF, 0xFFFFFFFF)])
def test_a_report_that_knows_none_of_ours_or_lies_says_no_round_trip(last_sr: int, delay: int) -> None:
    block = rtcp.ReportBlock(1, 0, 0, 0, 0, last_sr, delay)
    assert rtcp.round_trip(block, rtcp.ntp_of(1_800_000_000.0)) is None


def level_of(*, pause_seconds: int) -> int:
    said, turns, level = speech(6, 16_000), Turns(), ActiveLevel()
    sound = np.concatenate([said, np.zeros(16_000 * pause_seconds, np.int16), said])
    for at in range(0, len(sound), 320):
        (rms,) = levels([sound[at : at + 320]])
        turns.heard(rms)
        if turns.loud:
            level.heard(rms)
    return level.dbov


def test_before_the_first_word_there_is_no_level() -> None:
    assert ActiveLevel().dbov == SILENT_DBOV


def test_the_level_is_of_speech_alone() -> None:
    together, apart = level_of(pause_seconds=0), level_of(pause_seconds=4)
    assert abs(together - apart) <= 1
    assert -26 < together < -12


def test_a_leg_that_loses_much_earns_a_worse_opinion_than_one_that_is_late() -> None:
    def of(**changes: float) -> float:
        return opinion(LegReport("agent", 0.0, 0.0, 1_000, **changes))  # type: ignore[arg-type]  # figures only

    assert of() > of(round_trip_ms=300) > of(heard_loss=0.1) > of(heard_loss=0.1, burst_ratio=4) > 1
