"""Trying a configuration on a day that was: asked for here, played elsewhere, read here."""

from typing import Final

from chalice.app import Blueprint

from chalicelib.admin_config import ADMINS, MAX_CONFIG_BYTES, READERS, config_of
from chalicelib.admin_shapes import Trial, TrialDetail, TrialResult, Trials, TrialWish
from chalicelib.problems import ProblemError
from chalicelib.rules import Visit, on
from chalicelib.shapes import Bilingual
from hearthline.callflow.publishing import check_all
from hearthline.config import store, trials
from hearthline.config.model import Config
from hearthline.daybook.model import day_before
from hearthline.daybook.store import Daybook
from hearthline.people.store import person_of
from hearthline.platform.effects import Effects
from hearthline.platform.nudge import nudge

routes = Blueprint(__name__)
MOST_OPEN: Final = 5
"""So many trials may wait or run at once: each takes a processor for seconds to minutes."""
PAST: Final = Bilingual(zh="今天或更早的日期", en="today or a day before it")
ONE: Final = Bilingual(zh="版本号与草稿之一", en="either a version or a draft")


@on(
    routes,
    "POST",
    "/api/admin/trials",
    who=ADMINS,
    takes=TrialWish,
    gives=TrialDetail,
    status=202,
    most=MAX_CONFIG_BYTES,
)
def ask_trial(visit: Visit) -> TrialDetail:
    """A draft or an old version is tried on the calls of a day, against the version in force."""
    effects, wish = visit.effects, visit.body
    today = Daybook(effects).day(effects.clock.now())
    if not _is_day(wish.day) or wish.day > today:
        raise ProblemError("field_invalid", field="day", expected=PAST)
    candidate = _candidate(effects, wish)
    store.version_of(effects, wish.against)
    if sum(each.state in trials.OPEN for each in trials.recent(effects)) >= MOST_OPEN:
        raise ProblemError("too_often", after=60)
    trial = trials.Trial(
        id=visit.id,
        day=wish.day,
        state="asked",
        asked_at=effects.clock.now(),
        who=visit.person.id,
        against=wish.against,
        candidate=wish.version or 0,
    )
    nudge(effects, trials.ask(effects, trial, candidate, visit.actor))
    return _detail(effects, trial)


@on(routes, "GET", "/api/admin/trials", who=READERS, gives=Trials)
def list_trials(visit: Visit) -> Trials:
    """The last trials, newest first."""
    effects = visit.effects
    yesterday = day_before(Daybook(effects).day(effects.clock.now()))
    return Trials(yesterday=yesterday, trials=[_shown(effects, each) for each in trials.recent(effects)])


@on(routes, "GET", "/api/admin/trials/{id}", who=READERS, gives=TrialDetail)
def tell_trial(visit: Visit, id: str) -> TrialDetail:
    """One trial with its comparison, once it is done."""
    trial = trials.trial_of(visit.effects, id)
    if trial is None:
        raise ProblemError("not_found")
    return _detail(visit.effects, trial)


def _is_day(day: str) -> bool:
    try:
        return bool(day_before(day))
    except ValueError:
        return False


def _candidate(effects: Effects, wish: TrialWish) -> Config:
    if (wish.version is None) == (wish.config is None):
        raise ProblemError("field_invalid", field="version", expected=ONE)
    if wish.config is None:
        return store.version_of(effects, wish.version or 0)[0]
    config = config_of(wish.config)
    check_all(config)
    return config


def _shown(effects: Effects, trial: trials.Trial) -> Trial:
    person = person_of(effects, trial.who)
    return Trial(
        id=trial.id,
        day=trial.day,
        state=trial.state,
        asked_at=trial.asked_at,
        done_at=trial.done_at or None,
        who=person.name if person else None,
        against=trial.against,
        candidate=trial.candidate or None,
        better=trial.better,
        worse=trial.worse,
    )


def _detail(effects: Effects, trial: trials.Trial) -> TrialDetail:
    result = trials.result_of(effects, trial.id) if trial.state == "done" else None
    return TrialDetail(trial=_shown(effects, trial), result=TrialResult.model_validate(result) if result else None)
