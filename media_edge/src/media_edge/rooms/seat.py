"""One leg in its room: what it says of late, how loud, whether anything comes from it at all."""

from dataclasses import dataclass, field

from media_edge.legs.leg import Leg, LegReport
from media_edge.rooms.oneway import DIGITAL_SILENCE, Sight
from media_edge.sound.level import ActiveLevel
from media_edge.sound.pcm import Pcm
from media_edge.sound.voice import Turn, Turns


@dataclass(slots=True, eq=False)
class Seat:
    leg: Leg
    turns: Turns = field(default_factory=Turns)
    began: float | None = None
    level: ActiveLevel = field(default_factory=ActiveLevel)
    sounded: bool = False  # since the last look
    silent_frames: int = 0  # of digital silence, since then

    def take(self, *, told: bool) -> tuple[Pcm | None, Turn | None]:
        """``told``: whether anybody is to know of what is said here; nobody is told of a whisper."""
        pcm = self.leg.take()
        turn = self.turns.heard(pcm if told else None)
        if self.turns.level >= DIGITAL_SILENCE:
            self.sounded = True
            if self.turns.loud:
                self.level.heard(self.turns.level)
        elif pcm is not None:
            self.silent_frames += 1
        return pcm, turn

    def sight(self, others_speak: bool) -> Sight:
        """What to look at, counted anew from here."""
        leg = self.leg
        seen = Sight(leg.id, leg.role, leg.phone, leg.packets, self.sounded, self.silent_frames, others_speak)
        self.sounded, self.silent_frames = False, 0
        return seen


@dataclass(frozen=True, slots=True)
class Seen:
    """One leg of a live room: ``level`` of speech in dB below overload."""

    id: str
    who: str
    report: LegReport
    live: bool
    level: int
    speaks: bool
