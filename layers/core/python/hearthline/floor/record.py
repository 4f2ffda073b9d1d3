"""What an agent's work leaves behind for routing: the day's load, experience, and how each matter went. Pure."""

from typing import Any, Final

from hearthline.floor.model import Agent

MATTERS_KEPT: Final = 20
SEEN_KEPT: Final = 500
"""Beyond this, older contacts fade: both counts are halved, so that the record follows the agent."""


def after_talk(agent: Agent, today: str, talk_ms: int) -> dict[str, Any]:
    """Changes of the agent when a conversation ended; what is counted by day begins at nought on a new one."""
    return {
        "handled": agent.handled + 1 if agent.handled_day == today else 1,
        "handled_day": today,
        "busy_ms": agent.busy_ms + max(0, talk_ms),
        "experience": agent.experience + 1,
    }


def after_message(agent: Agent, today: str) -> dict[str, Any]:
    """Changes of the agent when a message is filed; beside others it took no time that would be his alone."""
    return after_talk(agent, today, 0)


def coming_online(agent: Agent, now: int) -> dict[str, Any]:
    """Changes of the agent when a shift begins; none for who was there."""
    return {"online_since": now, "busy_ms": 0} if agent.state == "offline" else {}


def after_wrap_up(agent: Agent, wrap_up_ms: int, matter: str, solved: bool | None) -> dict[str, Any]:
    """Changes of the agent when wrap-up ended; ``solved`` is None when nobody said how it went."""
    changes: dict[str, Any] = {"busy_ms": agent.busy_ms + max(0, wrap_up_ms)}
    if solved is None or not matter or (matter not in agent.record and len(agent.record) >= MATTERS_KEPT):
        return changes
    seen, won = agent.record.get(matter, [0, 0])
    if seen >= SEEN_KEPT:
        seen, won = seen // 2, won // 2
    return changes | {"record": {**agent.record, matter: [seen + 1, won + int(solved)]}}
