"""Identity numbers, cards and telephones: by their form and check digit, and after a word that names them also wrong.

GB 11643-1999 (identity numbers), ISO/IEC 7812-1 (cards), the numbering plans of China and North America.
"""

import re
from typing import Final

from hearthline.platform.personal.digits import Run, runs
from hearthline.platform.personal.model import Found, Kind, cue

_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS: Final = "10X98765432"
_IDENTITY: Final = re.compile(r"[1-6]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dX]")
_OLD_IDENTITY: Final = re.compile(r"[1-6]\d{5}\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}")
_MOBILE: Final = re.compile(r"(?:00)?(?:86)?1[3-9]\d{9}")
_FIXED: Final = re.compile(r"0(?:10|2\d|[3-9]\d{2})\d{7,8}")
_AMERICAN: Final = re.compile(r"(?:\+?1[ -]?)?(?:\(\d{3}\) ?|\d{3}[- ])\d{3}-\d{4}")
_FREE_OF_CHARGE: Final = re.compile(r"(?:400|80[0-9]|888|877|866)\d{7}")
_ISSUERS: Final = re.compile(r"3[47]|4|5|6")


SHORTEST, LONGEST = 8, 20


def numbers(text: str) -> list[Found]:
    """All in order; a run that is one thing as a whole is not looked into."""
    found = list[Found]()
    for run in runs(text):
        taken = 0
        for part in run.parts():
            if part.start >= taken and (kind := _kind(text, part, run)):
                found.append(Found(_begins(text, part, run, kind), part.end, kind))
                taken = part.end
    return found


def is_identity(digits: str) -> bool:
    """Eighteen with a possible birthday and the right check digit."""
    if not _IDENTITY.fullmatch(digits):
        return False
    return _CHECKS[sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=False)) % 11] == digits[-1]


def is_card(digits: str) -> bool:
    """The form and the check digit of a payment card."""
    if not digits.isdecimal() or not 13 <= len(digits) <= 19 or not _ISSUERS.match(digits):
        return False
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits)))
    return sum(each - 9 * (each > 9) for each in doubled) % 10 == 0


def _kind(text: str, part: Run, whole: Run) -> Kind | None:
    digits = part.digits
    if not SHORTEST <= len(digits) <= LONGEST or (said := cue(text, part.start)) == "none":
        return None
    if _as_identity(digits, said):
        return "identity"
    if _as_card(digits, said):
        return "card"
    return "phone" if _as_phone(text, part, whole, said) else None


def _as_identity(digits: str, said: str) -> bool:
    if said == "identity":
        return 15 <= len(digits) <= 19
    if len(digits) == 15:
        return said != "card" and not is_card(digits) and _OLD_IDENTITY.fullmatch(digits) is not None
    return len(digits) == 18 and (is_identity(digits) or (_IDENTITY.fullmatch(digits) is not None and said != "card"))


def _as_card(digits: str, said: str) -> bool:
    return is_card(digits) or (said == "card" and digits.isdecimal() and 14 <= len(digits) <= 20)


def _as_phone(text: str, part: Run, whole: Run, said: str) -> bool:
    digits = part.digits
    if _FREE_OF_CHARGE.fullmatch(digits):
        return False
    if _MOBILE.fullmatch(digits) or _FIXED.fullmatch(digits):
        return True
    if text[: part.start].endswith("+") or _AMERICAN.fullmatch(text[part.start - 1 : part.end].lstrip()):
        return 8 <= len(digits) <= 15
    if part != whole or not 10 <= len(digits) <= 14:
        return False
    # Who says a part of it twice says more digits than it has.
    return (said == "phone" and len(digits) < 14) or (part.said and (len(digits) < 13 or digits[0] == "1"))


def _begins(text: str, part: Run, whole: Run, kind: Kind) -> int:
    """With the sign before the country, or the bracket around the area, and with what was said of it before."""
    first = whole.pieces.index(part.pieces[0])
    if first and part.digits.startswith(whole.pieces[first - 1].digits):
        return whole.pieces[first - 1].start
    return part.start - (kind == "phone" and text[: part.start].endswith(("+", "(", "（")))
