"""What happened in a room, in the words of the ledger."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from hearthline.events.agent_leg_lost import AgentLegLost
from hearthline.events.media_ended import Leg as LegWord
from hearthline.events.media_ended import MediaEnded
from hearthline.events.media_joined import MediaJoined
from hearthline.events.one_way_audio import OneWayAudio, OneWayAudioEnded
from hearthline.events.partner_leg_lost import PartnerLegLost
from hearthline.events.recording_pause_over import RecordingPauseOver
from hearthline.events.speech_heard import SpeechHeard
from hearthline.events.word import Word
from media_edge.rooms.happenings import AgentLost, Ended, Happening, Joined, PartnerLost, PauseOver, Reason, Spoke
from media_edge.rooms.oneway import OneWay
from media_edge.rooms.sealed import SealedRoom
from media_edge.rooms.session import Room


@dataclass(slots=True)
class Clock:
    """Steady seconds for media, wall seconds for what is told."""

    steady: Callable[[], float] = time.monotonic
    wall: Callable[[], float] = time.time

    def wall_ms(self, steady: float | None = None) -> int:
        """Of a moment of the steady clock, or of now; ms since the epoch."""
        now = int(self.wall() * 1000)
        return now if steady is None else now - int((self.steady() - steady) * 1000)


def word(item: Happening, room: Room, edge: str, began: int, clock: Clock) -> Word:
    """``began``: when the room was opened, ms since the epoch."""
    contact = room.contact
    match item:
        case Joined(roles):
            return MediaJoined(contact=contact, edge=edge, roles=roles)
        case AgentLost():
            return AgentLegLost(contact=contact, edge=edge)
        case PartnerLost(who):
            return PartnerLegLost(contact=contact, edge=edge, partner=who)
        case Spoke(role, turn, from_):
            zero = clock.wall_ms(from_)
            started, ended = zero + turn.started_ms, zero + turn.ended_ms
            return SpeechHeard(contact=contact, edge=edge, role=role, started_at=started, ended_at=ended)
        case PauseOver():
            return RecordingPauseOver(contact=contact, edge=edge)
        case OneWay():
            return _one_way(contact, edge, item, clock)
        case Ended(reason):
            return _ended(room, edge, reason, began, clock)


def _one_way(contact: str, edge: str, item: OneWay, clock: Clock) -> Word:
    began = clock.wall_ms(item.began)
    fields = {"contact": contact, "edge": edge, "role": item.role, "kind": item.kind, "begun_at": began}
    if item.ended is None:
        return OneWayAudio.model_validate(fields)
    return OneWayAudioEnded.model_validate(fields | {"ended_at": clock.wall_ms(item.ended)})


def _ended(room: Room, edge: str, reason: Reason, began: int, clock: Clock) -> MediaEnded:
    legs = tuple(
        LegWord(
            role=leg.role,
            lost_ppm=round(min(1.0, leg.loss) * 1_000_000),
            jitter_us=round(leg.jitter_ms * 1000),
            packets=leg.packets,
            by="phone" if leg.phone else "page",
        )
        for leg in room.reports
    )
    return MediaEnded(
        contact=room.contact,
        edge=edge,
        reason=reason,
        started_at=began,
        ended_at=clock.wall_ms(),
        legs=legs,
        sealed=isinstance(room, SealedRoom),
    )
