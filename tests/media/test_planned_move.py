"""The product's own leg in a real browser, told that its network is another one while the way it has still works."""

import asyncio
from pathlib import Path

import pytest

from tests.bench.line_page import build
from tests.bench.links import silences, write_hum

SHORTER_THAN_A_DEATH_MS = 200
"""What a dead path costs is 300 and more, joining anew without the old way 400; a busy machine alone makes some 50."""


@pytest.mark.browser
def test_a_planned_move_is_not_heard_and_the_leg_is_the_same(tmp_path: Path) -> None:
    build()
    microphone = tmp_path / "hum.wav"
    write_hum(microphone)
    up, down = asyncio.run(silences("planned", microphone))
    print(f"\nsilence up {up:.0f} ms, down {down:.0f} ms")  # noqa: T201
    assert max(up, down) < SHORTER_THAN_A_DEATH_MS
