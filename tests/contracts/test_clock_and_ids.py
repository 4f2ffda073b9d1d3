"""What every clock and every maker of names promises."""

import re
import uuid
from datetime import UTC, datetime

import pytest

from hearthline.platform.clock import Clock, CountedIds, Ids, SetClock, SystemClock, SystemIds, uuid7

FORM = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
MANY = 2000
MS = 1_760_000_000_000


@pytest.fixture(params=[SetClock, SystemClock])
def clock(request: pytest.FixtureRequest) -> Clock:
    made: Clock = request.param()
    return made


@pytest.fixture(params=[CountedIds, SystemIds])
def ids(request: pytest.FixtureRequest) -> Ids:
    made: Ids = request.param()
    return made


def moment(id: str) -> int:
    """The ms since the epoch that stand in a uuid7."""
    return int(id.replace("-", "")[:12], 16)


def test_the_time_is_whole_milliseconds_of_this_century(clock: Clock) -> None:
    now = clock.now()
    assert type(now) is int
    assert 2020 < datetime.fromtimestamp(now / 1000, UTC).year < 2100
    assert now < 2**53


def test_a_later_look_never_shows_an_earlier_time(clock: Clock) -> None:
    looks = [clock.now() for _ in range(MANY)]
    assert looks == sorted(looks)


def test_the_clock_of_the_system_is_the_one_on_the_wall() -> None:
    before = datetime.now(UTC).timestamp()
    now = SystemClock().now()
    assert int(before * 1000) <= now <= datetime.now(UTC).timestamp() * 1000


def test_a_set_clock_stands_still_until_it_is_moved() -> None:
    clock = SetClock(MS)
    assert {clock.now() for _ in range(10)} == {MS}
    clock.move(250)
    assert clock.now() == MS + 250


def test_an_id_has_the_form_of_a_uuid7(ids: Ids) -> None:
    for _ in range(MANY):
        id = ids.new()
        assert FORM.fullmatch(id)
        assert (uuid.UUID(id).version, uuid.UUID(id).variant) == (7, uuid.RFC_4122)


def test_no_two_ids_are_equal(ids: Ids) -> None:
    assert len({ids.new() for _ in range(MANY)}) == MANY


def test_an_id_of_a_later_millisecond_sorts_behind(ids: Ids) -> None:
    made = [ids.new() for _ in range(MANY)]
    moments = [moment(id) for id in made]
    assert moments == sorted(moments)
    assert [moment(id) for id in sorted(made)] == moments


def test_an_id_tells_when_it_was_made() -> None:
    before = SystemClock().now()
    id = SystemIds().new()
    assert before <= moment(id) <= SystemClock().now()


def test_ids_of_a_test_are_the_same_in_each_run_and_in_order() -> None:
    one, two = CountedIds(), CountedIds()
    made = [one.new() for _ in range(MANY)]
    assert made == [two.new() for _ in range(MANY)] == sorted(made)


@pytest.mark.parametrize("chance", [b"\0" * 10, b"\xff" * 10, bytes(range(10))], ids=lambda chance: chance.hex())
def test_no_chance_spoils_the_form_or_the_time(chance: bytes) -> None:
    id = uuid7(MS, chance)
    assert FORM.fullmatch(id)
    assert moment(id) == MS


def test_order_is_that_of_time_whatever_chance_says() -> None:
    assert uuid7(MS, b"\xff" * 10) < uuid7(MS + 1, b"\0" * 10)


def test_the_time_has_room_until_the_year_10000() -> None:
    last = int(datetime(9999, 12, 31, tzinfo=UTC).timestamp() * 1000)
    assert moment(uuid7(last, b"\0" * 10)) == last
