"""A promised callback is dialled exactly once for each time an agent took it, whatever dies in between."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from twilio.http.http_client import TwilioHttpClient  # type: ignore[import-untyped]

from functions.join_media import app as join_media
from hearthline.events.word import Actor
from hearthline.floor.callbacks import DIAL_AGAIN_MS, MAX_DIALS
from hearthline.floor.store import Floor
from hearthline.platform.effects import Effects
from hearthline.platform.seal import Place
from hearthline.telephony.model import may_be_called
from tests.integration.carrier_posts import fields, in_memory, post
from tests.shift import CALLER, bound, deliver
from tests.simulation.carrier import Carrier
from tests.simulation.edges import Edges
from tests.simulation.faults import Faults
from tests.simulation.loop import Loop

CUSTOMER = "+8613912345678"
CONTACT = "6f9619ff-8b86-4d01-b42d-00cf4fc964ff"


class KilledError(BaseException):
    """The worker's process ends here."""


class Line:
    """A callback that an agent just took, and a carrier that counts what it dials."""

    def __init__(self) -> None:
        self.seen, self.at = 0, 0
        loop, faults = Loop(1), Faults(1, frozenset())
        loop.pause = self._pause  # type: ignore[method-assign]  # the carrier's requests are effects too
        self.carrier = Carrier(loop, faults, Edges(loop, faults, lambda _: None))
        self.effects: Effects = in_memory(self._pause, edges=json.dumps([]))
        self.floor = Floor(self.effects)
        self.taken()

    def _pause(self, name: str) -> None:
        self.seen += 1
        if self.seen == self.at:
            raise KilledError(name)

    def taken(self) -> None:
        floor = self.floor
        floor.enlist("ana", queues={"billing": 3}, skills={"zh": 5})
        floor.set_status("ana", "available")
        floor.arrive(CONTACT, channel="phone", call_sid="CA1", actor=CALLER)
        floor.enqueue(CONTACT, matter="billing", queue="billing", lang="zh", actor=CALLER)
        sealed = self.effects.seal_text(CUSTOMER, Place("floor", CONTACT, "callback"))
        floor.promise_callback(CONTACT, number=sealed, actor=CALLER)
        self.accept()

    def accept(self) -> None:
        contact = self.floor.routable(CONTACT)
        assert contact is not None
        (slot,) = next(self.floor.slot_pages("billing", "zh"))
        self.floor.claim(contact, slot, ())
        step = self.floor.accept(self.contact.offer, "ana", "edge-a", Actor(kind="agent", id="ana"))
        self.effects.queue.send("join", step.event)

    @property
    def contact(self):  # type: ignore[no-untyped-def]  # the floor's
        return self.floor.contact(CONTACT)

    def join(self) -> list[str]:
        """Every message of the queue, again and again until nothing new is sent."""
        done, failed = 0, list[str]()
        while done < len(self.effects.queue.sent):  # type: ignore[attr-defined]  # in memory
            sent = self.effects.queue.sent[done]  # type: ignore[attr-defined]  # as above
            done += 1
            if sent.queue == "join":
                failed += deliver(join_media, self.effects, sent.body)
        return failed

    @property
    def dialled(self) -> list[str]:
        return self.carrier.dialled.get(CONTACT, [])

    def post(self, step: str, **more: str) -> None:
        if "CallStatus" in more:
            self.carrier.calls[self.dialled[-1]].state = "over"
        form = fields(self.dialled[-1], Direction="outbound-api", To=CUSTOMER, **more)
        assert post(f"/telephony/contacts/{CONTACT}/{step}", form).status == 200


@contextmanager
def on(line: Line) -> Iterator[Line]:
    from functions.voice_webhook import app as webhook

    before = TwilioHttpClient.request
    TwilioHttpClient.request = lambda client, *args, **more: line.carrier.request(client, *args, **more)
    try:
        with bound(webhook, line.effects):
            yield line
    finally:
        TwilioHttpClient.request = before


@pytest.fixture
def line() -> Iterator[Line]:
    with on(Line()) as opened:
        yield opened


def effects_of_dialling() -> int:
    with on(Line()) as line:
        line.seen = 0
        line.join()
        return line.seen


def test_a_callback_is_dialled_and_its_call_belongs_to_the_contact(line: Line) -> None:
    line.join()
    assert len(line.dialled) == 1
    assert line.contact.call_sid == line.dialled[0]


def test_the_message_may_come_as_often_as_it_likes(line: Line) -> None:
    for _ in range(4):
        line.join()
    assert len(line.dialled) == 1


@pytest.mark.parametrize("point", range(1, effects_of_dialling() + 1))
def test_a_worker_that_dies_at_any_effect_dials_exactly_once(point: int) -> None:
    with on(Line()) as line:
        line.seen, line.at = 0, point
        with pytest.raises(KilledError):
            line.join()
        line.at = 0
        line.join()
        line.join()
        assert len(line.dialled) == 1
        assert line.contact.call_sid == line.dialled[0]


def test_a_phone_that_still_rings_is_not_ordered_to_connect_and_not_taken_for_gone(line: Line) -> None:
    line.join()
    line.join()
    assert line.carrier.calls[line.dialled[0]].state == "ringing"
    assert (line.contact.state, line.contact.call_sid) == ("connecting", line.dialled[0])


def test_who_picks_up_before_the_worker_heard_of_it_is_on_the_line(line: Line) -> None:
    line.carrier.dialled[CONTACT] = ["CB7"]
    line.post("callback")
    assert line.contact.call_sid == "CB7"
    line.join()
    assert line.dialled == ["CB7"]


def test_who_does_not_pick_up_keeps_the_place_and_is_tried_again_later(line: Line) -> None:
    line.join()
    place = line.contact.rank
    line.post("status", CallStatus="no-answer")
    contact = line.contact
    assert (contact.state, contact.call_sid, contact.rank) == ("callback_promised", "", place)
    assert contact.not_before == line.effects.clock.now() + DIAL_AGAIN_MS
    agent = line.floor.agent("ana")
    assert agent is not None
    assert agent.state == "available"


def test_after_three_tries_the_contact_ends_as_unreachable(line: Line) -> None:
    for _ in range(MAX_DIALS):
        line.join()
        line.post("status", CallStatus="busy")
        if line.contact.state == "callback_promised":
            line.accept()
    assert len(line.dialled) == MAX_DIALS
    assert (line.contact.state, line.contact.outcome) == ("abandoned", "unreachable")


def test_news_of_a_call_that_was_not_reached_twice_costs_one_try(line: Line) -> None:
    line.join()
    line.post("status", CallStatus="no-answer")
    line.post("status", CallStatus="no-answer", SequenceNumber="9")
    assert line.contact.dials == 1


@pytest.mark.parametrize(
    ("number", "may"),
    [
        ("+8613912345678", True),
        ("+862150008000", True),
        ("+8610086", False),
        ("+8695588", False),
        ("+8612912345678", False),
        ("+12125550123", True),
        ("+19005550123", False),
        ("+14159765555", False),
        ("+864001234567", False),
        ("+8675512345678", False),
        ("+8675523456789", True),
        ("+447012345678", False),
        ("+882123456789", False),
        ("+1212555", False),
        ("+447911123456", True),
        ("+4412345", False),
        ("", False),
    ],
)
def test_only_a_line_that_may_be_called_is_promised_a_callback(number: str, may: bool) -> None:
    assert may_be_called(number) is may


def test_our_own_number_is_not_called_back() -> None:
    assert not may_be_called("+862150008000", frozenset({"+862150008000"}))


def test_a_call_that_rang_in_vain_while_nobody_knew_of_it_is_not_dialled_again_for_the_same_accept(line: Line) -> None:
    line.seen, line.at = 0, effects_until_asked()
    with pytest.raises(KilledError):
        line.join()
    line.at = 0
    line.carrier.calls[line.dialled[0]].state = "over"
    line.join()
    assert len(line.dialled) == 1
    assert (line.contact.state, line.contact.call_sid) == ("callback_promised", "")
    assert line.contact.not_before > line.effects.clock.now()


def effects_until_asked() -> int:
    """The effect at which the carrier has dialled and its answer is on the way."""
    with on(Line()) as line:
        line.seen, heard = 0, dict[str, int]()

        def listen(name: str) -> None:
            line._pause(name)
            heard.setdefault(name, line.seen)

        line.carrier._loop.pause = listen  # type: ignore[method-assign]  # the carrier's requests are effects too
        line.join()
        return heard["carrier.asked"]
