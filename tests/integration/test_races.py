"""Real threads on the local engine: whoever is faster, one agent gets one contact."""

import uuid

import pytest

from hearthline.events.word import Actor
from hearthline.floor.errors import OfferGoneError
from hearthline.floor.store import Floor
from hearthline.platform.effects import Effects
from hearthline.platform.store import BusyError
from tests.race import race

pytestmark = pytest.mark.engine
ROUNDS, THREADS = 100, 16
CALLER = Actor(kind="caller")


def waiting(floor: Floor, queue: str, name: str) -> str:
    floor.arrive(name, channel="phone", actor=CALLER)
    floor.enqueue(name, matter="outage", queue=queue, lang="zh", actor=CALLER)
    return name


def free(floor: Floor, queue: str, name: str) -> str:
    floor.enlist(name, queues={queue: 3}, skills={"zh": 5})
    floor.set_status(name, "available")
    return name


def claimed(floor: Floor, contact_id: str) -> bool:
    contact = floor.routable(contact_id)
    slots = next(floor.slot_pages(contact.queue, "zh")) if contact else []
    try:
        return bool(contact and slots and floor.claim(contact, slots[0], ("idle_longest",)))
    except BusyError:
        return False


def test_sixteen_threads_claim_one_agent_for_one_contact_a_hundred_times(engine_effects: Effects) -> None:
    floor = Floor(engine_effects)
    for _ in range(ROUNDS):
        mark = uuid.uuid4().hex[:12]
        contact, agent = waiting(floor, mark, f"c-{mark}"), free(floor, mark, f"a-{mark}")
        winners = race(THREADS, lambda _, contact=contact: claimed(floor, contact))  # type: ignore[misc]  # bound now
        assert len(winners) <= 1
        if not winners:  # all were turned away as busy: nothing was written, and one more try succeeds
            assert claimed(floor, contact)
        found, who = floor.contact(contact), floor.agent(agent)
        assert found is not None
        assert who is not None
        assert (found.state, found.agent, who.state, who.contact) == ("offered", agent, "offered", contact)


def test_sixteen_contacts_race_for_one_agent_and_one_gets_him(engine_effects: Effects) -> None:
    floor, mark = Floor(engine_effects), uuid.uuid4().hex[:12]
    contacts = [waiting(floor, mark, f"c{n}-{mark}") for n in range(THREADS)]
    free(floor, mark, f"a-{mark}")
    winners = race(THREADS, lambda n: claimed(floor, contacts[n]))
    states = [floor.contact(each) for each in contacts]
    assert [each.state for each in states if each].count("offered") == len(winners) <= 1


def test_accept_time_out_and_hang_up_at_the_same_moment_have_one_outcome(engine_effects: Effects) -> None:
    floor = Floor(engine_effects)
    for _ in range(10):
        mark = uuid.uuid4().hex[:12]
        contact, agent = waiting(floor, mark, f"c-{mark}"), free(floor, mark, f"a-{mark}")
        assert claimed(floor, contact)
        found = floor.contact(contact)
        assert found is not None
        offer = found.offer

        def act(n: int, offer: str = offer, agent: str = agent, contact: str = contact) -> bool:
            try:
                if n == 0:
                    return bool(floor.accept(offer, agent, "edge-a", Actor(kind="agent", id=agent)))
                if n == 1:
                    return bool(floor.lapse(offer, "timed_out"))
                return bool(floor.end_contact(contact, by="caller", actor=CALLER))
            except (OfferGoneError, BusyError):
                return False

        race(3, act)
        after, who = floor.contact(contact), floor.agent(agent)
        assert after is not None
        assert who is not None
        busy = after.state in {"offered", "connecting", "wrap_up"}
        assert busy == (who.contact == contact), (after.state, who.state)
        offered = floor.offer(offer)
        assert offered is not None
        assert offered.state != "open"
