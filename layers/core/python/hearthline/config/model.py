"""The company's configuration as values. Pure: reading and writing it is ``store``'s."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from typing import Any, Final, Self
from zoneinfo import available_timezones

from hearthline.config.hours import CLOCK, DATE, Calendar, Holiday, Interval

MAX_MATTERS: Final = 10
"""One key of the phone each."""
MAX_LISTED: Final = 50
"""Queues, skills, reasons, wrap-up codes: lists that people choose from."""
MAX_NAME: Final = 64
ID: Final = re.compile(r"[a-z][a-z0-9_-]{0,31}")
"""Ids stand in keys of the store and in policies."""
CLOSED: Final = ("message", "callback", "voicemail")
"""What a closed queue offers after it said so."""
MAX_OVERFLOW_S: Final = 3_600
NOTICES: Final = ("all", "spoken")
"""Which supervisors an agent is shown on his call: whoever listens too, or only who speaks to him."""
MAX_HOLIDAYS: Final = 200
MAX_BLOCKED: Final = 500
"""Callers who are refused; their indexes stand in the configuration's one item."""
E164: Final = re.compile(r"\+[1-9][0-9]{6,14}")
INDEX: Final = re.compile(r"[0-9a-f]{64}")
BUILT_IN_SKILLS: Final = ("zh", "en", "subject")
"""Levels every agent has without anybody naming them: the languages, and the level in the contact's queue."""


class ConfigError(ValueError):
    """The configuration contradicts itself: ``field`` is the path (``matters.0.queue``), the rest says what fits."""

    def __init__(self, field: str, expected: str, zh: str) -> None:
        super().__init__(f"{field}: expected {expected}")
        self.field = field
        self.expected = expected
        self.zh = zh


@dataclass(frozen=True, slots=True)
class Bilingual:
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Queue:
    """``policy`` is how agents are chosen, as routing reads it; ``priority`` 1 (most urgent) to 9.

    ``calendar`` '' is always open; who comes while it is ``closed`` is told so and may be offered a callback or a
    message. Who has waited ``overflow_after_s`` in vain goes on to ``overflow_to``, '' for nowhere. Calls from a page
    that enter here are ``sealed`` end to end.
    """

    id: str
    zh: str
    en: str
    policy: dict[str, Any] = field(default_factory=dict)
    priority: int = 5
    calendar: str = ""
    closed: str = "message"
    overflow_to: str = ""
    overflow_after_s: int = 0
    sealed: bool = False


@dataclass(frozen=True, slots=True)
class Matter:
    """What a customer may call about; ``key`` is its key on the phone.

    ``need`` is what it asks of an agent beside the queue's policy, ``difficulty`` 0 (easy) to 100 (hard).
    """

    id: str
    zh: str
    en: str
    hint: Bilingual
    key: str
    queue: str
    need: dict[str, Any] = field(default_factory=lambda: {"all": []})
    difficulty: int = 50


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a list people choose from.

    ``solved``: what a wrap-up code says of the matter, None where it says nothing.
    """

    id: str
    zh: str
    en: str
    solved: bool | None = None


@dataclass(frozen=True, slots=True)
class Skill:
    """Something agents know at a level of 0 to 5, beside languages and queues."""

    id: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Number:
    """A telephone number of the company. Who calls it is greeted in ``lang``, '' in all of them, and is led straight to
    ``queue``, '' to the menu.
    """

    number: str
    zh: str
    en: str
    lang: str = ""
    queue: str = ""


@dataclass(frozen=True, slots=True)
class Config:
    """One published version; 0 stands for never published.

    ``numbers`` are all that may be called, none: whichever the deployment names. ``blocked`` are blind indexes of the
    numbers of callers who are refused. ``monitoring_notice``: see ``NOTICES``.
    """

    company: Bilingual
    queues: tuple[Queue, ...]
    matters: tuple[Matter, ...]
    reasons: tuple[Choice, ...]
    wrap_up_codes: tuple[Choice, ...]
    version: int = 0
    skills: tuple[Skill, ...] = ()
    calendars: tuple[Calendar, ...] = ()
    numbers: tuple[Number, ...] = ()
    blocked: tuple[str, ...] = ()
    monitoring_notice: str = "all"

    def calendar_of(self, queue: str) -> Calendar | None:
        """None for a queue that is always open."""
        found = self.queue(queue)
        name = found.calendar if found else ""
        return next((each for each in self.calendars if each.id == name), None)

    def matter(self, id: str) -> Matter | None:
        return next((matter for matter in self.matters if matter.id == id), None)

    def queue(self, id: str) -> Queue | None:
        return next((queue for queue in self.queues if queue.id == id), None)

    def plain(self) -> dict[str, Any]:
        """Values the store keeps; the inverse of ``read``."""
        return asdict(self)

    @classmethod
    def read(cls, plain: Mapping[str, Any]) -> Self:
        return cls(
            company=Bilingual(**_known(Bilingual, plain["company"])),
            queues=tuple(Queue(**_known(Queue, each)) for each in plain["queues"]),
            matters=tuple(_read_matter(each) for each in plain["matters"]),
            reasons=tuple(Choice(**_known(Choice, each)) for each in plain["reasons"]),
            wrap_up_codes=tuple(Choice(**_known(Choice, each)) for each in plain["wrap_up_codes"]),
            version=plain["version"],
            skills=tuple(Skill(**_known(Skill, each)) for each in plain.get("skills", ())),
            calendars=tuple(_read_calendar(each) for each in plain.get("calendars", ())),
            numbers=tuple(Number(**_known(Number, each)) for each in plain.get("numbers", ())),
            blocked=tuple(plain.get("blocked", ())),
            monitoring_notice=plain.get("monitoring_notice", "all"),
        )


def _read_calendar(plain: Mapping[str, Any]) -> Calendar:
    week = tuple(Interval(**_known(Interval, each)) for each in plain["week"])
    holidays = tuple(Holiday(**_known(Holiday, each)) for each in plain["holidays"])
    return Calendar(**_known(Calendar, plain) | {"week": week, "holidays": holidays})


def _read_matter(plain: Mapping[str, Any]) -> Matter:
    hint = Bilingual(**_known(Bilingual, plain["hint"]))
    return Matter(**_known(Matter, plain) | {"hint": hint})


def _known(kind: type[Any], plain: Mapping[str, Any]) -> dict[str, Any]:
    # A newer version may have added attributes that this code does not know yet.
    names = {each.name for each in fields(kind)}
    return {name: value for name, value in plain.items() if name in names}


def check(config: Config) -> None:
    """Raises ConfigError when a reader would stumble over it."""
    for name, most, things in (
        ("queues", MAX_LISTED, config.queues),
        ("matters", MAX_MATTERS, config.matters),
        ("reasons", MAX_LISTED, config.reasons),
        ("wrap_up_codes", MAX_LISTED, config.wrap_up_codes),
        ("skills", MAX_LISTED, config.skills),
        ("calendars", MAX_LISTED, config.calendars),
    ):
        _check_list(name, things, least=0 if name in {"skills", "calendars"} else 1, most=most)
    _check_names("company", config.company)
    for n, skill in enumerate(config.skills):
        if skill.id in BUILT_IN_SKILLS:
            raise ConfigError(f"skills.{n}.id", "an id that is not built in", "不能使用内置技能的编号")
    for n, queue in enumerate(config.queues):
        _check_range(f"queues.{n}.priority", queue.priority, 1, 9)
        _check_queue(f"queues.{n}", queue, config)
    for n, calendar in enumerate(config.calendars):
        _check_calendar(f"calendars.{n}", calendar)
    _check_numbers(config)
    _check_blocked(config)
    if config.monitoring_notice not in NOTICES:
        raise ConfigError("monitoring_notice", f"one of {', '.join(NOTICES)}", f"{'、'.join(NOTICES)} 之一")
    _check_matters(config)


def _check_numbers(config: Config) -> None:
    if len(config.numbers) > MAX_LISTED:
        raise ConfigError("numbers", f"at most {MAX_LISTED} entries", f"最多 {MAX_LISTED} 项")
    seen = set[str]()
    for n, each in enumerate(config.numbers):
        path = f"numbers.{n}"
        if not E164.fullmatch(each.number) or each.number in seen:
            expected = "an international number of its own, such as +862150008000"
            raise ConfigError(f"{path}.number", expected, "国际格式的号码，例如 +862150008000，不可重复")
        seen.add(each.number)
        _check_presets(path, each, config)


def _check_presets(path: str, number: Number, config: Config) -> None:
    _check_names(path, Bilingual(number.zh, number.en))
    if number.lang not in {"", "zh", "en"}:
        raise ConfigError(f"{path}.lang", "zh, en, or nothing", "zh、en，或留空")
    if number.queue and config.queue(number.queue) is None:
        raise ConfigError(f"{path}.queue", "the id of a queue, or nothing", "已有队列的编号，或留空")


def _check_blocked(config: Config) -> None:
    if len(config.blocked) > MAX_BLOCKED:
        raise ConfigError("blocked", f"at most {MAX_BLOCKED} entries", f"最多 {MAX_BLOCKED} 项")
    for n, index in enumerate(config.blocked):
        if not INDEX.fullmatch(index) or index in config.blocked[:n]:
            raise ConfigError(f"blocked.{n}", "an index of its own, 64 hex digits", "64 位十六进制索引，不可重复")


def _check_queue(path: str, queue: Queue, config: Config) -> None:
    if queue.calendar and config.calendar_of(queue.id) is None:
        raise ConfigError(f"{path}.calendar", "the id of a calendar, or nothing", "已有日历的编号，或留空")
    if queue.closed not in CLOSED:
        raise ConfigError(f"{path}.closed", f"one of {', '.join(CLOSED)}", f"{'、'.join(CLOSED)} 之一")
    others = {each.id for each in config.queues} - {queue.id}
    if queue.overflow_to and queue.overflow_to not in others:
        raise ConfigError(f"{path}.overflow_to", "the id of another queue, or nothing", "其他队列的编号，或留空")
    _check_range(f"{path}.overflow_after_s", queue.overflow_after_s, 0, MAX_OVERFLOW_S)


def _check_calendar(path: str, calendar: Calendar) -> None:
    if calendar.zone not in available_timezones():
        raise ConfigError(f"{path}.zone", "a zone such as Asia/Shanghai", "时区名称，例如 Asia/Shanghai")
    for n, each in enumerate(calendar.week):
        _check_range(f"{path}.week.{n}.day", each.day, 0, 6)
        _check_span(f"{path}.week.{n}", each.start, each.end)
    for name, entries, most in (("week", calendar.week, MAX_LISTED), ("holidays", calendar.holidays, MAX_HOLIDAYS)):
        if len(entries) > most:
            raise ConfigError(f"{path}.{name}", f"at most {most} entries", f"最多 {most} 项")
    _check_apart(path, calendar.week)
    _check_holidays(path, calendar.holidays)


def _check_apart(path: str, week: Sequence[Interval]) -> None:
    """Spans of one day may touch, not overlap: the page would show hours that nobody meant."""
    ends = dict[int, str]()
    for n, each in sorted(enumerate(week), key=lambda found: (found[1].day, found[1].start)):
        end = ends.get(each.day, "")
        if each.start < end:
            raise ConfigError(
                f"{path}.week.{n}.start", f"{end} or later: it is open until then", f"不早于上一段的 {end}"
            )
        ends[each.day] = each.end


def _check_holidays(path: str, holidays: Sequence[Holiday]) -> None:
    seen = set[str]()
    for n, day in enumerate(holidays):
        if not DATE.fullmatch(day.date) or not _is_date(day.date) or day.date in seen:
            expected = "a date of its own, such as 2026-10-01"
            raise ConfigError(f"{path}.holidays.{n}.date", expected, "日期，例如 2026-10-01，不可重复")
        seen.add(day.date)
        _check_names(f"{path}.holidays.{n}", Bilingual(day.zh, day.en))
        if day.start or day.end:
            _check_span(f"{path}.holidays.{n}", day.start, day.end)


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _check_span(path: str, start: str, end: str) -> None:
    for name, clock in (("start", start), ("end", end)):
        if not CLOCK.fullmatch(clock):
            raise ConfigError(f"{path}.{name}", "a time such as 09:00", "时间，例如 09:00")
    if start >= end:
        raise ConfigError(f"{path}.end", f"later than {start}", f"晚于 {start}")


def _check_matters(config: Config) -> None:
    queues = {queue.id for queue in config.queues}
    keys = set[str]()
    for n, matter in enumerate(config.matters):
        if not re.fullmatch("[0-9]", matter.key) or matter.key in keys:
            raise ConfigError(f"matters.{n}.key", "a key of the phone, 0 to 9, of its own", "0 至 9 的按键，不可重复")
        keys.add(matter.key)
        if matter.queue not in queues:
            raise ConfigError(f"matters.{n}.queue", "the id of a queue", "已有队列的编号")
        _check_names(f"matters.{n}.hint", matter.hint)
        _check_range(f"matters.{n}.difficulty", matter.difficulty, 0, 100)


Named = Queue | Matter | Choice | Skill | Calendar


def _check_list(path: str, things: Sequence[Named], least: int, most: int) -> None:
    if not least <= len(things) <= most:
        raise ConfigError(path, f"{least} to {most} entries", f"{least} 至 {most} 项")
    seen = set[str]()
    for n, each in enumerate(things):
        if not ID.fullmatch(each.id) or each.id in seen:
            raise ConfigError(
                f"{path}.{n}.id",
                "an id of its own: a small letter, then letters, digits, - or _, at most 32",
                "不重复的编号：小写字母开头，其后为小写字母、数字、- 或 _，最多 32 位",
            )
        seen.add(each.id)
        _check_names(f"{path}.{n}", each)


def _check_names(path: str, named: Bilingual | Named) -> None:
    for lang, text in (("zh", named.zh), ("en", named.en)):
        if not text.strip() or len(text) > MAX_NAME:
            raise ConfigError(f"{path}.{lang}", f"1 to {MAX_NAME} characters", f"1 至 {MAX_NAME} 个字符")


def _check_range(path: str, value: int, least: int, most: int) -> None:
    if not least <= value <= most:
        raise ConfigError(path, f"a whole number from {least} to {most}", f"{least} 至 {most} 的整数")
