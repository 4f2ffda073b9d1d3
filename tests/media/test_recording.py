"""The recording: both sides aligned whatever happens, gaps where they belong, a file that any player reads."""

import numpy as np
import pytest

from media_edge.kept.ogg import checksum
from media_edge.kept.pen import Pen
from media_edge.kept.recording import Gap, Recorder
from media_edge.sound import opus
from tests.media.ogg import decoded
from tests.media.running import Pcm, speech

RATE, STEP = 16_000, 320


def sine(hertz: float, samples: int = STEP, rate: int = RATE) -> Pcm:
    return (8_000 * np.sin(2 * np.pi * hertz * np.arange(samples) / rate)).astype(np.int16)


def frames_of(recorder: Recorder) -> Pcm:
    """All at the rate of its last piece."""
    return np.concatenate([piece.sound.reshape(-1, 2) for piece in [*recorder.take(), *recorder.finish()]])


def written(recorder: Recorder) -> list[bytes]:
    pen = Pen(opus.library(), 7)
    chunks = [pen.write(piece) for piece in [*recorder.take(), *recorder.finish()]]
    return [chunk for chunk in [*chunks, pen.finish()] if chunk]


def test_the_caller_is_left_the_house_right_and_silence_is_kept() -> None:
    recorder, left, right = Recorder(), sine(1000), sine(700)
    recorder.add(left, None, RATE)
    recorder.add(None, None, RATE)
    recorder.add(None, right, RATE)
    assert recorder.seconds == 0.06
    sound = frames_of(recorder)
    assert np.array_equal(sound[:STEP, 0], left)
    assert np.array_equal(sound[2 * STEP :, 1], right)
    assert not sound[STEP : 2 * STEP].any()
    assert not sound[:STEP, 1].any()


def test_time_without_ticks_is_silence_in_the_recording() -> None:
    recorder = Recorder()
    recorder.skip(10)
    assert not recorder.started
    recorder.add(sine(1000), None, RATE)
    recorder.skip(10)
    assert recorder.seconds == 0.22


def test_no_more_than_a_second_and_a_half_is_held() -> None:
    recorder = Recorder()
    for _ in range(1_000):
        recorder.add(sine(1000), None, RATE)
        left = sum(len(piece.sound) for piece in recorder.take())
        assert left in (0, 50)
    assert sum(len(piece.sound) for piece in recorder.finish()) <= 75


def test_a_recording_that_began_wide_goes_on_narrow_in_one_file() -> None:
    recorder = Recorder()
    for _ in range(100):
        recorder.add(None, sine(1000), RATE)
    for _ in range(100):
        recorder.add(None, sine(1000, 160, 8_000), 8_000)
    sound = decoded(written(recorder), 8_000)
    assert len(sound) / 8_000 == pytest.approx(4.0, abs=0.005)
    for half in (sound[2_000:14_000, 1], sound[18_000:30_000, 1]):
        spectrum = np.abs(np.fft.rfft(half.astype(float)))
        assert np.argmax(spectrum) * 8_000 / len(half) == pytest.approx(1000, abs=5)


def test_the_sides_stay_apart_and_the_length_is_true() -> None:
    recorder, said = Recorder(), speech(12, RATE)
    for at in range(0, len(said), STEP):
        recorder.add(said[at : at + STEP], None, RATE)
    sound = decoded(written(recorder), RATE).astype(float)
    assert len(sound) / RATE == pytest.approx(12.0, abs=0.005)
    assert 10 * np.log10(np.mean(sound[:, 1] ** 2 + 1e-9) / np.mean(sound[:, 0] ** 2)) < -40


def test_a_pause_is_silence_and_says_where_it_is() -> None:
    recorder = Recorder()
    for frame in range(150):
        recorder.paused = 50 <= frame < 100
        recorder.add(sine(1000), sine(700), RATE)
    sound = frames_of(recorder)
    assert not sound[50 * STEP : 100 * STEP].any()
    assert sound[: 50 * STEP].any(axis=0).all()
    assert recorder.gaps == (Gap(1_000, 2_000, "paused"),)


def test_what_a_key_sounds_like_is_not_kept_though_the_news_of_it_comes_late() -> None:
    recorder = Recorder()
    for frame in range(300):
        loud = 100 <= frame < 110
        recorder.add(sine(941) if loud else sine(300), None, RATE)
        if frame == 112:  # told when the tone is over
            recorder.mask()
        recorder.take() if frame < 90 else None
    (gap,) = recorder.gaps
    assert gap.reason == "keys"
    assert gap.from_ms <= 2_000
    assert gap.to_ms >= 2_200
    sound = frames_of(recorder)
    spectrum = np.abs(np.fft.rfft(sound[:, 0].astype(float)))
    hertz = np.arange(len(spectrum)) * RATE / len(sound)
    assert spectrum[np.argmin(abs(hertz - 941))] < 0.02 * spectrum[np.argmin(abs(hertz - 300))]


def test_keys_one_after_the_other_are_one_gap() -> None:
    recorder = Recorder()
    for frame in range(200):
        recorder.add(sine(300), None, RATE)
        if frame in (60, 75, 90):
            recorder.mask()
    assert len(recorder.gaps) == 1


def test_the_checksum_is_that_of_the_standard() -> None:
    """RFC 3533: polynomial 0x04c11db7, from 0, each byte from its highest bit, nothing turned at the end."""

    def slowly(data: bytes) -> int:
        crc = 0
        for byte in data:
            crc ^= byte << 24
            for _ in range(8):
                crc = (crc << 1 ^ (0x04C11DB7 if crc & 0x80000000 else 0)) & 0xFFFFFFFF
        return crc

    for data in (b"", b"\x00", b"OggS", bytes(range(256)), speech(1, 8_000).tobytes()[:999]):
        assert checksum(data) == slowly(data)
