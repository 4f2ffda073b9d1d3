"""Reads the labelled lines."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from hearthline.platform.personal.model import Found

HERE: Final = Path(__file__).parent
_MARK: Final = re.compile(r"\{(?P<kind>\w+)\|(?P<words>[^}]*)\}")


@dataclass(frozen=True)
class Line:
    lang: str
    how: str
    text: str
    personal: tuple[Found, ...]


def lines(name: str) -> list[Line]:
    """Those of ``labelled`` or ``heldout``."""
    rows = (HERE / f"{name}.tsv").read_text().splitlines()
    return [_line(*row.split("\t")) for row in rows if row and not row.startswith("#")]


def _line(lang: str, how: str, marked: str) -> Line:
    text, personal, at = "", list[Found](), 0
    for mark in _MARK.finditer(marked):
        text += marked[at : mark.start()]
        personal.append(Found(len(text), len(text) + len(mark["words"]), mark["kind"]))  # type: ignore[arg-type]  # a kind, or the file is wrong
        text, at = text + mark["words"], mark.end()
    return Line(lang, how, text + marked[at:], tuple(personal))


def judged(line: Line, found: list[Found]) -> Iterator[tuple[str, Found]]:
    """``hit``, ``miss`` or ``false`` for each passage: found is what covers nine tenths of it, whatever its kind."""
    for wanted in line.personal:
        covered = sum(max(0, min(wanted.end, each.end) - max(wanted.start, each.start)) for each in found)
        yield ("hit" if covered >= 0.9 * (wanted.end - wanted.start) else "miss"), wanted
    for each in found:
        overlap = sum(max(0, min(wanted.end, each.end) - max(wanted.start, each.start)) for wanted in line.personal)
        if overlap < 0.5 * (each.end - each.start):
            yield "false", each
