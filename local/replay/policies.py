"""The example company under one policy or another: policies are data, so that a new one is a new entry."""

from dataclasses import replace
from typing import Any, Final

from hearthline.config.model import Config
from hearthline.platform.settings import Settings
from hearthline.rehearsal.fairness import LONGEST_IDLE
from local.seed import COMPANY

SETTINGS: Final = Settings(tenant="replay", stack_id="replay", table_prefix="r", queue_url_prefix="r")
OURS: Final[dict[str, Any]] = {}
POLICIES: Final[dict[str, dict[str, Any]]] = {
    "ours": OURS,
    "longest-idle": {"weights": LONGEST_IDLE},
    "value": {"weights": {"skill": 50, "performance": 50, "idle": 0, "load": 0, "difficulty": 0, "last_agent": 0}},
}
"""What each queue's policy says; ``value`` gives every call to the best, as value routing does."""
DIFFICULTY: Final = {"outage": 70, "billing": 40, "move": 55, "plan": 30, "complaint": 90, "other": 20}


def company(policy: dict[str, Any]) -> Config:
    """The example company with one policy in all queues."""
    matters = tuple(replace(each, difficulty=DIFFICULTY.get(each.id, 50)) for each in COMPANY.matters)
    return replace(COMPANY, queues=tuple(replace(each, policy=policy) for each in COMPANY.queues), matters=matters)
