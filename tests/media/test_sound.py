"""Mixer, tones, turns of speech, codec."""

import numpy as np
import pytest

from media_edge.sound import opus
from media_edge.sound.level import levels
from media_edge.sound.mixer import FULL, Mixer
from media_edge.sound.tone import COMFORT_LEVEL, PERIOD_SECONDS, Tone
from media_edge.sound.voice import Turn, Turns
from tests.media.running import Pcm, compare, speech

RATE = 16_000
SAMPLES = RATE // 50


def sine(level: float, hertz: float = 440.0) -> Pcm:
    return (np.sin(2 * np.pi * hertz * np.arange(SAMPLES) / RATE) * level).astype(np.int16)


def test_nobody_hears_himself() -> None:
    heard = {"a": sine(1000), "b": sine(2000, 700), "c": sine(500, 900)}
    everyone = {who: frozenset(heard) - {who} for who in heard}
    mixed = Mixer().mix(heard, everyone)
    for who in heard:
        others = [heard[other].astype(int) for other in heard if other != who]
        out = mixed[who]
        assert out is not None
        assert np.array_equal(out, others[0] + others[1])


def test_a_single_voice_passes_untouched_and_nobody_is_none() -> None:
    only = sine(32_000)
    mixed = Mixer().mix({"a": only}, {"a": frozenset({"b"}), "b": frozenset({"a"})})
    assert mixed["b"] is only
    assert mixed["a"] is None


def test_three_loud_voices_are_turned_down_not_clipped() -> None:
    mixer, loud = Mixer(), {name: sine(30_000) for name in "abc"}
    for _ in range(3):
        out = mixer.mix(loud, {"d": frozenset("abc")})["d"]
        assert out is not None
        assert np.abs(out.astype(int)).max() <= FULL
        assert np.count_nonzero(np.abs(out.astype(int)) > FULL - 50) < SAMPLES / 4  # a sine still, not a square


def test_the_level_comes_back_after_a_loud_moment() -> None:
    mixer = Mixer()
    mixer.mix({name: sine(30_000) for name in "abc"}, {"d": frozenset("abc")})
    soft = {name: sine(1_000) for name in "abc"}
    out = [mixer.mix(soft, {"d": frozenset("abc")})["d"] for _ in range(100)][-1]
    assert out is not None
    assert np.abs(out.astype(int)).max() == pytest.approx(3_000, rel=0.01)


@pytest.mark.parametrize("name", ["waiting", "hold"])
@pytest.mark.parametrize("rate", [8_000, 16_000])
def test_a_tone_is_low_and_without_clicks(name: str, rate: int) -> None:
    tone = Tone(name, rate)
    sound = np.concatenate([tone.frame(n) for n in range(PERIOD_SECONDS[name] * 100)]).astype(float)
    level = 20 * np.log10(np.sqrt(np.mean(sound**2)) / 32767)
    assert -46 < level < -28
    # The steepest honest slope of these notes; a click would be a step far above it.
    steepest = 2 * np.pi * 523.25 / rate * 0.06 * 32767
    assert np.abs(np.diff(sound)).max() <= steepest
    assert sound[0] == 0


def test_comfort_noise_is_barely_there() -> None:
    tone = Tone("comfort", 8_000)
    sound = np.concatenate([tone.frame(n) for n in range(100)]).astype(float)
    assert np.sqrt(np.mean(sound**2)) == pytest.approx(COMFORT_LEVEL, rel=0.1)


def turns_of(parts: list[tuple[float, float]]) -> list[Turn]:
    """``parts``: (seconds, level); noise of that level."""
    chance, turns, found = np.random.default_rng(1), Turns(), []
    for seconds, level in parts:
        for _ in range(int(seconds * 50)):
            turn = turns.heard(*levels([(chance.standard_normal(SAMPLES) * level).astype(np.int16)]))
            found += [turn] if turn else []
    last = turns.ended()
    return found + ([last] if last else [])


def test_turns_of_speech_begin_and_end_where_they_do() -> None:
    turns = turns_of([(1, 10), (2, 2000), (1.5, 10), (1, 2000), (1, 10)])
    assert [(round(t.started_ms / 100), round(t.ended_ms / 100)) for t in turns] == [(10, 30), (45, 55)]


def test_a_click_is_no_speech_and_a_short_pause_no_end() -> None:
    assert turns_of([(1, 10), (0.06, 9000), (2, 10)]) == []
    assert len(turns_of([(1, 10), (1, 2000), (0.3, 10), (1, 2000), (1, 10)])) == 1


def test_a_noisy_line_is_not_speech() -> None:
    turns = turns_of([(1, 10), (30, 300), (1, 3000), (2, 300)])
    assert turns[-1].ended_ms - turns[-1].started_ms == pytest.approx(1000, abs=100)


def test_a_turn_that_is_open_when_the_leg_goes_is_told() -> None:
    assert [t.ended_ms for t in turns_of([(1, 10), (1, 2000)])] == [2000]


@pytest.mark.parametrize("rate", [8_000, 16_000])
def test_speech_goes_through_the_codec(rate: int) -> None:
    lib, said = opus.library(), speech(2, rate)
    encoder = opus.Encoder(lib, rate, bitrate=24_000, complexity=5)
    decoder, step = opus.Decoder(lib, rate), rate // 50
    out = []
    for at in range(0, len(said), step):
        packet = encoder.encode(said[at : at + step])
        out.append(decoder.decode(packet) if packet else decoder.conceal())
    assert compare(said, np.concatenate(out), rate).correlation > 0.8


def test_redundancy_brings_back_more_than_concealment_alone() -> None:
    lib, said = opus.library(), speech(6, RATE)
    encoder = opus.Encoder(lib, RATE, bitrate=32_000, complexity=5)
    encoder.expect_loss(20)
    packets = [encoder.encode(said[at : at + SAMPLES]) for at in range(0, len(said), SAMPLES)]
    with_fec, without, whole = (opus.Decoder(lib, RATE) for _ in range(3))
    errors = {"fec": 0.0, "plc": 0.0}
    for n, packet in enumerate(packets[:-1]):
        true = whole.decode(packet).astype(float) if packet else whole.conceal().astype(float)
        if n % 5 == 4 and packets[n + 1]:
            errors["fec"] += float(np.sum((with_fec.recover(packets[n + 1]) - true) ** 2))
            errors["plc"] += float(np.sum((without.conceal() - true) ** 2))
        else:
            for decoder in (with_fec, without):
                decoder.decode(packet) if packet else decoder.conceal()
    assert errors["fec"] < errors["plc"] * 0.7


def test_silence_is_not_sent() -> None:
    encoder = opus.Encoder(opus.library(), RATE, bitrate=24_000, complexity=5)
    sent = [encoder.encode(np.zeros(SAMPLES, np.int16)) for _ in range(100)]
    assert sum(1 for packet in sent if packet) < 35


def test_a_damaged_packet_is_named_so() -> None:
    with pytest.raises(opus.OpusError):
        opus.Decoder(opus.library(), RATE).decode(b"\xff" * 3)


def test_a_missing_codec_says_what_to_do() -> None:
    with pytest.raises(opus.OpusMissingError, match="EDGE_LIBOPUS"):
        opus.library("/nowhere/libopus.so")
