"""The measurement itself: it must find what was done to the sound, and nothing that was not."""

import numpy as np

from local.callers.sound import measure
from local.carrier.audio import RATE, decode_mulaw, encode_mulaw, parse_wav, resample, speech_like, tone, wav_bytes


def late(sound: np.ndarray, milliseconds: int) -> np.ndarray:
    return np.concatenate([np.zeros(milliseconds * 8, np.int16), sound])


def test_a_clean_line_correlates_and_its_delay_is_found() -> None:
    said = speech_like(4)
    heard = measure(said, 100.0, late(decode_mulaw(encode_mulaw(said)), 137), 100.0)
    assert heard.correlation > 0.98
    assert abs(heard.delay_ms - 137) < 1
    assert heard.silence_ms == 0
    assert abs(heard.level_db) < 0.5


def test_recordings_that_began_at_different_times_are_compared_on_one_clock() -> None:
    said = speech_like(6)
    heard = measure(said, 50.0, late(said, 80)[RATE * 2 :], 52.0)
    assert heard.correlation > 0.99
    assert abs(heard.delay_ms - 80) < 1


def test_a_hole_is_measured_and_costs_no_correlation() -> None:
    said = speech_like(4)
    damaged = said.copy()
    damaged[RATE : RATE + 2400] = 0
    heard = measure(said, 0.0, damaged, 0.0)
    assert 280 <= heard.silence_ms <= 310
    assert heard.correlation > 0.9


def test_another_voice_does_not_correlate() -> None:
    assert measure(speech_like(4, seed=1), 0.0, speech_like(4, seed=2), 0.0).correlation < 0.5


def test_time_stretched_by_a_jitter_buffer_still_correlates() -> None:
    said = speech_like(4)
    stretched = np.concatenate([said[:8000], said[7920:16000], np.zeros(160, np.int16), said[16000:]])
    heard = measure(said, 0.0, late(stretched, 60), 0.0)
    assert heard.correlation > 0.9
    assert 40 <= heard.delay_ms <= 100


def test_silence_is_no_hearing() -> None:
    assert measure(speech_like(3), 0.0, np.zeros(RATE * 3, np.int16), 0.0).correlation < 0.2
    assert measure(np.zeros(0, np.int16), 0.0, np.zeros(0, np.int16), 0.0).pieces == 0


def test_mu_law_is_g711() -> None:
    assert encode_mulaw(np.array([0, -1, 32767, -32768, 1000, -1000], np.int16)) == bytes(
        [0xFF, 0x7F, 0x80, 0x00, 0xCE, 0x4E]
    )
    every = np.arange(-32768, 32768).astype(np.int16)
    back = decode_mulaw(encode_mulaw(every)).astype(int)
    assert np.abs(back - np.clip(every.astype(int), -32124, 32124)).max() <= 512
    codes = bytes(code for code in range(256) if code != 0x7F)  # minus zero has no sample of its own
    assert encode_mulaw(decode_mulaw(codes)) == codes


def test_any_wav_rate_becomes_eight_kilohertz() -> None:
    for rate in (8000, 11025, 16000, 44100, 48000):
        original = tone(440, 1.0, rate=rate)
        samples, found = parse_wav(wav_bytes(original, rate))
        narrow = resample(samples, found)
        assert found == rate
        assert abs(len(narrow) - RATE) <= 1
        middle = slice(800, 7200)
        assert np.abs(narrow[middle].astype(int) - tone(440, 1.0)[: len(narrow)][middle]).max() < 200
