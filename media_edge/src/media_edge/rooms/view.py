"""A live room in figures, for the people who watch it: no names, no numbers of telephones."""

from typing import Any

from media_edge.legs.quality import delay_ms, opinion
from media_edge.rooms.hearing import SUPERVISOR
from media_edge.rooms.oneway import Kind
from media_edge.rooms.seat import Seen
from media_edge.rooms.session import Room


def of(room: Room) -> dict[str, Any]:
    """Each leg, and who cannot be heard; ``recorded`` is false while the recording is paused."""
    unheard = {item.role: item.kind for item in room.one_ways}
    legs = [leg(seen, unheard.get(seen.report.role)) | supervision(room, seen) for seen in room.seen()]
    return {"held": room.held, "recorded": not room.recorder.paused, "legs": legs}


def supervision(room: Room, seen: Seen) -> dict[str, str]:
    """Who supervises, and how; nothing for others."""
    return {"leg": seen.who, "mode": room.mode_of(seen.who)} if seen.report.role == SUPERVISOR else {}


def leg(seen: Seen, one_way: Kind | None) -> dict[str, Any]:
    """Shares 0 to 1, delays in ms, level in dB below overload; ``mos`` is null for who is not heard (yet)."""
    report = seen.report
    return {
        "role": report.role,
        "live": seen.live,
        "by": "phone" if report.phone else "page",
        "speaks": seen.speaks,
        "level_dbov": seen.level,
        "packets": report.packets,
        "loss": report.recent_loss,
        "heard_loss": report.heard_loss,
        "burst_ratio": report.burst_ratio,
        "jitter_ms": report.jitter_ms,
        "round_trip_ms": report.round_trip_ms,
        "delay_ms": round(delay_ms(report), 1),
        "concealed": report.concealed,
        "mos": opinion(report) if report.packets and one_way is None else None,
        "one_way": one_way,
    }
