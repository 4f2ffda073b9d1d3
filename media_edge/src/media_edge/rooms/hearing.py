"""Who hears whom in a room, and on which side of the recording each voice is kept. Pure.

A supervisor listens (hears all, is heard by nobody), whispers (is heard by the house, never by the caller) or barges
in (is heard by all). A caller on hold hears nobody and is heard by nobody, whoever is in the room.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

Mode = Literal["listen", "whisper", "barge"]
Side = Literal["caller", "house"]
MODES: Final[dict[str, Mode]] = {"listen": "listen", "whisper": "whisper", "barge": "barge"}
CALLER, AGENT, PARTNER, SUPERVISOR = "caller", "agent", "partner", "supervisor"
OURS = frozenset({AGENT, PARTNER})  # who talks to callers; the partner is the colleague in a conference
HOUSE = OURS | {SUPERVISOR}
BARGE_FRAMES: Final = 25  # half a second: what was said before barging was asked for may still be under way


@dataclass(frozen=True, slots=True)
class Party:
    """One leg as far as hearing goes; ``mode`` is a supervisor's, and means nothing for others."""

    id: str
    role: str
    mode: Mode = "listen"


def hears(listener: Party, speaker: Party, *, held: bool) -> bool:
    if listener.id == speaker.id or (held and CALLER in {listener.role, speaker.role}):
        return False
    if speaker.role != SUPERVISOR:
        return True
    return speaker.mode == "barge" or (speaker.mode == "whisper" and listener.role in HOUSE)


def audience(parties: Sequence[Party], *, held: bool) -> dict[str, frozenset[str]]:
    """For each party the ids of those it hears."""
    return {
        listener.id: frozenset(speaker.id for speaker in parties if hears(listener, speaker, held=held))
        for listener in parties
    }


def side(party: Party) -> Side | None:
    """Where a voice is recorded; None for what is said past the caller: listening and whispers are never kept."""
    if party.role == CALLER:
        return "caller"
    return "house" if party.role in OURS or party.mode == "barge" else None


@dataclass(frozen=True, slots=True)
class Ears:
    """``hears``: for each party those it hears; ``sides``: where the voices are kept that are."""

    hears: dict[str, frozenset[str]]
    sides: dict[str, Side]


def ears(parties: Sequence[Party], *, held: bool) -> Ears:
    """``audience`` and ``side`` of all of them."""
    sides = {party.id: side(party) for party in parties}
    return Ears(audience(parties, held=held), {id: where for id, where in sides.items() if where is not None})


@dataclass(frozen=True, slots=True)
class _Asked:
    mode: Mode
    before: Mode
    since: int


@dataclass(slots=True)
class Modes:
    """What each supervisor of a room asked for. It holds at once, but the caller hears him after ``BARGE_FRAMES``."""

    _asked: dict[str, _Asked] = field(default_factory=dict)

    def ask(self, who: str, mode: Mode, frame: int) -> None:
        """``frame`` is the room's count of 20 ms. Who is new has said nothing yet: his mode holds at once."""
        known = self._asked.get(who)
        if known is None:
            self._asked[who] = _Asked(mode, mode, frame)
        elif known.mode != mode:
            self._asked[who] = _Asked(mode, self.now(who, frame), frame)

    def now(self, who: str, frame: int) -> Mode:
        """Nobody is heard who did not ask for it."""
        asked = self._asked.get(who)
        if asked is None:
            return "listen"
        waits = asked.mode == "barge" and frame - asked.since < BARGE_FRAMES
        return asked.before if waits else asked.mode

    def asked(self, who: str) -> Mode:
        asked = self._asked.get(who)
        return asked.mode if asked else "listen"

    def forget(self, who: str) -> None:
        self._asked.pop(who, None)
