"""Which tasks of a service drain, so that ECS may end them. Pure: everybody who asks the same gets the same answer.

Calls are spread over all edges, so none would ever be empty by itself. When the service has more tasks than it wants,
or a newer deployment stands, the surplus takes no new call; each is ended when its last call has.
"""

from collections.abc import Sequence
from dataclasses import dataclass

LOOKS = 2
"""So many answers in a row must say the same: a list of tasks may be a moment old."""


@dataclass(frozen=True, slots=True)
class Service:
    """The newest deployment: how many tasks it ``wants``, the ids of those it has begun, how many of them run."""

    wanted: int
    tasks: Sequence[str]
    running: int


def surplus(task: str, service: Service) -> bool:
    """Whether this task is to take no new call."""
    if task not in service.tasks:  # of a former deployment: stays until those who take over are there
        return service.running >= service.wanted
    return task in sorted(service.tasks)[: max(0, len(service.tasks) - service.wanted)]


class Opinion:
    """What to do after each look; begins with staying."""

    def __init__(self) -> None:
        self.leaves = False
        self._against = 0

    def looked(self, leaves: bool) -> bool:
        """Whether to leave, now that a look has said so or not."""
        self._against = self._against + 1 if leaves is not self.leaves else 0
        if self._against >= LOOKS:
            self.leaves, self._against = leaves, 0
        return self.leaves
