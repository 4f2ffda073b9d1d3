"""After a change of the floor: the work it leads to is sent on, and the screens concerned hear of it."""

from hearthline.floor.keeper import Step
from hearthline.platform.effects import Effects
from hearthline.presence.flow import announce


def spread(effects: Effects, step: Step | None) -> None:
    """Nothing to do for None: it was done before."""
    if step is not None:
        announce(effects, step.event, *step.people)
