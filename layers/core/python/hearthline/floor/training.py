"""What an agent answers and knows: decided by people, in force at once.

An available agent's slots move in the same transaction. Who rings, talks or wraps up keeps the contact; the new
training holds from the next one on.
"""

from collections.abc import Mapping
from typing import Final

from hearthline.events.agent_retrained import AgentRetrained
from hearthline.events.word import Actor
from hearthline.floor.errors import StaleTrainingError
from hearthline.floor.items import ROSTER, TABLE, agent_key, roster_key, slot_puts, slot_removes, to_item
from hearthline.floor.keeper import Keeper, Step, next_agent
from hearthline.floor.model import Agent
from hearthline.platform.ledger import SYSTEM
from hearthline.platform.store import Absent, Put, RefusedError, Write

ROSTER_PAGE: Final = 50
"""So many agents are read at once for a list."""


class Training(Keeper):
    def enlist(self, agent_id: str, *, queues: dict[str, int], skills: dict[str, int], experience: int = 0) -> Agent:
        """A new agent, offline; or new queues and skills for a known one, whose slots move with them.

        ``experience``: how many contacts somebody new handled elsewhere.
        """
        new = Agent(agent_id, "offline", 1, since=self._now(), queues=queues, skills=skills, experience=experience)
        try:
            self._store.write(
                Put(agent_key(agent_id), to_item(new), when=(Absent(),)), Put(roster_key(agent_id), {"agent": agent_id})
            )
        except RefusedError:
            step = self.retrain(agent_id, queues=queues, skills=skills, actor=SYSTEM)
            return step.agent if step and step.agent else self._known_agent(agent_id)
        return new

    def retrain(
        self,
        agent_id: str,
        *,
        queues: Mapping[str, int],
        skills: Mapping[str, int],
        actor: Actor,
        training: int | None = None,
    ) -> Step | None:
        """New queues and skills, levels 0 to 5. None when they are so already.

        ``training`` is the count that this was decided on, None whatever it is. Raises UnknownError,
        StaleTrainingError when somebody else decided meanwhile.
        """

        def attempt() -> Step | None:
            agent = self._known_agent(agent_id)
            if (agent.queues, agent.skills) == (queues, skills):
                return None
            if training is not None and agent.training != training:
                raise StaleTrainingError(agent_id)
            after = next_agent(agent, queues=dict(queues), skills=dict(skills), training=agent.training + 1)
            writes: list[Write] = []
            if agent.state == "available":
                puts = slot_puts(after.after)
                kept = {put.key for put in puts}
                writes = [*(remove for remove in slot_removes(agent) if remove.key not in kept), *puts]
            word = AgentRetrained(
                agent=agent_id, queues=dict(queues), skills=dict(skills), training=after.after.training
            )
            return self._commit(word, [after], *writes, actor=actor)

        return self._again(attempt)

    def roster(self, after: str = "", limit: int = ROSTER_PAGE) -> tuple[list[Agent], str]:
        """The agents whose ids follow ``after``, in order, and the id after which the next page begins ('' at the end).

        Each agent is read by himself: one partition of all agents with their states would be the hottest of the table.
        """
        more = {"pk": ROSTER, "sk": after} if after else None
        page = self._store.page(TABLE, ROSTER, limit=limit, more=more)
        found = (self.agent(str(item["agent"])) for item in page.items)
        return [agent for agent in found if agent], str(page.more["sk"]) if page.more else ""
