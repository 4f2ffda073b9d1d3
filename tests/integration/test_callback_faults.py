"""A callback at a carrier as strict as the real one: what is lost, late or under way costs the customer nothing."""

from collections.abc import Iterator

import pytest

from functions.voice_webhook import app as webhook
from hearthline.floor.callbacks import DIAL_AGAIN_MS, DIAL_MS
from hearthline.telephony.twiml import ONCE_MORE
from tests.integration import carrier_posts
from tests.integration.carrier_posts import CALLER, NUMBER, PUBLIC, fields, of_contact, post
from tests.integration.outside import Outside, an_edge, serving
from tests.integration.phone_shift import PhoneShift
from tests.integration.telephones import Telephones
from tests.shift import bound

SOON, AGAIN = DIAL_MS // 1000, DIAL_AGAIN_MS // 1000


class CallbackShift(PhoneShift):
    """A caller asked billing for a callback and hung up; ana took it, nobody was dialled yet."""

    carrier: Telephones

    def __init__(self, carrier: Telephones, edge: Outside) -> None:
        super().__init__(carrier, {"edge-a": edge})
        carrier.now = self.effects.clock.now
        self.id = ""

    def promised(self) -> None:
        self.id = carrier_posts.queued()
        post(of_contact("choose", "1"), fields(Digits="1"))
        post(of_contact("number", "1"), fields(Digits="1"))
        self.agent("ana", queues={"billing": 3})
        self.taken()

    def taken(self) -> None:
        """It rings at ana, who accepts."""
        self.still_here("ana")
        self.deliver_for(self.id, "ContactQueued")
        self.run("route")
        self.accept(self.id)

    def again(self) -> None:
        self.later(AGAIN)
        self.taken()
        self.join()

    def told(self, status: str, call: str = "", **more: str) -> None:
        """The carrier's post about a dialled call, the last one by default."""
        sid = call or self.carrier.dialled[-1]
        form = fields(sid, Direction="outbound-api", From=NUMBER, To=CALLER, CallStatus=status, **more)
        if status != "ringing":
            next(each for each in self.carrier.calls if each["sid"] == sid)["status"] = status
        post(of_contact("status"), form)

    def picks_up(self) -> list[str]:
        self.carrier.calls[-1]["status"] = "in-progress"
        where = self.carrier.url_of_answer.removeprefix(PUBLIC).removesuffix(ONCE_MORE)
        return post(where, fields(self.carrier.dialled[-1], Direction="outbound-api", From=NUMBER, To=CALLER)).verbs

    @property
    def contact(self):  # type: ignore[no-untyped-def]  # the floor's
        return self.state_of(self.id)


@pytest.fixture
def shift() -> Iterator[CallbackShift]:
    with serving(Telephones()) as carrier, serving(an_edge()) as edge:
        assert isinstance(carrier, Telephones)
        made = CallbackShift(carrier, edge)
        with bound(webhook, made.effects):
            made.promised()
            yield made


def test_news_of_the_accept_that_comes_again_while_the_phone_rings_leaves_the_call_alone(shift: CallbackShift) -> None:
    shift.join()
    assert shift.join() == []
    assert (shift.contact.state, shift.contact.call_sid) == ("connecting", shift.carrier.dialled[0])
    assert shift.picks_up() == ["Say", "Connect"]


def test_news_of_the_accept_that_comes_again_after_the_pick_up_does_not_lead_the_sound_anew(
    shift: CallbackShift,
) -> None:
    shift.join()
    shift.picks_up()
    shift.join()
    assert [line for line, told in shift.carrier.heard if "Twiml" in told] == []


def test_a_customer_on_the_line_who_was_thrown_back_is_led_to_the_next_agent(shift: CallbackShift) -> None:
    shift.join()
    shift.picks_up()
    shift.floor.requeue(shift.id, "media_failed")
    shift.agent("bo", queues={"billing": 3})
    shift.deliver_for(shift.id, "ContactQueued")
    shift.run("route")
    contact = shift.contact
    step = shift.floor.accept(contact.offer, "bo", "edge-a", carrier_posts.AGENT)
    shift.queue.send("join", step.event)
    assert shift.join() == []
    assert "Stream" in shift.carrier.heard[-1][1]["Twiml"]


def test_late_news_of_an_earlier_call_does_not_cost_the_present_try(shift: CallbackShift) -> None:
    shift.join()
    first = shift.carrier.dialled[0]
    shift.told("no-answer")
    shift.later(AGAIN)
    shift.taken()
    shift.floor.intend_dial(shift.id, shift.contact.offer)  # the order is on its way
    shift.told("no-answer", first, SequenceNumber="9")
    assert (shift.contact.state, shift.contact.dials) == ("connecting", 2)


def test_a_try_whose_answer_and_name_were_lost_is_not_taken_for_the_next_one(shift: CallbackShift) -> None:
    shift.carrier.lose = 1
    shift.join()
    shift.told("no-answer")
    assert shift.contact.state == "callback_promised"
    shift.again()
    assert len(shift.carrier.dialled) == 2
    assert (shift.contact.state, shift.contact.call_sid) == ("connecting", shift.carrier.dialled[1])


def test_calls_of_long_ago_to_the_same_number_are_not_taken_for_this_one(shift: CallbackShift) -> None:
    shift.carrier.calls.append(
        {**shift.carrier.made("CA" + "0" * 32, CALLER, NUMBER, ""), "status": "completed", "date_created": OLD}
    )
    shift.join()
    shift.told("busy")
    shift.again()
    assert len(shift.carrier.dialled) == 3
    assert shift.contact.call_sid == shift.carrier.dialled[-1]


OLD = "Tue, 01 Jul 2025 08:00:00 +0000"


def test_a_dial_that_goes_out_while_the_agent_hangs_up_does_not_ring_on(shift: CallbackShift) -> None:
    shift.carrier.on_dial = lambda: shift.floor.end_contact(shift.id, by="agent", actor=carrier_posts.AGENT)
    assert shift.join() == []
    assert shift.carrier.calls[0]["status"] == "canceled"


def test_a_number_that_the_carrier_never_calls_leaves_the_contact_unreachable(shift: CallbackShift) -> None:
    shift.carrier.refuse = (400, {"code": 21211, "message": "not a number"})
    assert shift.join() == []
    ended = shift.ledger(shift.id)[-1]
    assert (ended.type, ended.data["outcome"], ended.data["by"]) == ("ContactEnded", "unreachable", "system")


def test_a_call_in_vain_of_which_nobody_heard_costs_one_try_and_its_late_news_none(shift: CallbackShift) -> None:
    shift.carrier.lose = 1
    shift.join()
    shift.carrier.calls[0]["status"] = "no-answer"
    shift.later(SOON)
    shift.join()
    shift.told("no-answer")
    assert (shift.contact.state, shift.contact.dials, len(shift.carrier.dialled)) == ("callback_promised", 1, 1)
    shift.again()
    assert len(shift.carrier.dialled) == 2


def test_a_dialled_call_of_which_no_end_was_told_does_not_end_the_contact(shift: CallbackShift) -> None:
    shift.join()
    shift.carrier.calls[0]["status"] = "no-answer"
    shift.later(90)
    shift.floor.requeue(shift.id, "media_failed")
    shift.floor.set_status("ana", "available")
    shift.taken()
    assert shift.join() == []
    assert shift.contact.state == "callback_promised"
    shift.again()
    assert len(shift.carrier.dialled) == 2


def test_a_lost_answer_of_the_dial_is_asked_for_and_rings_once(shift: CallbackShift) -> None:
    shift.carrier.lose = 1
    shift.join()
    shift.later(SOON)
    shift.join()
    shift.join()
    assert len(shift.carrier.dialled) == 1
    assert shift.contact.call_sid == shift.carrier.dialled[0]
