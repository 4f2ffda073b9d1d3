"""From events of the call to the daybook: how each contact went, and who was at work. Twice changes nothing."""

from typing import Final

from hearthline.daybook.model import AT_WORK, Line, Mark
from hearthline.daybook.store import Daybook
from hearthline.events.agent_status_changed import AgentStatusChanged
from hearthline.events.consult_ended import ConsultEnded
from hearthline.events.contact_ended import ContactEnded
from hearthline.events.offer_lapsed import OfferLapsed
from hearthline.events.word import Envelope, Word
from hearthline.events.wrap_up_ended import WrapUpEnded
from hearthline.floor.model import Agent, Contact
from hearthline.floor.store import Floor
from hearthline.platform.effects import Effects

SAME_STEP_MS: Final = 2_000
"""An agent's state that is no older than this past an event was made by it."""


def note(effects: Effects, event: Envelope, word: Word) -> str:
    """What was noted: ``contact``, ``agent``, or '' for nothing."""
    if isinstance(word, ContactEnded):
        if word.partner:
            _note_agent(effects, event, word.partner, was_at_work=True)
        return _note_contact(effects, event, word.contact, word.outcome)
    if isinstance(word, ConsultEnded):
        return _note_agent(effects, event, word.partner, was_at_work=True)
    if isinstance(word, WrapUpEnded):
        noted = _note_contact(effects, event, word.contact, "answered", agent=word.agent)
        return _note_agent(effects, event, word.agent, was_at_work=True) or noted
    if isinstance(word, AgentStatusChanged):
        after = word.after in AT_WORK
        return _note_agent(effects, event, word.agent, was_at_work=word.before in AT_WORK, at_work=after)
    if isinstance(word, OfferLapsed) and word.why != "caller_left":
        return _note_agent(effects, event, word.agent, was_at_work=True, at_work=False)
    return ""


def _note_contact(effects: Effects, event: Envelope, id: str, outcome: str, agent: str = "") -> str:
    """``agent`` is who wrapped up, '' where the contact itself ended."""
    contact = Floor(effects).contact(id)
    if contact is None or not contact.queued_at or (agent and (agent != contact.agent or not contact.ended_at)):
        return ""
    wrap_up_ms = max(0, event.at - contact.ended_at) if agent else 0
    Daybook(effects).note_contact(_line(contact, event.at, outcome, wrap_up_ms), wrapped_up=bool(agent))
    return "contact"


def _line(contact: Contact, now: int, outcome: str, wrap_up_ms: int) -> Line:
    ended = contact.ended_at or now
    answered = bool(contact.connected_at)
    waited_until = contact.accepted_at if answered else contact.message_begun_at or ended
    return Line(
        contact=contact.id,
        channel=contact.channel,
        queue=contact.queue,
        matter=contact.matter,
        lang=contact.lang,
        queued_at=contact.queued_at,
        waited_ms=max(0, waited_until - contact.queued_at),
        outcome=contact.outcome or outcome,
        talk_ms=max(0, ended - contact.connected_at) if answered else 0,
        wrap_up_ms=wrap_up_ms,
        agent=contact.agent if answered else "",
    )


def _note_agent(effects: Effects, event: Envelope, id: str, *, was_at_work: bool, at_work: bool | None = None) -> str:
    """``at_work`` None: the event does not say it, the agent's own state does, if nothing moved him since."""
    agent = Floor(effects).agent(id)
    if agent is None:
        return ""
    is_now = _at_work_after(agent, event.at) if at_work is None else at_work
    if is_now == was_at_work:
        return ""
    mark = Mark(
        agent=id,
        at=event.at,
        at_work=is_now,
        was_at_work=was_at_work,
        queues=agent.queues,
        skills=agent.skills,
        experience=agent.experience,
    )
    return "agent" if Daybook(effects).note_agent(mark, event.id) else ""


def _at_work_after(agent: Agent, at: int) -> bool:
    return agent.state in AT_WORK or agent.since > at + SAME_STEP_MS
