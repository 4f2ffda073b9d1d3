"""Numbers as they are typed, said and misheard: runs of digits with their places in the text.

A run is a sequence of digits with nothing between them but what people put there: spaces, hyphens, commas, brackets,
"um", "呃". It has pieces, split where something stood between; a piece that is said is a breath, not a word.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_CHINESE: Final = {
    sign: str(value)
    for value, signs in enumerate(
        ("零〇○洞", "一壹幺", "二两贰", "三叁", "四肆", "五伍", "六陆", "七柒拐", "八捌", "九玖")
    )
    for sign in signs
}
_UNITS: Final = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_ENGLISH: Final = {
    **{word: str(value) for value, word in enumerate(_UNITS)},
    "oh": "0",
    "won": "1",
    "ten": "10",
    "eleven": "11",
    "twelve": "12",
    "thirteen": "13",
    "fourteen": "14",
    "fifteen": "15",
    "sixteen": "16",
    "seventeen": "17",
    "eighteen": "18",
    "nineteen": "19",
}
_TENS: Final = {
    word: str(value)
    for value, word in enumerate(("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"), 2)
}
_HEARD_AS_ONE: Final = "要腰妖药"
_CROSS: Final = {"x", "叉"}

_TOKEN: Final = re.compile(
    rf"""
    (?P<typed>[0-9０-９]+)
    |(?P<chinese>(?!一(?:下|个|点|次|直|定|些|样|起|会|遍))[{"".join(_CHINESE)}]|[{_HEARD_AS_ONE}](?=[{_HEARD_AS_ONE}]*[{"".join(_CHINESE)}]))
    |(?<![a-z])(?P<times>double|triple)\ (?P<what>{"|".join(_UNITS)}|oh|o)(?![a-z])
    |(?<![a-z])(?P<tens>{"|".join(_TENS)})(?:[\ -](?P<unit>{"|".join(_UNITS[1:])}))?(?![a-z])
    |(?<![a-z])(?P<english>{"|".join(sorted(_ENGLISH, key=len, reverse=True))})(?![a-z])
    |(?<![a-z])(?P<oh>o)(?=\ (?:[0-9]|{"|".join(_UNITS)})\b)
    |(?P<cross>(?<=[0-9０-９])[xX](?![a-zA-Z])|(?<=[\ {"".join(_CHINESE)}])(?:叉|埃克斯|差|[xX])(?![a-zA-Z]))
    """,
    re.VERBOSE | re.IGNORECASE,
)
_BETWEEN: Final = re.compile(
    r"(?:[\s\-－—–,，、()（）·]|嗯|呃|啊|那个|等一下|我看看|\bum\b|\buh\b|\ber\b)*", re.IGNORECASE
)
_BREATH: Final = re.compile(r"[\s]?")
LONGEST_BETWEEN: Final = 8
MOST_PIECES: Final = 24
"""Nobody takes more breaths for one number; a list of numbers is more than one."""


@dataclass(frozen=True, slots=True)
class Piece:
    digits: str
    start: int
    end: int
    said: bool


@dataclass(frozen=True, slots=True)
class Run:
    """Pieces ``digits`` and where they begin and end in the text; a cross at the end is an ``X``."""

    pieces: tuple[Piece, ...]

    @property
    def digits(self) -> str:
        return "".join(piece.digits for piece in self.pieces)

    @property
    def start(self) -> int:
        return self.pieces[0].start

    @property
    def end(self) -> int:
        return self.pieces[-1].end

    @property
    def said(self) -> bool:
        return any(piece.said for piece in self.pieces)

    def parts(self) -> Iterator["Run"]:
        """Itself and every run within it that begins and ends with pieces, the longest first."""
        count = len(self.pieces)
        for length in range(count, 0, -1):
            for first in range(count - length + 1):
                yield Run(self.pieces[first : first + length])


def runs(text: str) -> list[Run]:
    """All of them, in order."""
    found: list[list[Piece]] = []
    for piece in _pieces(text):
        if found and _goes_on(text, found[-1][-1], piece):
            found[-1].append(piece)
        else:
            found.append([piece])
    whole = [tuple(_breaths(text, pieces)) for pieces in found]
    return [Run(each[at : at + MOST_PIECES]) for each in whole for at in range(0, len(each), MOST_PIECES)]


def _pieces(text: str) -> Iterator[Piece]:
    for token in _TOKEN.finditer(text):
        yield Piece(_value(token), token.start(), token.end(), token.lastgroup not in {"typed", "cross"})


def _value(token: re.Match[str]) -> str:
    word = token[0].lower()
    if token["times"]:
        return _digit(token["what"].lower()) * (2 if word.startswith("double") else 3)
    if token["typed"]:
        return "".join(str(int(digit)) for digit in word)  # full-width digits are digits
    if token["cross"]:
        return "X"
    if token["chinese"]:
        return _CHINESE.get(word, "1")
    if token["tens"]:
        return _TENS[token["tens"].lower()] + (str(_UNITS.index(token["unit"].lower())) if token["unit"] else "0")
    return "0" if token["oh"] else _ENGLISH[word]


def _digit(word: str) -> str:
    return "0" if word == "o" else _ENGLISH[word]


def _goes_on(text: str, before: Piece, piece: Piece) -> bool:
    between = text[before.end : piece.start]
    return len(between) <= LONGEST_BETWEEN and _BETWEEN.fullmatch(between) is not None


def _breaths(text: str, pieces: list[Piece]) -> Iterator[Piece]:
    """Pieces that are said in one breath, and a cross with what it ends, become one."""
    whole = pieces[0]
    for piece in pieces[1:]:
        gap = text[whole.end : piece.start]
        joins = (whole.said and piece.said and _BREATH.fullmatch(gap)) or (not gap) or piece.digits == "X"
        if joins:
            whole = Piece(whole.digits + piece.digits, whole.start, piece.end, whole.said or piece.said)
        else:
            yield whole
            whole = piece
    yield whole
