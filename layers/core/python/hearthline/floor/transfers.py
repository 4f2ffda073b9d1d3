"""Giving a contact on. It goes to the head of a queue with its wait kept; who gave it on wraps up by himself.

From then on the wrap-up is the agent's own: it ends by button, by clock, or by the sweep, whatever becomes of the
contact meanwhile. That is why such an agent, and no other, has a due date of his own. Giving it to a colleague who was
asked before stands in ``consults``.
"""

from typing import Final, Literal

from hearthline.events.word import Actor
from hearthline.events.wrap_up_ended import WrapUpEnded
from hearthline.floor.consults import Consults, given_word
from hearthline.floor.errors import IllegalMoveError
from hearthline.floor.freeing import slots_of
from hearthline.floor.items import waiting_put
from hearthline.floor.keeper import Step, next_agent, next_contact
from hearthline.floor.model import (
    RETURNED_PRIORITY,
    Agent,
    agent_after_work,
    move_agent,
    move_contact,
    unheld,
    waiting_state,
)
from hearthline.floor.record import after_wrap_up

BY_NAME_MS: Final = 20_000
"""So long only the agent asked for by name is rung; then anybody of the queue."""


class Transfers(Consults):
    def transfer(self, contact_id: str, agent_id: str, *, queue: str, wants: str = "", actor: Actor) -> Step | None:
        """The contact waits at the head of ``queue``. The Step's agent is who gave it on. None when that was done.

        Raises UnknownError for another's contact, IllegalMoveError when nobody is talking or a colleague is drawn in.
        """

        def attempt() -> Step | None:
            if self._gave_it(contact_id, agent_id):
                return None
            contact = self._mine(contact_id, agent_id)
            if contact.consult:
                raise IllegalMoveError("consult", contact.consult, "queued")
            now = self._now()
            moved = next_contact(
                contact,
                state=move_contact(contact, waiting_state(contact)),
                queue=queue,
                priority=RETURNED_PRIORITY,
                wants=wants,
                wants_until=now + BY_NAME_MS if wants else 0,
                offer="",
                agent="",
                edge=contact.edge if contact.channel == "browser" else "",  # the page stays where it is
                told="",
                given_on=contact.given_on + 1,
                **unheld(contact, now),
            )
            agent, written = self._known_agent(agent_id), contact.channel == "message"
            gave = self._puts_down(agent, contact_id) if written else self._wraps_up(agent, alone=True)
            word = given_word(contact, "blind", queue, wants)
            more = [waiting_put(moved.after), *slots_of([gave])]
            return self._commit(word, [moved, gave], *more, actor=actor)

        return self._again(attempt)

    def end_own_wrapup(
        self, agent_id: str, contact_id: str, *, by: Literal["agent", "clock"], actor: Actor, code: str = ""
    ) -> Step | None:
        """The after-call work on a contact that went on is done. None when it was, or is the contact's own."""

        def attempt() -> Step | None:
            agent = self._known_agent(agent_id)
            if agent.state != "wrap_up" or agent.contact != contact_id or not agent.wrap_up_ends_at:
                return None
            now = self._now()
            state, reason = agent_after_work(agent)
            freed = next_agent(
                agent,
                state=move_agent(agent, state),
                reason=reason,
                since=now,
                idle_since=now if state == "available" else 0,
                contact="",
                offer="",
                then="",
                wrap_up_ends_at=0,
                **after_wrap_up(agent, now - agent.since, "", None),
            )
            word = WrapUpEnded(contact=contact_id, agent=agent_id, by=by, code=code)
            return self._commit(word, [freed], *slots_of([freed]), actor=actor)

        return self._again(attempt)


def wraps_up_alone(agent: Agent) -> bool:
    """Whether the contact of this wrap-up went on to somebody else."""
    return agent.state == "wrap_up" and agent.wrap_up_ends_at > 0
