"""What every implementation of the bus promises, with the rules of infra/stack.yaml behind it."""

import json

import pytest

from hearthline.events.contact_connected import ContactConnected
from hearthline.events.contact_ended import ContactEnded
from hearthline.events.ticket_opened import TicketOpened
from hearthline.events.word import Actor, Envelope, Word
from hearthline.platform.bus import MAX_ENTRIES, SOURCE
from hearthline.platform.consume import parse
from tests.architecture.templates import rule_targets
from tests.contracts.conftest import Post
from tests.contracts.mailbox import OWN_DELAYS

QUEUE = "ticket"
MANY = 2 * MAX_ENTRIES + 3


def connected(number: int = 1, matter: str = "账单与费用") -> Envelope:
    return around(ContactConnected(contact="c1", agent="ana", edge="edge-a", queue="billing", matter=matter), number)


def ended() -> Envelope:
    return around(ContactEnded(contact="c1", channel="phone", outcome="answered", by="caller", agent="ana"), 9)


def around(word: Word, number: int) -> Envelope:
    actor = Actor(kind="edge", id="edge-a")
    return Envelope.around(word, id=f"c1#{number}", tenant="test", at=number, actor=actor, cause="c1#0")


@pytest.mark.parametrize("matter", ["billing", "账单与费用", '“a” "b" \\', "🙂", "\x00\x7f", "\ufffe\uffff"], ids=ascii)
def test_a_published_event_reaches_the_queue_of_its_rule_as_it_was(post: Post, matter: str) -> None:
    sent = connected(matter=matter)
    post.bus.publish([sent])
    (taken,) = post.mailbox.take(QUEUE, 1)
    body = json.loads(taken.body)
    assert (body["source"], body["detail-type"], body["detail"]) == (SOURCE, "ContactConnected", sent.plain())


def test_a_reader_reads_what_came_by_the_bus_and_what_came_directly_alike(post: Post) -> None:
    post.bus.publish([connected()])
    post.queue.send(QUEUE, connected())
    one, other = (parse(each.body) for each in post.mailbox.take(QUEUE, 2))
    assert one == other == (connected(), ContactConnected.model_validate(connected().data))


def test_an_event_reaches_every_queue_that_a_rule_names_and_no_other(post: Post) -> None:
    post.bus.publish([ended()])
    reached = {name for name in OWN_DELAYS if post.mailbox.there(name) + post.mailbox.held(name)}
    assert reached == rule_targets()["ContactEnded"]


def test_what_the_bus_brings_waits_as_long_as_its_queue_says(post: Post) -> None:
    post.bus.publish([ended()])
    assert (post.mailbox.there("wrapup"), post.mailbox.held("wrapup")) == (0, 1)


def test_an_event_that_no_rule_names_reaches_nobody(post: Post) -> None:
    assert "TicketOpened" not in rule_targets()
    post.bus.publish([around(TicketOpened(ticket="t1", contact="c1", matter="billing"), 1)])
    assert [name for name in OWN_DELAYS if post.mailbox.there(name) + post.mailbox.held(name)] == []


@pytest.mark.parametrize("count", [2, MAX_ENTRIES, MAX_ENTRIES + 1, MANY])
def test_however_many_are_published_each_arrives_once_and_in_order(post: Post, count: int) -> None:
    """AWS promises no order across queues; that ours is not lost before it gets there is what is held here."""
    post.bus.publish([connected(number) for number in range(count)])
    taken = [parse(each.body)[0].id for each in post.mailbox.take(QUEUE, count)]
    assert taken == [f"c1#{number}" for number in range(count)]
    assert post.mailbox.there(QUEUE) == 0


def test_publishing_nothing_is_nothing(post: Post) -> None:
    post.bus.publish([])
    assert [name for name in OWN_DELAYS if post.mailbox.there(name) + post.mailbox.held(name)] == []


def test_what_was_published_does_not_change_with_its_sender(post: Post) -> None:
    sent = connected(matter="before")
    post.bus.publish([sent])
    sent.data["matter"] = "after"
    (taken,) = post.mailbox.take(QUEUE, 1)
    assert parse(taken.body)[0].data["matter"] == "before"
