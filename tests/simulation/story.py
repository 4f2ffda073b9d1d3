"""What happened, in plain words: one sentence for each entry of the ledger; callers go by the number of their call."""

from collections.abc import Mapping
from typing import Any, Final

SENTENCES: Final[dict[str, str]] = {
    "ContactArrived": "{contact} arrives by {channel}",
    "ContactQueued": "{contact} waits in {queue}: {why}",
    "ContactOffered": "{contact} rings at {agent}",
    "OfferAccepted": "{agent} takes {contact}, at {edge}",
    "OfferLapsed": "{contact} rings at {agent} no longer: {why}",
    "ContactConnected": "{contact} and {agent} hear each other at {edge}",
    "ContactHeld": "{contact} is on hold",
    "ContactResumed": "{contact} is taken back from hold",
    "RecordingPaused": "{contact} is not recorded",
    "RecordingResumed": "{contact} is recorded again, by the {by}",
    "MediaMoved": "{contact} and {agent} meet again at {edge}",
    "CallbackPromised": "{contact} is promised a callback",
    "ContactEnded": "{contact} ends: {outcome}, by the {by}",
    "WrapUpEnded": "{agent} is done with {contact}, by the {by}",
    "AgentStatusChanged": "{agent} is {after}, was {before} {reason}",
    "TicketOpened": "the ticket of {contact} is opened",
    "TicketMoved": "the ticket of {contact} is {after}",
    "MediaEnded": "the room of {contact} at {edge} is closed: {reason}",
}


class Story:
    """Knows how each contact is called in the story."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}

    def call(self, contact: str, name: str) -> None:
        self._names[contact] = name

    def name(self, contact: str) -> str:
        return self._names.get(contact, contact)

    def sentence(self, event: Mapping[str, Any]) -> str:
        """One entry of the ledger; the name of the word itself where nobody wrote a sentence."""
        said = {name: self.name(value) if name == "contact" else value for name, value in event["data"].items()}
        form = SENTENCES.get(event["type"])
        return form.format_map(said).strip() if form else f"{event['type']} {said.get('contact', '')}".strip()
