"""The judge of the live soak sees what is wrong: each test gives it a company in which one thing went amiss."""

from dataclasses import replace
from typing import Any

from tests.soak.company.judge import Evidence, Line, judge

CALL, CONTACT, ANA, BO = "CA1", "contact-1", "ana", "bo"


def event(word: str, at: int, version: int, contact: str = CONTACT, pk: str = "", **data: Any) -> dict[str, Any]:
    return {"id": f"{pk or contact}#{version}", "type": word, "at": at, "data": {"contact": contact, **data}}


def answered(contact: str = CONTACT, sid: str = CALL, agent: str = ANA, since: int = 0) -> list[dict[str, Any]]:
    """A call that one agent answered, from the ring to the end of the wrap-up (80 ms later)."""
    return [
        event("ContactArrived", since, 1, contact, channel="phone", call_sid=sid),
        event("ContactQueued", since + 1, 2, contact, why="matter_known"),
        event("ContactOffered", since + 10, 3, contact, agent=agent),
        event("OfferAccepted", since + 20, 4, contact, agent=agent),
        event("ContactConnected", since + 30, 5, contact, agent=agent),
        event("ContactEnded", since + 60, 6, contact, agent=agent, outcome="answered"),
        event("WrapUpEnded", since + 80, 7, contact, agent=agent, by="agent"),
    ]


CLOSED = {"state": "closed", "outcome": "answered", "connected_at": 30}
GOOD = Evidence(
    lines=(Line(CALL, outbound=False, ended="caller"),),
    events=tuple(answered()),
    contacts={CONTACT: CLOSED},
    agents={ANA: {"state": "offline"}},
    tickets=(CONTACT,),
    queues={"route": 0, "route-dead": 0},
    belongs={CALL: CONTACT},
)


def found(seen: Evidence) -> dict[str, tuple[str, ...]]:
    return {f"{each.kind} {each.what}": each.who for each in judge(seen).findings}


def another(seen: Evidence, agent: str, since: int) -> Evidence:
    """A second call, which ``agent`` was offered at ``since`` + 10."""
    return replace(
        seen,
        lines=(*seen.lines, Line("CA2", outbound=False, ended="caller")),
        events=(*seen.events, *answered("contact-2", "CA2", agent, since)),
        contacts={**seen.contacts, "contact-2": CLOSED},
        tickets=(*seen.tickets, "contact-2"),
        belongs={**seen.belongs, "CA2": "contact-2"},
    )


def promised(*sids: str, outcome: str = "answered", ended: str = "caller") -> Evidence:
    """The caller asked for a callback, an agent took it once, and these calls were dialled."""
    story = answered()
    story[2:2] = [event("CallbackPromised", 5, 3)]
    told = [{**each, "id": f"{CONTACT}#{n}"} for n, each in enumerate(story, 1)]
    dialled = tuple(Line(sid, outbound=True, ended=ended) for sid in sids)
    contact = {"state": "closed", "outcome": outcome, "callback": "sealed"}
    return replace(
        GOOD,
        lines=(Line(CALL, outbound=False, ended="hangup verb"), *dialled),
        events=tuple(told),
        contacts={CONTACT: contact},
        belongs={CALL: CONTACT, **dict.fromkeys(sids, CONTACT)},
    )


def test_a_day_on_which_all_went_well_is_found_well() -> None:
    assert judge(GOOD).good
    assert judge(another(GOOD, ANA, 200)).good
    assert judge(another(GOOD, BO, 5)).good
    assert judge(promised("CB1")).good


def test_a_contact_at_two_agents_is_found() -> None:
    story = [*answered()[:4], event("ContactConnected", 30, 5, agent=BO), *answered()[5:]]
    assert found(replace(GOOD, events=tuple(story))) == {"twice contacts that two agents had at once": (CONTACT,)}


def test_a_contact_that_rings_at_a_second_agent_while_the_first_has_it_is_found() -> None:
    story = [*answered()[:4], event("ContactOffered", 25, 5, agent=BO)]
    assert "twice contacts that two agents had at once" in found(replace(GOOD, events=tuple(story)))


def test_an_offer_that_lapsed_frees_agent_and_contact() -> None:
    lapsed = [*answered()[:3], event("OfferLapsed", 15, 4, agent=ANA, why="timed_out")]
    again = [
        {**each, "id": f"{CONTACT}#{n}", "at": each["at"] + 10} for n, each in enumerate(answered(agent=BO)[2:], 5)
    ]
    assert judge(replace(GOOD, events=(*lapsed, *again))).good


def test_an_agent_with_two_contacts_at_once_is_found() -> None:
    assert found(another(GOOD, ANA, 40)) == {"twice agents who had two contacts at once": (ANA,)}


def test_the_wrap_up_belongs_to_the_contact() -> None:
    assert found(another(GOOD, ANA, 65)) == {"twice agents who had two contacts at once": (ANA,)}


def test_who_gave_a_contact_on_wraps_up_while_another_has_it() -> None:
    story = [
        *answered()[:5],
        event("ContactTransferred", 40, 6, agent=ANA, kind="blind", to=""),
        event("ContactOffered", 45, 7, agent=BO),
        event("OfferAccepted", 50, 8, agent=BO),
        event("ContactConnected", 55, 9, agent=BO),
        event("ContactEnded", 60, 10, agent=BO, outcome="answered"),
        event("WrapUpEnded", 70, 11, agent=BO, by="agent"),
        event("WrapUpEnded", 90, 30, pk=ANA, agent=ANA, by="clock"),
    ]
    seen = replace(GOOD, events=tuple(story))
    assert judge(seen).good
    assert "twice agents who had two contacts at once" in found(another(seen, ANA, 75))


def test_two_moments_of_the_same_millisecond_are_no_overlap() -> None:
    assert judge(another(GOOD, ANA, 70)).good  # offered at 80, where the wrap-up ended


def test_a_call_without_a_contact_is_lost() -> None:
    lines = (*GOOD.lines, Line("CA9", outbound=False, ended="caller"))
    assert found(replace(GOOD, lines=lines))["lost calls without a contact"] == ("CA9",)


def test_a_page_without_a_contact_and_a_contact_without_a_page_are_found() -> None:
    ghost = event("ContactArrived", 0, 1, "ghost", channel="browser", call_sid="")
    seen = replace(GOOD, pages=("mine",), events=(*GOOD.events, ghost), contacts={**GOOD.contacts, "ghost": CLOSED})
    told = found(replace(seen, tickets=(CONTACT, "ghost")))
    assert told == {"lost pages without a contact": ("mine",), "twice contacts of no page": ("ghost",)}


def test_a_call_with_two_contacts_is_found() -> None:
    seen = another(GOOD, BO, 0)
    events = [{**each, "data": {**each["data"], "call_sid": CALL}} for each in seen.events]
    assert found(replace(seen, events=tuple(events)))["twice calls with two contacts"] == (CALL,)


def test_a_contact_that_never_ended_is_lost() -> None:
    seen = replace(GOOD, contacts={CONTACT: {"state": "queued"}})
    assert found(seen) == {"lost contacts that never ended": (CONTACT,)}


def test_a_caller_whom_an_error_cut_off_is_lost_with_its_cause() -> None:
    seen = replace(
        GOOD,
        lines=(Line(CALL, outbound=False, ended="application error 11200"),),
        contacts={CONTACT: {"state": "abandoned", "outcome": "abandoned"}},
    )
    assert found(seen) == {"lost callers cut off (application error 11200)": (CALL,)}


def test_a_contact_that_we_gave_up_is_lost() -> None:
    seen = replace(GOOD, contacts={CONTACT: {**CLOSED, "outcome": "failed"}})
    assert found(seen) == {"lost contacts that we gave up": (CONTACT,)}


def test_a_contact_without_a_ticket_is_lost_and_with_two_is_twice() -> None:
    assert found(replace(GOOD, tickets=())) == {"lost contacts without a ticket": (CONTACT,)}
    assert found(replace(GOOD, tickets=(CONTACT, CONTACT))) == {"twice contacts with two tickets": (CONTACT,)}


def test_a_callback_dialled_twice_for_one_offer_is_found() -> None:
    assert found(promised("CB1", "CB2")) == {"twice callbacks dialled more often than taken": (CONTACT,)}


def test_a_call_dialled_for_nobody_is_found() -> None:
    seen = promised("CB1")
    lines = (*seen.lines, Line("CB9", outbound=True, ended="caller"))
    assert found(replace(seen, lines=lines)) == {"twice calls dialled for nobody": ("CB9",)}


def test_a_promise_that_came_to_nothing_is_lost() -> None:
    assert found(promised(outcome="abandoned")) == {"lost promised callbacks that came to nothing": (CONTACT,)}


def test_an_agent_who_hangs_up_while_the_customers_phone_rings_keeps_no_promise_but_breaks_none_of_ours() -> None:
    seen = promised("CB1", outcome="abandoned", ended="hung up by REST API")
    assert not judge(seen).good
    contact = {**seen.contacts[CONTACT], "ended_by": "agent"}
    assert judge(replace(seen, contacts={CONTACT: contact})).good


def test_a_message_that_nobody_kept_is_lost_and_a_breath_is_none() -> None:
    contact = {"state": "abandoned", "outcome": "abandoned", "message_begun_at": 5}
    seen = replace(GOOD, contacts={CONTACT: contact})
    spoke = (Line(CALL, outbound=False, ended="Hangup", recorded=6.0),)
    assert found(replace(seen, lines=spoke)) == {"lost messages that nobody kept": (CALL,)}
    assert judge(replace(seen, lines=(replace(spoke[0], recorded=1.2),))).good
    kept = {CONTACT: {**contact, "state": "voicemail", "message": "RE1"}}
    assert judge(replace(seen, lines=spoke, contacts=kept)).good


def test_who_is_left_reserved_and_what_is_left_behind_is_stuck() -> None:
    seen = replace(
        GOOD,
        agents={ANA: {"state": "on_contact"}},
        open_offers=("offer-1",),
        places=("contact-7",),
        due=("C#contact-7",),
        queues={"route": 1, "join-dead": 2},
    )
    told = found(seen)
    assert told == {
        "stuck agents reserved for nobody": ("ana on_contact",),
        "stuck offers still open": ("offer-1",),
        "stuck places in queues of nobody who waits": ("contact-7",),
        "stuck entries of the index due": ("C#contact-7",),
        "stuck messages left in queues": ("join-dead (2)", "route (1)"),
    }
    assert judge(seen).count("stuck") == 6
