"""Logging in: what is checked, what is kept, what a stranger learns."""

import re

import pytest

from hearthline.people.flow import LoginRefusedError, log_in
from hearthline.people.limits import TooOftenError
from hearthline.people.model import PasswordRefusedError, Person
from hearthline.people.passwords import NOBODYS, Argon2
from hearthline.people.store import add_person, disable, person_of, with_password
from hearthline.platform.effects import Effects
from hearthline.platform.effects_memory import memory
from hearthline.platform.store import Key
from hearthline.platform.store_memory import MemoryStore
from tests.shift import settings

PASSWORD = "六月的雨 and a long walk"
HERE, THERE = "198.51.100.7", "203.0.113.9"


class Counted(Argon2):
    """The real work, counted."""

    def __init__(self) -> None:
        self.worked_on: list[str] = []

    def fits(self, kept: str, password: str) -> bool:
        self.worked_on.append(kept)
        return super().fits(kept, password)


@pytest.fixture
def effects() -> Effects:
    return memory(settings())


def hire(effects: Effects, login: str = "1001", password: str = PASSWORD) -> Person:
    return add_person(effects, login=login, password=password, name="林晓彤", role="agent")


def items(effects: Effects) -> dict[Key, dict[str, object]]:
    assert isinstance(effects.store, MemoryStore)
    return effects.store.everything()


def test_the_right_password_lets_in(effects: Effects) -> None:
    person = hire(effects)
    assert log_in(effects, "1001", PASSWORD, HERE) == person


def test_a_log_in_name_has_one_form(effects: Effects) -> None:
    person = hire(effects, login="Xiaotong.Lin")
    assert log_in(effects, " xiaotong.LIN", PASSWORD, HERE) == person


@pytest.mark.parametrize("wrong", [PASSWORD[:-1], PASSWORD.upper(), PASSWORD + " ", " " + PASSWORD])
def test_a_password_is_neither_cut_nor_folded(effects: Effects, wrong: str) -> None:
    hire(effects)
    with pytest.raises(LoginRefusedError):
        log_in(effects, "1001", wrong, HERE)


def test_an_unknown_name_costs_the_same_work_and_steps_as_a_known_one(effects: Effects) -> None:
    hire(effects)
    hasher, steps = Counted(), dict[str, int]()
    for login in ("1001", "nobody"):
        before = len(items(effects))
        with pytest.raises(LoginRefusedError):
            log_in(effects, login, "wrong", HERE, hasher)
        steps[login] = len(items(effects)) - before
    assert len(hasher.worked_on) == 2
    assert hasher.worked_on[1] == NOBODYS
    parameters = {re.split(r"\$", kept)[3] for kept in hasher.worked_on}
    assert parameters == {"m=19456,t=2,p=1"}
    assert steps["nobody"] == 1  # its tries, as for a known name


def test_nobody_knows_the_password_of_nobody(effects: Effects) -> None:
    assert not Argon2().fits(NOBODYS, "")
    assert not Argon2().fits(NOBODYS, "nobody")


def test_what_is_kept_is_argon2id_and_two_equal_passwords_differ(effects: Effects) -> None:
    kept = [with_password(effects, hire(effects, login).login) for login in ("1001", "1002")]
    hashes = [found[1] for found in kept if found]
    assert len(set(hashes)) == 2
    assert all(each.startswith("$argon2id$v=19$m=19456,t=2,p=1$") for each in hashes)


def test_a_weaker_hash_is_made_anew_at_the_next_log_in(effects: Effects) -> None:
    from argon2 import PasswordHasher

    class Weak(Argon2):
        def hash(self, password: str) -> str:
            return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(password)

    add_person(effects, login="1001", password=PASSWORD, name="林晓彤", role="agent", hasher=Weak())
    log_in(effects, "1001", PASSWORD, HERE)
    found = with_password(effects, "1001")
    assert found is not None and found[1].startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    log_in(effects, "1001", PASSWORD, HERE)


def test_after_five_failures_even_the_right_password_must_wait(effects: Effects) -> None:
    hire(effects)
    hasher = Counted()
    for _ in range(5):
        with pytest.raises(LoginRefusedError):
            log_in(effects, "1001", "wrong", HERE, hasher)
    with pytest.raises(TooOftenError) as refused:
        log_in(effects, "1001", PASSWORD, HERE, hasher)
    assert 0 < refused.value.seconds <= 60
    assert len(hasher.worked_on) == 5


def test_an_unknown_name_is_closed_in_the_same_way(effects: Effects) -> None:
    for _ in range(5):
        with pytest.raises(LoginRefusedError):
            log_in(effects, "nobody", "wrong", HERE)
    with pytest.raises(TooOftenError):
        log_in(effects, "nobody", "wrong", HERE)


def test_whoever_locks_an_account_locks_it_for_his_own_address_only(effects: Effects) -> None:
    person = hire(effects)
    for _ in range(5):
        with pytest.raises(LoginRefusedError):
            log_in(effects, "1001", "wrong", HERE)
    assert log_in(effects, "1001", PASSWORD, THERE) == person


def test_a_success_starts_the_count_anew(effects: Effects) -> None:
    hire(effects)
    for _ in range(3):
        for _ in range(4):
            with pytest.raises(LoginRefusedError):
                log_in(effects, "1001", "wrong", HERE)
        log_in(effects, "1001", PASSWORD, HERE)


def test_one_address_cannot_try_a_password_on_everybody(effects: Effects) -> None:
    class Free(Argon2):
        def fits(self, kept: str, password: str) -> bool:
            return False

    for n in range(60):
        with pytest.raises(LoginRefusedError):
            log_in(effects, f"user-{n}", "Spring2026", HERE, Free())
    with pytest.raises(TooOftenError):
        log_in(effects, "user-60", "Spring2026", HERE, Free())


def test_who_left_the_company_is_refused_like_a_wrong_password(effects: Effects) -> None:
    disable(effects, hire(effects).id)
    with pytest.raises(LoginRefusedError):
        log_in(effects, "1001", PASSWORD, HERE)


def test_seven_characters_are_no_password(effects: Effects) -> None:
    with pytest.raises(PasswordRefusedError):
        hire(effects, password="1234567")


def test_the_table_holds_neither_names_nor_addresses_nor_passwords(effects: Effects) -> None:
    person = hire(effects)
    log_in(effects, "1001", PASSWORD, HERE)
    with pytest.raises(LoginRefusedError):
        log_in(effects, "1001", "wrong", HERE)
    assert person_of(effects, person.id) == person
    kept = repr(items(effects))
    for secret in ("林晓彤", PASSWORD, HERE, "wrong"):
        assert secret not in kept


def test_adding_a_person_again_changes_the_password_and_keeps_the_person(effects: Effects) -> None:
    first = hire(effects)
    second = hire(effects, password="another long password")
    assert second.id == first.id
    assert log_in(effects, "1001", "another long password", HERE).id == first.id
    with pytest.raises(LoginRefusedError):
        log_in(effects, "1001", PASSWORD, HERE)
