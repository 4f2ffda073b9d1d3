"""How long a session speaks for a person."""

import pytest

from hearthline.people.model import IDLE_MS, LONGEST_SESSION_MS, Person
from hearthline.people.sessions import close_session, open_session, who
from hearthline.people.store import add_person, disable, revoke_sessions
from hearthline.platform.clock import SetClock
from hearthline.platform.effects import Effects
from hearthline.platform.effects_memory import memory
from hearthline.platform.store_memory import MemoryStore
from tests.desk import PASSWORD, Quick
from tests.shift import settings


@pytest.fixture
def effects() -> Effects:
    return memory(settings())


@pytest.fixture
def person(effects: Effects) -> Person:
    return add_person(effects, login="1001", password=PASSWORD, name="Ana", role="agent", hasher=Quick())


def later(effects: Effects, ms: int) -> None:
    assert isinstance(effects.clock, SetClock)
    effects.clock.move(ms)


def test_a_token_is_its_persons_and_no_other_is(effects: Effects, person: Person) -> None:
    token = open_session(effects, person.id)
    assert who(effects, token) == person
    assert who(effects, token + "x") is None
    assert who(effects, "") is None


def test_a_token_has_256_bits_and_stands_nowhere(effects: Effects, person: Person) -> None:
    token = open_session(effects, person.id)
    assert len(token) >= 43
    assert isinstance(effects.store, MemoryStore)
    assert token not in repr(effects.store.everything())


def test_a_quarter_of_an_hour_without_a_request_ends_it(effects: Effects, person: Person) -> None:
    token = open_session(effects, person.id)
    later(effects, IDLE_MS - 1)
    assert who(effects, token) == person
    later(effects, IDLE_MS - 1)
    assert who(effects, token) == person
    later(effects, IDLE_MS)
    assert who(effects, token) is None
    assert who(effects, token, lambda _: True) is None  # over is over


def test_who_is_with_a_customer_is_not_timed_out(effects: Effects, person: Person) -> None:
    token = open_session(effects, person.id)
    later(effects, 3 * IDLE_MS)
    assert who(effects, token, lambda id: id == person.id) == person


def test_twelve_hours_end_it_however_busy(effects: Effects, person: Person) -> None:
    token = open_session(effects, person.id)
    for _ in range(LONGEST_SESSION_MS // (IDLE_MS - 1)):
        later(effects, IDLE_MS - 1)
        who(effects, token)
    later(effects, IDLE_MS - 1)
    assert who(effects, token, lambda _: True) is None


@pytest.mark.parametrize("end", [revoke_sessions, disable])
def test_revoking_or_disabling_ends_every_open_session(effects: Effects, person: Person, end: object) -> None:
    tokens = [open_session(effects, person.id) for _ in range(2)]
    assert callable(end)
    end(effects, person.id)
    assert [who(effects, token) for token in tokens] == [None, None]


def test_logging_out_ends_one_session(effects: Effects, person: Person) -> None:
    first, second = open_session(effects, person.id), open_session(effects, person.id)
    close_session(effects, first)
    assert who(effects, first) is None
    assert who(effects, second) is not None
