"""The seeded network of the jitter bench, and what both buffers make of it."""

from tests.bench import jitter

QUIET = [True] * 10


def test_packets_come_in_order_the_same_for_a_seed_and_never_before_they_were_sent() -> None:
    came = jitter.arrivals(80, 3_000, 7)
    assert came == jitter.arrivals(80, 3_000, 7) != jitter.arrivals(80, 3_000, 8)
    assert came == sorted(came)
    assert all(0 <= at - n * jitter.FRAME_MS <= 2 * 80 for n, at in enumerate(came))


def test_a_spike_holds_a_packet_up_for_longer_than_the_jitter() -> None:
    late = [at - n * jitter.FRAME_MS for n, at in enumerate(jitter.arrivals(80, 9_000, 7))]
    assert max(late) > 80


def test_without_jitter_both_buffers_play_all_that_comes_in_time() -> None:
    came = jitter.arrivals(0, 1_000, 1)
    ours, theirs = jitter.ours(came, QUIET, 5.0).figures(), jitter.theirs(came, 5.0).figures()
    assert ours["concealed"] == theirs["concealed"] == 0
    assert ours["unheard"] == 0
    assert ours["added_p99"] <= 20
    assert theirs["added_p50"] > 60  # it holds four frames whatever the network does


def test_what_comes_after_a_hole_longer_than_the_buffer_waited_is_concealed_once_and_played() -> None:
    came = [n * 20.0 for n in range(500)]
    came[250:260] = [260 * 20.0 - 1] * 10
    seen = jitter.ours(came, QUIET, 5.0)
    assert 5 <= seen.empty <= 15
    assert len(seen.delays) > 480
