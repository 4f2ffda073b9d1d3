"""The verdict over a load: it must see each broken promise, and see none where there is none."""

from typing import Any

from local.callers.verdict import judge


def event(at: int, kind: str, contact: str = "c1", **data: Any) -> dict[str, Any]:
    return {"at": at, "type": kind, "data": {"contact": contact, **data}}


def a_call(contact: str, agent: str, at: int) -> list[dict[str, Any]]:
    return [
        event(at, "ContactArrived", contact, call_sid="CA" + contact),
        event(at + 1, "ContactQueued", contact),
        event(at + 2, "ContactOffered", contact, agent=agent, offer="o" + contact),
        event(at + 3, "OfferAccepted", contact, agent=agent, offer="o" + contact),
        event(at + 4, "ContactConnected", contact, agent=agent),
        event(at + 9, "ContactEnded", contact, agent=agent),
        event(at + 9, "TicketOpened", contact, ticket="t" + contact),
    ]


def test_calls_one_after_the_other_break_no_promise() -> None:
    verdict = judge([*a_call("c2", "anna", 9), *a_call("c1", "anna", 0)], ["CAc1", "CAc2"])
    assert verdict.good
    assert (verdict.contacts, verdict.connected, verdict.highest_rate) == (2, 2, 0.1)


def test_an_agent_with_two_offers_is_found() -> None:
    events = a_call("c1", "anna", 0) + a_call("c2", "anna", 5)
    assert judge(events, ["CAc1", "CAc2"]).two_offers == ["anna"]


def test_a_call_with_two_agents_is_found() -> None:
    events = [*a_call("c1", "anna", 0), event(5, "ContactOffered", agent="bo", offer="o2")]
    assert judge(events, ["CAc1"]).two_agents == ["c1"]


def test_an_offer_that_lapsed_leaves_both_free() -> None:
    events = [
        event(0, "ContactOffered", agent="bo", offer="o0"),
        event(1, "OfferLapsed", agent="bo", offer="o0", why="timed_out"),
        *a_call("c1", "anna", 1),
        *a_call("c2", "bo", 1),
    ]
    assert judge(events, ["CAc1", "CAc2"]).good


def test_a_missing_and_a_double_ticket_are_found() -> None:
    events = [*a_call("c1", "anna", 0)[:-1], *a_call("c2", "bo", 0), event(20, "TicketOpened", "c2", ticket="again")]
    verdict = judge(events, ["CAc1", "CAc2"])
    assert (verdict.tickets_missing, verdict.tickets_double) == (["c1"], ["c2"])


def test_other_calls_are_not_judged() -> None:
    assert judge(a_call("c1", "anna", 0)[:-1], ["CAother"]).contacts == 0
