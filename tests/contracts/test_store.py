"""What every implementation of the store promises."""

from collections.abc import Callable
from typing import Any

import pytest

from hearthline.platform.store import (
    Absent,
    BusyError,
    Change,
    Check,
    Index,
    Is,
    Key,
    Lacks,
    Put,
    RefusedError,
    Remove,
    Store,
)
from tests.race import race

DUE = Index("due", "due", "due_at")


def key(pk: str, sk: str = "state", table: str = "floor") -> Key:
    return Key(table, pk, sk)


def values(item: dict[str, Any] | None) -> dict[str, Any] | None:
    return None if item is None else {name: value for name, value in item.items() if name not in {"pk", "sk"}}


def test_what_was_put_is_read_back(store: Store, pk: str) -> None:
    store.write(Put(key(pk), {"name": "ana"}))
    assert store.get(key(pk)) == {"pk": pk, "sk": "state", "name": "ana"}


def test_what_was_never_put_is_none(store: Store, pk: str) -> None:
    assert store.get(key(pk)) is None


@pytest.mark.parametrize(
    "value",
    ["", "zh 中文", 0, -5, 2**53, True, False, None, b"\x00\xff", [], [1, "a", None], {}, {"deep": [{"er": 1}]}],
    ids=repr,
)
def test_every_kind_of_value_comes_back_as_it_went(store: Store, pk: str, value: Any) -> None:
    store.write(Put(key(pk), {"value": value}))
    read = store.get(key(pk))
    assert read is not None
    assert (read["value"], type(read["value"])) == (value, type(value))


@pytest.mark.parametrize("value", [1.5, {"deep": [0.1]}, object()], ids=["float", "deep", "object"])
def test_what_would_not_come_back_exactly_is_refused(store: Store, pk: str, value: Any) -> None:
    with pytest.raises(TypeError):
        store.write(Put(key(pk), {"value": value}))
    assert store.get(key(pk)) is None


def test_a_put_replaces_the_whole_item(store: Store, pk: str) -> None:
    store.write(Put(key(pk), {"a": 1, "b": 2}))
    store.write(Put(key(pk), {"b": 3}))
    assert values(store.get(key(pk))) == {"b": 3}


def test_what_is_read_is_a_copy(store: Store, pk: str) -> None:
    store.write(Put(key(pk), {"list": [1]}))
    read = store.get(key(pk))
    assert read is not None
    read["list"].append(2)
    assert values(store.get(key(pk))) == {"list": [1]}


def test_absent_lets_the_first_writer_in_and_refuses_the_second(store: Store, pk: str) -> None:
    store.write(Put(key(pk), {"by": 1}, when=(Absent(),)))
    with pytest.raises(RefusedError) as refused:
        store.write(Put(key(pk), {"by": 2}, when=(Absent(),)))
    assert refused.value.at == (0,)
    assert values(store.get(key(pk))) == {"by": 1}


@pytest.mark.parametrize("found", ["queued", 7, True])
def test_is_holds_for_an_equal_value_only(store: Store, pk: str, found: str | int | bool) -> None:
    store.write(Put(key(pk), {"value": found}))
    store.write(Change(key(pk), set={"seen": 1}, when=(Is("value", found),)))
    with pytest.raises(RefusedError):
        store.write(Change(key(pk), set={"seen": 2}, when=(Is("value", "other"),)))
    assert (store.get(key(pk)) or {})["seen"] == 1


def test_a_number_is_not_a_boolean(store: Store, pk: str) -> None:
    store.write(Put(key(pk), {"value": True}))
    with pytest.raises(RefusedError):
        store.write(Change(key(pk), set={"seen": 1}, when=(Is("value", 1),)))


def test_is_refuses_an_item_that_does_not_exist(store: Store, pk: str) -> None:
    with pytest.raises(RefusedError):
        store.write(Change(key(pk), set={"a": 1}, when=(Is("version", 1),)))
    assert store.get(key(pk)) is None


def test_lacks_holds_while_the_attribute_is_missing(store: Store, pk: str) -> None:
    store.write(Put(key(pk), {"a": 1}))
    store.write(Change(key(pk), set={"told": "x"}, when=(Lacks("told"),)))
    with pytest.raises(RefusedError):
        store.write(Change(key(pk), set={"told": "y"}, when=(Lacks("told"),)))
    assert (store.get(key(pk)) or {})["told"] == "x"


def test_lacks_holds_for_an_item_that_does_not_exist(store: Store, pk: str) -> None:
    store.write(Put(key(pk), {"a": 1}, when=(Lacks("a"),)))
    assert values(store.get(key(pk))) == {"a": 1}


def test_several_conditions_must_all_hold(store: Store, pk: str) -> None:
    store.write(Put(key(pk), {"state": "open", "version": 1}))
    with pytest.raises(RefusedError):
        store.write(Change(key(pk), set={"state": "shut"}, when=(Is("state", "open"), Is("version", 2))))
    assert (store.get(key(pk)) or {})["state"] == "open"


def test_a_change_sets_adds_and_drops_at_once(store: Store, pk: str) -> None:
    store.write(Put(key(pk), {"state": "open", "version": 1, "old": True}))
    store.write(Change(key(pk), set={"state": "shut"}, add={"version": 1, "count": 5}, drop=("old", "never")))
    assert values(store.get(key(pk))) == {"state": "shut", "version": 2, "count": 5}


def test_a_change_without_a_condition_makes_the_item(store: Store, pk: str) -> None:
    store.write(Change(key(pk), add={"count": 2}))
    assert values(store.get(key(pk))) == {"count": 2}


def test_a_reserved_word_is_an_attribute_like_any_other(store: Store, pk: str) -> None:
    store.write(Change(key(pk), set={"name": "a", "status": "b", "data": "c", "size": 1}))
    assert values(store.get(key(pk))) == {"name": "a", "status": "b", "data": "c", "size": 1}


def test_a_removed_item_is_gone_and_removing_it_again_is_no_error(store: Store, pk: str) -> None:
    store.write(Put(key(pk), {"a": 1}))
    store.write(Remove(key(pk)))
    store.write(Remove(key(pk)))
    assert store.get(key(pk)) is None


def test_a_remove_holds_to_its_condition(store: Store, pk: str) -> None:
    store.write(Put(key(pk), {"owner": "ana"}))
    with pytest.raises(RefusedError):
        store.write(Remove(key(pk), when=(Is("owner", "bo"),)))
    assert store.get(key(pk)) is not None


def test_a_ticket_is_spent_once(store: Store, pk: str) -> None:
    store.write(Put(key(pk), {"owner": "ana"}))
    store.write(Remove(key(pk), when=(Is("owner", "ana"),)))
    with pytest.raises(RefusedError):
        store.write(Remove(key(pk), when=(Is("owner", "ana"),)))


def test_a_transaction_writes_all_of_it(store: Store, pk: str) -> None:
    store.write(Put(key(pk, "1"), {"a": 1}), Change(key(pk, "2"), add={"n": 1}), Put(key(pk, "3", "ledger"), {"b": 2}))
    read = [values(store.get(each)) for each in (key(pk, "1"), key(pk, "2"), key(pk, "3", "ledger"))]
    assert read == [{"a": 1}, {"n": 1}, {"b": 2}]


@pytest.mark.parametrize("position", [0, 1, 2])
def test_a_transaction_with_one_refused_condition_writes_nothing_and_names_it(
    store: Store, pk: str, position: int
) -> None:
    writes = [
        Put(key(pk, str(n)), {"n": n}, when=(Is("version", 9),) if n == position else (Absent(),)) for n in range(3)
    ]
    with pytest.raises(RefusedError) as refused:
        store.write(*writes)
    assert refused.value.at == (position,)
    assert [store.get(key(pk, str(n))) for n in range(3)] == [None, None, None]


def test_a_transaction_names_every_refused_condition(store: Store, pk: str) -> None:
    store.write(Put(key(pk, "1"), {"a": 1}))
    with pytest.raises(RefusedError) as refused:
        store.write(
            Put(key(pk, "1"), {}, when=(Absent(),)),
            Put(key(pk, "2"), {}),
            Remove(key(pk, "3"), when=(Is("a", 1),)),
        )
    assert refused.value.at == (0, 2)


def test_a_check_guards_a_transaction_without_changing_its_item(store: Store, pk: str) -> None:
    store.write(Put(key(pk, "guard"), {"open": True}))
    store.write(Check(key(pk, "guard"), when=(Is("open", True),)), Put(key(pk, "guarded"), {"a": 1}))
    with pytest.raises(RefusedError) as refused:
        store.write(Check(key(pk, "guard"), when=(Is("open", False),)), Put(key(pk, "guarded"), {"a": 2}))
    assert refused.value.at == (0,)
    assert values(store.get(key(pk, "guard"))) == {"open": True}
    assert values(store.get(key(pk, "guarded"))) == {"a": 1}


def test_a_check_may_stand_alone(store: Store, pk: str) -> None:
    with pytest.raises(RefusedError):
        store.write(Check(key(pk), when=(Is("a", 1),)))


def test_a_page_is_in_order_of_the_sort_key(store: Store, pk: str) -> None:
    for sk in ("b", "a", "c"):
        store.write(Put(key(pk, sk), {}))
    assert [item["sk"] for item in store.page("floor", pk).items] == ["a", "b", "c"]
    assert [item["sk"] for item in store.page("floor", pk, newest_first=True).items] == ["c", "b", "a"]


def test_a_page_of_an_unknown_partition_is_empty(store: Store, pk: str) -> None:
    page = store.page("floor", pk)
    assert (page.items, page.more) == ([], None)


def test_a_page_holds_to_its_prefix(store: Store, pk: str) -> None:
    for sk in ("1#a", "1#b", "2#a"):
        store.write(Put(key(pk, sk), {}))
    assert [item["sk"] for item in store.page("floor", pk, prefix="1#").items] == ["1#a", "1#b"]


@pytest.mark.parametrize("newest_first", [False, True])
def test_pages_follow_each_other_without_gap_or_repeat(store: Store, pk: str, newest_first: bool) -> None:
    for n in range(7):
        store.write(Put(key(pk, f"{n}"), {}))
    seen, more = list[str](), None
    for _ in range(4):
        page = store.page("floor", pk, limit=3, more=more, newest_first=newest_first)
        seen += [item["sk"] for item in page.items]
        more = page.more
        if more is None:
            break
    assert seen == sorted(seen, reverse=newest_first)
    assert len(set(seen)) == 7


def test_an_index_orders_by_its_number_and_holds_only_items_that_have_it(store: Store, pk: str) -> None:
    for name, due_at in (("late", 300), ("soon", 5), ("later", 20)):
        store.write(Put(key(f"{pk}-{name}"), {"due": pk, "due_at": due_at, "name": name}))
    store.write(Put(key(f"{pk}-never"), {"due": pk, "name": "never"}))
    assert [item["name"] for item in store.page("floor", pk, index=DUE).items] == ["soon", "later", "late"]
    assert [item["name"] for item in store.page("floor", pk, index=DUE, up_to=20).items] == ["soon", "later"]


def test_an_item_leaves_the_index_with_its_attribute(store: Store, pk: str) -> None:
    store.write(Put(key(pk), {"due": pk, "due_at": 1}))
    store.write(Change(key(pk), drop=("due",)))
    assert store.page("floor", pk, index=DUE).items == []


def test_sixteen_writers_of_a_new_item_have_one_winner(store: Store, pk: str) -> None:
    winners = race(16, lambda n: won(lambda: store.write(Put(key(pk), {"by": n}, when=(Absent(),)))))
    assert len(winners) == 1
    assert values(store.get(key(pk))) == {"by": winners[0]}


def test_sixteen_transactions_over_two_items_have_one_winner(store: Store, pk: str) -> None:
    store.write(Put(key(pk, "contact"), {"version": 1}), Put(key(pk, "agent"), {"version": 1}))

    def claim(n: int) -> None:
        store.write(
            Change(key(pk, "contact"), set={"by": n}, add={"version": 1}, when=(Is("version", 1),)),
            Change(key(pk, "agent"), set={"by": n}, add={"version": 1}, when=(Is("version", 1),)),
        )

    winners = race(16, lambda n: won(lambda: claim(n)))
    assert len(winners) == 1
    both = [store.get(key(pk, name)) for name in ("contact", "agent")]
    assert [(item or {})["by"] for item in both] == [winners[0]] * 2


def won(act: Callable[[], None]) -> bool:
    """Whether the write went through; refused or busy both mean that nothing was written."""
    try:
        act()
    except (RefusedError, BusyError):
        return False
    return True
