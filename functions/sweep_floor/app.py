"""Each minute -> find whatever is stuck, move it on, and count the cause. In a healthy system it finds nothing."""

from collections import Counter
from collections.abc import Callable
from typing import Any, Final

from hearthline.callflow.ends import Ends
from hearthline.callflow.silence import look_later
from hearthline.callflow.stuck import WAITS, WELL, mend
from hearthline.floor.model import Contact
from hearthline.floor.store import Floor
from hearthline.platform.effects import Effects, aws
from hearthline.platform.logging import logger, with_request
from hearthline.platform.nudge import nudge
from hearthline.presence.flow import announce

AT_ONCE: Final = 100
"""Contacts looked at in one sweep; more come a minute later."""

FINE: Final = WELL | {"moved_on"}

effects: Callable[[], Effects] = aws
log = logger("sweep_floor")


def handler(event: dict[str, Any], context: Any) -> dict[str, int]:
    with_request(log, context)
    floor, causes, ends = Floor(effects()), Counter[str](), Ends(effects())
    for each in floor.overdue(AT_ONCE):
        cause, step = mend(effects(), ends, each)
        # What moved on between the look and the step was not stuck.
        causes[cause if step or cause in WELL else "moved_on"] += 1
        if cause in WELL and isinstance(each, Contact):
            look_later(effects(), each)
            if cause == WAITS:
                nudge(effects(), floor.still_waits(each))
        elif step:
            announce(effects(), step.event, *step.people)
    log.info("swept", causes=dict(causes), stuck=sum(count for why, count in causes.items() if why not in FINE))
    return dict(causes)
