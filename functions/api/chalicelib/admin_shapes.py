"""What administrators send and read: the configuration, its versions, what agents answer and know."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, WithJsonSchema

from chalicelib.shapes import AgentSound, Bilingual, In, Out, Publication
from hearthline.config.model import MAX_BLOCKED, MAX_HOLIDAYS, MAX_LISTED, MAX_MATTERS, MAX_NAME
from hearthline.floor.model import MAX_QUEUES
from hearthline.routing.need import MAX_LEVEL

MAX_NOTE = 200
Name = Annotated[str, Field(max_length=MAX_NAME)]
Count = Annotated[int, Field(ge=0, lt=2**31)]
Level = Annotated[int, Field(ge=0, le=MAX_LEVEL)]
Note = Annotated[str, Field(max_length=MAX_NOTE)]
# How a queue chooses and what a matter needs: routing reads both, and says by its path what it does not understand.
Open = Annotated[dict[str, Any], WithJsonSchema({"type": "object", "additionalProperties": True})]


class Names(In):
    zh: Name
    en: Name


class ConfigQueue(Names):
    id: Name
    policy: Open
    priority: int
    calendar: str = ""
    closed: str = "message"
    overflow_to: str = ""
    overflow_after_s: int = 0
    sealed: bool = False


class ConfigMatter(Names):
    id: Name
    hint: Names
    key: Name
    queue: Name
    need: Open
    difficulty: int


class ConfigChoice(Names):
    id: Name
    solved: bool | None


class ConfigSkill(Names):
    id: Name


class ConfigInterval(In):
    day: int
    start: str
    end: str


class ConfigHoliday(Names):
    date: str
    start: str = ""
    end: str = ""


class ConfigCalendar(Names):
    id: Name
    zone: str
    week: Annotated[list[ConfigInterval], Field(max_length=MAX_LISTED)]
    holidays: Annotated[list[ConfigHoliday], Field(max_length=MAX_HOLIDAYS)]


class ConfigNumber(Names):
    number: Name
    lang: str = ""
    queue: str = ""


class ConfigData(In):
    """All of the company's configuration. The same form goes in and out."""

    company: Names
    queues: Annotated[list[ConfigQueue], Field(max_length=MAX_LISTED)]
    matters: Annotated[list[ConfigMatter], Field(max_length=MAX_MATTERS)]
    reasons: Annotated[list[ConfigChoice], Field(max_length=MAX_LISTED)]
    wrap_up_codes: Annotated[list[ConfigChoice], Field(max_length=MAX_LISTED)]
    skills: Annotated[list[ConfigSkill], Field(max_length=MAX_LISTED)]
    calendars: Annotated[list[ConfigCalendar], Field(max_length=MAX_LISTED)] = Field(default=[])
    numbers: Annotated[list[ConfigNumber], Field(max_length=MAX_LISTED)] = Field(default=[])
    blocked: Annotated[list[Name], Field(max_length=MAX_BLOCKED)] = Field(default=[])
    monitoring_notice: Literal["all", "spoken"] = "all"


class ConfigDraft(In):
    """``version``: the one in force when the draft was begun, 0 before the first."""

    WHOLE_PATH: ClassVar[bool] = True
    version: Count
    config: ConfigData
    note: Note = ""


class Blocking(In):
    """A caller is refused from now on (``block``), or taken again (``admit``). ``version``: the one in force."""

    version: Count
    number: Annotated[str, Field(min_length=1, max_length=24)]
    what: Literal["block", "admit"]
    note: Note = ""


class Restoring(In):
    """``version``: the one in force that is replaced."""

    version: Count
    note: Note = ""


class Feature(Out):
    """Something routing weighs; ``measured`` is false while nothing tells its value."""

    id: str
    zh: str
    en: str
    measured: bool


class AdminConfig(Out):
    """The version in force. ``defaults`` is the policy of a queue that says nothing, ``bounds`` the largest values."""

    publication: Publication
    config: ConfigData
    defaults: Open
    features: list[Feature]
    bounds: dict[str, int]


class OldConfig(Out):
    publication: Publication
    config: ConfigData


class Versions(Out):
    """Newest first."""

    versions: list[Publication]


class Checked(Out):
    """The draft may be published. ``changed`` is false where it says what is in force; ``warnings`` forbid nothing."""

    version: int
    changed: bool
    warnings: list[Bilingual]


class TrainedAgent(Out):
    """``queues`` and ``skills`` at levels 0 to 5; ``version`` counts how often they were decided anew."""

    id: str
    login: str
    name: str
    state: Literal["offline", "not_ready", "available", "offered", "on_contact", "wrap_up"]
    since: int
    queues: dict[str, int]
    skills: dict[str, int]
    version: int
    sound: AgentSound


class TrainedAgents(Out):
    """A page in order of ids; ``after`` asks for the next one, None at the end."""

    agents: list[TrainedAgent]
    after: str | None


class Training(In):
    """What an agent shall answer and know; ``version`` as it was read."""

    WHOLE_PATH: ClassVar[bool] = True
    version: Count
    queues: Annotated[dict[Name, Level], Field(max_length=MAX_QUEUES)]
    skills: Annotated[dict[Name, Level], Field(max_length=MAX_LISTED)]


class TrialWish(In):
    """``day`` is the company's date; either ``version`` (one that was published) or ``config`` (a draft) is tried."""

    WHOLE_PATH: ClassVar[bool] = True
    day: Annotated[str, Field(pattern=r"^20[0-9]{2}-[0-9]{2}-[0-9]{2}$")]
    against: Annotated[int, Field(ge=1, lt=2**31)]
    version: Annotated[int, Field(ge=1, lt=2**31)] | None = None
    config: ConfigData | None = None


class Trial(Out):
    """``candidate`` is the version tried, None for a draft; ``better`` and ``worse`` count measures once it is done."""

    id: str
    day: str
    state: Literal["asked", "running", "done", "no_calls", "failed"]
    asked_at: int
    done_at: int | None
    who: str | None
    against: int
    candidate: int | None
    better: int
    worse: int


class Trials(Out):
    """Newest first; ``yesterday`` is the company's."""

    yesterday: str
    trials: list[Trial]


class QueueNumbers(Out):
    """Shares in ten-thousandths, times in ms; None where there is nothing to divide by.

    ``service_level`` is answered within 20 s of those offered, without who left within 5 s; ``asa_ms`` is over those
    answered, ``mean_wait_ms`` over all; ``overflowed`` went on to another queue, where their wait counts.
    """

    offered: int
    answered: int
    abandoned: int
    overflowed: int
    waiting: int
    service_level: int | None
    asa_ms: int | None
    mean_wait_ms: int | None
    longest_wait_ms: int | None
    abandonment: int | None


class AllNumbers(QueueNumbers):
    """``jain`` is the fairness of contacts handled an hour; ``hard_to_experienced`` of all ``hard`` ones answered."""

    agents: int
    occupancy: int | None
    jain: int | None
    hard: int
    hard_to_experienced: int | None


class TrialReport(Out):
    total: AllNumbers
    queues: dict[str, QueueNumbers]


class TrialPatience(Out):
    """``left`` had exactly the patience they showed; the ``answered`` their wait and ``mean_ms`` more on average."""

    left: int
    answered: int
    mean_ms: int | None


class TrialResult(Out):
    """The same customers under both; ``answer_ms`` is how long agents let it ring.

    ``fair_from`` is the least ``jain`` that keeps the fairness contract: a little under what longest idle alone gives.
    """

    calls: int
    agents: int
    answer_ms: int
    patience: TrialPatience
    against: TrialReport
    candidate: TrialReport
    fair_from: int | None = None
    verdict: dict[str, Literal["better", "worse", "equal"]]


class TrialDetail(Out):
    trial: Trial
    result: TrialResult | None
