"""TwiML as data: a document is a list of verbs. What this carrier cannot do faithfully it refuses by name."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from xml.etree import ElementTree

MAX_DOCUMENT_BYTES: Final = 64 * 1024  # Twilio's own bound, error 11750


class TwimlError(Exception):
    """A document Twilio refuses too: ``code`` is Twilio's error code."""

    def __init__(self, code: int, why: str) -> None:
        super().__init__(why)
        self.code = code


class NotSimulatedError(Exception):
    """Real TwiML, but outside what this carrier plays faithfully: the call ends and the story names it."""


@dataclass(frozen=True)
class Verb:
    """One element: its name, attributes, text and nested elements."""

    name: str
    attributes: Mapping[str, str]
    text: str
    children: tuple["Verb", ...]

    def get(self, name: str, default: str = "") -> str:
        """An attribute, or its default."""
        return self.attributes.get(name, default)

    def flag(self, name: str, default: bool) -> bool:
        """A boolean attribute."""
        return self.attributes[name].strip().lower() == "true" if name in self.attributes else default

    def number(self, name: str, default: float) -> float:
        """A numeric attribute; ``TwimlError`` 12200 when it is not a number."""
        text = self.attributes.get(name)
        try:
            return default if text is None else float(text)
        except ValueError as error:
            raise TwimlError(12200, f"{name}={text!r} of <{self.name}> is not a number") from error


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


# What each element may carry. An attribute outside ends the call as "not simulated": acting as if it were not there
# would be a guess.
_ATTRIBUTES: Final[Mapping[str, frozenset[str]]] = {
    "Say": _names("voice language loop"),
    "Play": _names("loop digits"),
    "Pause": _names("length"),
    "Gather": _names(
        "action method input timeout speechTimeout numDigits finishOnKey actionOnEmptyResult language hints bargeIn "
        "speechModel enhanced profanityFilter partialResultCallback partialResultCallbackMethod"
    ),
    "Enqueue": _names("action method waitUrl waitUrlMethod"),
    "Leave": frozenset(),
    "Connect": _names("action method"),
    "Stream": _names("url name statusCallback statusCallbackMethod"),
    "Parameter": _names("name value"),
    "Dial": _names("action method timeout callerId hangupOnStar timeLimit"),
    "Number": frozenset(),
    "Client": frozenset(),
    "Sip": frozenset(),
    "Redirect": _names("method"),
    "Record": _names(
        "action method timeout finishOnKey maxLength playBeep trim "
        "recordingStatusCallback recordingStatusCallbackMethod"
    ),
    "Hangup": frozenset(),
    "Reject": _names("reason"),
    "Sms": _names("to from action method statusCallback"),
    "Message": _names("to from action method statusCallback"),
    "Body": frozenset(),
}
_CHILDREN: Final[Mapping[str, frozenset[str]]] = {
    "Gather": _names("Say Play Pause"),
    "Connect": _names("Stream"),
    "Stream": _names("Parameter"),
    "Dial": _names("Number Client Sip"),
    "Message": _names("Body"),
}
VERBS: Final = _names("Say Play Pause Gather Enqueue Leave Connect Dial Redirect Record Hangup Reject Sms Message")
WAITING_VERBS: Final = _names("Say Play Pause Gather Redirect Hangup Leave")


def parse(text: str) -> tuple[Verb, ...]:
    """The verbs of a document. ``TwimlError`` for what Twilio refuses; unknown verbs stay in, the interpreter refuses
    them when reached.
    """
    if len(text.encode()) > MAX_DOCUMENT_BYTES:
        raise TwimlError(11750, "TwiML response body too large")
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise TwimlError(12100, "document type declarations are not TwiML")
    try:
        root = ElementTree.fromstring(text.strip().encode())  # noqa: S314 - bounded above, and without declarations no entity can grow
    except ElementTree.ParseError as error:
        raise TwimlError(12100, f"document parse failure: {error}") from error
    if root.tag != "Response":
        raise TwimlError(12100, f"root element is <{root.tag}>, not <Response>")
    return tuple(_verb(child) for child in root)


def _verb(element: ElementTree.Element) -> Verb:
    return Verb(
        element.tag, dict(element.attrib), (element.text or "").strip(), tuple(_verb(child) for child in element)
    )


def check(verb: Verb, allowed: frozenset[str] = VERBS) -> None:
    """``NotSimulatedError`` unless the verb, its attributes and what is nested in it are all played faithfully."""
    if verb.name not in allowed:
        raise NotSimulatedError(f"<{verb.name}>" + ("" if allowed is VERBS else " here"))
    for name in verb.attributes:
        if name not in _ATTRIBUTES[verb.name]:
            raise NotSimulatedError(f"{name} of <{verb.name}>")
    for child in verb.children:
        check(child, _CHILDREN.get(verb.name, frozenset()))
