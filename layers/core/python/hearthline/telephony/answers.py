"""What was answered to each post of the carrier, so that the same post gets the same answer."""

from typing import Final

from hearthline.platform.effects import Effects
from hearthline.platform.store import Absent, Key, Put, RefusedError

TABLE: Final = "floor"
KEPT_SECONDS: Final = 90 * 86_400
"""Longer than any replay window."""
ENDED: Final = "ended"
NUMBER: Final = "number"


class Answers:
    """Items ``D#<CallSid>`` / ``<event>#<mark>`` of the table ``floor``. Every method may raise BusyError."""

    def __init__(self, effects: Effects) -> None:
        self._store = effects.store
        self._clock = effects.clock

    def given(self, call_sid: str, event: str, mark: str) -> str | None:
        """The answer given before, or None."""
        item = self._store.get(Key(TABLE, f"D#{call_sid}", f"{event}#{mark}"))
        return str(item["answer"]) if item else None

    def keep(self, call_sid: str, event: str, mark: str, answer: str) -> str:
        """The answer that counts: ``answer``, or that of a twin who was faster."""
        key = Key(TABLE, f"D#{call_sid}", f"{event}#{mark}")
        try:
            self._store.write(Put(key, {"answer": answer, "expires": self._expires()}, when=(Absent(),)))
        except RefusedError:
            return self.given(call_sid, event, mark) or answer
        return answer

    def note_end(self, call_sid: str) -> None:
        """The call is over, whatever arrives later."""
        self._store.write(Put(Key(TABLE, f"D#{call_sid}", ENDED), {"expires": self._expires()}))

    def has_ended(self, call_sid: str) -> bool:
        return self._store.get(Key(TABLE, f"D#{call_sid}", ENDED)) is not None

    def note_number(self, call_sid: str, sealed: str) -> None:
        """The number keyed on this call, until it is confirmed."""
        self._store.write(Put(Key(TABLE, f"D#{call_sid}", NUMBER), {"number": sealed, "expires": self._expires()}))

    def noted_number(self, call_sid: str) -> str:
        """What ``note_number`` kept; '' for nothing."""
        item = self._store.get(Key(TABLE, f"D#{call_sid}", NUMBER))
        return str(item["number"]) if item else ""

    def _expires(self) -> int:
        return self._clock.now() // 1000 + KEPT_SECONDS
