"""Say, Play, Pause: what the caller hears from the carrier itself."""

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, Protocol

from local.carrier.audio import RATE, Samples, parse_wav, resample, tone
from local.carrier.caller import speaking_seconds
from local.carrier.conversation import Conversation, Outcome
from local.carrier.twiml import NotSimulatedError, TwimlError, Verb
from local.carrier.webhooks import WebhookError

if TYPE_CHECKING:
    from numpy.typing import NDArray

MAX_LOOPS: Final = 1000  # Twilio's meaning of loop="0"
_DTMF: Final = {
    key: (low, high)
    for row, low in zip(("123A", "456B", "789C", "*0#D"), (697, 770, 852, 941), strict=True)
    for key, high in zip(row, (1209, 1336, 1477, 1633), strict=True)
}


class Voice(Protocol):
    """A voice that can read a text out: 8 kHz samples, or None for a text or language it cannot read."""

    def read(self, text: str, language: str) -> Samples | None:
        """Samples of ``text``."""


async def say(conversation: Conversation, verb: Verb) -> Outcome:
    """Read a text: with the voice that is installed, else as silence of the right length."""
    language = verb.get("language", "en-US")
    # A call whose silence is shortened has no ear for a voice, which keeps its own time.
    voice = conversation.exchange.voice if conversation.call.say_speed == 1 else None
    sound = await asyncio.to_thread(voice.read, verb.text, language) if voice else None
    seconds = speaking_seconds(verb.text) if sound is None else len(sound) / RATE
    conversation.call.tell(
        "say",
        text=verb.text,
        language=language,
        seconds=round(seconds, 2),
        spoken=sound is not None,
    )
    for _ in range(_loops(verb)):
        if sound is not None:
            await conversation.hear_out(sound)
        else:
            await asyncio.sleep(seconds / conversation.call.say_speed)
    return None


async def play(conversation: Conversation, verb: Verb) -> Outcome:
    """Play a WAV, or keys."""
    sound = key_tones(verb.get("digits")) if verb.get("digits") else await _fetched(conversation, verb)
    conversation.call.tell("play", url=verb.text, digits=verb.get("digits"), seconds=round(len(sound) / 8000, 2))
    for _ in range(_loops(verb)):
        await conversation.hear_out(sound)
    return None


async def pause(conversation: Conversation, verb: Verb) -> Outcome:
    """Wait. As the first verb of a call it waits before the call is answered."""
    await asyncio.sleep(verb.number("length", 1))
    return None


async def prompt(conversation: Conversation, verbs: Sequence[Verb]) -> None:
    """Play what is nested in a question."""
    for verb in verbs:
        await conversation.exchange.verbs[verb.name](conversation, verb)


def key_tones(digits: str) -> Samples:
    """DTMF as sound; ``w`` is a pause of half a second. ``TwimlError`` for what no telephone has."""
    import numpy as np

    sounds: list[NDArray[np.int16]] = []
    for digit in digits:
        if digit == "w":
            sounds.append(np.zeros(4000, np.int16))
        elif digit.upper() in _DTMF:
            low, high = _DTMF[digit.upper()]
            sounds += [tone(low, 0.1, 0.2) + tone(high, 0.1, 0.2), np.zeros(400, np.int16)]
        else:
            raise TwimlError(13420, f"invalid digit {digit!r} in <Play>")
    return np.concatenate(sounds)


def _loops(verb: Verb) -> int:
    return int(verb.number("loop", 1)) or MAX_LOOPS


async def _fetched(conversation: Conversation, verb: Verb) -> Samples:
    target = conversation.target(verb, verb.text)
    async with conversation.exchange.http.get(target.url) as response:
        if response.status != 200:
            raise WebhookError(11200, f"HTTP {response.status} for a sound")
        data = await response.content.read(-1)
    try:
        samples, rate = parse_wav(data)
    except ValueError as error:
        raise NotSimulatedError("<Play> of anything but a PCM WAV") from error
    return resample(samples, rate)
