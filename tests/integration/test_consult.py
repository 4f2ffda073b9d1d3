"""A colleague is asked for a word, into the conversation, or to take it over; the caller is always somebody's."""

from collections.abc import Iterator

import pytest

from functions.open_ticket import app as open_ticket
from hearthline.events.agent_leg_lost import AgentLegLost
from hearthline.events.media_ended import MediaEnded
from hearthline.events.partner_leg_lost import PartnerLegLost
from hearthline.floor.errors import IllegalMoveError, NotFreeError, OfferGoneError, UnknownError
from hearthline.floor.model import consult_room
from hearthline.tickets.model import ticket_id
from hearthline.tickets.store import ticket_of
from tests.desk import Desk, Seat, open_desk
from tests.shift import AGENT_ANA, CALLER, Shift, deliver


@pytest.fixture
def shift() -> Iterator[Shift]:
    yield Shift()


def asked(shift: Shift) -> str:
    """Ana talks to a caller and asks bo; the offer."""
    shift.talking("call-1", "ana")
    shift.agent("bo")
    shift.floor.consult("call-1", "ana", "bo", AGENT_ANA)
    return str(shift.who("bo").offer)


def talking(shift: Shift) -> None:
    shift.floor.accept(asked(shift), "bo", "edge-a", AGENT_ANA)


def conference(shift: Shift) -> None:
    talking(shift)
    shift.floor.conference("call-1", "ana", AGENT_ANA)


def states(shift: Shift) -> tuple[str, str, str, str]:
    contact = shift.state_of("call-1")
    return contact.state, contact.consult, shift.who("ana").state, shift.who("bo").state


def test_the_caller_is_held_and_the_colleague_rings(shift: Shift) -> None:
    asked(shift)
    assert states(shift) == ("held", "asked", "on_contact", "offered")
    assert shift.slots() == []
    assert shift.floor.consult("call-1", "ana", "bo", AGENT_ANA) is None


def test_who_is_asked_cannot_get_a_call_meanwhile(shift: Shift) -> None:
    asked(shift)
    shift.contact("call-2")
    shift.still_here("ana", "bo")
    shift.run()
    assert shift.state_of("call-2").state == "queued"


def test_a_colleague_who_declines_or_does_not_answer_is_not_ready_and_the_caller_is_the_agents(shift: Shift) -> None:
    offer = asked(shift)
    event = shift.ledger("call-1")[-1]
    shift.deliver("expire", event)
    assert shift.who("bo").state == "offered"
    shift.later(15)
    for _ in range(2):
        shift.deliver("expire", event)
    assert states(shift) == ("held", "", "on_contact", "not_ready")
    assert shift.who("bo").reason == "missed"
    with pytest.raises(OfferGoneError):
        shift.floor.accept(offer, "bo", "edge-a", AGENT_ANA)


def test_a_question_whose_clock_is_lost_is_found_by_the_sweep(shift: Shift) -> None:
    asked(shift)
    shift.later(25)
    assert shift.sweep()["consult_expired"] == 1
    assert states(shift) == ("held", "", "on_contact", "not_ready")


def test_while_the_two_talk_apart_the_caller_is_not_taken_back_by_mistake(shift: Shift) -> None:
    talking(shift)
    assert states(shift) == ("held", "talking", "on_contact", "on_contact")
    with pytest.raises(IllegalMoveError):
        shift.floor.resume("call-1", "ana", AGENT_ANA)


def test_an_attended_transfer_gives_the_caller_to_the_colleague_in_one_step(shift: Shift) -> None:
    talking(shift)
    step = shift.floor.complete("call-1", "ana", AGENT_ANA)
    assert step
    assert step.event.data["kind"] == "attended"
    assert shift.state_of("call-1").agent == "bo"
    assert states(shift) == ("held", "", "wrap_up", "on_contact")
    assert shift.floor.complete("call-1", "ana", AGENT_ANA) is None
    shift.floor.resume("call-1", "bo", AGENT_ANA)
    shift.later(60)
    shift.deliver("wrapup", step.event)
    assert states(shift) == ("connected", "", "available", "on_contact")


def test_the_ticket_goes_with_a_caller_who_is_handed_over_and_waits_with_one_who_is_given_on(shift: Shift) -> None:
    def delivered() -> str:
        for event in shift.ledger("call-1"):
            for _ in range(2):
                deliver(open_ticket, shift.effects, event.model_dump_json(by_alias=True))
        ticket = ticket_of(shift.effects, ticket_id(shift.effects.settings.stack_id, "call-1"))
        assert ticket
        return ticket.owner

    talking(shift)
    assert delivered() == "ana"
    shift.floor.complete("call-1", "ana", AGENT_ANA)
    assert delivered() == "bo"
    shift.floor.transfer("call-1", "bo", queue="billing", actor=AGENT_ANA)
    assert delivered() == "bo"


def test_a_caller_who_comes_back_to_his_first_agent_takes_the_ticket_along_whatever_order_the_news_has(
    shift: Shift,
) -> None:
    talking(shift)
    shift.floor.complete("call-1", "ana", AGENT_ANA)
    shift.floor.resume("call-1", "bo", AGENT_ANA)
    shift.floor.end_own_wrapup("ana", "call-1", by="agent", actor=AGENT_ANA)
    shift.floor.consult("call-1", "bo", "ana", AGENT_ANA)
    shift.floor.accept(shift.who("ana").offer, "ana", "edge-a", AGENT_ANA)
    shift.floor.complete("call-1", "bo", AGENT_ANA)
    told = shift.ledger("call-1")
    given = [event for event in told if event.type == "ContactTransferred"]
    for event in (*(each for each in told if each.type == "ContactConnected"), *reversed(given)):
        deliver(open_ticket, shift.effects, event.model_dump_json(by_alias=True))
    ticket = ticket_of(shift.effects, ticket_id(shift.effects.settings.stack_id, "call-1"))
    assert ticket
    assert ticket.owner == "ana"


def test_who_only_gave_his_advice_stands_in_line_where_he_stood(shift: Shift) -> None:
    talking(shift)
    idle_since = shift.who("bo").idle_since
    shift.later(30)
    shift.floor.cancel("call-1", "ana", AGENT_ANA)
    assert states(shift) == ("held", "", "on_contact", "available")
    assert shift.who("bo").idle_since == idle_since
    shift.floor.resume("call-1", "ana", AGENT_ANA)
    assert shift.state_of("call-1").held_ms == 30_000


def test_from_a_conference_both_wrap_up_each_by_himself(shift: Shift) -> None:
    conference(shift)
    step = shift.floor.end_contact("call-1", by="caller", actor=CALLER)
    assert step
    assert states(shift) == ("wrap_up", "", "wrap_up", "wrap_up")
    shift.floor.end_wrapup("call-1", "ana", by="agent", actor=AGENT_ANA)
    assert states(shift) == ("closed", "", "available", "wrap_up")
    shift.later(60)
    shift.deliver("wrapup", step.event)
    assert shift.who("bo").state == "available"


def test_the_agent_may_leave_a_conference_and_the_colleague_goes_on(shift: Shift) -> None:
    conference(shift)
    shift.floor.leave("call-1", "ana", AGENT_ANA)
    assert (shift.state_of("call-1").agent, *states(shift)) == ("bo", "held", "", "wrap_up", "on_contact")


def test_the_colleague_may_leave_a_conference_and_wraps_up(shift: Shift) -> None:
    conference(shift)
    step = shift.floor.leave("call-1", "bo", AGENT_ANA)
    assert states(shift) == ("held", "", "on_contact", "wrap_up")
    assert step
    shift.later(60)
    shift.deliver("wrapup", step.event)
    assert shift.who("bo").state == "available"


def test_a_caller_who_hangs_up_frees_whoever_was_asked_about_him(shift: Shift) -> None:
    offer = asked(shift)
    shift.floor.end_contact("call-1", by="caller", actor=CALLER)
    assert states(shift) == ("wrap_up", "", "wrap_up", "available")
    assert shift.floor.offer(offer).state == "withdrawn"  # type: ignore[union-attr]  # it was made


def test_an_agent_lost_in_a_conference_leaves_the_caller_with_the_colleague(shift: Shift) -> None:
    conference(shift)
    shift.deliver("media", shift.report(AgentLegLost(contact="call-1", edge="edge-a")))
    assert (shift.state_of("call-1").agent, *states(shift)) == ("bo", "held", "", "offline", "on_contact")


def test_an_agent_lost_while_the_two_talk_apart_sends_the_caller_to_the_head_and_frees_the_colleague(
    shift: Shift,
) -> None:
    talking(shift)
    shift.deliver("media", shift.report(AgentLegLost(contact="call-1", edge="edge-a")))
    assert states(shift) == ("queued", "", "offline", "available")
    shift.still_here("bo")
    shift.run()
    assert shift.state_of("call-1").agent == "bo"


def test_a_colleague_whose_sound_is_lost_is_offline_and_late_news_of_that_word_means_nothing(shift: Shift) -> None:
    talking(shift)
    lost = AgentLegLost(contact=consult_room(shift.state_of("call-1")), edge="edge-a")
    for number in (1, 2):
        shift.deliver("media", shift.report(lost, number))
    assert states(shift) == ("held", "", "on_contact", "offline")
    ended = MediaEnded(contact=lost.contact, edge="edge-a", reason="caller_left", started_at=0, ended_at=1)
    shift.deliver("media", shift.report(ended, 3))
    assert states(shift) == ("held", "", "on_contact", "offline")


def test_a_colleague_lost_in_a_conference_is_offline_and_the_agent_goes_on_alone(shift: Shift) -> None:
    conference(shift)
    lost = PartnerLegLost(contact="call-1", edge="edge-a", partner="bo")
    for number in (1, 2):
        shift.deliver("media", shift.report(lost, number))
    assert states(shift) == ("held", "", "on_contact", "offline")
    assert (shift.state_of("call-1").agent, shift.state_of("call-1").partner) == ("ana", "")


def test_late_news_of_a_colleague_who_was_let_go_costs_the_next_one_nothing(shift: Shift) -> None:
    conference(shift)
    lost = PartnerLegLost(contact="call-1", edge="edge-a", partner="cy")
    shift.deliver("media", shift.report(lost))
    assert states(shift) == ("held", "conference", "on_contact", "on_contact")
    shift.floor.complete("call-1", "ana", AGENT_ANA)
    shift.deliver("media", shift.report(PartnerLegLost(contact="call-1", edge="edge-a", partner="bo"), 2))
    assert (shift.state_of("call-1").agent, shift.who("bo").state) == ("bo", "on_contact")


def test_who_a_caller_on_hold_came_from_is_remembered_until_he_is_taken_back(shift: Shift) -> None:
    talking(shift)
    shift.floor.complete("call-1", "ana", AGENT_ANA)
    assert (shift.state_of("call-1").state, shift.state_of("call-1").given_by) == ("held", "ana")
    shift.floor.resume("call-1", "bo", AGENT_ANA)
    shift.floor.hold("call-1", "bo", AGENT_ANA)
    assert (shift.state_of("call-1").state, shift.state_of("call-1").given_by) == ("held", "")


def test_only_who_has_the_caller_asks_and_only_who_is_free_is_asked(shift: Shift) -> None:
    asked(shift)
    shift.agent("cy")
    with pytest.raises(UnknownError):
        shift.floor.consult("call-1", "cy", "bo", AGENT_ANA)
    with pytest.raises(IllegalMoveError):
        shift.floor.consult("call-1", "ana", "cy", AGENT_ANA)
    shift.floor.cancel("call-1", "ana", AGENT_ANA)
    shift.floor.set_status("cy", "not_ready", "break")
    with pytest.raises(NotFreeError):
        shift.floor.consult("call-1", "ana", "cy", AGENT_ANA)


# --- by the API


@pytest.fixture
def desk() -> Iterator[Desk]:
    with open_desk() as opened:
        yield opened


def both(desk: Desk) -> tuple[Seat, Seat, str]:
    """Ana talks; bo is free."""
    ana, bo = desk.as_("ana"), desk.as_("bo")
    contact = ana.talking()
    assert bo.call("POST", "/api/me/status", {"status": "available"}).status == 200
    return ana, bo, contact


def talk_apart(desk: Desk) -> tuple[Seat, Seat, str]:
    ana, bo, contact = both(desk)
    ana.on("contacts", contact, "consult", {"agent": bo.person.id})
    offer = bo.call("GET", "/api/me/floor").body["offer"]
    assert bo.on("offers", offer["id"], "accept").status == 200
    return ana, bo, contact


def test_the_targets_are_queues_with_counts_and_colleagues_who_are_free(desk: Desk) -> None:
    ana, bo, contact = both(desk)
    told = ana.on("contacts", contact, "targets", method="GET").body
    assert [(each["id"], each["name"], each["queue"]) for each in told["agents"]] == [
        (bo.person.id, "Bo Lin", "broadband")
    ]
    broadband = next(each for each in told["queues"] if each["id"] == "broadband")
    assert (broadband["free"], broadband["waiting"]) == (1, 0)


def test_the_colleagues_screen_says_who_asks_and_about_whom(desk: Desk) -> None:
    ana, bo, contact = both(desk)
    said = ana.on("contacts", contact, "consult", {"agent": bo.person.id}).body
    assert said["contact"]["state"] == "held"
    assert (said["consult"]["state"], said["consult"]["mine"], said["consult"]["other"]["name"]) == (
        "asked",
        True,
        "Bo Lin",
    )
    assert desk.edge.orders == [(contact, True)]
    offer = bo.call("GET", "/api/me/floor").body["offer"]
    assert (offer["kind"], offer["asked_by"], offer["contact"]["id"]) == ("consult", "Ana Lin", contact)


def test_two_who_talk_apart_have_a_room_of_their_own_and_the_caller_none_of_it(desk: Desk) -> None:
    ana, bo, contact = talk_apart(desk)
    for seat in (ana, bo):
        assert seat.on("contacts", contact, "consult/media").status == 200
    assert bo.on("contacts", contact, "media").code == "contact_not_yours"
    seen = bo.call("GET", "/api/me/floor").body
    assert (seen["contact"]["id"], seen["consult"]["state"], seen["consult"]["mine"]) == (contact, "talking", False)
    assert bo.on("contacts", contact, "hangup").status == 404
    assert ana.on("contacts", contact, "resume").code == "not_now"


def test_a_conference_takes_the_caller_back_and_lets_the_colleague_in(desk: Desk) -> None:
    ana, bo, contact = talk_apart(desk)
    said = ana.on("contacts", contact, "consult/conference").body
    assert (said["contact"]["state"], said["consult"]["state"]) == ("connected", "conference")
    assert desk.edge.orders[-1] == (contact, False)
    assert bo.on("contacts", contact, "media").status == 200
    left = bo.on("contacts", contact, "leave").body
    assert left["agent"]["state"] == "wrap_up"
    assert (left["contact"]["ended_by"], left["contact"]["ticket"]) == ("helped", None)
    done = bo.on("contacts", contact, "wrap-up", {"code": "resolved"}).body
    assert done["agent"]["state"] == "available"
    assert ana.call("GET", "/api/me/floor").body["consult"] is None


def test_a_conference_that_the_caller_ends_is_told_so_to_both(desk: Desk) -> None:
    ana, bo, contact = talk_apart(desk)
    ana.on("contacts", contact, "consult/conference")
    desk.shift.floor.end_contact(contact, by="caller", actor=CALLER)
    for seat in (ana, bo):
        seen = seat.call("GET", "/api/me/floor").body["contact"]
        assert (seen["state"], seen["ended_by"]) == ("wrap_up", "caller")


def test_a_conference_whose_edge_does_not_answer_leaves_the_caller_held_as_the_screen_says(desk: Desk) -> None:
    ana, _, contact = talk_apart(desk)
    desk.edge.broken = True
    assert ana.on("contacts", contact, "consult/conference").code == "edge_unreachable"
    seen = ana.call("GET", "/api/me/floor").body
    assert (seen["contact"]["state"], seen["consult"]["state"]) == ("held", "conference")
    desk.edge.broken = False
    assert ana.on("contacts", contact, "resume").body["contact"]["state"] == "connected"


def test_completing_makes_it_the_colleagues_and_the_agent_files_his_wrap_up(desk: Desk) -> None:
    ana, bo, contact = talk_apart(desk)
    said = ana.on("contacts", contact, "consult/complete").body
    assert (said["agent"]["state"], said["contact"]["ended_by"], said["consult"]) == ("wrap_up", "given_on", None)
    seen = bo.call("GET", "/api/me/floor").body
    assert (seen["contact"]["id"], seen["contact"]["state"], seen["consult"]) == (contact, "held", None)
    assert seen["contact"]["given_by"] == ana.person.name
    assert bo.on("contacts", contact, "resume").body["contact"]["state"] == "connected"
    done = ana.on("contacts", contact, "wrap-up", {"code": "transferred"}).body
    assert done["agent"]["state"] == "available"


def test_a_colleague_who_is_not_free_is_told_and_the_caller_is_heard_again(desk: Desk) -> None:
    ana, bo, contact = both(desk)
    bo.call("POST", "/api/me/status", {"status": "not_ready", "reason": "break"})
    said = ana.on("contacts", contact, "consult", {"agent": bo.person.id})
    assert (said.status, said.code) == (409, "agent_not_free")
    assert desk.edge.orders in ([], [(contact, True), (contact, False)])
    assert desk.shift.state_of(contact).state == "connected"


def test_nobody_asks_himself_or_somebody_who_is_not_there(desk: Desk) -> None:
    ana = desk.as_("ana")
    contact = ana.talking()
    for whom in (ana.person.id, "nobody"):
        said = ana.on("contacts", contact, "consult", {"agent": whom})
        assert (said.code, said.body["field"]) == ("field_invalid", "agent")


def test_a_wrap_up_after_giving_on_is_shown_with_its_own_end(desk: Desk) -> None:
    ana = desk.as_("ana")
    contact = ana.talking()
    said = ana.on("contacts", contact, "transfer", {"queue": "billing"}).body
    assert (said["contact"]["state"], said["contact"]["ended_by"]) == ("wrap_up", "given_on")
    assert said["contact"]["wrap_up_ends_at"] == said["now"] + 60_000
