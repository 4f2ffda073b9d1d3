"""The words that the media bench speaks with rtpengine."""

from typing import Any

import pytest

from tests.bench.peers.rtpengine import bdecode, bencode


def test_a_request_is_written_as_bencode_with_its_keys_in_order() -> None:
    assert bencode({"command": "offer", "codec": {"mask": ["opus"]}}) == b"d5:codecd4:maskl4:opusee7:command5:offere"


@pytest.mark.parametrize("value", [{}, [], 0, -7, "", "grün", {"a": [1, {"b": "c"}], "z": "9:x"}])
def test_what_was_written_is_read_again(value: Any) -> None:
    assert bdecode(bencode(value)) == value
