"""What a customer's page says before anything is asked: when people are there, and what can be done meanwhile."""

from dataclasses import asdict
from datetime import timedelta
from typing import Final

from chalicelib.shapes import Bilingual, PublicDay, PublicHours, PublicMatter, PublicSpan
from hearthline.config.hours import Calendar, closed, local_time, open_until
from hearthline.config.model import Config, Matter, Queue
from hearthline.platform.effects import Effects

DAYS_TOLD: Final = 14
"""Days ahead of which the special ones are told."""


def told_hours(config: Config, now: int) -> list[PublicHours]:
    """The opening times of all that one may call about; ``now`` in ms."""
    queues = {matter.queue for matter in config.matters}
    names = {queue.calendar for queue in config.queues if queue.id in queues}
    return [_told(each, now) for each in config.calendars if each.id in names]


def told_matter(effects: Effects, config: Config, matter: Matter, wait: int) -> PublicMatter:
    """``wait`` in seconds."""
    queue = next(each for each in config.queues if each.id == matter.queue)
    return PublicMatter(
        id=matter.id,
        zh=matter.zh,
        en=matter.en,
        hint=Bilingual(zh=matter.hint.zh, en=matter.hint.en),
        wait_seconds=wait,
        hours=queue.calendar,
        callback=queue.closed == "callback",
        line=_line(config, queue, effects.settings.carrier_number) if queue.closed == "voicemail" else "",
        sealed=queue.sealed,
    )


def _line(config: Config, queue: Queue, deployment: str) -> str:
    """A number that leads to this queue, rather straight than by the menu; the deployment's leads to the menu."""
    straight = [each.number for each in config.numbers if each.queue == queue.id]
    by_menu = [each.number for each in config.numbers if not each.queue]
    return next(iter([*straight, *by_menu]), deployment)


def _told(calendar: Calendar, now: int) -> PublicHours:
    shut = closed(calendar, now)
    today = local_time(now, calendar.zone).date()
    until = today + timedelta(DAYS_TOLD)
    return PublicHours(
        id=calendar.id,
        zone=calendar.zone,
        open=shut is None,
        changes_at=(shut.opens_at if shut else open_until(calendar, now)) or None,
        week=[PublicSpan(**asdict(each)) for each in calendar.week],
        days=[
            PublicDay(**asdict(each))
            for each in sorted(calendar.holidays, key=lambda day: day.date)
            if today.isoformat() <= each.date < until.isoformat()
        ],
    )
