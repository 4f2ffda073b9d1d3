"""Whether a queue is open for who comes now, and what is said and offered when it is not."""

from dataclasses import dataclass

from hearthline.callflow.rules import rules
from hearthline.config.hours import Calendar, Closed, closed, local_time
from hearthline.platform.effects import Effects
from hearthline.telephony import words


@dataclass(frozen=True, slots=True)
class Shut:
    """A queue that is closed at ``now`` (ms); ``offers`` is ``message``, ``callback`` or ``voicemail``."""

    calendar: Calendar
    found: Closed
    offers: str
    now: int

    @property
    def opens_at(self) -> int:
        """In ms; 0 when nobody can say."""
        return self.found.opens_at

    def says(self, lang: str) -> list[str]:
        """Why nobody is here and when somebody will be, as a caller hears it."""
        if self.found.holiday:
            name = self.found.holiday.zh if lang == "zh" else self.found.holiday.en
            said = [words.CLOSED_TODAY.of(lang, holiday=name)]
        else:
            said = [words.CLOSED.of(lang)]
        if self.opens_at:
            opens, now = local_time(self.opens_at, self.calendar.zone), local_time(self.now, self.calendar.zone)
            text = words.OPENS_TODAY if opens.date() == now.date() else words.OPENS
            said.append(text.of(lang, month=opens.month, day=opens.day, clock=f"{opens:%H:%M}"))
        return said


def shut_now(effects: Effects, queue: str) -> Shut | None:
    """None while the queue is open. Who waits in it when it closes is served all the same."""
    config, now = rules(effects).config, effects.clock.now()
    known = config.queue(queue) if config else None
    calendar = config.calendar_of(queue) if config else None
    found = closed(calendar, now) if calendar else None
    return Shut(calendar, found, known.closed, now) if known and calendar and found else None
