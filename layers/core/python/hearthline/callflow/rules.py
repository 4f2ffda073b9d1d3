"""The company's configuration as routing reads it: a policy for each queue, and what each matter asks."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

from hearthline.config.model import Config
from hearthline.config.store import NeverPublishedError, current
from hearthline.floor.model import DEFAULT_PRIORITY, Waiting
from hearthline.platform.effects import Effects
from hearthline.routing.need import NOTHING, Need, read_need
from hearthline.routing.policy import Policy, read_policy
from hearthline.routing.scoring import Asked

MIDDLE: Final = 50
"""How hard a matter is of which nobody said so, 0 to 100."""


@dataclass(frozen=True)
class Rules:
    """One version of the configuration, read once; without one, each queue has the default policy."""

    config: Config | None

    @cached_property
    def policies(self) -> dict[str, Policy]:
        """By queue. Raises PolicyError; what was published was checked before."""
        config = self.config
        return {queue.id: read_policy(queue.policy, config.version) for queue in config.queues} if config else {}

    @cached_property
    def matter_needs(self) -> dict[str, Need]:
        return {matter.id: read_need(matter.need, "need") for matter in self.config.matters} if self.config else {}

    def policy(self, queue: str) -> Policy:
        return self.policies.get(queue, Policy())

    def priority(self, queue: str) -> int:
        """1 is the most urgent, 9 the least."""
        known = self.config.queue(queue) if self.config else None
        return known.priority if known else DEFAULT_PRIORITY

    def overflow(self, queue: str) -> tuple[str, int]:
        """Where those go who waited too long, and after how many ms; '' for nowhere."""
        known = self.config.queue(queue) if self.config else None
        return (known.overflow_to, known.overflow_after_s * 1000) if known else ("", 0)

    def asked(self, waiting: Waiting) -> Asked:
        """A place in the queue with what its matter asks."""
        matter = self.config.matter(waiting.matter) if self.config else None
        return Asked(
            contact=waiting.contact,
            queue=waiting.queue,
            lang=waiting.lang,
            queued_at=waiting.queued_at,
            matter=waiting.matter,
            matter_need=self.matter_needs.get(waiting.matter, NOTHING),
            difficulty=matter.difficulty if matter else MIDDLE,
            last_agent=waiting.last_agent,
            wants=waiting.wants,
            wants_until=waiting.wants_until,
            not_before=waiting.not_before,
            written=waiting.written,
        )


_read: dict[int, Rules] = {}


def rules(effects: Effects) -> Rules:
    """The rules in force, parsed once for each version a process sees. Raises BusyError."""
    try:
        config: Config | None = current(effects)
    except NeverPublishedError:
        config = None
    kept = _read.get(0)
    if kept is None or kept.config is not config:
        kept = _read[0] = Rules(config)
    return kept
