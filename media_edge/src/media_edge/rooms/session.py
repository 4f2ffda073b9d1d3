"""The boundary of the edge: a room is one contact. Legs join and leave; each tick takes 20 ms in and gives 20 ms out.

No asyncio, no socket, no clock: ``now`` is seconds of a steady clock, ``tick`` is called 50 times a second.
"""

from collections.abc import Iterable
from functools import cache

import numpy as np

from media_edge.kept.recording import Recorder
from media_edge.legs.leg import Leg, LegReport
from media_edge.rooms import hearing
from media_edge.rooms.happenings import Ended, Happening, PauseOver, Reason, Spoke
from media_edge.rooms.hearing import CALLER, OURS, SUPERVISOR, Ears, Mode, Party
from media_edge.rooms.keypad import Keypad
from media_edge.rooms.oneway import OneWay, OneWays
from media_edge.rooms.presence import Presence
from media_edge.rooms.seat import Seat, Seen
from media_edge.sound.mixer import Mixer
from media_edge.sound.pcm import Pcm
from media_edge.sound.tone import Tone

MAX_LEGS = 4  # of those who talk
MAX_REPORTS = 50  # of legs that have left, the last ones: a page that joins again and again must not fill a room
MAX_SUPERVISORS = 4  # legs beside those: two supervisors, each of them joining anew
WIDE, PHONE = 16_000, 8_000  # samples a second
LOOK_SECONDS = 0.1
MAX_PAUSE_SECONDS = 300.0  # of a recording; after that it goes on by itself


class RoomFullError(Exception):
    """No more legs in this room."""


class NotHereError(Exception):
    """No such supervisor in this room."""


class Room:
    """The legs of one contact, who hears whom, the tones, the recording."""

    def __init__(self, contact: str, now: float, *, records: bool = True) -> None:
        self.contact = contact
        self.held = False
        self.ended: Reason | None = None
        self.recorder, self._records = Recorder(), records
        self.reports: list[LegReport] = []  # of legs that have left
        self._seats: dict[str, Seat] = {}
        self._live: list[Seat] = []  # those that carry sound, as of the last look
        self._modes = hearing.Modes()
        self._ears: Ears | None = None  # who hears whom; None: to be worked out anew
        self._look_at = self._paused_until = 0.0
        self._order = 0  # the last one about the recording
        self._mixer, self._keypad, self._one_ways = Mixer(), Keypad(), OneWays()
        self._rate = WIDE
        self._frame = 0
        self._tone_from = 0
        self._tone = ""
        self._presence = Presence(now)
        self._happened: list[Happening] = []

    @property
    def legs(self) -> list[Leg]:
        return [seat.leg for seat in self._seats.values()]

    def seen(self) -> list[Seen]:
        """Each leg as it is now."""
        return [
            Seen(seat.leg.id, seat.leg.who, seat.leg.report(), seat.leg.live, seat.level.dbov, seat.turns.open)
            for seat in self._seats.values()
        ]

    @property
    def one_ways(self) -> list[OneWay]:
        """Who cannot be heard at this moment."""
        return self._one_ways.open

    def leg(self, id: str) -> Leg | None:
        seat = self._seats.get(id)
        return seat.leg if seat else None

    @property
    def held(self) -> bool:
        return self._held

    @held.setter
    def held(self, on: bool) -> None:
        self._held, self._ears = on, None

    def join(self, leg: Leg, mode: Mode = "listen") -> list[Happening]:
        """A leg takes the place of an older one of its role (of its person, for supervisors) as soon as it is live.

        ``mode`` is a supervisor's. Raises RoomFullError: who listens never takes the place of who talks.
        """
        waiting = [other for other in self.legs if _place(other) == _place(leg) and not other.live]
        watches = leg.role == SUPERVISOR
        beside = [other for other in self.legs if (other.role == SUPERVISOR) is watches]
        if len(beside) - len(waiting) >= (MAX_SUPERVISORS if watches else MAX_LEGS):
            raise RoomFullError(self.contact)
        happened = [item for other in waiting for item in self.leave(other.id)]
        self._seats[leg.id] = Seat(leg)
        if watches:
            self._modes.ask(leg.who, mode, self._frame)
        self._look_at = 0.0
        if leg.phone:
            self._rate = PHONE
        for present in self.legs:
            if leg.phone or present is leg:
                present.set_rate(self._rate)
        return happened

    def leave(self, id: str) -> list[Happening]:
        """Close a leg and keep its report; the turn it was in ends."""
        seat = self._seats.pop(id, None)
        if seat is None:
            return []
        seat.leg.close()
        self._look_at = 0.0
        self.reports = [*self.reports[1 - MAX_REPORTS :], seat.leg.report()]
        self._mixer.forget(id)
        self._keypad.forget(id)
        if not any(_place(other) == _place(seat.leg) for other in self.legs):
            self._modes.forget(seat.leg.who)
        turn = seat.turns.ended()
        return [Spoke(seat.leg.role, turn, seat.began)] if turn and seat.began is not None else []

    def supervise(self, who: str, mode: Mode | None) -> list[Happening]:
        """A supervisor who is here is heard as ``mode`` says from now on, or leaves. Raises NotHereError."""
        theirs = [leg for leg in self.legs if leg.role == SUPERVISOR and leg.who == who]
        if not theirs:
            raise NotHereError(who)
        self._ears = None
        if mode is None:
            return [item for leg in theirs for item in self.leave(leg.id)]
        self._modes.ask(who, mode, self._frame)
        return []

    def mode_of(self, who: str) -> Mode:
        """What that supervisor asked for."""
        return self._modes.asked(who)

    def pause_recording(self, now: float, until: float, version: int) -> None:
        """Nothing said is kept before ``until``, ``MAX_PAUSE_SECONDS`` from now at most; a moment past resumes.

        ``version`` numbers the orders: one that was overtaken by a later one changes nothing.
        """
        if version < self._order:
            return
        self._order = version
        self._paused_until = min(until, now + MAX_PAUSE_SECONDS)
        self.recorder.paused = self._paused_until > now

    def end(self, reason: Reason) -> list[Happening]:
        if self.ended is not None:
            return []
        happened = [item for leg in self.legs for item in self.leave(leg.id)]
        self.ended = reason
        return [*happened, Ended(reason)]

    def hear(self, now: float) -> list[Seat]:
        """The first half of 20 ms: timers, and what everybody says. Gives those who say something."""
        self._happened = [] if self.ended is not None else self._poll(now)
        if self.ended is not None:
            return []
        self._frame += 1
        if self.recorder.paused and now >= self._paused_until:
            self.recorder.paused = False
            self._happened.append(PauseOver())
        return [seat for seat in self._live if seat.hear()]

    def speak(self, now: float) -> list[Leg]:
        """The second half: turns, the recording, who hears what. Gives the legs that may have something to send."""
        if self.ended is not None:
            return []
        heard = self._settle(now)
        self._record(heard)
        return self._give(heard)

    def take_happened(self) -> list[Happening]:
        """What happened in these 20 ms."""
        happened, self._happened = self._happened, []
        return happened

    def _poll(self, now: float) -> list[Happening]:
        """Timers of the legs; who is here is looked at when that changes, and ten times a second."""
        for seat in self._seats.values():
            seat.leg.poll(now)
        live = [seat for seat in self._seats.values() if seat.leg.live]
        if live == self._live and now < self._look_at:
            return []
        self._look_at = now + LOOK_SECONDS
        happened = self._timers(now)
        self._live, self._ears = [seat for seat in self._seats.values() if seat.leg.live], None
        for seat in self._live:
            seat.look()
        return happened if self.ended is not None else [*happened, *self._look(now)]

    def _look(self, now: float) -> list[OneWay]:
        """Whether somebody cannot be heard, while caller and agent are here to talk."""
        here = [seat for seat in self._live if seat.leg.role != SUPERVISOR]  # who listens says nothing
        if self._held or not self._presence.connected:
            return self._one_ways.pause(now, {seat.leg.id for seat in here})
        speakers = {seat.leg.id for seat in here if seat.turns.open}
        return self._one_ways.look(now, [seat.sight(bool(speakers - {seat.leg.id})) for seat in here])

    def _timers(self, now: float) -> list[Happening]:
        happened: list[Happening] = []
        for leg in self.legs:
            if leg.gone:
                happened += self.leave(leg.id)
        self._presence.seen(self.legs, now)
        happened += [item for leg in self._replaced() for item in self.leave(leg.id)]
        if self._presence.unhosted(self.legs, now):
            happened += [item for leg in self.legs if leg.role == SUPERVISOR for item in self.leave(leg.id)]
        happened += self._presence.look(self.legs, now)
        reason = self._presence.over(self.legs, now)
        return [*happened, *self.end(reason)] if reason else happened

    def _replaced(self) -> list[Leg]:
        """Legs whose place a newer live leg has taken over."""
        newest = {_place(leg): leg for leg in self.legs if leg.live}
        return [leg for leg in self.legs if leg.live and newest[_place(leg)] is not leg]

    def _settle(self, now: float) -> dict[str, Pcm]:
        heard, sides = {}, self._heard_so().sides
        for seat in self._live:
            leg = seat.leg
            if seat.began is None:
                seat.began = now
            turn = seat.settle(told=leg.id in sides)
            if leg.pressed:
                self._press(leg)
            if turn:
                self._happened.append(Spoke(leg.role, turn, seat.began))
            if seat.pcm is not None:
                heard[leg.id] = seat.pcm
        return heard

    def _press(self, leg: Leg) -> None:
        self.recorder.mask()
        hears = self._heard_so().hears
        for digit in leg.pressed:
            self._keypad.press(digit, [who for who, speakers in hears.items() if leg.id in speakers])
        leg.pressed.clear()

    def _record(self, heard: dict[str, Pcm]) -> None:
        if not self._records or (not self._live and not self.recorder.started):
            return
        kept: dict[hearing.Side, Pcm | None] = {"caller": None, "house": None}
        for id, side in self._heard_so().sides.items():
            kept[side] = added(kept[side], heard.get(id))
        self.recorder.add(kept["caller"], kept["house"], self._rate)

    def _give(self, heard: dict[str, Pcm]) -> list[Leg]:
        live = [seat.leg for seat in self._live]
        mixed = self._mixer.mix(heard, self._heard_so().hears)
        tone = self._caller_tone(live)
        for leg in live:
            if leg.role == CALLER and tone is not None:
                leg.give(tone)
                continue
            key = self._keypad.heard_by(leg.id, self._rate)
            sound = mixed[leg.id] if key is None else key
            # A telephone line that sends nothing at all sounds dead; a browser makes its own comfort noise.
            leg.give(self._frame_of("comfort", self._frame) if sound is None and leg.phone else sound)
        return live

    def _heard_so(self) -> Ears:
        """For the live legs; worked out anew when it may have changed. A barge that waits comes due at a look."""
        if self._ears is None:
            self._ears = hearing.ears([self._party(seat.leg) for seat in self._live], held=self.held)
        return self._ears

    def _party(self, leg: Leg) -> Party:
        if leg.role != SUPERVISOR:
            return Party(leg.id, leg.role)
        return Party(leg.id, leg.role, self._modes.now(leg.who, self._frame))

    def _caller_tone(self, live: Iterable[Leg]) -> Pcm | None:
        name = "hold" if self.held else "" if any(leg.role in OURS for leg in live) else "waiting"
        if name != self._tone:
            self._tone, self._tone_from = name, self._frame
        return self._frame_of(name, self._frame - self._tone_from) if name else None

    def _frame_of(self, name: str, number: int) -> Pcm:
        return _tone(name, self._rate).frame(number)


def _place(leg: Leg) -> tuple[str, str]:
    """One leg a place: who joins anew replaces himself, and no supervisor another one."""
    return leg.role, leg.who if leg.role == SUPERVISOR else ""


def added(one: Pcm | None, other: Pcm | None) -> Pcm | None:
    """Both at once, as loud as they are, cut off where a sample cannot hold them."""
    if one is None or other is None:
        return other if one is None else one
    both: Pcm = np.clip(one.astype(np.int32) + other, -32_768, 32_767).astype(np.int16)
    return both


@cache
def _tone(name: str, rate: int) -> Tone:
    """One period serves all rooms."""
    return Tone(name, rate)
