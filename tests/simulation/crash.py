"""Crash points: each handler dies before and after each of its effects, once a history, and nothing is lost."""

from collections.abc import Iterator
from typing import Final

from tests.simulation.binding import READERS
from tests.simulation.world import World

UNASKED: Final = frozenset({"trial", "voicemail"})
"""Nobody tries a configuration or leaves a message in a history yet: these have tests of their own."""
HANDLERS: Final = (*(name for name in READERS if name not in UNASKED), "webhook", "relay", "sweep", "api")
MOST_EFFECTS: Final = 120
"""No handler has more; an enumeration that goes on has lost its way."""
CALLS: Final = 10
PEOPLE_GO: Final = frozenset({"F17", "F18"})
"""Browsers die and come back, so that each handler has something to do; nothing else fails."""


def points(handler: str, seed: int, calls: int = CALLS) -> Iterator[tuple[int, str]]:
    """The number of each effect at which ``handler`` was killed, and the violation, or ''. Ends after the last."""
    for at in range(1, MOST_EFFECTS + 1):
        world, broken = World(seed, calls=calls, only=PEOPLE_GO, kill=(handler, at), agents=3), ""
        try:
            world.play()
        except AssertionError as error:
            broken = str(error)
        if not world.killed:
            return
        yield at, broken
    raise AssertionError(f"{handler} has more than {MOST_EFFECTS} effects")
