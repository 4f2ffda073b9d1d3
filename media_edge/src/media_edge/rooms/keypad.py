"""Keys pressed in a room, as the others hear them: a telephone takes no other sign, and a person wants to hear it."""

from collections import deque
from collections.abc import Iterable

from media_edge.sound import keys
from media_edge.sound.pcm import Pcm

MAX_WAITING = 32  # keys a listener still has to hear; more are a stuck key


class Keypad:
    """For each listener the frames still to come."""

    def __init__(self) -> None:
        self._coming: dict[str, deque[tuple[str, int]]] = {}

    def press(self, digit: str, listeners: Iterable[str]) -> None:
        """``listeners`` will hear it after what they still have to hear."""
        if digit not in keys.DIGITS:
            return
        length = keys.TONE_FRAMES + keys.PAUSE_FRAMES
        for who in listeners:
            coming = self._coming.setdefault(who, deque(maxlen=MAX_WAITING * length))
            coming.extend((digit, frame) for frame in range(length))

    def heard_by(self, who: str, rate: int) -> Pcm | None:
        """The next 20 ms of a key, in place of any other sound; None when there is none to hear."""
        coming = self._coming.get(who)
        if not coming:
            return None
        digit, frame = coming.popleft()
        if not coming:
            del self._coming[who]
        return keys.tone(digit, rate)[frame]

    def forget(self, who: str) -> None:
        self._coming.pop(who, None)
