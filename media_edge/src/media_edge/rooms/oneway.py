"""One-way audio: a party whose sound does not come while the others are there. Pure.

A quiet listener is healthy: his codec sends something each 400 ms, and his microphone hears a room, never nothing.
"""

from collections.abc import Container, Iterable
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["no_packets", "no_sound"]

NO_PACKETS_SECONDS = 1.5  # three keepalives of a silent codec are missing
NO_SOUND_SECONDS = 1.5  # of somebody else's speech into a dead microphone
NO_SOUND_PHONE_SECONDS = 10.0  # telephone networks send true silence while their customer listens
LEAST_SILENT = 3  # frames of it: one alone says little
DIGITAL_SILENCE = 1.0  # rms of int16: below it no microphone is open


@dataclass(frozen=True, slots=True)
class Sight:
    """One leg since the last look: packets in all, frames that sounded and that were digital silence, who speaks."""

    id: str
    role: str
    phone: bool
    packets: int
    sounded: bool
    silent_frames: int
    others_speak: bool


@dataclass(frozen=True, slots=True)
class OneWay:
    """``began`` and ``ended`` in the room's seconds; it goes on while ``ended`` is None."""

    role: str
    kind: Kind
    began: float
    ended: float | None = None


@dataclass(slots=True)
class _Watched:
    role: str
    packets: int
    packet_at: float
    sound_at: float
    spoken_to: float = 0.0  # seconds of others' speech since it last sounded
    silent_frames: int = 0
    told: OneWay | None = None


@dataclass(slots=True)
class OneWays:
    """Each episode is told once when it begins and once when it ends."""

    _watched: dict[str, _Watched] = field(default_factory=dict)
    _looked_at: float | None = None

    @property
    def open(self) -> list[OneWay]:
        return [leg.told for leg in self._watched.values() if leg.told]

    def look(self, now: float, sights: Iterable[Sight]) -> list[OneWay]:
        """What began or ended since the last look."""
        passed = now - self._looked_at if self._looked_at is not None else 0.0
        self._looked_at = now
        seen = {sight.id: sight for sight in sights}
        told = self._forget(now, seen)
        for sight in seen.values():
            told += self._look_at(now, passed, sight)
        return told

    def pause(self, now: float, present: Container[str]) -> list[OneWay]:
        """Nobody is meant to be heard now: what was counted counts no more, and who has left is missed no more."""
        self._looked_at = None
        told = self._forget(now, present)
        self._watched = {id: leg for id, leg in self._watched.items() if leg.told}
        return told

    def _forget(self, now: float, present: Container[str]) -> list[OneWay]:
        left = [self._watched.pop(id) for id in list(self._watched) if id not in present]
        return [_ended(leg.told, now) for leg in left if leg.told]

    def _look_at(self, now: float, passed: float, sight: Sight) -> list[OneWay]:
        leg = self._watched.setdefault(sight.id, _Watched(sight.role, sight.packets, now, now))
        if sight.packets != leg.packets:
            leg.packets, leg.packet_at = sight.packets, now
        if sight.sounded:
            leg.sound_at, leg.spoken_to, leg.silent_frames = now, 0.0, 0
        else:
            leg.silent_frames += sight.silent_frames
            leg.spoken_to += passed if sight.others_speak else 0.0
        return _changed(leg, _fault(leg, now, sight.phone), now)


def _fault(leg: _Watched, now: float, phone: bool) -> OneWay | None:
    if now - leg.packet_at >= NO_PACKETS_SECONDS:
        return OneWay(leg.role, "no_packets", leg.packet_at)
    patience = NO_SOUND_PHONE_SECONDS if phone else NO_SOUND_SECONDS
    dead = leg.silent_frames >= LEAST_SILENT and leg.spoken_to >= patience
    return OneWay(leg.role, "no_sound", leg.sound_at) if dead else None


def _changed(leg: _Watched, fault: OneWay | None, now: float) -> list[OneWay]:
    before = leg.told
    if (before and before.kind) == (fault and fault.kind):
        return []
    leg.told = fault
    return [*([_ended(before, now)] if before else []), *([fault] if fault else [])]


def _ended(episode: OneWay, now: float) -> OneWay:
    return OneWay(episode.role, episode.kind, episode.began, now)
