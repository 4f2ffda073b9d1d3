"""What every implementation of the queue promises."""

import json
import uuid

import pytest

from hearthline.events.ticket_opened import TicketOpened
from hearthline.events.word import Actor, Envelope
from hearthline.platform.consume import UnreadableError, parse
from hearthline.platform.queue import MAX_DELAY_SECONDS, QueueBusyError
from tests.contracts.conftest import Post
from tests.contracts.mailbox import OWN_DELAYS, Taken

AT_ONCE, WAITING = "release", "expire"
TEXTS = [
    "billing",
    "宽带断线，请尽快。",
    "“quoted” \"and\" 'so' \\",
    "<&>\t\n",
    "🙂",
    "\x00\x7f",
    "\ufffe\uffff",
    "x" * 20_000,
]


def event(matter: str = "billing") -> Envelope:
    word = TicketOpened(ticket="t1", contact="c1", matter=matter, owner="ana")
    return Envelope.around(
        word, id=f"c1#{uuid.uuid4()}", tenant="test", at=1, actor=Actor(kind="system", id="系统"), cause="c1#0"
    )


def envelopes(taken: list[Taken]) -> list[Envelope]:
    return [parse(each.body)[0] for each in taken]


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: ascii(text[:12]))
def test_an_event_comes_out_as_it_went_in(post: Post, text: str) -> None:
    sent = event(text)
    post.queue.send(AT_ONCE, sent)
    (taken,) = post.mailbox.take(AT_ONCE, 1)
    assert json.loads(taken.body) == sent.plain()
    envelope, word = parse(taken.body)
    assert (envelope, word) == (sent, TicketOpened(ticket="t1", contact="c1", matter=text, owner="ana"))


@pytest.mark.parametrize("queue", sorted(name for name, delay in OWN_DELAYS.items() if delay))
def test_without_a_delay_a_message_waits_as_long_as_its_queue_says(post: Post, queue: str) -> None:
    post.queue.send(queue, event())
    assert (post.mailbox.there(queue), post.mailbox.held(queue)) == (0, 1)


def test_without_a_delay_a_message_is_there_at_once_where_its_queue_holds_nothing_back(post: Post) -> None:
    post.queue.send(AT_ONCE, event())
    assert (post.mailbox.there(AT_ONCE), post.mailbox.held(AT_ONCE)) == (1, 0)


@pytest.mark.parametrize("queue", [AT_ONCE, WAITING])
def test_with_a_delay_of_nothing_a_message_is_there_at_once_whatever_its_queue_says(post: Post, queue: str) -> None:
    post.queue.send(queue, event(), 0)
    assert (post.mailbox.there(queue), post.mailbox.held(queue)) == (1, 0)


@pytest.mark.parametrize("queue", [AT_ONCE, WAITING])
def test_a_delayed_message_is_not_there_before_its_time(post: Post, queue: str) -> None:
    late, soon = event(), event()
    post.queue.send(queue, late, 2)
    post.queue.send(queue, soon, 0)
    first, second = post.mailbox.take(queue, 2)
    assert envelopes([first, second]) == [soon, late]
    assert second.kept_ms >= 2000


def test_a_delay_beyond_the_longest_is_the_longest(post: Post) -> None:
    post.queue.send(AT_ONCE, event(), MAX_DELAY_SECONDS * 2)
    assert (post.mailbox.there(AT_ONCE), post.mailbox.held(AT_ONCE)) == (0, 1)


def test_two_sends_are_two_messages_even_of_the_same_event(post: Post) -> None:
    twice, other = event(), event()
    for each in (twice, twice, other):
        post.queue.send(AT_ONCE, each)
    found = envelopes(post.mailbox.take(AT_ONCE, 3))
    assert sorted(each.id for each in found) == sorted([twice.id, twice.id, other.id])
    assert post.mailbox.there(AT_ONCE) == 0


def test_a_message_goes_to_its_own_queue_alone(post: Post) -> None:
    post.queue.send(AT_ONCE, event())
    elsewhere = sorted(set(OWN_DELAYS) - {AT_ONCE})
    assert [name for name in elsewhere if post.mailbox.there(name) + post.mailbox.held(name)] == []


@pytest.mark.parametrize("body", ["not an event", '{"detail-type":"宽带"}', "[]", '"\\u0000"'])
@pytest.mark.parametrize("queue", [AT_ONCE, WAITING])
def test_what_nobody_can_read_is_found_among_the_dead_letters_as_it_was(post: Post, queue: str, body: str) -> None:
    with pytest.raises(UnreadableError):
        parse(body)
    post.queue.park(queue, body)
    assert [each.body for each in post.mailbox.take(f"{queue}-dead", 1)] == [body]
    assert (post.mailbox.there(queue), post.mailbox.held(queue)) == (0, 0)


def test_a_queue_that_does_not_exist_takes_nothing_and_says_so(post: Post) -> None:
    with pytest.raises(QueueBusyError):
        post.queue.send("nowhere", event())
    with pytest.raises(QueueBusyError):
        post.queue.park("nowhere", "{}")


def test_what_was_sent_does_not_change_with_its_sender(post: Post) -> None:
    sent = event("before")
    post.queue.send(AT_ONCE, sent)
    sent.data["matter"] = "after"
    (taken,) = envelopes(post.mailbox.take(AT_ONCE, 1))
    assert taken.data["matter"] == "before"
