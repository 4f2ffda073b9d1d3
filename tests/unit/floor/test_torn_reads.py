"""Items are read one after the other; a change between two reads is judged again, never raised at a person."""

from tests.shift import CALLER, Shift


def test_an_offer_that_lapses_between_two_reads_of_a_hang_up_does_no_harm() -> None:
    state = {"armed": False}

    def lapse_between(name: str) -> None:
        if state["armed"] and name == "store.get":
            seen.append(name)
            if len(seen) == 3:
                state["armed"] = False
                shift.floor.lapse(offer, "timed_out")

    seen: list[str] = []
    shift = Shift(lapse_between)
    offer = shift.ringing("call-1", "ana")
    state["armed"] = True
    assert shift.floor.end_contact("call-1", by="caller", actor=CALLER) is not None
    assert shift.story("call-1")[-2:] == ["OfferLapsed", "ContactEnded"]
    assert (shift.state_of("call-1").state, shift.who("ana").state) == ("abandoned", "not_ready")
