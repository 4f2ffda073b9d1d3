"""The ledger's visits to queues: told once each, and a contradiction is named."""

from typing import Any

import pytest

from tests.simulation.visits import ContradictionError, Visit, table, visits_of, wrong


def event(what: str, at: int = 0, **data: Any) -> dict[str, Any]:
    return {"type": what, "at": at, "data": data}


def queued(why: str = "matter_known", queue: str = "billing", **more: Any) -> dict[str, Any]:
    return event("ContactQueued", why=why, queue=queue, **more)


CONNECTED = event("ContactConnected")


def ended(outcome: str) -> dict[str, Any]:
    return event("ContactEnded", outcome=outcome)


def ends(*events: dict[str, Any]) -> list[tuple[str, str]]:
    return [(visit.queue, visit.end) for visit in visits_of(events)]


def test_who_is_answered_after_an_offer_that_lapsed_was_in_the_queue_once() -> None:
    assert ends(queued(), event("OfferLapsed"), queued("media_failed"), CONNECTED, ended("answered")) == [
        ("billing", "answered")
    ]


def test_who_overflows_visits_two_queues() -> None:
    assert ends(queued(), queued("overflowed", "service"), ended("abandoned")) == [
        ("billing", "overflowed"),
        ("service", "abandoned"),
    ]


def test_who_is_given_on_or_loses_his_agent_waits_anew() -> None:
    given = event("ContactTransferred", kind="blind", queue="service")
    assert ends(queued(), CONNECTED, given, CONNECTED, queued("agent_lost", "service"), ended("answered")) == [
        ("billing", "answered"),
        ("service", "answered"),
        ("service", "abandoned"),
    ]


def test_a_promised_callback_ends_the_visit_whatever_becomes_of_the_promise() -> None:
    promised = event("CallbackPromised")
    assert ends(queued(), promised, queued("overflowed", "service"), queued("not_reached"), CONNECTED) == [
        ("billing", "called_back")
    ]


def test_a_second_beginning_and_an_answer_out_of_nothing_are_contradictions() -> None:
    for events in ([queued(), queued()], [CONNECTED]):
        with pytest.raises(ContradictionError):
            visits_of(events)


def test_a_row_that_does_not_add_up_is_named() -> None:
    rows = table([Visit("billing", 0, "answered"), Visit("billing", 1), Visit("service", 0, "nobody knows")])
    assert wrong(rows) == [("service", 0)]
