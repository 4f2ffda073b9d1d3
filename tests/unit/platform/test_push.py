"""News kept in memory is what a browser would have read."""

import pytest

from hearthline.platform.push import MemoryPush


def test_what_was_pushed_does_not_change_with_its_sender() -> None:
    push, message = MemoryPush(), {"type": "news", "ids": ["a"]}
    assert push.to("screen", message)
    message["type"] = "other"
    assert push.pushed == [("screen", {"type": "news", "ids": ["a"]})]


def test_what_no_browser_could_read_is_refused_as_by_the_gateway() -> None:
    with pytest.raises(TypeError):
        MemoryPush().to("screen", {"sealed": b"\x00"})
