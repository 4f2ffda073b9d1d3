"""The life of an agent: status, wrap-up, a lost connection. What he answers and knows stands in ``training``."""

from typing import Literal

from hearthline.events.agent_status_changed import AgentStatusChanged
from hearthline.events.word import Actor
from hearthline.events.wrap_up_ended import WrapUpEnded
from hearthline.floor.errors import BusyAgentError, HoldsMessagesError
from hearthline.floor.items import slot_changes, slot_puts, slot_removes
from hearthline.floor.keeper import Moved, Step, next_agent, next_contact
from hearthline.floor.model import Agent, Contact, agent_after_work, move_agent, move_contact
from hearthline.floor.record import after_message, after_wrap_up, coming_online
from hearthline.floor.training import Training
from hearthline.platform.ledger import SYSTEM
from hearthline.platform.store import Write

Chosen = Literal["available", "not_ready", "offline"]


class Agents(Training):
    def set_status(self, agent_id: str, state: Chosen, reason: str = "", actor: Actor | None = None) -> Step:
        """What the agent asks for; while on a contact or wrapping up it waits for the end of that.

        Raises BusyAgentError while the screen rings: accept or decline first; HoldsMessagesError for who would leave
        written contacts behind.
        """
        who = actor or Actor(kind="agent", id=agent_id)

        def attempt() -> Step:
            agent = self._known_agent(agent_id)
            if agent.state == "offered":
                raise BusyAgentError(agent_id)
            if state == "offline" and agent.messages:
                raise HoldsMessagesError(agent_id)
            if agent.state in {"on_contact", "wrap_up"}:
                wish = "" if state == "available" else f"{state}:{reason}"
                return self._status(agent, agent.state, agent.reason, who, then=wish)
            return self._status(agent, state, "" if state == "available" else reason, who)

        return self._again(attempt)

    def gone(self, agent_id: str) -> Step | None:
        """The agent's connection is lost for good; whoever rings there is a matter of ``lapse``, who talks goes on, and
        his messages are a matter of ``requeue``.

        None when there is nothing to change: already offline, or an offer must lapse first.
        """

        def attempt() -> Step | None:
            agent = self.agent(agent_id)
            if agent is None or agent.state in {"offline", "offered"}:
                return None
            if agent.state in {"on_contact", "wrap_up"}:
                wish = "offline:connection_lost"
                return None if agent.then == wish else self._status(agent, agent.state, "", SYSTEM, then=wish)
            return self._status(agent, "offline", "connection_lost", SYSTEM)

        return self._again(attempt)

    def end_wrapup(
        self,
        contact_id: str,
        agent_id: str,
        *,
        by: Literal["agent", "clock"],
        actor: Actor,
        code: str = "",
        solved: bool | None = None,
    ) -> Step | None:
        """The contact closes and its agent is free. None when that was done.

        ``solved`` is what the wrap-up code says of the matter, None where it says nothing.
        """

        def attempt() -> Step | None:
            contact, agent = self.contact(contact_id), self._known_agent(agent_id)
            if contact is None or contact.state != "wrap_up" or contact.agent != agent_id:
                return None
            closed = next_contact(contact, state=move_contact(contact, "closed"))
            word = WrapUpEnded(contact=contact_id, agent=agent_id, by=by, code=code)
            if contact.channel == "message":
                return self._message_filed(agent, closed, word, solved, actor)
            state, reason = agent_after_work(agent)
            now = self._now()
            freed = next_agent(
                agent,
                state=move_agent(agent, state),
                reason=reason,
                since=now,
                idle_since=now if state == "available" else 0,
                contact="",
                offer="",
                then="",
                **after_wrap_up(agent, now - contact.ended_at, contact.matter, solved),
            )
            slots = slot_puts(freed.after) if state == "available" else []
            return self._commit(word, [closed, freed], *slots, actor=actor)

        return self._again(attempt)

    def _message_filed(
        self, agent: Agent, closed: Moved[Contact], word: WrapUpEnded, solved: bool | None, actor: Actor
    ) -> Step:
        """There is room for another one."""
        kept = [each for each in agent.messages if each != closed.after.id]
        learned = after_wrap_up(agent, 0, closed.after.matter, solved) | after_message(agent, self._today())
        filed = next_agent(agent, messages=kept, **learned)
        return self._commit(word, [closed, filed], *slot_changes(agent, filed.after), actor=actor)

    def _status(self, agent: Agent, state: str, reason: str, actor: Actor, then: str = "") -> Step:
        now = self._now()
        since = now if state != agent.state else agent.since
        idle_since = agent.idle_since if agent.state == "available" else now
        after = next_agent(
            agent,
            state=agent.state if state == agent.state else move_agent(agent, state),  # type: ignore[arg-type]  # checked by the model
            reason=reason,
            since=since,
            idle_since=idle_since if state == "available" else agent.idle_since,
            then=then,
            **(coming_online(agent, now) if state != "offline" else {}),
        )
        writes: list[Write] = []
        if agent.state == "available" and state != "available":
            writes += slot_removes(agent)
        if state == "available":
            writes += slot_puts(after.after)
        word = AgentStatusChanged.model_validate(
            {
                "agent": agent.id,
                "before": agent.state,
                "after": after.after.state,
                "reason": reason,
                "queues": tuple(sorted(agent.queues)),
            }
        )
        return self._commit(word, [after], *writes, actor=actor)
