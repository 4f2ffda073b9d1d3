"""All of it together: what is personal in a text, and the text as it is shown to who may not read that."""

from typing import Final

from hearthline.platform.personal.model import Found, Kind
from hearthline.platform.personal.names import alone, names
from hearthline.platform.personal.numbers import numbers
from hearthline.platform.personal.places import places
from hearthline.platform.personal.things import things

STAR: Final = "*"
_SHOWN: Final[dict[Kind, tuple[int, int]]] = {
    "identity": (3, 2),
    "card": (0, 4),
    "phone": (3, 4),
    "email": (1, 0),
    "address": (0, 0),
    "name": (1, 0),
    "plate": (2, 0),
    "passport": (1, 0),
}
"""Characters at the beginning and at the end that stay; of what was said in words nothing does."""
LONG: Final = frozenset({"identity", "card", "phone"})
"""Of these the length is no secret: a star for each sign."""


def find(text: str) -> list[Found]:
    """In order; where two meet the one that begins first, and of those the longest."""
    plain = {*numbers(text), *things(text), *places(text)}
    people = {*names(text), *(alone(text) if plain else ())}
    found = sorted(plain | people, key=lambda each: (each.start, -each.end))
    kept = list[Found]()
    for each in found:
        if not kept or each.start >= kept[-1].end:
            kept.append(each)
    return kept


def masked(text: str) -> str:
    """``text`` with all that is personal in it covered; nothing else is changed."""
    shown, at = list[str](), 0
    for found in find(text):
        shown += [text[at : found.start], _covered(text[found.start : found.end], found.kind)]
        at = found.end
    return "".join([*shown, text[at:]])


def _covered(words: str, kind: Kind) -> str:
    if kind == "email" and "@" in words:
        return f"{words[0]}{STAR * 3}{words[words.index('@') :]}"
    first, last = _SHOWN[kind]
    typed = kind in {"name", "plate"} or sum(letter.isdecimal() for letter in words) > len(words) / 2
    if not typed:
        return STAR * 3
    hidden = len(words) - first - last if kind in LONG else 3
    return f"{words[:first]}{STAR * hidden}{words[len(words) - last :] if last else ''}"
