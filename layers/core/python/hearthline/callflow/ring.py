"""Ringing: those who wait and those who are free are read, matched together, and claimed one by one.

Every step may run twice and beside itself: a claim is one conditional transaction, and who loses it reads again.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from hearthline.callflow.rules import Rules, rules
from hearthline.floor.keeper import Step
from hearthline.floor.model import LANGUAGES, Agent, Contact, Slot, Waiting
from hearthline.floor.store import Floor
from hearthline.floor.waiting import place_of
from hearthline.platform.effects import Effects
from hearthline.platform.logging import logger
from hearthline.platform.queue import MAX_DELAY_SECONDS, QueueBusyError
from hearthline.platform.store import BusyError
from hearthline.presence.flow import announce
from hearthline.presence.store import Presence
from hearthline.routing.model import Choice, decide
from hearthline.routing.scoring import HOLDS_MESSAGES, Candidate, refused

TOGETHER: Final = 8
"""So many contacts are matched at once: more would cost more than it wins."""
ROUNDS: Final = 6
"""How often one message looks anew after claims, won or lost."""

log = logger("ring")


class Ringing:
    """``cause`` is the event that led here; it stands in the ledger beside each offer."""

    def __init__(self, effects: Effects, cause: str) -> None:
        self._effects = effects
        self._cause = cause
        self._floor = Floor(effects)
        self._rules: Rules = rules(effects)
        self._presence = Presence(effects)
        self._laden = False
        """Somebody who was read holds messages: he may have been kept for a call that rings elsewhere now."""

    def for_contact(self, contact_id: str) -> bool:
        """Whether somebody rings for this contact now. Raises BusyError when others were faster again and again."""
        for _ in range(ROUNDS):
            contact = self._floor.routable(contact_id)
            if contact is None:
                return False
            heads = self._floor.first_waiting(contact.queue, contact.lang, TOGETHER)[:TOGETHER]
            mine = [each for each in heads if each.contact == contact_id] or [place_of(contact)]
            batch = [*(each for each in heads if each.contact != contact_id), *mine]
            claimed, lost = self._match(contact.queue, contact.lang, sorted(batch, key=lambda each: each.place))
            if any(step.contact and step.contact.id == contact_id for step in claimed):
                self._ease(contact.queue, contact.lang)
                return True
            if not claimed and not lost:
                self._come_back(contact)
                return False
        raise BusyError("every choice was taken")

    def for_agent(self, agent_id: str) -> int:
        """How many contacts ring now because this agent is free: at him, or at others who suit them better."""
        rung = 0
        for _ in range(ROUNDS):
            agent = self._floor.agent(agent_id) if agent_id else None
            if agent is None or agent.state != "available":
                return rung
            batch = self._fitting(agent)
            if not batch:
                return rung
            claimed, lost = self._match(batch[0].queue, batch[0].lang, batch)
            if not claimed and not lost:
                return rung
            rung += len(claimed)
            self._ease(batch[0].queue, batch[0].lang)
        return rung

    def for_queue(self, queue: str, lang: str) -> int:
        """How many messages ring now because a call left the queue: somebody may have been kept free for it."""
        heads = self._floor.first_waiting(queue, lang, TOGETHER)[:TOGETHER]
        if not any(each.written for each in heads):
            return 0
        claimed, _ = self._match(queue, lang, heads)
        return len(claimed)

    def _ease(self, queue: str, lang: str) -> None:
        if self._laden:
            self.for_queue(queue, lang)

    def _fitting(self, agent: Agent) -> list[Waiting]:
        """The most urgent contacts that this agent may have: of the queue and language whose head is most urgent."""
        found = [
            batch
            for queue in sorted(agent.queues)
            for lang in LANGUAGES
            if agent.skills.get(lang, 0) and (batch := self._first_fitting(agent, queue, lang))
        ]
        return min(found, key=lambda batch: batch[0].place, default=[])

    def _first_fitting(self, agent: Agent, queue: str, lang: str) -> list[Waiting]:
        policy, now = self._rules.policy(queue), self._effects.clock.now()
        held = len(agent.messages)
        one = Candidate(agent.id, agent.queues[queue], agent.idle_since, agent.skills, messages=held)
        for page in self._floor.waiting_pages(queue, lang):
            asked = [(each, self._rules.asked(each)) for each in page]
            gaps = [
                (each, refused(what, policy, policy.step_at(now - what.queued_at), one, now)) for each, what in asked
            ]
            if any(not gap for _, gap in gaps):
                # Calls that his messages keep him from stand with them: for those he may be kept free.
                return [each for each, gap in gaps if gap in {"", HOLDS_MESSAGES}][:TOGETHER]
        return []

    def _match(self, queue: str, lang: str, batch: Sequence[Waiting]) -> tuple[list[Step], int]:
        """The claims that were won and the number of those that were lost."""
        free, gone = list[Slot](), set[str]()
        asked = [self._rules.asked(each) for each in batch]
        policies = {queue: self._rules.policy(queue)}
        for page in self._floor.slot_pages(queue, lang):
            free += page
            self._laden = self._laden or any(slot.messages for slot in page)
            while True:
                now = self._effects.clock.now()
                candidates = {slot.agent: slot for slot in free if slot.agent not in gone}
                choices = decide(asked, [_candidate(slot) for slot in candidates.values()], policies, now)
                silent = [each.agent for each in choices if not self._is_there(each.agent)]
                if not silent:
                    break
                gone.update(silent)
            if choices:
                return self._claim_in_turn(choices, candidates)
        return [], 0

    def _claim_in_turn(self, choices: Sequence[Choice], slots: Mapping[str, Slot]) -> tuple[list[Step], int]:
        """The claims that were won, up to the first that is lost: who lost it may have what the next ones would get."""
        won = list[Step]()
        for choice in choices:
            step = self._claim(choice, slots[choice.agent])
            if step is None:
                return won, 1
            won.append(step)
        return won, 0

    def _claim(self, choice: Choice, slot: Slot) -> Step | None:
        contact = self._floor.routable(choice.contact)
        if contact is None:
            return None
        capacity = self._rules.policy(contact.queue).messages
        step = self._floor.claim(contact, slot, choice.why, choice.trace, self._cause, capacity=capacity)
        if step:
            self._tell(step, slot.agent)
            log.info("offered", contact=choice.contact, agent=slot.agent)
        return step

    def _tell(self, step: Step, agent: str) -> None:
        announce(self._effects, step.event, agent)

    def _is_there(self, agent: str) -> bool:
        """Whether the agent's screen can ring; who is gone stops being available."""
        there = self._presence.is_there(agent)
        if not there:
            self._floor.gone(agent)
        return there

    def _come_back(self, contact: Contact) -> None:
        """On to another queue when it is time, or ask again when less is asked. The sweep makes good a lost message."""
        policy, now = self._rules.policy(contact.queue), self._effects.clock.now()
        elsewhere, after = self._rules.overflow(contact.queue)
        goes_at = max(contact.queued_at, contact.not_before) + after if elsewhere and not contact.came_from else 0
        if goes_at and now >= goes_at:
            step = self._floor.overflow(contact.id, elsewhere, self._cause)
            if step:
                announce(self._effects, step.event)
            log.info("overflowed", contact=contact.id, queue=elsewhere, changed=bool(step))
            return
        step_in = policy.next_step_ms(now - contact.queued_at) or 0
        named = contact.wants_until - now if contact.wants else 0
        waits = [ms for ms in (step_in, named, contact.not_before - now, goes_at - now) if ms > 0]
        log.info("keeps waiting", contact=contact.id)
        if not waits:
            return
        try:
            seconds = min(-(-min(waits) // 1000), MAX_DELAY_SECONDS)
            self._effects.queue.send("route", self._floor.still_waits(contact), seconds)
        except QueueBusyError:
            log.warning("nudge lost", queue="route", contact=contact.id)


def _candidate(slot: Slot) -> Candidate:
    return Candidate(
        agent=slot.agent,
        level=slot.level,
        idle_since=slot.idle_since,
        skills=slot.skills,
        handled=slot.handled,
        busy_ms=slot.busy_ms,
        online_since=slot.online_since,
        experience=slot.experience,
        record=slot.record,
        messages=slot.messages,
    )
