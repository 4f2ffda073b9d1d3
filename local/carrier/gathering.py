"""Gather: a question answered by keys, by speech, by either, or not at all."""

import asyncio
from dataclasses import dataclass
from typing import Final

from local.carrier.caller import Key, Speech
from local.carrier.conversation import Conversation, Fetch, Outcome
from local.carrier.speaking import prompt
from local.carrier.twiml import TwimlError, Verb

AUTO_SILENCE: Final = 1.0  # s of silence after which speechTimeout="auto" takes the answer
PARTIAL_EVERY: Final = 0.3  # s between two partial results
FOREVER: Final = 86_400.0


@dataclass(frozen=True)
class _Question:
    keys: bool
    speech: bool
    timeout: float
    speech_timeout: float
    count: int
    finish_on: str

    @classmethod
    def of(cls, verb: Verb) -> "_Question":
        wanted = set(verb.get("input", "dtmf").split())
        if not wanted <= {"dtmf", "speech"}:
            raise TwimlError(12200, f"input={verb.get('input')!r} of <Gather>")
        timeout = 5.0 if verb.get("timeout") == "auto" else verb.number("timeout", 5)
        speech_timeout = AUTO_SILENCE if verb.get("speechTimeout") == "auto" else verb.number("speechTimeout", timeout)
        return cls(
            "dtmf" in wanted,
            "speech" in wanted,
            timeout,
            speech_timeout,
            int(verb.number("numDigits", 0)),
            verb.get("finishOnKey", "#"),
        )


async def gather(conversation: Conversation, verb: Verb) -> Outcome:
    """Ask and go to the action with the answer; without one go on, unless ``actionOnEmptyResult``."""
    question = _Question.of(verb)
    reading = asyncio.create_task(prompt(conversation, verb.children))
    conversation.call.tell("asked", input=verb.get("input", "dtmf"))
    conversation.caller.asked(question.keys, question.speech, reading)
    try:
        answer = await _listen(conversation, verb, question, reading)
    finally:
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)
    if not answer:
        conversation.call.tell("no answer")
        if not verb.flag("actionOnEmptyResult", False):
            return None
        answer = {"SpeechResult": ""} if question.speech and not question.keys else {"Digits": "", "msg": "Gather End"}
    return Fetch(conversation.target(verb, verb.get("action")), answer)


async def _listen(
    conversation: Conversation, verb: Verb, question: _Question, reading: "asyncio.Task[None]"
) -> dict[str, str]:
    """The parameters of the answer, empty without one."""
    while True:
        heard = await _next(conversation, FOREVER, question.timeout, reading)
        if heard is None:
            return {}
        if isinstance(heard, Speech) and question.speech:
            if verb.flag("bargeIn", True):
                reading.cancel()
            return await _speech(conversation, verb, question, heard)
        if isinstance(heard, Key) and question.keys:
            reading.cancel()
            if heard.digit in question.finish_on:
                continue  # it works only after a digit
            return await _digits(conversation, question, heard.digit)


async def _next(
    conversation: Conversation, while_reading: float, after: float, reading: "asyncio.Task[None]"
) -> Key | Speech | None:
    """What the caller does next; the time-out runs only once the prompt has been read out."""
    waiting = asyncio.ensure_future(conversation.caller.inputs.get())
    try:
        await asyncio.wait({waiting, reading}, timeout=while_reading, return_when=asyncio.FIRST_COMPLETED)
        if reading.done() and not reading.cancelled() and reading.exception():
            raise reading.exception() or RuntimeError
        if not waiting.done():
            await asyncio.wait({waiting}, timeout=after)
        return waiting.result() if waiting.done() else None
    finally:
        waiting.cancel()


async def _digits(conversation: Conversation, question: _Question, first: str) -> dict[str, str]:
    digits = first
    finished_on = ""
    while not (question.count and len(digits) >= question.count):
        try:
            heard = await asyncio.wait_for(conversation.caller.inputs.get(), question.timeout)
        except TimeoutError:
            break
        if isinstance(heard, Key):
            if heard.digit in question.finish_on:
                finished_on = heard.digit
                break
            digits += heard.digit
    conversation.call.tell("keys", count=len(digits))
    return {"Digits": digits, "msg": "Gather End"} | ({"FinishedOnKey": finished_on} if finished_on else {})


async def _speech(conversation: Conversation, verb: Verb, question: _Question, heard: Speech) -> dict[str, str]:
    if verb.get("partialResultCallback"):
        await _partials(conversation, verb, heard)
    else:
        await asyncio.sleep(heard.seconds)
    await asyncio.sleep(question.speech_timeout)
    conversation.call.tell("speech recognised", text=heard.words)
    return {"SpeechResult": heard.words, "Confidence": str(heard.confidence), "Language": verb.get("language", "en-US")}


async def _partials(conversation: Conversation, verb: Verb, heard: Speech) -> None:
    target = conversation.target(verb, verb.get("partialResultCallback"), "partialResultCallbackMethod")
    steps = max(1, int(heard.seconds / PARTIAL_EVERY))
    for step in range(steps):
        await asyncio.sleep(heard.seconds / steps)
        known = heard.words[: len(heard.words) * (step + 1) // steps]
        stable = heard.words[: len(heard.words) * step // steps]
        params = {
            "SequenceNumber": str(step),
            "UnstableSpeechResult": known[len(stable) :],
            "StableSpeechResult": stable,
            "Stability": "0.9" if step else "0.1",
            "Language": verb.get("language", "en-US"),
        }
        conversation.tell_and_forget(target, params)
