"""What was spoken once lies on the disk: which pieces a text has, and where the sound of each is.

Imported by the carrier and by the voice's own process, which share nothing else.
"""

import hashlib
import re
from pathlib import Path
from typing import Final

from local.places import TOOLS

HOME: Final = TOOLS / "voice"
SOUNDS: Final = HOME / "sounds"
PYTHON: Final = HOME / "environment" / "bin" / "python"
MODEL_SHA256: Final = "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb"
RECIPE: Final = "1"  # another way of speaking the same model: raise it, and everything is spoken anew
MAX_CHARACTERS: Final = 300  # of one piece; the model reads 500 phonemes at once

_ENDS: Final = re.compile(r"(?<=[。！？!?])\s*|(?<=\.)\s+|\n+")


def language_of(tag: str) -> str | None:
    """``zh`` or ``en`` for a TwiML language such as ``zh-CN``, ``cmn-CN`` or ``en-US``; None for all others."""
    return {"zh": "zh", "cmn": "zh", "en": "en"}.get(tag.split("-")[0].lower())


def pieces(text: str) -> list[str]:
    """The sentences of ``text``: each is spoken, and kept, by itself."""
    return [piece.strip() for piece in _ENDS.split(text) if piece.strip()]


def sound_of(piece: str, language: str, sounds: Path = SOUNDS) -> Path:
    """The WAV (8 kHz) of a piece, by the sha256 of the piece, its language, the model and the way it is spoken."""
    words = "\0".join((MODEL_SHA256, RECIPE, language, piece))
    return sounds / f"{hashlib.sha256(words.encode()).hexdigest()}.wav"


def refusal_of(sound: Path) -> Path:
    """Where it is written why a piece cannot be spoken."""
    return sound.with_suffix(".refused")


def keep(path: Path, data: bytes) -> None:
    """Whole or not at all: a reader never meets half a sound."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".draft")
    draft.write_bytes(data)
    draft.replace(path)
