"""What the caller hears when somebody reads: the voice's own samples, as long as they last, until a key is pressed."""

import asyncio
import sys
from pathlib import Path

import numpy as np
import pytest

from local.carrier import voice
from local.carrier.__main__ import installed_voice
from local.carrier.audio import RATE, Samples, speech_like, wav_bytes
from local.carrier.caller import speaking_seconds
from local.carrier.model import Script
from local.carrier.voice import RecordedVoice, VoiceMissingError
from local.voice import fixed
from local.voice.phonemes import Chinese, English, UnspeakableError
from local.voice.spoken import keep, language_of, pieces, refusal_of, sound_of
from tests.carrier.office import World, in_a_world, settle, told

HELLO = "<Response><Say language='zh-CN'>您好。</Say></Response>"
SPEAKER = """
import json, sys
from pathlib import Path
from local.carrier.audio import tone, wav_bytes
from local.voice.spoken import keep, refusal_of, sound_of
for line in sys.stdin:
    asked = json.loads(line)
    place = sound_of(asked["text"], asked["language"], Path(sys.argv[1]))
    if "?" in asked["text"]:
        keep(refusal_of(place), b"a question")
    else:
        keep(place, wav_bytes(tone(300, 0.5)))
"""


class Reader:
    """A voice of samples that nothing else makes."""

    def __init__(self, seconds: float) -> None:
        self.sound: Samples = speech_like(seconds, seed=7)

    def read(self, text: str, language: str) -> Samples | None:
        return self.sound if language == "zh-CN" else None


def recorded(sounds: Path) -> RecordedVoice:
    """A voice whose other process is a small one, but a process."""
    return RecordedVoice(sounds, [sys.executable, "-c", SPEAKER, str(sounds)])


def test_the_caller_hears_the_voices_own_samples_as_long_as_they_last() -> None:
    reader = Reader(0.8)

    async def story(world: World) -> None:
        world.exchange.voice = reader
        world.office.replies["/voice"] = HELLO
        call = await world.ring_out(say_speed=1)
        line = told(call, "say")[0]
        assert (line["spoken"], line["seconds"]) == (True, 0.8)
        assert np.array_equal(call.heard.all()[-len(reader.sound) :], reader.sound)
        assert told(call, "ended")[0]["t"] - line["t"] >= 0.8

    in_a_world(story)


def test_a_key_cuts_the_voice_short() -> None:
    reader = Reader(30)

    async def story(world: World) -> None:
        world.exchange.voice = reader
        world.office.replies["/voice"] = (
            "<Response><Gather input='dtmf' numDigits='1' action='/menu'>"
            "<Say language='zh-CN'>请按键。</Say></Gather></Response>"
        )
        world.office.replies["/menu"] = "<Response><Hangup/></Response>"
        call = await world.ring_out(Script(keys=["1"], answers_after=0.5), say_speed=1)
        assert world.office.form("/menu")["Digits"] == "1"
        heard = call.heard.all()
        began = int(np.flatnonzero(heard)[0]) - int(np.flatnonzero(reader.sound)[0])
        assert np.array_equal(heard[began:], reader.sound[: len(heard) - began])
        assert 0 < len(heard) - began < len(reader.sound) / 2

    in_a_world(story)


def test_a_text_the_voice_cannot_read_is_silence_and_the_story_says_so() -> None:
    async def story(world: World) -> None:
        world.exchange.voice = Reader(0.5)
        world.office.replies["/voice"] = "<Response><Say language='en-US'>Hello.</Say></Response>"
        call = await world.ring_out(say_speed=1)
        line = told(call, "say")[0]
        assert (line["spoken"], line["seconds"]) == (False, round(speaking_seconds("Hello."), 2))
        assert not call.heard.all().any()

    in_a_world(story)


def test_a_call_whose_silence_is_shortened_is_not_read_to() -> None:
    async def story(world: World) -> None:
        world.exchange.voice = Reader(20)
        world.office.replies["/voice"] = HELLO
        call = await world.ring_out(say_speed=20)
        assert told(call, "say")[0]["spoken"] is False

    in_a_world(story)


def test_a_new_sentence_is_silence_first_and_spoken_the_next_time(tmp_path: Path) -> None:
    reader = recorded(tmp_path)

    async def story(world: World) -> None:
        world.exchange.voice = reader
        world.office.replies["/voice"] = HELLO
        assert told(await world.ring_out(say_speed=1), "say")[0]["spoken"] is False
        await settle(sound_of("您好。", "zh", tmp_path).exists)
        line = told(await world.ring_out(say_speed=1), "say")[0]
        assert (line["spoken"], line["seconds"]) == (True, 0.5)

    try:
        in_a_world(story)
    finally:
        reader.close()


def test_sentences_are_spoken_one_by_one_and_joined_with_a_breath(tmp_path: Path) -> None:
    first, second = speech_like(0.4, seed=1), speech_like(0.6, seed=2)
    for piece, sound in (("您好。", first), ("请稍候。", second)):
        keep(sound_of(piece, "zh", tmp_path), wav_bytes(sound))
    read = RecordedVoice(tmp_path, ["false"]).read("您好。请稍候。", "cmn-CN")
    assert read is not None
    assert np.array_equal(read, np.concatenate([first, np.zeros(voice.GAP, np.int16), second]))


def test_what_the_voice_refused_is_not_asked_again(tmp_path: Path) -> None:
    reader = recorded(tmp_path)
    try:
        assert reader.read("Is it?", "en-US") is None
        refusal = refusal_of(sound_of("Is it?", "en", tmp_path))
        asyncio.run(settle(refusal.exists))
        born = refusal.stat().st_mtime_ns
        assert reader.read("Is it? Yes.", "en-US") is None
        asyncio.run(settle(sound_of("Yes.", "en", tmp_path).exists))
        assert refusal.stat().st_mtime_ns == born
    finally:
        reader.close()


def test_a_voice_that_ends_at_once_is_not_started_for_ever(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    reader = RecordedVoice(tmp_path, [sys.executable, "-c", "raise SystemExit(3)"])
    for _ in range(voice.MAX_STARTS + 3):
        assert reader.read("您好。", "zh-CN") is None
        if reader._speaker is not None:
            reader._speaker.wait()
    assert capfd.readouterr().err.count("the voice ended with 3") == voice.MAX_STARTS
    reader.close()


def test_without_the_installation_the_error_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(voice, "PYTHON", tmp_path / "python")
    with pytest.raises(VoiceMissingError, match="voice is not installed: make voice"):
        voice.kokoro()
    with pytest.raises(SystemExit, match="make voice"):
        installed_voice(voice.PLACE)


def test_a_text_falls_into_sentences_and_a_tag_into_a_language() -> None:
    assert pieces("您好，欢迎。需要英语服务请按9。") == ["您好，欢迎。", "需要英语服务请按9。"]
    assert pieces("Goodbye. It costs 2.50 now") == ["Goodbye.", "It costs 2.50 now"]
    assert [language_of(tag) for tag in ("zh-CN", "cmn-Hans-CN", "en-GB", "ja-JP")] == ["zh", "zh", "en", None]


def test_numbers_are_read_as_a_person_would_read_them() -> None:
    letters = {word: word for word in "nine zero one two fifty the hour is".split()}  # noqa: SIM905
    assert English(letters)("9, 0912 52") == "nine, zero nine one two fifty two"
    assert English(letters | {"hour": "ˈWəɹ"})("the hour") == "ði ˈWəɹ"
    assert English({"rate": "ɹAt"})("rates") == "ɹAts"
    with pytest.raises(UnspeakableError, match="kumquat"):
        English(letters)("the kumquat")
    chinese = Chinese(lambda text: (text, None), English({"WiFi": "wIfI"}))
    assert chinese("尾号8001，WiFi要1000元，第3位") == "尾号八零零幺， wIfI 要1000元，第3位"


def test_what_every_caller_is_told_is_spoken_beforehand() -> None:
    spoken = fixed.sentences()
    assert spoken[0] == ("zh", "您好，欢迎致电云杉宽带。")
    assert ("zh", "您目前排在第2位，预计等待约5分钟。") in spoken
    assert ("en", "For English, press 9.") in spoken
    assert not any("{" in text for _, text in spoken)
    assert len(spoken) == len(set(spoken))


@pytest.mark.soak
@pytest.mark.skipif(not voice.installed(), reason="voice is not installed: make voice")
def test_the_real_voice_speaks_chinese_and_english_at_the_level_of_a_telephone() -> None:
    reader = voice.kokoro()
    texts = {"zh-CN": "您好，欢迎致电云杉宽带。", "en-US": "Welcome to Spruce Broadband."}
    try:
        for language, text in texts.items():
            place = sound_of(text, str(language_of(language)))
            place.unlink(missing_ok=True)
            voice._clip.cache_clear()
            assert reader.read(text, language) is None
            asyncio.run(settle(place.exists, seconds=120))
            sound = reader.read(text, language)
            assert sound is not None
            assert 0.5 < len(sound) / RATE / speaking_seconds(text) < 2
            level = 20 * np.log10(np.sqrt(np.mean((sound / 32768.0) ** 2)))
            assert -25 < level < -15
            # Speech rises and falls: a hum would not.
            syllables = np.abs(sound[: len(sound) // 400 * 400].astype(float)).reshape(-1, 400).mean(axis=1)
            assert syllables.std() > 0.4 * syllables.mean()
    finally:
        reader.close()
