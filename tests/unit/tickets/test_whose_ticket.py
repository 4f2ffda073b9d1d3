"""The ticket goes with the contact: by the order of its versions, whatever the clocks of the machines say."""

from hearthline.events.contact_connected import ContactConnected
from hearthline.events.word import Actor, Envelope
from hearthline.platform.effects_memory import memory
from hearthline.tickets.flow import follow
from hearthline.tickets.model import ticket_id
from hearthline.tickets.store import ticket_of
from tests.shift import settings

FIVE_MINUTES_MS = 300_000
NOON = 1_760_000_000_000


def connected(agent: str, version: int, at: int) -> Envelope:
    word = ContactConnected(contact="call-1", agent=agent, edge="edge-a", queue="broadband", matter="outage")
    return Envelope.around(word, id=f"call-1#{version}", tenant="demo", at=at, actor=Actor(kind="system"))


def owner_after(*events: Envelope) -> str:
    effects = memory(settings())
    for event in events:
        follow(effects, event, ContactConnected.model_validate(event.data))
    ticket = ticket_of(effects, ticket_id(effects.settings.stack_id, "call-1"))
    assert ticket is not None
    return ticket.owner


def test_the_last_agent_has_the_ticket_although_his_machines_clock_is_behind() -> None:
    first, last = connected("ana", 4, NOON), connected("bo", 9, NOON - FIVE_MINUTES_MS)
    assert owner_after(first, last) == "bo"


def test_an_older_event_that_comes_late_takes_nothing_although_its_machines_clock_is_ahead() -> None:
    first, last = connected("ana", 4, NOON + FIVE_MINUTES_MS), connected("bo", 9, NOON)
    assert owner_after(last, first) == "bo"
    assert owner_after(first, last, first) == "bo"
