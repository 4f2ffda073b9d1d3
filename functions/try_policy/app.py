"""SQS ``trial`` -> a day is played twice, as it was decided and as it might be, and compared."""

from collections.abc import Callable

from hearthline.config.model import ConfigError
from hearthline.config.store import version_of
from hearthline.config.trials import OPEN, begin, candidate_of, finish, trial_of
from hearthline.events.trial_asked import TrialAsked
from hearthline.events.word import Envelope, Word
from hearthline.platform.consume import queue_reader
from hearthline.platform.effects import Effects, aws
from hearthline.platform.logging import logger
from hearthline.rehearsal.comparing import compare, day_of

effects: Callable[[], Effects] = aws
log = logger("try_policy")


def try_one(envelope: Envelope, word: Word) -> None:
    trial = trial_of(effects(), word.trial) if isinstance(word, TrialAsked) else None
    candidate = candidate_of(effects(), trial.id) if trial else None
    if trial is None or candidate is None or trial.state not in OPEN:
        log.info("nothing to try", event=envelope.id)
        return
    begin(effects(), trial.id)
    day = day_of(effects(), trial.day)
    if not day.arrivals:
        finish(effects(), trial, "no_calls")
        log.info("no calls on that day", trial=trial.id)
        return
    against, _ = version_of(effects(), trial.against)
    began = effects().clock.now()
    try:
        done = finish(effects(), trial, "done", compare(effects(), day, against, candidate))
    except ConfigError:  # an old version that today's checks refuse cannot be played
        done = finish(effects(), trial, "failed")
    ms = effects().clock.now() - began
    log.info("tried", trial=trial.id, calls=len(day.arrivals), ms=ms, changed=done)


handler = queue_reader("trial", try_one, lambda: effects(), log)
