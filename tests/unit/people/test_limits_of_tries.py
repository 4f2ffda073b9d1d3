"""How long an account stays closed to an address that keeps guessing."""

from hearthline.people.model import FIRST_DELAY_MS, LONGEST_DELAY_MS, TRIES_KEPT_MS, Tries, next_try

NOON = 1_760_000_000_000


def failed(times: int, *, wait: bool = True) -> tuple[Tries, int]:
    """The record after so many failures, and the time then."""
    tries, now = None, NOON
    for _ in range(times):
        tries = next_try(tries, now)
        assert tries is not None
        now = max(now + 1, tries.until if wait else 0)
    assert tries is not None
    return tries, now


def test_four_wrong_passwords_cost_no_time() -> None:
    tries, _ = failed(4)
    assert tries.until == 0


def test_the_fifth_closes_the_account_for_a_minute() -> None:
    tries, now = failed(5, wait=False)
    assert tries.until == tries.last + FIRST_DELAY_MS
    assert next_try(tries, now) is None
    assert next_try(tries, tries.until) is not None


def test_each_further_failure_doubles_the_time_up_to_a_quarter_of_an_hour() -> None:
    delays = [(failed(n)[0].until - failed(n)[0].last) // FIRST_DELAY_MS for n in range(5, 11)]
    assert delays == [1, 2, 4, 8, 15, 15]
    assert failed(40)[0].until - failed(40)[0].last == LONGEST_DELAY_MS


def test_a_day_later_all_is_forgotten() -> None:
    tries, _ = failed(20)
    assert next_try(tries, tries.last + TRIES_KEPT_MS) == Tries(1, tries.last + TRIES_KEPT_MS, 0)
