"""How an agent comes off a contact: he wraps up, stands in line again, or is set aside."""

from collections.abc import Sequence

from hearthline.floor.items import slot_changes
from hearthline.floor.keeper import AnyMoved, Keeper, Moved, next_agent, next_offer
from hearthline.floor.model import HELPED, Agent, AgentState, Contact, agent_after_work, move_agent
from hearthline.floor.record import after_talk
from hearthline.platform.store import Write


class Freeing(Keeper):
    def _in_line(self, agent: Agent) -> Moved[Agent]:
        """Who did not talk to the caller stands in line where he stood, unless he asked for something else."""
        state, reason = agent_after_work(agent)
        return self._off(agent, state, reason)

    def _off(self, agent: Agent, state: AgentState, reason: str) -> Moved[Agent]:
        return next_agent(
            agent,
            state=move_agent(agent, state),
            reason=reason,
            since=self._now(),
            contact="",
            offer="",
            then="",
        )

    def _wraps_up(self, agent: Agent, *, alone: bool, reason: str = "") -> Moved[Agent]:
        """Who talked to the caller wraps up; ``alone`` where the contact is another's, and so is its clock."""
        now = self._now()
        return next_agent(
            agent,
            state=move_agent(agent, "wrap_up"),
            reason=reason,
            since=now,
            offer="",
            wrap_up_ends_at=now + self._wrap_up_ms() if alone else 0,
            **after_talk(agent, self._today(), now - agent.since),
        )

    def _puts_down(self, agent: Agent, contact: str, state: AgentState | None = None, reason: str = "") -> Moved[Agent]:
        """One message less; ``state`` where that changes too."""
        kept = [each for each in agent.messages if each != contact]
        if state is None or state == agent.state:
            return next_agent(agent, messages=kept)
        return next_agent(agent, messages=kept, state=move_agent(agent, state), reason=reason, since=self._now())

    def _partner_off(self, contact: Contact) -> list[AnyMoved]:
        """The colleague comes off, as far as he was drawn in; nothing where there is none."""
        if not contact.partner:
            return []
        partner = self._known_agent(contact.partner)
        match contact.consult:
            case "asked":
                return [self._in_line(partner), next_offer(self._known_offer(contact.consult_offer), "withdrawn")]
            case "conference":
                return [self._wraps_up(partner, alone=True, reason=HELPED)]
        return [self._in_line(partner)]

    def _wrap_up_ms(self) -> int:
        return self._effects.settings.wrap_up_seconds * 1000


def slots_of(moved: Sequence[AnyMoved]) -> list[Write]:
    """What the agents among them leave and take in the queues."""
    return [write for each in moved if isinstance(each.after, Agent) for write in _slots(each.before, each.after)]


def _slots(before: object, after: Agent) -> list[Write]:
    return slot_changes(before, after) if isinstance(before, Agent) else []
