"""``python -m local.voice.fixed``: speaks, once, what the product always says; part of `make voice`."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from hearthline.telephony import words
from local.carrier.voice import installed, start
from local.voice.spoken import PYTHON, pieces, sound_of

POSITIONS: Final = (1, 2, 3)
MINUTES: Final = (1, 2, 3, 5)  # others are spoken when they first occur
LANGUAGES: Final = ("zh", "en")
WRITTEN: Final = frozenset({"REFUSED", "MISSING", "TOO_LONG", "TOO_LARGE", "NOT_A_FORM", "NOT_FOUND", "BUSY"})
"""Answers to a post, which nobody hears."""


def sentences() -> list[tuple[str, str]]:
    """Language and sentence of everything that is said to every caller, the greeting first."""
    found: dict[tuple[str, str], None] = {}
    for lang in LANGUAGES:
        for text in said():
            for fields in fields_of(text):
                found |= {(lang, piece): None for piece in pieces(text.of(lang, **fields))}
    return list(found)


def said() -> list[words.Text]:
    """The texts of the product that callers hear."""
    return [each for name, each in vars(words).items() if isinstance(each, words.Text) and name not in WRITTEN]


def fields_of(text: words.Text) -> list[dict[str, object]]:
    """The values spoken beforehand. The end of a caller's number is not one, nor a day or an hour: each has its own."""
    if any(name in text.zh for name in ("{digits}", "{holiday}", "{clock}")):
        return []
    if "{position}" in text.zh:
        return [{"position": position, "minutes": minutes} for position in POSITIONS for minutes in MINUTES]
    return [{}]


def main() -> None:
    """Speak what is missing, telling how it goes."""
    if not installed():
        sys.exit("voice is not installed: make voice")
    missing = [(lang, text) for lang, text in sentences() if not sound_of(text, lang).exists()]
    if not missing:
        print("  the voice has spoken everything it knows")
        return
    begun = time.monotonic()
    speaker = start([str(PYTHON), "-m", "local.voice", str(os.cpu_count() or 1)], subprocess.PIPE)
    lines = list(_spoken(speaker, missing))
    if speaker.wait():
        sys.exit(f"the voice ended with {speaker.returncode}")
    _sum_up(lines, time.monotonic() - begun)


def _spoken(speaker: subprocess.Popen[str], missing: Sequence[tuple[str, str]]) -> Iterator[dict[str, Any]]:
    """What the voice tells of each sentence, as it goes."""
    if speaker.stdin is None or speaker.stdout is None:
        raise ValueError("the voice was started without pipes")
    for lang, text in missing:
        speaker.stdin.write(json.dumps({"text": text, "language": lang}) + "\n")
    speaker.stdin.close()
    for number, line in enumerate(speaker.stdout):
        print(f"\r  speaking: {number} of {len(missing)} sentences", end="", flush=True)
        yield json.loads(line)
    print()


def _sum_up(lines: Sequence[Mapping[str, Any]], took: float) -> None:
    for line in lines:
        if "refused" in line:
            print(f"  not spoken ({line['refused']}): {line['text']}")
    spoken = [line for line in lines if "seconds" in line]
    sound, cpu = (sum(float(line[name]) for line in spoken) for name in ("seconds", "cpu"))
    ratio = cpu / max(sound, 0.01)
    print(f"  {len(spoken)} sentences, {sound:.0f} s of sound in {took:.0f} s, {ratio:.2f} processor seconds a second")


if __name__ == "__main__":
    main()
