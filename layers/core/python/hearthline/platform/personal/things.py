"""E-mail addresses, passports and number plates, typed and said."""

import re
from collections.abc import Iterator
from typing import Final

from hearthline.platform.personal.digits import runs
from hearthline.platform.personal.model import Found, cue

_TYPED_MAIL: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._%+'-]*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_ENDINGS: Final = "com|con|cn|net|org|edu|io|in|co|uk|de|fr|gov|info"
_SIGN: Final = "[a-z0-9零一二三四五六七八九幺]"
_SAID_MAIL: Final = re.compile(
    rf"(?<!{_SIGN}){_SIGN}+"
    rf"(?:(?: ?(?:点|下划线|下滑线|减号|横杠|杠) ?| (?:dot|underscored?|dash|hyphen) | ){_SIGN}+){{0,7}}"
    r"(?: ?(?:艾特|爱特|圈a|小老鼠|@) ?| (?:at|add) )"
    rf"{_SIGN}+(?: {_SIGN}+)?"
    rf"(?:(?: ?点 ?| dot )(?:{_SIGN}+(?=(?: ?点 ?| dot ))|(?:{_ENDINGS})(?![a-z])|抗母|康姆))+",
    re.IGNORECASE,
)
_LEAD: Final = re.compile(
    r"(?:(?:my|the)\b|e-?mail|mail|address|is|it|s|its|use|send|to|login|cc|me|and|please|at)(?: |'s |$)", re.IGNORECASE
)
_PROVINCES: Final = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_DIGIT: Final = r"[0-9A-HJ-NP-Z零〇一二三四五六七八九幺两]"
_CHINESE_PLATE: Final = re.compile(rf"[{_PROVINCES}] ?[A-Z][ ·.-]?{_DIGIT}(?: ?{_DIGIT}){{4,5}}(?![0-9A-Z])")
_MISHEARD_PLATE: Final = re.compile(rf"[\u4e00-\u9fff][A-Z][ ·]?{_DIGIT}(?: ?{_DIGIT}){{4,5}}(?![0-9A-Z])")
_NAMED_PLATE: Final = re.compile(r"(?=[A-Z0-9 -]*\d)[A-Z0-9]{2,4}[ -]?[A-Z0-9]{3,5}\b")
_LETTERS_SAID: Final = re.compile(r"(?:\b[a-z] )+$", re.IGNORECASE)
_CHINESE_PASSPORT: Final = re.compile(
    r"(?<![A-Za-z0-9])(?:[EGCHMW]\d{8}|[EC][A-Z]\d{7}|[DSP][A-Z]?\d{7})(?![A-Za-z0-9])"
)
_NAMED_PASSPORT: Final = re.compile(r"(?=[A-Z0-9]*\d{2})[A-Z0-9]{7,10}(?![A-Za-z0-9])")
_LETTERS_BEFORE: Final = re.compile(r"(?:\b(?:[a-z]|ex) ?){1,2}$|[A-Za-z]{1,2} ?$", re.IGNORECASE)


def things(text: str) -> list[Found]:
    return [*_mails(text), *_passports(text), *_plates(text)]


def _mails(text: str) -> Iterator[Found]:
    for match in _TYPED_MAIL.finditer(text):
        yield Found(match.start(), match.end(), "email")
    for match in _SAID_MAIL.finditer(text):
        start = match.start()
        while lead := _LEAD.match(text, start, match.end()):
            start = lead.end()
        yield Found(start, match.end(), "email")


def _passports(text: str) -> Iterator[Found]:
    for match in _CHINESE_PASSPORT.finditer(text):
        if cue(text, match.start()) != "none":
            yield Found(match.start(), match.end(), "passport")
    for match in _NAMED_PASSPORT.finditer(text):
        if cue(text, match.start()) == "passport":
            yield Found(match.start(), match.end(), "passport")
    for run in runs(text):
        letters = _LETTERS_BEFORE.search(text, 0, run.start)
        chinese = letters is not None and letters[0].strip() in {"E", "G"} and len(run.digits) == 8
        if chinese or (cue(text, run.start) == "passport" and 7 <= len(run.digits) <= 9):
            yield Found(letters.start() if letters else run.start, run.end, "passport")


def _plates(text: str) -> Iterator[Found]:
    for match in _CHINESE_PLATE.finditer(text):
        yield Found(match.start(), match.end(), "plate")
    for pattern in (_MISHEARD_PLATE, _NAMED_PLATE):
        for match in pattern.finditer(text):
            if cue(text, match.start()) == "plate":
                yield Found(match.start(), match.end(), "plate")
    for run in runs(text):
        letters = _LETTERS_SAID.search(text, 0, run.start)
        if letters and text[: letters.start()].isascii() and cue(text, letters.start()) == "plate":
            first = next(
                (each.start for each in runs(text) if text[each.end : letters.start()] == " "), letters.start()
            )
            yield Found(first, run.end, "plate")
