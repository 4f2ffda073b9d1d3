"""Text to the phonemes that Kokoro knows. Chinese by misaki, English by misaki's word list alone.

misaki's own English needs spaCy with a model that is fetched, and espeak for unknown words, which is GPL: a word that
is not in the list is refused instead.
"""

import json
import re
from collections.abc import Callable, Mapping
from importlib import resources
from typing import Any, Final

_ONES: Final = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
_TENS: Final = "twenty thirty forty fifty sixty seventy eighty ninety"
_CHINESE_DIGITS: Final = str.maketrans("0123456789", "零幺二三四五六七八九")
_DIGITS_OF_A_NUMBER: Final = re.compile(r"\d{4,}(?![\d元块年个位兆])")  # as telephone numbers are read, one by one
_LATIN: Final = re.compile(r"[A-Za-z']*[A-Za-z][A-Za-z']*")
_PUNCTUATION: Final = frozenset(";:,.!?")
_VOWELS: Final = frozenset("AIOQWYaiuæɑɐɒɔəɛɜɪʊʌ")
_VOICELESS: Final = frozenset("ptkfθ")
_HISSING: Final = frozenset("szʃʒʧʤ")


class UnspeakableError(Exception):
    """A word that has no phonemes here, or a text that is too long."""


class English:
    """Phonemes of American English."""

    def __init__(self, words: Mapping[str, Any]) -> None:
        self._words = words

    def __call__(self, text: str) -> str:
        """Phonemes of ``text``. ``UnspeakableError`` for a word that is in no list."""
        spelled = re.sub(r"\d+", lambda found: f" {_number(found.group())} ", text)
        tokens = re.findall(r"[A-Za-z']+|[;:,.!?]", spelled.replace("’", "'"))
        said = ""
        for index in range(len(tokens) - 1, -1, -1):  # from the end: `the` and `to` depend on what follows
            token = tokens[index]
            said = token + said if token in _PUNCTUATION else self._word(token, said.lstrip(" ˈˌ")[:1]) + said
            said = said if token in _PUNCTUATION else " " + said
        return said.strip()

    def _word(self, word: str, following: str) -> str:
        lower = word.lower()
        if lower == "a":
            return "ɐ"
        if lower == "the":
            return "ði" if following in _VOWELS else "ðə"
        if lower == "to":
            return "tʊ" if following in _VOWELS else "tə"
        found = self._listed(word) or self._listed(lower) or self._with_s(lower)
        if not found:
            raise UnspeakableError(f"no phonemes for the word {word!r}")
        return found

    def _listed(self, word: str) -> str:
        found = self._words.get(word, "")
        return str(found if isinstance(found, str) else found.get("DEFAULT") or "")

    def _with_s(self, word: str) -> str:
        stem = self._listed(word.removesuffix("'s") if word.endswith("'s") else word[:-1]) if word[-1] == "s" else ""
        if not stem:
            return ""
        return stem + ("ᵻz" if stem[-1] in _HISSING else "s" if stem[-1] in _VOICELESS else "z")


def english() -> English:
    """English with misaki's word lists, the checked one before the other."""
    lists = resources.files("misaki") / "data"
    silver = json.loads((lists / "us_silver.json").read_text(encoding="utf-8"))
    gold = json.loads((lists / "us_gold.json").read_text(encoding="utf-8"))
    return English({**silver, **gold})


def _number(digits: str) -> str:
    ones = _ONES.split()
    if len(digits) > 2 or (len(digits) == 2 and digits[0] == "0"):
        return " ".join(ones[int(digit)] for digit in digits)
    value = int(digits)
    if value < len(ones):
        return ones[value]
    ten, one = divmod(value, 10)
    return _TENS.split()[ten - 2] + (f" {ones[one]}" if one else "")


class Chinese:
    """Phonemes of Mandarin; Latin words inside are read as English."""

    def __init__(self, mandarin: Callable[[str], tuple[str, Any]], foreign: English) -> None:
        self._mandarin = mandarin
        self._foreign = foreign

    def __call__(self, text: str) -> str:
        """Phonemes of ``text``. ``UnspeakableError`` for a Latin word that is in no list."""
        counted = _DIGITS_OF_A_NUMBER.sub(lambda found: found.group().translate(_CHINESE_DIGITS), text)
        said, at = [], 0
        for latin in _LATIN.finditer(counted):
            said += [self._part(counted[at : latin.start()]), self._foreign(latin.group())]
            at = latin.end()
        return " ".join(part for part in [*said, self._part(counted[at:])] if part)

    def _part(self, text: str) -> str:
        return self._mandarin(text)[0].strip() if text.strip() else ""
