"""One recording on its way out: encoded on the pen's thread, each chunk sealed and stored as an object of its own.

A chunk is there seconds after it was said, whatever becomes of this process. S3's own multipart upload would lose
up to 5 MiB, a quarter of an hour.
"""

import threading
import time
from collections.abc import Callable, Sequence
from typing import Protocol

from hearthline.events.recording_begun import RecordingBegun
from hearthline.events.recording_stored import Gap as GapWord
from hearthline.events.recording_stored import RecordingStored
from hearthline.events.word import Word
from hearthline.platform.seal import Place, Sealer
from media_edge.kept.pen import CHUNK_SECONDS, Pen
from media_edge.kept.recording import Gap, Piece

RECORDINGS_TABLE = "recordings"


class Desk(Protocol):
    """What the reporter lends: its name, its outlet, its threads."""

    edge: str
    sealer: Sealer

    @property
    def bucket(self) -> str: ...
    def put(self, name: str, blob: bytes) -> None: ...
    def tell(self, contact: str, word: Word, at: int) -> None: ...
    def write(self, work: Callable[[], None]) -> None:
        """In order, one after the other."""
        ...

    def later(self, work: Callable[[], None], then: Callable[[bool], None]) -> None:
        """Again until it is done; ``then`` is told whether it ever was."""
        ...


class Recording:
    """``write`` and ``finish`` are called on the sound's thread and return at once."""

    def __init__(self, desk: Desk, pen: Pen, contact: str, started_at: int) -> None:
        self._desk, self._pen, self._contact, self._started_at = desk, pen, contact, started_at
        self.key = f"recordings/{contact}/{desk.edge}-{started_at}"
        self._lock = threading.Lock()  # chunks are stored on several threads
        self._parts = self._open = self._missing = self._bytes = 0
        self._ending: RecordingStored | None = None

    def write(self, pieces: Sequence[Piece]) -> None:
        self._desk.write(lambda: self._encode(pieces))

    def finish(self, pieces: Sequence[Piece], length_ms: int, gaps: Sequence[Gap]) -> None:
        """The last of it; what stands in the record follows when the last chunk is stored."""
        self._desk.write(lambda: self._end(pieces, length_ms, gaps))

    def _encode(self, pieces: Sequence[Piece]) -> None:
        for piece in pieces:
            self._keep(self._pen.write(piece))

    def _end(self, pieces: Sequence[Piece], length_ms: int, gaps: Sequence[Gap]) -> None:
        self._encode(pieces)
        self._keep(self._pen.finish())
        words = tuple(GapWord(from_ms=gap.from_ms, to_ms=gap.to_ms, reason=gap.reason) for gap in gaps)
        with self._lock:
            self._ending = RecordingStored(
                contact=self._contact,
                edge=self._desk.edge,
                bucket=self._desk.bucket,
                key=self.key,
                started_at=self._started_at,
                length_ms=length_ms,
                bytes=0,
                format="ogg",
                parts=self._parts,
                gaps=words,
            )
        self._settle()

    def _keep(self, chunk: bytes | None) -> None:
        if chunk is None:
            return
        with self._lock:
            number, self._parts, self._open = self._parts, self._parts + 1, self._open + 1
        self._desk.later(lambda: self._store(number, chunk), self._stored)

    def _store(self, number: int, chunk: bytes) -> None:
        name = part_name(self.key, number)
        blob = self._desk.sealer.seal(chunk, Place(RECORDINGS_TABLE, self._contact, name))
        self._desk.put(name, blob)
        with self._lock:
            self._bytes += len(blob)
        if number == 0:
            begun = RecordingBegun(
                contact=self._contact,
                edge=self._desk.edge,
                bucket=self._desk.bucket,
                key=self.key,
                started_at=self._started_at,
                part_ms=CHUNK_SECONDS * 1000,
            )
            self._desk.tell(self._contact, begun, _now())

    def _stored(self, done: bool) -> None:
        with self._lock:
            self._open -= 1
            self._missing += not done
        self._settle()

    def _settle(self) -> None:
        """Once all chunks are where they belong, or given up, the whole is told."""
        with self._lock:
            if self._ending is None or self._open:
                return
            told = self._ending.model_copy(update={"bytes": self._bytes, "missing": self._missing})
            self._ending = None
        self._desk.tell(self._contact, told, _now())


def part_name(key: str, number: int) -> str:
    return f"{key}/{number:05d}.ogg.sealed"


def _now() -> int:
    return int(time.time() * 1000)
