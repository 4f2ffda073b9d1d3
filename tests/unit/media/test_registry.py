"""Edges say where they are; who may choose goes to a near one that has room, and the rest follow him."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from hearthline.events.edge_seen import EdgeSeen
from hearthline.media.model import EdgeAddress, nearest
from hearthline.media.registry import FORGOTTEN_AFTER_MS, Registry
from hearthline.platform.clock import SetClock
from hearthline.platform.effects import Effects
from hearthline.platform.effects_memory import memory
from tests.shift import settings


def memory_effects() -> Effects:
    return memory(settings())


ROUND_TRIPS = {"shanghai": 12, "beijing": 38, "guangzhou": 41, "singapore": 92, "virginia": 231}


def places(**load: float) -> list[EdgeAddress]:
    return [EdgeAddress(name, f"https://{name}", f"wss://{name}", load.get(name, 0.0)) for name in ROUND_TRIPS]


def test_the_nearest_is_asked_first_and_the_farthest_last() -> None:
    order = nearest("contact", places(), ROUND_TRIPS)
    assert (order[0], order[-2:]) == ("shanghai", ["singapore", "virginia"])


def test_when_the_chosen_edge_is_gone_the_next_nearest_follows() -> None:
    left = [place for place in places() if place.name != "shanghai"]
    assert nearest("contact", left, ROUND_TRIPS)[0] in {"beijing", "guangzhou"}


def test_a_crowded_edge_gives_way_to_one_a_little_farther_and_a_full_one_to_all() -> None:
    assert nearest("contact", places(shanghai=0.95), ROUND_TRIPS)[0] in {"beijing", "guangzhou"}
    assert nearest("contact", places(shanghai=0.7), ROUND_TRIPS)[0] == "shanghai"
    assert nearest("contact", places(shanghai=1.0), ROUND_TRIPS)[-1] == "shanghai"


def test_edges_that_sound_alike_share_the_contacts() -> None:
    first = [nearest(f"contact-{n}", places(shanghai=1.0), ROUND_TRIPS)[0] for n in range(400)]
    assert {name: first.count(name) > 100 for name in set(first)} == {"beijing": True, "guangzhou": True}


def test_a_new_edge_is_neither_shunned_nor_stormed() -> None:
    order = nearest("contact", [*places(), EdgeAddress("new", "https://new", "wss://new")], ROUND_TRIPS)
    assert 0 < order.index("new") < 4


@given(st.permutations(list(ROUND_TRIPS)), st.dictionaries(st.sampled_from(list(ROUND_TRIPS)), st.integers(0, 900)))
def test_every_edge_is_in_the_order_once_however_they_are_listed(names: list[str], measured: dict[str, int]) -> None:
    by_name = {place.name: place for place in places()}
    order = nearest("contact", [by_name[name] for name in names], measured)
    assert sorted(order) == sorted(names)
    assert order == nearest("contact", places(), measured)


def word(name: str = "edge-9", state: str = "up", rooms: int = 3) -> EdgeSeen:
    place = {"edge": name, "url": f"https://{name}.example", "stream": f"wss://{name}.example/stream"}
    return EdgeSeen.model_validate({**place, "state": state, "rooms": rooms, "max_rooms": 60})


def test_an_edge_that_says_it_is_there_is_known_and_one_that_has_stopped_is_not() -> None:
    registry = Registry(memory_effects())
    before = [edge.name for edge in registry.edges()]
    assert registry.seen(word(), 1_000)
    assert [edge.name for edge in registry.edges()] == sorted([*before, "edge-9"])
    assert registry.seen(word(state="stopped"), 2_000)
    assert [edge.name for edge in registry.edges()] == before


def test_what_was_said_first_and_comes_last_changes_nothing_and_nothing_comes_twice() -> None:
    said = [(word(rooms=10), 1_000), (word(state="draining"), 2_000), (word(state="stopped"), 3_000)]
    for order in itertools.permutations(said):
        registry = Registry(memory_effects())
        for each, at in [*order, *order]:
            registry.seen(each, at)
        assert "edge-9" not in [edge.name for edge in registry.edges()]


def test_an_edge_that_drains_counts_as_full() -> None:
    registry = Registry(memory_effects())
    registry.seen(word(state="draining"), 1_000)
    assert [edge.load for edge in registry.edges() if edge.name == "edge-9"] == [1.0]


def test_an_edge_that_says_nothing_for_two_minutes_is_forgotten() -> None:
    effects = memory_effects()
    registry = Registry(effects)
    registry.seen(word(), 1_000)
    assert isinstance(effects.clock, SetClock)
    effects.clock.move(FORGOTTEN_AFTER_MS + 1)
    assert "edge-9" not in [edge.name for edge in registry.edges()]
