"""What goes out about tickets and the messages that wait as tickets."""

from typing import Any, Literal

from chalicelib.shapes import Out


class HistoryLine(Out):
    at: int
    what: str


class Ticket(Out):
    id: str
    contact: str
    state: Literal["draft", "submitted", "unattended"]
    matter: str
    owner: str
    fields: dict[str, Any]
    version: int
    opened_at: int
    updated_at: int
    missing: list[str]
    message_ms: int
    history: list[HistoryLine]


class TicketList(Out):
    tickets: list[Ticket]


class Message(Out):
    """What a caller spoke, before somebody took it; ``id`` is its ticket's. Times are ms."""

    id: str
    contact: str
    queue: str
    matter: str
    left_at: int
    length_ms: int


class MessageList(Out):
    messages: list[Message]


class MessageSound(Out):
    """``wav`` in base64: mono, 16 bit, 8 kHz, two minutes at most, which is 2.6 MB of the 6 MB of an answer."""

    wav: str
