"""What the API answers about where a contact may be given to."""

from chalicelib.shapes import Colleague, Out


class TargetQueue(Out):
    """Counts are bounded by the pages read."""

    id: str
    zh: str
    en: str
    waiting: int
    free: int
    wait_seconds: int


class TargetAgent(Colleague):
    """``queue`` is where he is asked for: the contact's own where he answers that, else the one he knows best."""

    idle_since: int
    queue: str


class Targets(Out):
    """Where a contact may go on to: every queue, and the longest idle of those who are free at a live screen."""

    queues: list[TargetQueue]
    agents: list[TargetAgent]
