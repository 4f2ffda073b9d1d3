"""Pure rules of connections: how old a heartbeat may be, how a socket ticket is kept."""

import hashlib
from typing import Final

BEAT_EVERY_MS: Final = 5_000
STALE_AFTER_MS: Final = 15_000
"""Three heartbeats missed: the screen is not there to ring."""
MARKED_EVERY_MS: Final = 5_000
"""A caller's page asks every second or two, and leaves a mark so often: not one write a question."""
TICKET_SECONDS: Final = 60
CONNECTION_KEPT_SECONDS: Final = 12 * 3600
MAX_CONNECTIONS: Final = 8
"""Tabs and devices of one person; the oldest beyond this are forgotten."""


def is_live(beat_at: int, now: int) -> bool:
    """Whether a connection with its last heartbeat at ``beat_at`` (ms) counts as there."""
    return now - beat_at <= STALE_AFTER_MS


def ticket_pk(ticket: str) -> str:
    """A ticket is kept as its hash: who reads the table cannot connect with it."""
    return "S#" + hashlib.sha256(ticket.encode()).hexdigest()
