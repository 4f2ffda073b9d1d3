"""What an agent answers and knows changes in one transaction, however much of it changes."""

from hearthline.floor.model import MAX_QUEUES
from hearthline.platform.ledger import SYSTEM
from tests.shift import Shift


def test_all_queues_of_an_agent_are_exchanged_for_as_many_others_at_once() -> None:
    shift = Shift()
    shift.agent("ana", queues={f"old-{n}": 1 for n in range(MAX_QUEUES)}, skills={"zh": 5, "en": 5})
    step = shift.floor.retrain("ana", queues={f"new-{n}": 2 for n in range(MAX_QUEUES)}, skills={"zh": 5}, actor=SYSTEM)
    assert step is not None
    assert {key.pk.split("#")[1] for key in shift.slots()} == {f"new-{n}" for n in range(MAX_QUEUES)}
    assert len(shift.slots()) == MAX_QUEUES


def test_an_agent_keeps_his_place_in_line_when_he_learns_something() -> None:
    shift = Shift()
    shift.agent("ana")
    shift.agent("bo")
    shift.later(60)
    shift.still_here("ana", "bo")
    shift.floor.retrain("ana", queues={"broadband": 5}, skills={"zh": 5, "fiber": 3}, actor=SYSTEM)
    [page] = shift.floor.slot_pages("broadband", "zh")
    assert [(slot.agent, slot.level) for slot in page] == [("ana", 5), ("bo", 3)]
    shift.contact("call-1")
    shift.run()
    assert shift.state_of("call-1").agent == "ana"


def test_an_offer_made_on_what_the_agent_no_longer_knows_is_not_claimed() -> None:
    shift = Shift()
    shift.agent("ana")
    [[slot]] = list(shift.floor.slot_pages("broadband", "zh"))
    shift.floor.retrain("ana", queues={"billing": 5}, skills={"zh": 5}, actor=SYSTEM)
    contact = shift.state_of(shift.contact("call-1"))
    assert shift.floor.claim(contact, slot, ("speaks_language",)) is None


def test_who_learns_while_it_rings_has_the_new_queues_when_the_caller_leaves() -> None:
    shift = Shift()
    shift.ringing("call-1", "ana")
    shift.floor.retrain("ana", queues={"billing": 4}, skills={"zh": 5}, actor=SYSTEM)
    shift.floor.end_contact("call-1", by="caller", actor=SYSTEM)
    assert {key.pk.split("#")[1] for key in shift.slots()} == {"billing"}
