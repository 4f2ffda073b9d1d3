"""A room whose two pages seal their sound end to end: frames are handed on, none is opened, mixed, recorded or told of.

What somebody hears who hears nobody is made by his own page. There are two parties: keys are agreed by pairs.
"""

from media_edge.legs.leg import Leg
from media_edge.legs.sealed import SealedLeg
from media_edge.rooms.happenings import Happening
from media_edge.rooms.hearing import AGENT, CALLER, Mode
from media_edge.rooms.seat import Seat
from media_edge.rooms.session import Room

PAIR = frozenset({CALLER, AGENT})


class MixedError(Exception):
    """A room is sealed for all or for none. ``code``: room_sealed, room_unsealed."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class SealedRoom(Room):
    """Comings, goings and time-outs are those of every room."""

    def __init__(self, contact: str, now: float) -> None:
        super().__init__(contact, now, records=False)

    def join(self, leg: Leg, mode: Mode = "listen") -> list[Happening]:
        """As ``Room.join``. Raises MixedError for whoever is not one of the pair."""
        if not isinstance(leg, SealedLeg) or leg.role not in PAIR:
            raise MixedError("room_sealed")
        return super().join(leg, mode)

    def pause_recording(self, now: float, until: float, version: int) -> None:
        """There is none."""

    def speak(self, now: float) -> list[Leg]:
        """20 ms of sealed frames, from each to the other."""
        if self.ended is not None:
            return []
        frames = {seat.leg.id: frame for seat in self._live if (frame := self._taken(seat, now)) is not None}
        hears = self._heard_so().hears
        for seat in self._live:
            if isinstance(seat.leg, SealedLeg):
                # Of two legs of one party, as after joining anew, the newer one speaks.
                spoken = [frames[id] for id in frames if id in hears[seat.leg.id]]
                seat.leg.forward(spoken[-1] if spoken else None)
        return [seat.leg for seat in self._live]

    def _taken(self, seat: Seat, now: float) -> bytes | None:
        seat.began = now if seat.began is None else seat.began
        seat.leg.pressed.clear()
        frame = seat.leg.take_sealed() if isinstance(seat.leg, SealedLeg) else None
        # Whether it is silence nobody here can say: what comes is taken for sound.
        seat.sounded = seat.sounded or frame is not None
        return frame


def new_room(contact: str, now: float, *, sealed: bool, records: bool) -> Room:
    """``now`` in seconds of a steady clock."""
    return SealedRoom(contact, now) if sealed else Room(contact, now, records=records)


def check_fits(room: Room, leg: Leg) -> None:
    """Raises MixedError for a sealed leg in a room that is not; the other way round the room refuses."""
    if isinstance(leg, SealedLeg) and not isinstance(room, SealedRoom):
        raise MixedError("room_unsealed")
