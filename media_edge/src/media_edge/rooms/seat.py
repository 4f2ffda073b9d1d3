"""One leg in its room: what it says of late, how loud, whether anything comes from it at all."""

from dataclasses import dataclass, field

from media_edge.legs.leg import Leg, LegReport
from media_edge.rooms.oneway import DIGITAL_SILENCE, Sight
from media_edge.sound.level import ActiveLevel
from media_edge.sound.pcm import Pcm
from media_edge.sound.steady import Steady
from media_edge.sound.voice import Turn, Turns


@dataclass(slots=True, eq=False)
class Seat:
    leg: Leg
    turns: Turns = field(default_factory=Turns)
    began: float | None = None
    level: ActiveLevel = field(default_factory=ActiveLevel)
    sounded: bool = False  # since the last look
    silent_frames: int = 0  # of digital silence, since then
    pcm: Pcm | None = None  # of this tick
    rms: float = 0.0  # of that, once it was measured
    steady: Steady = field(default_factory=Steady)

    def hear(self) -> bool:
        """Whether the leg says anything in these 20 ms."""
        self.pcm, self.rms = self.leg.take(), 0.0
        return self.pcm is not None

    def settle(self, *, told: bool) -> Turn | None:
        """What that means. ``told``: whether anybody is to know of what is said here; nobody is told of a whisper."""
        rms = self.rms if told else 0.0
        turn = self.turns.heard(rms)
        if rms >= DIGITAL_SILENCE:
            self.sounded = True
            if self.turns.loud:
                self.level.heard(rms)
        elif self.pcm is not None:
            self.silent_frames += 1
        if self.pcm is not None and not self.steady.idle:
            self.pcm = self.steady.apply(self.pcm)
        return turn

    def look(self) -> None:
        """Ten times a second."""
        self.steady.look(self.level.dbov, self.turns.open and self.level.known)

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
