"""Whether a queue is open for who comes now, and what a caller hears when it is not."""

from hearthline.callflow.rules import rules
from hearthline.config.hours import Calendar, Closed, closed, local_time
from hearthline.platform.effects import Effects
from hearthline.telephony import words


def closed_now(effects: Effects, queue: str) -> tuple[Calendar, Closed] | None:
    """None while the queue is open. Who waits in it when it closes is served all the same."""
    config = rules(effects).config
    calendar = config.calendar_of(queue) if config else None
    found = closed(calendar, effects.clock.now()) if calendar else None
    return (calendar, found) if calendar and found else None


def offers_callback(effects: Effects, queue: str) -> bool:
    """Whether a closed queue takes the wish to be called when it opens."""
    config = rules(effects).config
    known = config.queue(queue) if config else None
    return known is not None and known.closed == "callback"


def sentences(effects: Effects, calendar: Calendar, found: Closed, lang: str) -> list[str]:
    """Why nobody is here and when somebody will be, as a caller hears it."""
    if found.holiday:
        name = found.holiday.zh if lang == "zh" else found.holiday.en
        said = [words.CLOSED_TODAY.of(lang, holiday=name)]
    else:
        said = [words.CLOSED.of(lang)]
    if found.opens_at:
        opens, now = local_time(found.opens_at, calendar.zone), local_time(effects.clock.now(), calendar.zone)
        text = words.OPENS_TODAY if opens.date() == now.date() else words.OPENS
        said.append(text.of(lang, month=opens.month, day=opens.day, clock=f"{opens:%H:%M}"))
    return said
