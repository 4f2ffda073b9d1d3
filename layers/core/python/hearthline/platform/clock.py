"""Time and new names, passed in so that a test can choose them."""

import secrets
import time
import uuid
from typing import Protocol


class Clock(Protocol):
    def now(self) -> int:
        """Server time in ms since the epoch."""


class SystemClock:
    def now(self) -> int:
        return time.time_ns() // 1_000_000


class SetClock:
    """A clock that stands still until somebody moves it."""

    def __init__(self, start: int = 1_760_000_000_000) -> None:
        self._now = start

    def now(self) -> int:
        return self._now

    def move(self, ms: int) -> None:
        self._now += ms


class Ids(Protocol):
    def new(self) -> str:
        """A uuid7: unique, and in order of time."""


class SystemIds:
    def new(self) -> str:
        return uuid7(time.time_ns() // 1_000_000, secrets.token_bytes(10))


class CountedIds:
    """The same ids in each run of a test."""

    def __init__(self) -> None:
        self._count = 0

    def new(self) -> str:
        self._count += 1
        return uuid7(1_760_000_000_000, self._count.to_bytes(10, "big"))


def uuid7(ms: int, random: bytes) -> str:
    """RFC 9562 section 5.7: 48 bits of time, 10 bytes of chance (some give way to version and variant)."""
    value = (ms & (2**48 - 1)) << 80 | int.from_bytes(random, "big")
    value = value & ~(0xF << 76) | 7 << 76
    value = value & ~(0b11 << 62) | 0b10 << 62
    return str(uuid.UUID(int=value))
