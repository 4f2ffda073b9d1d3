"""Personal data is found in what people type, say and mishear, and covered; what only looks like it stays."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hearthline.platform.personal.digits import runs
from hearthline.platform.personal.masking import find, masked
from hearthline.platform.personal.numbers import is_card, is_identity
from tests.bench.masking import counted
from tests.bench.personal.labelled import lines


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("138 1234-8000", ["13812348000"]),
        ("幺三八，嗯，幺二三四", ["1381234"]),
        ("four fifteen five five five oh one nine three", ["4155550193"]),
        ("ninety nine", ["99"]),
        ("１３８", ["138"]),
        ("三三零x", ["330X"]),
        ("等一下，八点半", ["8"]),
        ("one phone, two lines", ["1", "2"]),
    ],
)
def test_digits_are_read_however_they_are_written(text: str, digits: list[str]) -> None:
    assert [run.digits for run in runs(text)] == digits


def test_a_check_digit_decides_what_is_an_identity_number_and_what_a_card() -> None:
    assert is_identity("110105199003070009")
    assert is_identity("37020219910102000X")
    assert not is_identity("110105199003070008")
    assert not is_identity("110105199013070005")
    assert is_card("4111111111111111")
    assert not is_card("4111111111111112")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("手机13812348000", "手机138****8000"),
        ("身份证110105199003070009", "身份证110*************09"),
        ("card 4111 1111 1111 1111", "card ***************1111"),
        ("发到lin@example.com", "发到l***@example.com"),
        ("我叫林晓雨，住示例路12号3幢1502室", "我叫林***，住***"),
        ("my number is four one five five five five oh one seven five", "my number is ***"),
        ("车牌京A12345，护照E12345678", "车牌京A***，护照E***"),
        ("工单20261128001234，热线400-800-1234", "工单20261128001234，热线400-800-1234"),
    ],
)
def test_what_is_personal_is_covered_and_the_rest_stays_as_it_is(text: str, shown: str) -> None:
    assert masked(text) == shown


@given(st.text(max_size=300))
def test_any_text_goes_through_and_passages_do_not_overlap(text: str) -> None:
    found = find(text)
    assert all(0 <= each.start < each.end <= len(text) for each in found)
    assert all(before.end <= after.start for before, after in pairwise(found))


def test_the_rules_keep_what_they_reached_on_the_lines_they_were_made_for() -> None:
    found = counted(lines("labelled"))
    hit, miss, false = (found[verdict, ""] for verdict in ("hit", "miss", "false"))
    assert hit / (hit + miss) >= 0.98
    assert hit / (hit + false) >= 0.95
