"""The voice of ``<Say>`` (``CARRIER_VOICE=local.carrier.voice:kokoro``): sounds from the disk.

A sentence that was never spoken is given to the voice's own process, which speaks more slowly than a person: this time
the caller hears silence of the right length, the next time the sentence.
"""

import contextlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np

from local.carrier.audio import RATE, Samples, read_wav
from local.places import ROOT
from local.voice.spoken import MAX_CHARACTERS, PYTHON, SOUNDS, language_of, pieces, refusal_of, sound_of

PLACE: Final = "local.carrier.voice:kokoro"
GAP: Final = round(0.25 * RATE)  # between two sentences
MAX_ASKED: Final = 100  # sentences waiting to be spoken; what comes beyond is asked for again when it is next said
MAX_STARTS: Final = 5  # of a process that ends by itself
NICENESS: Final = 10  # calls come before a voice for later


class VoiceMissingError(Exception):
    """The voice is not installed."""


def installed() -> bool:
    """Whether `make voice` was here."""
    return PYTHON.exists()


def kokoro() -> "RecordedVoice":
    """The voice that `make voice` installs. ``VoiceMissingError`` without it."""
    if not installed():
        raise VoiceMissingError("voice is not installed: make voice")
    return RecordedVoice(SOUNDS, [PYTHON, "-m", "local.voice"])


class RecordedVoice:
    """A ``speaking.Voice`` of sounds in a folder; ``command`` is a process that fills it (see ``local.voice``)."""

    def __init__(self, sounds: Path, command: Sequence[str | Path]) -> None:
        self._sounds = sounds
        self._command = [str(part) for part in command]
        self._asking = threading.Lock()  # calls read in threads of their own
        self._asked: set[Path] = set()
        self._speaker: subprocess.Popen[str] | None = None
        self._starts = 0

    def read(self, text: str, language: str) -> Samples | None:
        """8 kHz samples of ``text``, or None while a sentence of it is not spoken yet or cannot be."""
        known = language_of(language)
        if known is None:
            return None
        wanted = {piece: sound_of(piece, known, self._sounds) for piece in pieces(text)}
        missing = {piece: path for piece, path in wanted.items() if not path.exists()}
        if missing or not wanted:
            self._ask(missing, known)
            return None
        gap = np.zeros(GAP, np.int16)
        sounds = [part for piece in pieces(text) for part in (gap, _clip(wanted[piece]))]
        return np.concatenate(sounds[1:])

    def _ask(self, missing: dict[str, Path], language: str) -> None:
        with self._asking:
            self._asked = {path for path in self._asked if not path.exists() and not refusal_of(path).exists()}
            for piece, path in missing.items():
                full = len(self._asked) >= MAX_ASKED or len(piece) > MAX_CHARACTERS
                if not full and not refusal_of(path).exists():
                    self._give(piece, language, path)

    def _give(self, piece: str, language: str, path: Path) -> None:
        speaker = self._running()
        if speaker is None or speaker.stdin is None or path in self._asked:
            return
        try:
            speaker.stdin.write(json.dumps({"text": piece, "language": language}) + "\n")
            speaker.stdin.flush()
        except BrokenPipeError:
            return  # it ended this moment; the next time the sentence is said starts it again
        self._asked.add(path)

    def _running(self) -> subprocess.Popen[str] | None:
        """The process that speaks, started when there is none. It ends with us, for its input ends."""
        if self._speaker is not None and self._speaker.poll() is None:
            return self._speaker
        if self._speaker is not None and self._speaker.returncode == 0:
            self._starts = 0  # nobody had asked for a while: as it should be
        elif self._speaker is not None:
            print(f"the voice ended with {self._speaker.returncode}", file=sys.stderr, flush=True)
        self.close()
        if self._starts == MAX_STARTS:
            return None
        self._starts += 1
        self._asked.clear()
        self._speaker = start(self._command)
        return self._speaker

    def close(self) -> None:
        """End the process that speaks, where there is one."""
        speaker, self._speaker = self._speaker, None
        if speaker is None or speaker.stdin is None:
            return
        with contextlib.suppress(BrokenPipeError):
            speaker.stdin.close()
        speaker.terminate()
        speaker.wait()


def start(command: Sequence[str], tell: int = subprocess.DEVNULL) -> subprocess.Popen[str]:
    """The voice's process: lines in, and out to where ``tell`` says; its complaints go where ours go."""
    return subprocess.Popen(
        ["nice", "-n", str(NICENESS), *command],
        stdin=subprocess.PIPE,
        stdout=tell,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore::SyntaxWarning", "PYTHONUNBUFFERED": "1"},
        text=True,
    )


@lru_cache(maxsize=256)
def _clip(path: Path) -> Samples:
    return read_wav(path)
