"""What the carrier is told to do, as TwiML. Every address carries its state in the path, never in a query."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from twilio.twiml import TwiML  # type: ignore[import-untyped]
from twilio.twiml.voice_response import Connect, Gather, VoiceResponse  # type: ignore[import-untyped]

from hearthline.telephony import words
from hearthline.telephony.menu import HINTS
from hearthline.telephony.model import LONGEST_WAIT_SAID, MORE_MINUTES, Told, last_digits
from hearthline.telephony.words import Text

SPOKEN: Final = {"zh": "zh-CN", "en": "en-US"}
MENU_SECONDS: Final = 6
KEY_SECONDS: Final = 8
NUMBER_SECONDS: Final = 15
ROUND_SECONDS: Final = 18
"""The pause between two announcements in the queue; a key is heard all the while."""
SHORT_PAUSE_SECONDS: Final = 5
TAKE_SECONDS: Final = 5
"""After each of the two requests to take a call; a voicemail presses nothing."""
TOKEN_PART: Final = 480
"""The carrier takes 500 characters of name and value; a token that says more than the usual is longer."""
MESSAGE_SECONDS: Final = 120
"""The longest message; the prompt says so in words."""
MESSAGE_SILENCE_SECONDS: Final = 5
"""After so long without a sound a message is over."""
BOTH: Final = ("zh", "en")
ONCE_MORE: Final = "#rc=2&rp=ct,5xx"
"""Told to the carrier with each address, and to nobody else: a post that met a dying function is made again, twice at
the most. By itself it repeats only what found no connection, and a caller would hear that an error occurred."""
EMPTY: Final = '<?xml version="1.0" encoding="UTF-8"?><Response />'


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the carrier posts next about one contact."""

    public_url: str
    contact: str

    def of(self, *steps: str | int | Told) -> str:
        path = "/".join(map(str, steps))
        return f"{self.public_url.rstrip('/')}/telephony/contacts/{self.contact}/{path}{ONCE_MORE}"

    def wait(self, told: Told) -> str:
        """Where the waiting caller is spoken to next, with what was told last."""
        return self.of("wait", told) if told.position else self.of("wait")


def greeting(to: Addresses, lang: str = "") -> str:
    """Welcome and menu, in Chinese and then the way to English; or in one language alone."""
    answer = VoiceResponse()
    if lang:
        gather = _ask(to.of("menu", lang), lang)
        _say(gather, words.GREETING, lang)
        _say(gather, words.MENU, lang)
        answer.append(gather)
        answer.redirect(to.of("menu", lang), method="POST")
        return str(answer)
    gather = _ask(to.of("menu"), "zh")
    _say(gather, words.GREETING, "zh")
    _say(gather, words.MENU, "zh")
    _say(gather, words.GREETING, "en")
    _say(gather, words.ENGLISH, "en")
    answer.append(gather)
    answer.redirect(to.of("menu"), method="POST")
    return str(answer)


def menu_again(to: Addresses, lang: str, *, misheard: bool) -> str:
    """The second try, in one language."""
    answer = VoiceResponse()
    gather = _ask(to.of("menu", lang), lang)
    if misheard:
        _say(gather, words.AGAIN, lang)
    _say(gather, words.MENU, lang)
    answer.append(gather)
    answer.redirect(to.of("menu", lang), method="POST")
    return str(answer)


def enqueue(to: Addresses, queue: str, lang: str, first: Text) -> str:
    """Into the carrier's queue, where ``wait`` speaks and ``left`` learns of the end."""
    answer = VoiceResponse()
    _say(answer, first, lang)
    answer.enqueue(queue, action=to.of("left"), method="POST", wait_url=to.of("wait"), wait_url_method="POST")
    return str(answer)


def announce(to: Addresses, lang: str, told: Told) -> str:
    """Position and expected wait, the offer of a callback, a pause, and round again."""
    answer = VoiceResponse()
    if told.position <= 1:
        _say(answer, words.NEXT, lang)
    else:
        text = words.LONG if told.minutes == MORE_MINUTES else words.POSITION
        _say(answer, text, lang, position=told.position, minutes=min(told.minutes, LONGEST_WAIT_SAID // 60))
    gather = Gather(input="dtmf", num_digits=1, timeout=ROUND_SECONDS, action=to.of("choose", told), method="POST")
    _say(gather, words.OFFER_CALLBACK, lang)
    _say(gather, words.OFFER_MESSAGE, lang)
    answer.append(gather)
    answer.redirect(to.wait(told), method="POST")
    return str(answer)


def hold_on(to: Addresses, lang: str, told: Told) -> str:
    """An agent is being connected: say so, and ask again."""
    answer = VoiceResponse()
    _say(answer, words.CONNECTING, lang)
    answer.pause(length=SHORT_PAUSE_SECONDS)
    answer.redirect(to.wait(told), method="POST")
    return str(answer)


def back_to_wait(to: Addresses, told: Told) -> str:
    answer = VoiceResponse()
    answer.redirect(to.wait(told), method="POST")
    return str(answer)


def ask_number(to: Addresses, lang: str, told: Told, caller: str, *, refused: bool = False) -> str:
    """Confirm a number, the caller's own or the one keyed, or take another; ``caller`` is '' when none is known."""
    answer = VoiceResponse()
    gather = Gather(
        input="dtmf", finish_on_key="#", timeout=NUMBER_SECONDS, action=to.of("number", told), method="POST"
    )
    if refused:
        _say(gather, words.BAD_NUMBER, lang)
    if caller:
        _say(gather, words.CONFIRM, lang, digits=spaced(last_digits(caller)))
    else:
        _say(gather, words.KEY_NUMBER, lang)
    answer.append(gather)
    answer.redirect(to.wait(told), method="POST")
    return str(answer)


def closed(to: Addresses, lang: str, sentences: Sequence[str], *, callback: bool) -> str:
    """Nobody is here: why and until when and, where the queue offers it, a callback for when it opens."""
    answer = VoiceResponse()
    for sentence in sentences:
        answer.say(sentence, language=SPOKEN[lang])
    if callback:
        gather = Gather(input="dtmf", num_digits=1, timeout=KEY_SECONDS, action=to.of("choose", Told(1)), method="POST")
        _say(gather, words.CLOSED_CALLBACK, lang)
        answer.append(gather)
    _say(answer, words.GOODBYE, lang)
    answer.hangup()
    return str(answer)


def leave_queue() -> str:
    """Out of the carrier's queue: ``left`` says what comes then."""
    answer = VoiceResponse()
    answer.leave()
    return str(answer)


def take_message(to: Addresses, lang: str, sentences: Sequence[str] = ()) -> str:
    """Ask for a message and record it; ``message`` and ``status`` learn of it, and ``message`` of silence."""
    answer = VoiceResponse()
    for sentence in sentences:
        answer.say(sentence, language=SPOKEN[lang])
    _say(answer, words.SPEAK_MESSAGE, lang)
    answer.record(
        action=to.of("message"),
        method="POST",
        max_length=MESSAGE_SECONDS,
        timeout=MESSAGE_SILENCE_SECONDS,
        finish_on_key="#",
        play_beep=True,
        recording_status_callback=to.of("status"),
        recording_status_callback_method="POST",
    )
    answer.redirect(to.of("message"), method="POST")
    return str(answer)


def promised(lang: str, number: str) -> str:
    """Only the last digits are said: this document is kept for duplicates, and a whole number must not be."""
    answer = VoiceResponse()
    _say(answer, words.PROMISED, lang, digits=spaced(last_digits(number)))
    answer.hangup()
    return str(answer)


def connect(to: Addresses, lang: str, stream: str, token: str, attempt: int, first: Text | None = None) -> str:
    """The call's sound goes to the edge at ``stream``; when that ends, ``connected`` decides what is next."""
    answer = VoiceResponse()
    if first is not None:
        _say(answer, first, lang)
    answer.append(_link(to.of("connected", attempt), stream, token))
    return str(answer)


def ask_to_take(lang: str, action: str) -> str:
    """An agent's phone was picked up, by him or by his voicemail: who presses the key is led on by ``action``."""
    answer = VoiceResponse()
    for _ in range(2):
        gather = Gather(input="dtmf", num_digits=1, timeout=TAKE_SECONDS, action=action, method="POST")
        _say(gather, words.TAKE_CALL, lang)
        answer.append(gather)
    answer.hangup()
    return str(answer)


def lead_agent(stream: str, token: str, action: str) -> str:
    """An agent's phone joins the edge at ``stream``, without a word: who waits there hears it."""
    answer = VoiceResponse()
    answer.append(_link(action, stream, token))
    return str(answer)


def hang_up() -> str:
    """Without a word."""
    answer = VoiceResponse()
    answer.hangup()
    return str(answer)


def goodbye(*langs: str, text: Text = words.GOODBYE) -> str:
    answer = VoiceResponse()
    for lang in langs or BOTH:
        _say(answer, text, lang)
    answer.hangup()
    return str(answer)


def apology(to: Addresses | None) -> str:
    """Something behind is down: sorry in both languages and, where the contact is known, the offer of a callback."""
    answer = VoiceResponse()
    for lang in BOTH:
        _say(answer, words.SORRY, lang)
    if to is not None:
        gather = Gather(input="dtmf", num_digits=1, timeout=KEY_SECONDS, action=to.of("callme"), method="POST")
        for lang in BOTH:
            _say(gather, words.SORRY_CALLBACK, lang)
        answer.append(gather)
    for lang in BOTH:
        _say(answer, words.SORRY_LATER, lang)
    answer.hangup()
    return str(answer)


def try_callme_again(to: Addresses, attempt: int) -> str:
    """The wish for a callback could not be kept yet: hold the line and try once more."""
    answer = VoiceResponse()
    for lang in BOTH:
        _say(answer, words.SORRY_HOLD, lang)
    answer.pause(length=SHORT_PAUSE_SECONDS)
    answer.redirect(to.of("callme", attempt), method="POST")
    return str(answer)


def spaced(digits: str) -> str:
    """So that a voice reads digits one by one."""
    return " ".join(digits)


def _ask(action: str, lang: str) -> Gather:
    return Gather(
        input="speech dtmf",
        num_digits=1,
        timeout=MENU_SECONDS,
        speech_timeout="auto",
        language=SPOKEN[lang],
        hints=HINTS,
        action=action,
        method="POST",
    )


def _link(action: str, stream: str, token: str) -> Connect:
    link = Connect(action=action, method="POST")
    sound = link.stream(url=stream)
    sound.parameter(name="token", value=token[:TOKEN_PART])
    if len(token) > TOKEN_PART:
        sound.parameter(name="token2", value=token[TOKEN_PART:])
    return link


def _say(into: TwiML, text: Text, lang: str, **fields: object) -> None:
    into.say(text.of(lang, **fields), language=SPOKEN[lang])
