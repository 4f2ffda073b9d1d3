"""Messages at the carrier: recorded there, told, fetched as sound, and deleted by us."""

import io
import wave
from collections.abc import Iterator
from types import TracebackType
from typing import Final, Self
from urllib.parse import urlsplit

from requests import ConnectionError as Unreachable

from tests.simulation.faults import Faults
from tests.simulation.loop import Loop

ACCOUNT_PATH: Final = "https://carrier.sim/2010-04-01/Accounts"
RATE: Final = 8_000
FRAMES: Final = 80


class Sound:
    """The answer to a request for a recording."""

    def __init__(self, status: int, body: bytes) -> None:
        self.status_code = status
        self._body = body

    def iter_content(self, size: int) -> Iterator[bytes]:
        yield self._body

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Nothing is held open."""


class Messages:
    """``kept`` are recordings that nobody deleted yet, by their sids."""

    def __init__(self, loop: Loop, faults: Faults) -> None:
        self._loop = loop
        self._faults = faults
        self._made = 0
        self.kept: dict[str, bytes] = {}

    def record(self, seconds: int) -> dict[str, str]:
        """A new message; what the carrier posts about it."""
        self._made += 1
        sid = f"RE{self._made:032x}"
        self.kept[sid] = _wav()
        url = f"{ACCOUNT_PATH}/AC/Recordings/{sid}"
        return {"RecordingSid": sid, "RecordingUrl": url, "RecordingDuration": str(seconds)}

    def fetch(self, url: str, **_: object) -> Sound:
        """In place of the network."""
        self._loop.pause("carrier.ask")
        if self._faults.strikes("F5", "a message is fetched"):
            raise Unreachable("no connection")
        body = self.kept.get(urlsplit(url).path.rsplit("/", 1)[1].removesuffix(".wav"))
        return Sound(404 if body is None else 200, body or b"")

    def delete(self, sid: str) -> int:
        """The status of the answer."""
        return 204 if self.kept.pop(sid, None) is not None else 404


def _wav() -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(bytes(2 * FRAMES))
    return out.getvalue()
